import { type EntityKind, eventDefinition } from "@probity/contract";

/** Separates the parts of a key; ids cannot hold it. */
export const keySeparator = "\u001f";

/** What an entity keeps of one event: when, which, and the fields that its facts need. */
export interface Slot {
  /** Time in ms since 1970. */
  readonly t: number;
  /** Source and id of the event: decides ties, so that the merge commutes. */
  readonly k: string;
  readonly d: Readonly<Record<string, unknown>>;
}

/** State of an entity: one slot per kind of event. A commutative, idempotent merge. */
export type EntityState = Readonly<Record<string, Slot>>;

/** The part of an accepted event that states and facts may depend on. */
export interface FoldEvent {
  readonly type: string;
  readonly timeMs: number;
  readonly key: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface EntityRef {
  readonly kind: EntityKind;
  readonly id: string;
}

/** Fields that a state keeps; the rest stays in the event. */
const kept: Readonly<Record<string, readonly string[]>> = {
  "merchant.registered": ["name", "category"],
  "merchant.suspended": ["until"],
  "merchant.verified": ["merchant", "kind", "authority", "number", "issued", "expires"],
  "merchant.linked": ["merchant", "to", "holds"],
  "credential.imported": ["from", "until", "weight", "score"],
  "promoter.registered": ["name", "category"],
  "listing.published": ["merchant", "title", "category", "images", "descriptionChars", "origin"],
  "listing.changed": ["merchant", "title", "category", "images", "descriptionChars", "origin", "withdrawn"],
  "listing.inspected": ["merchant", "product", "passed", "authority"],
  "listing.traced": ["merchant", "authority"],
  "order.placed": ["buyer", "amount", "currency", "items", "shipBy", "deliverBy", "promoter"],
  "order.cancelled": ["by"],
  "order.shipped": ["trackingValid", "green"],
  "order.delivered": ["damaged"],
  "return.requested": ["buyer", "order", "product", "reason"],
  "return.resolved": ["outcome"],
  "complaint.opened": ["buyer", "order", "about"],
  "dispute.opened": ["buyer", "order", "kind", "amount", "currency"],
  "dispute.decided": ["fault"],
  "review.posted": ["buyer", "product", "order", "stars", "aspects"],
  "review.edited": ["stars", "aspects"],
  "review.removed": ["by"],
  "reliability.assessed": ["reliability", "model"],
  "order.assessed": ["reliability", "model"],
  "follow.assessed": ["reliability", "model"],
  "referral.made": ["promoter"],
  "referral.converted": ["kept"],
  "incident.reported": ["severity"],
  "counterfeit.confirmed": ["product", "authority"],
};

const idFields: Readonly<Record<EntityKind, readonly string[]>> = {
  merchant: ["merchant"],
  certificate: ["merchant", "certificate"],
  credential: ["merchant", "import"],
  link: ["merchant", "to"],
  promoter: ["promoter"],
  listing: ["product"],
  inspection: ["inspection"],
  order: ["merchant", "order"],
  return: ["merchant", "return"],
  refund: ["merchant", "refund"],
  complaint: ["merchant", "complaint"],
  dispute: ["merchant", "dispute"],
  review: ["merchant", "review"],
  ticket: ["merchant", "ticket"],
  follow: ["kind", "followed", "user"],
  referral: ["merchant", "referral"],
  incident: ["merchant", "incident"],
};

/** The entity that an event changes, or undefined if it changes none. */
export function entityOf(event: FoldEvent): EntityRef | undefined {
  const kind = eventDefinition(event.type)?.entity;
  if (kind === undefined) return undefined;
  return { kind, id: idFields[kind].map((field) => String(event.data[field])).join(keySeparator) };
}

/** Prefix of the slots that remember each author a review was ever posted under. */
export const voiceSlot = "by:";

function slotsOf(event: FoldEvent): readonly [slot: string, rule: "first" | "last"][] {
  const definition = eventDefinition(event.type);
  const slot = definition?.slot ?? event.type.slice(event.type.indexOf(".") + 1);
  if (event.type === "listing.published")
    return [
      [slot, "last"],
      ["published", "first"],
    ];
  if (event.type === "review.posted")
    return [
      [slot, "first"],
      [voiceSlot + String(event.data["buyer"]), "first"],
    ];
  if (event.type === "complaint.answered" && event.data["solved"] === true) return [["solved", "first"]];
  return [[slot, definition?.rule ?? "first"]];
}

function pick(event: FoldEvent): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const field of kept[event.type] ?? []) {
    const value = event.data[field];
    if (value !== undefined) picked[field] = value;
  }
  return picked;
}

/** Whether event (t, k) comes before the slot. */
function isBefore(t: number, k: string, slot: Slot): boolean {
  return t < slot.t || (t === slot.t && k < slot.k);
}

/**
 * The state after an event. Commutative, associative and idempotent: a slot keeps the first or the
 * last of its events by (time, source and id). Returns the same object if nothing changed.
 */
export function mergeEvent(state: EntityState, event: FoldEvent): EntityState {
  let merged = state;
  for (const [name, rule] of slotsOf(event)) {
    const slot = merged[name];
    if (slot !== undefined) {
      const before = isBefore(event.timeMs, event.key, slot);
      if ((rule === "first") !== before || slot.k === event.key) continue;
    }
    merged = { ...merged, [name]: { t: event.timeMs, k: event.key, d: name.startsWith(voiceSlot) ? {} : pick(event) } };
  }
  return merged;
}
