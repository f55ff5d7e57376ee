import { z } from "zod";
import { date, id, name, note, uri } from "../primitives.ts";
import { defineEvent } from "./define.ts";

export const merchantEvents = {
  "merchant.registered": defineEvent({
    entity: "merchant",
    rule: "last",
    data: z.strictObject({
      merchant: id,
      name,
      category: id.optional(),
      region: name.optional(),
      country: z
        .string()
        .regex(/^[A-Z]{2}$/)
        .optional(),
    }),
  }),
  "merchant.verified": defineEvent({
    entity: "certificate",
    rule: "last",
    data: z.strictObject({
      merchant: id,
      certificate: id,
      kind: z.enum(["licence", "quality", "identity", "green"]),
      authority: name,
      /** Certificate number as printed. */
      number: id.optional(),
      issued: date.optional(),
      expires: date.optional(),
      uri: uri.optional(),
    }),
  }),
  "merchant.suspended": defineEvent({
    entity: "merchant",
    rule: "last",
    data: z.strictObject({ merchant: id, reason: note, until: date.optional() }),
  }),
  "merchant.linked": defineEvent({
    entity: "link",
    rule: "last",
    data: z.strictObject({
      merchant: id,
      /** The other identity of the same owner. */
      to: id,
      evidence: z.array(note).min(1).max(10),
      /** False withdraws the link. */
      holds: z.boolean(),
    }),
  }),
  /** Somebody who works for, owns or is close to a merchant: a review of such a person is no shopper's. */
  "insider.declared": defineEvent({
    person: "user",
    data: z.strictObject({
      merchant: id,
      user: id,
      relation: z.enum(["owner", "employee", "family", "agency", "other"]),
      /** False withdraws the declaration. */
      holds: z.boolean(),
    }),
  }),
  "promoter.registered": defineEvent({
    entity: "promoter",
    rule: "last",
    data: z.strictObject({ promoter: id, name, category: id.optional() }),
  }),
};
