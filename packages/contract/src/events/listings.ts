import { z } from "zod";
import { amount, currency, id, name, note, uri } from "../primitives.ts";
import { defineEvent } from "./define.ts";

const listing = {
  product: id,
  merchant: id,
  title: name,
  category: id.optional(),
  price: amount.optional(),
  currency: currency.optional(),
  images: z.int().min(0).max(1_000),
  descriptionChars: z.int().min(0).max(1_000_000),
  /** Place of origin is stated; left out where it is not recorded. */
  origin: z.boolean().optional(),
};

export const listingEvents = {
  "listing.published": defineEvent({
    entity: "listing",
    slot: "current",
    rule: "last",
    data: z.strictObject(listing),
  }),
  "listing.changed": defineEvent({
    entity: "listing",
    slot: "current",
    rule: "last",
    data: z.strictObject({ ...listing, withdrawn: z.boolean().optional() }),
  }),
  "listing.inspected": defineEvent({
    entity: "inspection",
    rule: "last",
    data: z.strictObject({
      inspection: id,
      product: id,
      merchant: id,
      authority: name,
      passed: z.boolean(),
      finding: note.optional(),
      uri: uri.optional(),
    }),
  }),
  "listing.traced": defineEvent({
    entity: "listing",
    rule: "last",
    data: z.strictObject({ product: id, merchant: id, authority: name, origin: name, uri: uri.optional() }),
  }),
};
