import type { Entry } from "./entry.ts";
import { FactBatcher } from "./fact-batch.ts";
import type { Facts } from "./facts.ts";

/** Adds entries after those that the facts have. */
export function addEntries(facts: Facts, ...entries: readonly Entry[]): Facts {
  const batcher = new FactBatcher(facts.start);
  for (const entry of entries) batcher.add(entry);
  facts.add(batcher.take());
  return facts;
}
