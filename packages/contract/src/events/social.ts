import { z } from "zod";
import { amount, currency, id } from "../primitives.ts";
import { defineEvent } from "./define.ts";

const followed = { user: id, kind: z.enum(["merchant", "promoter"]), followed: id };

export const socialEvents = {
  "user.followed": defineEvent({
    entity: "follow",
    rule: "last",
    person: "user",
    data: z.strictObject(followed),
  }),
  "user.unfollowed": defineEvent({
    entity: "follow",
    rule: "last",
    person: "user",
    data: z.strictObject(followed),
  }),
  "content.shared": defineEvent({
    entity: "follow",
    slot: "interacted",
    rule: "first",
    person: "user",
    data: z.strictObject({ ...followed, content: id, channel: id.optional() }),
  }),
  "content.liked": defineEvent({
    entity: "follow",
    slot: "interacted",
    rule: "first",
    person: "user",
    data: z.strictObject({ ...followed, content: id }),
  }),
  "referral.made": defineEvent({
    entity: "referral",
    rule: "first",
    person: "user",
    data: z.strictObject({
      referral: id,
      merchant: id,
      /** Who recommends: a promoter, or a shopper (then `promoter` is left out). */
      user: id,
      promoter: id.optional(),
      product: id.optional(),
    }),
  }),
  "referral.converted": defineEvent({
    entity: "referral",
    rule: "first",
    data: z.strictObject({
      referral: id,
      merchant: id,
      order: id,
      /** The order that followed was kept. */
      kept: z.boolean(),
      amount: amount.optional(),
      currency: currency.optional(),
    }),
  }),
  "group-buy.joined": defineEvent({
    person: "buyer",
    data: z.strictObject({ group: id, merchant: id, product: id, buyer: id }),
  }),
  "live-room.visited": defineEvent({
    person: "user",
    data: z.strictObject({ room: id, merchant: id.optional(), promoter: id.optional(), user: id }),
  }),
};
