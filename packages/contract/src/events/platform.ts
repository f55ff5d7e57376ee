import { z } from "zod";
import { personActed } from "../people.ts";
import { subjectKind } from "../facts.ts";
import { date, dayNumber, id, note } from "../primitives.ts";
import { defineEvent } from "./define.ts";

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** The platform's own acts: it is a subject too. */
export const platformEvents = {
  "policy.published": defineEvent({
    reserved: true,
    data: z.strictObject({
      policy: hash,
      kind: subjectKind,
      effectiveDay: dayNumber,
      noticeDays: z.int().min(0).max(365),
    }),
  }),
  "epoch.begun": defineEvent({
    reserved: true,
    data: z.strictObject({
      kind: subjectKind,
      epoch: z.int().min(1),
      policy: hash,
      logSize: z.int().min(0),
      day: dayNumber,
      /** SHA-256 of the canonical priors. */
      priors: hash,
    }),
  }),
  /** The ratings of all subjects of a kind as of a log size. */
  "ratings.published": defineEvent({
    reserved: true,
    data: z.strictObject({
      kind: subjectKind,
      epoch: z.int().min(1),
      policy: hash,
      logSize: z.int().min(0),
      day: dayNumber,
      subjects: z.int().min(0),
      /** Root of the RFC 9162 tree over the lines of docs/log-format.md. */
      root: hash,
    }),
  }),
  /** A new key signs the log from here on, under an origin of its own. */
  "log.rotated": defineEvent({
    reserved: true,
    data: z.strictObject({ shard: z.int().min(2), origin: id, key: id }),
  }),
  "credential.issued": defineEvent({
    reserved: true,
    data: z.strictObject({
      merchant: id,
      /** SHA-256 of the JWT, as in the events below. */
      credential: hash,
      until: dayNumber,
    }),
  }),
  "credential.revoked": defineEvent({
    reserved: true,
    data: z.strictObject({ merchant: id, credential: hash, reason: note }),
  }),
  /** A credential of another marketplace counts for a merchant from a day to another, both included. */
  "credential.imported": defineEvent({
    reserved: true,
    entity: "credential",
    rule: "last",
    data: z.strictObject({
      merchant: id,
      import: id,
      issuer: id,
      credential: hash,
      from: dayNumber,
      until: dayNumber,
      /** Of the issuer, in thousandths. */
      weight: z.int().min(0).max(1_000),
      score: z.int().min(0).max(1_000),
    }),
  }),
  /** It counts no more from the day of this event on. */
  "credential.removed": defineEvent({
    reserved: true,
    entity: "credential",
    rule: "first",
    data: z.strictObject({
      merchant: id,
      import: id,
      credential: hash,
      reason: z.enum(["withdrawn", "replaced", "revoked"]),
    }),
  }),
  "person.acted": defineEvent({ reserved: true, data: personActed }),
  "reliability.assessed": defineEvent({
    entity: "review",
    slot: "assessed",
    rule: "last",
    data: z.strictObject({
      review: id,
      merchant: id,
      /** Weight in thousandths: 1000 counts whole, 0 not at all. */
      reliability: z.int().min(0).max(1_000),
      model: id,
      reasons: z.array(note).max(10),
    }),
  }),
  /** An order was judged to be staged, or not to be after all. */
  "order.assessed": defineEvent({
    entity: "order",
    rule: "last",
    data: z.strictObject({
      order: id,
      merchant: id,
      /** Thousandths; below 500 the order counts as one that nobody made. */
      reliability: z.int().min(0).max(1_000),
      model: id,
      reasons: z.array(note).max(10),
    }),
  }),
  /** A follower was judged to be bought, or not to be after all. */
  "follow.assessed": defineEvent({
    entity: "follow",
    slot: "assessed",
    rule: "last",
    person: "user",
    data: z.strictObject({
      user: id,
      kind: z.enum(["merchant", "promoter"]),
      followed: id,
      /** Thousandths; below 500 the follower is not counted. */
      reliability: z.int().min(0).max(1_000),
      model: id,
      reasons: z.array(note).max(10),
    }),
  }),
  /** A model that judges reviews, orders or followers begins or ceases to be in force. */
  "model.promoted": defineEvent({
    reserved: true,
    data: z.strictObject({ model: hash, before: z.union([hash, z.literal("none")]) }),
  }),
  /** A group of accounts was found to work together, or the finding was withdrawn. */
  "ring.decided": defineEvent({
    reserved: true,
    data: z.strictObject({
      ring: id,
      decision: z.enum(["confirmed", "dismissed", "reopened"]),
      members: z.int().min(0),
    }),
  }),
  "sanction.imposed": defineEvent({
    data: z.strictObject({ sanction: id, merchant: id, kind: id, rule: id, reason: note, until: date.optional() }),
  }),
  "sanction.lifted": defineEvent({ data: z.strictObject({ sanction: id, merchant: id, reason: note }) }),
  "appeal.filed": defineEvent({ data: z.strictObject({ appeal: id, sanction: id, merchant: id }) }),
  "appeal.decided": defineEvent({
    data: z.strictObject({
      appeal: id,
      merchant: id,
      outcome: z.enum(["upheld", "overturned", "changed"]),
      reason: note,
    }),
  }),
  "notice.published": defineEvent({ data: z.strictObject({ notice: id, subject: note, merchant: id.optional() }) }),
  "consent.given": defineEvent({ person: "user", data: z.strictObject({ user: id, purpose: id }) }),
  "consent.withdrawn": defineEvent({ person: "user", data: z.strictObject({ user: id, purpose: id }) }),
  "erasure.completed": defineEvent({
    data: z.strictObject({ periodFrom: date, periodTo: date, people: z.int().min(0) }),
  }),
};
