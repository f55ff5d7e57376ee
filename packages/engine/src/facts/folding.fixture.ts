import { storedMetricNames } from "@probity/contract";
import type { RawEvent } from "./events.fixture.ts";
import { type FactChange, type FoldEvent, foldEntities, foldFacts, type FoldStates, keySeparator } from "./index.ts";

export const currency = "CNY";

/** The event as the ledger gives it to the fold. */
export function toFold(event: RawEvent): FoldEvent {
  return {
    type: event.type,
    timeMs: Date.parse(event.time),
    key: event.source + keySeparator + event.id,
    data: event.data,
  };
}

export const emptyStates = (): FoldStates => ({ entities: new Map(), pairs: new Map(), shoppers: new Map() });

/** States as a store gives them back: through JSON. */
function stored(states: FoldStates): FoldStates {
  const copy = <V>(map: ReadonlyMap<string, V>): Map<string, V> =>
    new Map(JSON.parse(JSON.stringify([...map])) as [string, V][]);
  return { entities: copy(states.entities), pairs: copy(states.pairs), shoppers: copy(states.shoppers) };
}

/** Sums of changes: `subject|metric|day` → [n, x], without zeros. */
export class FactSums {
  readonly #sums = new Map<string, [number, number]>();

  add(changes: readonly FactChange[]): void {
    for (const { subject, metric, day, n, x } of changes) {
      const key = `${subject}|${storedMetricNames.get(metric) ?? metric}|${day}`;
      const sum = this.#sums.get(key);
      if (sum === undefined) this.#sums.set(key, [n, x]);
      else {
        sum[0] += n;
        sum[1] += x;
      }
    }
  }

  whole(): Map<string, [number, number]> {
    return new Map([...this.#sums].filter(([, [n, x]]) => n !== 0 || x !== 0));
  }
}

/**
 * Folds batches one after the other, as the ledger does: who was seen before is dropped; between batches the states
 * go through storage if wished.
 */
export function foldBatches(
  batches: readonly (readonly RawEvent[])[],
  throughStore = false,
): Map<string, [number, number]> {
  const sums = new FactSums();
  const seen = new Set<string>();
  let states = emptyStates();
  for (const batch of batches) {
    const fresh = batch.map(toFold).filter(({ key }) => !seen.has(key) && seen.add(key));
    for (const { facts } of foldFacts(foldEntities(fresh, states.entities, { currency }), states)) sums.add(facts);
    if (throughStore) states = stored(states);
  }
  return sums.whole();
}

/** Rows in one order, to compare and to read. */
export function sorted(facts: ReadonlyMap<string, readonly [number, number]>): string[] {
  return [...facts].map(([key, [n, x]]) => `${key} ${n} ${x}`).sort();
}
