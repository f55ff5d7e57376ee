import { z } from "zod";
import { amount, currency, id, note, text } from "../primitives.ts";
import { defineEvent } from "./define.ts";

export const afterSalesEvents = {
  "return.requested": defineEvent({
    entity: "return",
    rule: "first",
    person: "buyer",
    sealed: ["text"],
    data: z.strictObject({
      return: id,
      order: id,
      merchant: id,
      buyer: id,
      product: id.optional(),
      kind: z.enum(["return", "exchange"]),
      reason: z.enum(["not-as-described", "defect", "damaged", "wrong-item", "late", "size", "changed-mind", "other"]),
      text: text.optional(),
    }),
  }),
  "return.resolved": defineEvent({
    entity: "return",
    rule: "last",
    data: z.strictObject({
      return: id,
      merchant: id,
      outcome: z.enum(["accepted", "rejected", "withdrawn"]),
    }),
  }),
  "refund.issued": defineEvent({
    entity: "return",
    slot: "refunded",
    rule: "first",
    data: z.strictObject({ return: id, merchant: id, order: id.optional(), amount, currency }),
  }),
  "complaint.opened": defineEvent({
    entity: "complaint",
    rule: "first",
    person: "buyer",
    sealed: ["text"],
    data: z.strictObject({
      complaint: id,
      merchant: id,
      buyer: id,
      order: id.optional(),
      about: z.enum(["delivery", "quality", "description", "service", "price", "privacy", "other"]),
      text: text.optional(),
    }),
  }),
  "complaint.answered": defineEvent({
    entity: "complaint",
    data: z.strictObject({ complaint: id, merchant: id, solved: z.boolean(), text: text.optional() }),
    rule: "first",
  }),
  "dispute.opened": defineEvent({
    entity: "dispute",
    rule: "first",
    person: "buyer",
    sealed: ["text"],
    data: z.strictObject({
      dispute: id,
      merchant: id,
      buyer: id,
      order: id.optional(),
      kind: z.enum(["not-received", "not-as-described", "counterfeit", "charge-back", "other"]),
      amount: amount.optional(),
      currency: currency.optional(),
      text: text.optional(),
    }),
  }),
  "dispute.decided": defineEvent({
    entity: "dispute",
    rule: "last",
    data: z.strictObject({
      dispute: id,
      merchant: id,
      fault: z.enum(["merchant", "buyer", "carrier", "platform", "none"]),
      reason: note.optional(),
    }),
  }),
  "compensation.paid": defineEvent({
    person: "buyer",
    data: z.strictObject({
      compensation: id,
      merchant: id,
      buyer: id,
      order: id.optional(),
      amount,
      currency,
      by: z.enum(["merchant", "platform", "insurer"]),
    }),
  }),
};
