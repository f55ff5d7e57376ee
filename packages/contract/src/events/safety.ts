import { z } from "zod";
import { id, name, note } from "../primitives.ts";
import { defineEvent } from "./define.ts";

export const safetyEvents = {
  "incident.reported": defineEvent({
    entity: "incident",
    rule: "last",
    data: z.strictObject({
      incident: id,
      merchant: id,
      kind: id,
      severity: z.enum(["low", "medium", "high"]),
      summary: note,
    }),
  }),
  "counterfeit.confirmed": defineEvent({
    entity: "incident",
    rule: "first",
    data: z.strictObject({
      incident: id,
      merchant: id,
      product: id.optional(),
      authority: name,
      finding: note.optional(),
    }),
  }),
  "privacy.breached": defineEvent({
    entity: "incident",
    rule: "first",
    data: z.strictObject({
      incident: id,
      merchant: id,
      people: z.int().min(1).max(1_000_000_000),
      summary: note.optional(),
    }),
  }),
};
