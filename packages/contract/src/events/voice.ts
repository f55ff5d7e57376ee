import { z } from "zod";
import { id, note, stars, text } from "../primitives.ts";
import { defineEvent } from "./define.ts";

const aspects = z
  .strictObject({ described: stars.optional(), service: stars.optional(), logistics: stars.optional() })
  .meta({ description: "Stars by aspect: as described, service, logistics" });

export const voiceEvents = {
  "review.posted": defineEvent({
    entity: "review",
    rule: "first",
    person: "buyer",
    sealed: ["title", "text"],
    data: z.strictObject({
      review: id,
      merchant: id,
      buyer: id,
      product: id.optional(),
      order: id.optional(),
      stars,
      aspects: aspects.optional(),
      title: note.optional(),
      text: text.optional(),
      /** What the author got for writing, as declared: shown beside the review, and no reason to hide it. */
      incentive: z.enum(["none", "free-product", "discount", "payment", "other"]).optional(),
    }),
  }),
  "review.edited": defineEvent({
    entity: "review",
    rule: "last",
    person: "buyer",
    sealed: ["title", "text"],
    data: z.strictObject({
      review: id,
      merchant: id,
      buyer: id,
      stars,
      aspects: aspects.optional(),
      title: note.optional(),
      text: text.optional(),
    }),
  }),
  "review.replied": defineEvent({
    entity: "review",
    rule: "first",
    data: z.strictObject({ review: id, merchant: id, text: text.optional() }),
  }),
  "review.voted": defineEvent({
    person: "voter",
    data: z.strictObject({ review: id, merchant: id, voter: id, helpful: z.boolean() }),
  }),
  "review.reported": defineEvent({
    person: "reporter",
    data: z.strictObject({ review: id, merchant: id, reporter: id, reason: note }),
  }),
  /** The author objects to how much the review counts: it comes first in the moderation queue. */
  "review.appealed": defineEvent({
    person: "buyer",
    sealed: ["text"],
    data: z.strictObject({ review: id, merchant: id, buyer: id, text: text.optional() }),
  }),
  "review.removed": defineEvent({
    entity: "review",
    rule: "last",
    data: z.strictObject({
      review: id,
      merchant: id,
      by: z.enum(["author", "platform", "court"]),
      reason: note,
    }),
  }),
  "question.asked": defineEvent({
    person: "asker",
    sealed: ["text"],
    data: z.strictObject({ question: id, merchant: id, product: id.optional(), asker: id, text: text.optional() }),
  }),
  "question.answered": defineEvent({
    data: z.strictObject({ question: id, merchant: id, by: z.enum(["merchant", "shopper"]), text: text.optional() }),
  }),
  "survey.answered": defineEvent({
    person: "buyer",
    sealed: ["text"],
    data: z.strictObject({
      survey: id,
      merchant: id,
      buyer: id,
      order: id.optional(),
      score: z.int().min(0).max(10),
      text: text.optional(),
    }),
  }),
};
