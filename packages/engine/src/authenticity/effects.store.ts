import { type AssessedKind, metricNamed } from "@probity/contract";
import { contribute, type EntityState, keySeparator } from "../facts/index.ts";
import { loadEntities } from "../facts/facts.store.ts";
import { integerArray, type Queryable, textArray } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import type { CounterDelta, RatingsReader } from "../ratings/reader.store.ts";
import type { VerdictRef } from "./decisions.store.ts";
import { idOfVerdict } from "./verdicts.store.ts";

interface Item {
  readonly kind: AssessedKind;
  readonly owner_no: number;
  readonly owner: string;
  readonly owner_name: string | null;
  readonly id: string;
  readonly weight: number;
}

/** What a merchant's score is and would be. */
export interface Effect {
  readonly merchant: string;
  readonly name: string | null;
  readonly items: number;
  readonly before: number;
  readonly after: number;
}

/** Merchants whose score is computed for a preview: those with most items. */
const merchantsMax = 10;
const itemsMax = 5_000;

async function loadItems(db: Queryable, marketplaceId: number, refs: readonly VerdictRef[]): Promise<Item[]> {
  return db.query<Item>(
    `SELECT v.kind, v.owner_no, s.id AS owner, s.name AS owner_name, ${idOfVerdict} AS id, v.weight
     FROM unnest($2::text[], $3::integer[]) AS t (kind, no)
     JOIN authenticity_verdict v ON v.marketplace_id = $1 AND v.kind = t.kind AND v.no = t.no
     JOIN facts_subject s ON s.marketplace_id = $1 AND s.subject_no = v.owner_no AND s.kind = 'm'`,
    [marketplaceId, textArray(refs.map(({ kind }) => kind)), integerArray(refs.map(({ no }) => no))],
  );
}

const entityId = ({ kind, owner, id }: Item): string =>
  kind === "follow" ? ["merchant", owner, id].join(keySeparator) : owner + keySeparator + id;

/** The state as if it had been assessed so; later than any other assessment. */
const assessedAs = (state: EntityState, weight: number): EntityState => ({
  ...state,
  assessed: { t: Number.MAX_SAFE_INTEGER, k: "", d: { reliability: weight } },
});

function deltasOf(market: Marketplace, item: Item, state: EntityState, from: number, to: number): CounterDelta[] {
  const parts = entityId(item).split(keySeparator);
  const subject = `m${item.owner}`;
  const rows = (weight: number, sign: 1 | -1): CounterDelta[] => {
    const { facts, pairs } = contribute(item.kind, parts, assessedAs(state, weight), { currency: market.currency });
    return [...facts, ...pairs]
      .filter((row) => row.subject === subject)
      .map(({ metric, day, n, x }) => ({ metric, day, n: sign * n, x: sign * x }));
  };
  return [...rows(from, -1), ...rows(to, 1)].concat(
    item.kind === "order" ? buyersOf(market, item, state, from, to) : [],
  );
}

/** A staged order's buyer is mostly one who bought nothing else there: with the order the buyer goes, too. */
function buyersOf(market: Marketplace, item: Item, state: EntityState, from: number, to: number): CounterDelta[] {
  const count = (weight: number): number => (weight < 500 ? 0 : 1);
  const step = count(to) - count(from);
  if (step === 0) return [];
  const { pairs } = contribute("order", entityId(item).split(keySeparator), assessedAs(state, 1_000), {
    currency: market.currency,
  });
  const kept = pairs.find(
    ({ metric, subject }) => metric === metricNamed("orders-kept").no && subject === `m${item.owner}`,
  );
  return kept === undefined ? [] : [{ metric: metricNamed("buyers").no, day: kept.day, n: step, x: 0 }];
}

/** Scores of the merchants that most items are about, as they are and as they would be with other weights. */
export async function readEffects(
  db: Queryable,
  ratings: RatingsReader,
  market: Marketplace,
  refs: readonly VerdictRef[],
  weights: { readonly before: number | "as-is"; readonly after: number },
): Promise<Effect[]> {
  const items = await loadItems(db, market.marketplaceId, refs.slice(0, itemsMax));
  const byOwner = new Map<string, Item[]>();
  for (const item of items) {
    const own = byOwner.get(item.owner);
    if (own === undefined) byOwner.set(item.owner, [item]);
    else own.push(item);
  }
  const largest = [...byOwner].sort(([, a], [, b]) => b.length - a.length).slice(0, merchantsMax);
  const effects: Effect[] = [];
  for (const [merchant, own] of largest) {
    const states = await loadEntities(
      db,
      market.marketplaceId,
      own.map((item) => ({ kind: item.kind, id: entityId(item) })),
    );
    const stateOf = new Map(states.map(({ kind, id, state }) => [kind + id, state]));
    const deltas = (weight: number | "as-is"): CounterDelta[] =>
      weight === "as-is"
        ? []
        : own.flatMap((item) => {
            const state = stateOf.get(item.kind + entityId(item));
            return state === undefined ? [] : deltasOf(market, item, state, item.weight, weight);
          });
    const before = await ratings.scoreWith(market, merchant, deltas(weights.before));
    const after = await ratings.scoreWith(market, merchant, deltas(weights.after));
    if (before === undefined || after === undefined) continue;
    effects.push({ merchant, name: own[0]?.owner_name ?? null, items: own.length, before, after });
  }
  return effects.sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before));
}
