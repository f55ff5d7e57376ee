import { z } from "zod";
import { limits } from "../limits.ts";
import { amount, currency, id, name, note, text, time } from "../primitives.ts";
import { defineEvent } from "./define.ts";

export const orderEvents = {
  "order.placed": defineEvent({
    entity: "order",
    rule: "last",
    person: "buyer",
    sealed: ["buyerName", "buyerPhone", "buyerEmail", "shipTo", "device", "payer"],
    data: z.strictObject({
      order: id,
      merchant: id,
      buyer: id,
      amount,
      currency,
      items: z
        .array(z.strictObject({ product: id, quantity: z.int().min(1).max(100_000), amount }))
        .min(1)
        .max(limits.itemsPerOrder),
      /** Promised hand-over to the carrier. */
      shipBy: time.optional(),
      /** Promised delivery. */
      deliverBy: time.optional(),
      promoter: id.optional(),
      buyerName: name.optional(),
      buyerPhone: name.optional(),
      buyerEmail: name.optional(),
      shipTo: note.optional(),
      device: id.optional(),
      payer: id.optional(),
    }),
  }),
  "order.paid": defineEvent({
    entity: "order",
    rule: "first",
    data: z.strictObject({ order: id, merchant: id, amount, currency, method: id.optional() }),
  }),
  "payment.failed": defineEvent({
    entity: "order",
    slot: "payment-failed",
    rule: "first",
    data: z.strictObject({ order: id, merchant: id, reason: note.optional() }),
  }),
  "order.cancelled": defineEvent({
    entity: "order",
    rule: "first",
    data: z.strictObject({
      order: id,
      merchant: id,
      by: z.enum(["buyer", "merchant", "carrier", "platform"]),
      reason: note.optional(),
    }),
  }),
  "order.shipped": defineEvent({
    entity: "order",
    rule: "first",
    data: z.strictObject({
      order: id,
      merchant: id,
      carrier: id.optional(),
      /** The carrier knows the tracking number; left out where tracking is not checked. */
      trackingValid: z.boolean().optional(),
      /** Recyclable packaging or a carbon-accounted carrier; left out where not recorded. */
      green: z.boolean().optional(),
    }),
  }),
  "order.delivered": defineEvent({
    entity: "order",
    rule: "first",
    data: z.strictObject({ order: id, merchant: id, damaged: z.boolean().optional() }),
  }),
  "order.confirmed": defineEvent({
    entity: "order",
    rule: "first",
    data: z.strictObject({ order: id, merchant: id, remark: text.optional() }),
  }),
};
