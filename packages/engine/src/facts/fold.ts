import type { EntityKind } from "@probity/contract";
import { contribute, type Contribution, type FactDelta, type FactSettings } from "./contributions.ts";
import {
  type EntityRef,
  type EntityState,
  entityOf,
  type FoldEvent,
  keySeparator,
  mergeEvent,
  voiceSlot,
} from "./entity-state.ts";
import { addToPair, contributePair, hasKept, type PairState } from "./pair.ts";
import { addVoice, contributeShopper, countVoice, newShopper, type ShopperState } from "./shopper.ts";

/** States by key; a store gives them as they were before the batch. */
export interface FoldStates {
  readonly entities: Map<string, EntityState>;
  readonly pairs: Map<string, PairState>;
  readonly shoppers: Map<string, ShopperState>;
}

/** Net change of one counter. */
export interface FactChange {
  readonly subject: string;
  readonly metric: number;
  readonly day: number;
  n: number;
  x: number;
}

/** What one event changed. */
export interface EventChange {
  readonly event: FoldEvent;
  readonly entity: EntityRef | undefined;
  readonly before: EntityState;
  readonly after: EntityState;
  /** Nonzero changes, sorted by subject, metric and day. */
  readonly facts: FactChange[];
}

const empty: EntityState = {};

export function entityKey(kind: EntityKind, id: string): string {
  return kind + keySeparator + id;
}

export function pairKey(subject: string, buyer: string): string {
  return subject + keySeparator + buyer;
}

/** Metric and day as one number: metric numbers stay below 2^15, days below 2^20. */
const slotOf = (metric: number, day: number): number => metric * 1_048_576 + day;

class Changes {
  readonly #rows = new Map<string, Map<number, FactChange>>();

  add(rows: readonly FactDelta[], sign: 1 | -1): void {
    for (const { subject, metric, day, n, x } of rows) {
      let slots = this.#rows.get(subject);
      if (slots === undefined) this.#rows.set(subject, (slots = new Map()));
      const slot = slotOf(metric, day);
      const row = slots.get(slot);
      if (row === undefined) slots.set(slot, { subject, metric, day, n: sign * n, x: sign * x });
      else {
        row.n += sign * n;
        row.x += sign * x;
      }
    }
  }

  rows(): FactChange[] {
    const changed: FactChange[] = [];
    for (const slots of this.#rows.values()) {
      for (const row of slots.values()) if (row.n !== 0 || row.x !== 0) changed.push(row);
    }
    return changed.sort((a, b) =>
      a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : a.metric - b.metric || a.day - b.day,
    );
  }
}

/** First pass over a batch: entity states merged in order; says which pairs and shoppers are touched. */
export interface EntityPass {
  readonly event: FoldEvent;
  readonly entity: EntityRef | undefined;
  readonly before: EntityState;
  readonly after: EntityState;
  readonly minus: Contribution | undefined;
  readonly plus: Contribution | undefined;
}

/** Merges each event into its entity's state (`entities` is updated) and takes both contributions. */
export function foldEntities(
  events: readonly FoldEvent[],
  entities: Map<string, EntityState>,
  settings: FactSettings,
): EntityPass[] {
  return events.map((event) => {
    const entity = entityOf(event);
    if (entity === undefined) {
      return { event, entity, before: empty, after: empty, minus: undefined, plus: undefined };
    }
    const key = entityKey(entity.kind, entity.id);
    const before = entities.get(key) ?? empty;
    const after = mergeEvent(before, event);
    if (after === before) return { event, entity, before, after, minus: undefined, plus: undefined };
    entities.set(key, after);
    const parts = entity.id.split(keySeparator);
    return {
      event,
      entity,
      before,
      after,
      minus: before === empty ? undefined : contribute(entity.kind, parts, before, settings),
      plus: contribute(entity.kind, parts, after, settings),
    };
  });
}

/** Keys of pairs and shoppers that a batch touches: what the store must load for the second pass. */
export function touchedBy(passes: readonly EntityPass[]): { pairs: Set<string>; shoppers: Set<string> } {
  const pairs = new Set<string>();
  const shoppers = new Set<string>();
  for (const { event, minus, plus } of passes) {
    if (event.type === "review.posted") shoppers.add(String(event.data["buyer"]));
    for (const part of [minus, plus]) {
      for (const { subject, buyer } of part?.pairs ?? []) {
        pairs.add(pairKey(subject, buyer));
        if (subject.startsWith("m")) shoppers.add(buyer);
      }
      for (const { buyer } of part?.voices ?? []) shoppers.add(buyer);
    }
  }
  return { pairs, shoppers };
}

function moveShopper(
  changes: Changes,
  shoppers: Map<string, ShopperState>,
  buyer: string,
  move: (state: ShopperState) => ShopperState,
): void {
  const before = shoppers.get(buyer) ?? newShopper;
  const after = move(before);
  changes.add(contributeShopper(before), -1);
  changes.add(contributeShopper(after), 1);
  shoppers.set(buyer, after);
}

function movePairs(changes: Changes, states: FoldStates, pass: EntityPass): void {
  const touched = new Map<string, PairState>();
  const subjects = new Map<string, { subject: string; buyer: string }>();
  for (const [part, sign] of [
    [pass.minus, -1],
    [pass.plus, 1],
  ] as const) {
    for (const delta of part?.pairs ?? []) {
      const key = pairKey(delta.subject, delta.buyer);
      subjects.set(key, delta);
      touched.set(key, addToPair(touched.get(key) ?? states.pairs.get(key) ?? {}, delta, sign));
    }
  }
  for (const [key, after] of touched) {
    const { subject, buyer } = subjects.get(key) as { subject: string; buyer: string };
    const before = states.pairs.get(key) ?? {};
    changes.add(contributePair(subject, before), -1);
    changes.add(contributePair(subject, after), 1);
    states.pairs.set(key, after);
    const step = Number(hasKept(after)) - Number(hasKept(before));
    if (step !== 0 && subject.startsWith("m")) {
      moveShopper(changes, states.shoppers, buyer, (state) => ({ ...state, merchants: state.merchants + step }));
    }
  }
}

function moveVoices(changes: Changes, states: FoldStates, pass: EntityPass): void {
  const isReview = pass.entity?.kind === "review";
  if (!isReview) return;
  for (const voice of pass.minus?.voices ?? []) {
    moveShopper(changes, states.shoppers, voice.buyer, (state) => addVoice(state, voice, -1));
  }
  for (const voice of pass.plus?.voices ?? []) {
    moveShopper(changes, states.shoppers, voice.buyer, (state) => addVoice(state, voice, 1));
  }
  for (const slot of Object.keys(pass.after)) {
    if (!slot.startsWith(voiceSlot) || pass.before[slot] !== undefined) continue;
    moveShopper(changes, states.shoppers, slot.slice(voiceSlot.length), countVoice);
  }
}

/** Second pass: pairs and shoppers (both maps are updated), and each event's net change of facts. */
export function foldFacts(passes: readonly EntityPass[], states: FoldStates): EventChange[] {
  return passes.map((pass) => {
    const changes = new Changes();
    changes.add(pass.minus?.facts ?? [], -1);
    changes.add(pass.plus?.facts ?? [], 1);
    movePairs(changes, states, pass);
    moveVoices(changes, states, pass);
    const { event, entity, before, after } = pass;
    return { event, entity, before, after, facts: changes.rows() };
  });
}
