import { z } from "zod";
import { id, text } from "../primitives.ts";
import { defineEvent } from "./define.ts";

export const serviceEvents = {
  "ticket.opened": defineEvent({
    entity: "ticket",
    rule: "first",
    person: "buyer",
    sealed: ["text"],
    data: z.strictObject({
      ticket: id,
      merchant: id,
      buyer: id,
      order: id.optional(),
      topic: id.optional(),
      text: text.optional(),
    }),
  }),
  "ticket.replied": defineEvent({
    entity: "ticket",
    rule: "first",
    data: z.strictObject({ ticket: id, merchant: id, text: text.optional() }),
  }),
  "ticket.closed": defineEvent({
    entity: "ticket",
    rule: "last",
    data: z.strictObject({ ticket: id, merchant: id, solved: z.boolean() }),
  }),
};
