import type { z } from "zod";

/** The entity kinds whose states are folded from events. */
export type EntityKind =
  | "merchant"
  | "certificate"
  | "credential"
  | "link"
  | "promoter"
  | "listing"
  | "inspection"
  | "order"
  | "return"
  | "refund"
  | "complaint"
  | "dispute"
  | "review"
  | "ticket"
  | "follow"
  | "referral"
  | "incident";

/**
 * How a slot of an entity's state takes a second event of its type: `first` keeps the earliest
 * (a milestone), `last` the latest (a description). Ties go by source and id, so the merge commutes.
 */
export type SlotRule = "first" | "last";

export interface EventDefinition<Data extends z.ZodObject = z.ZodObject> {
  readonly data: Data;
  /** Field that names the person whose data key seals `sealed` and salts `personal`. */
  readonly person?: string;
  /** Names, contacts, addresses, fingerprints, own words: stored only under the person's key. */
  readonly sealed?: readonly string[];
  /** Which entity the event changes; none when it is only recorded. */
  readonly entity?: EntityKind;
  /** Slot of the entity's state; the type's second word unless stated. */
  readonly slot?: string;
  readonly rule?: SlotRule;
  /** Written by the engine alone; refused at the door. */
  readonly reserved?: boolean;
}

export function defineEvent<Data extends z.ZodObject>(definition: EventDefinition<Data>): EventDefinition<Data> {
  return definition;
}
