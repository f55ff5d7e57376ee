import { randomBytes } from "node:crypto";
import { dayOf, type EntryRow, limits, metrics, storedMetricNames, type Verdict } from "@probity/contract";
import {
  entityKey,
  type EntityPass,
  type EntityState,
  entityOf,
  type EventChange,
  type FactChange,
  type FoldEvent,
  foldEntities,
  foldFacts,
  keySeparator,
  type PairState,
  type ShopperState,
  touchedBy,
} from "../facts/index.ts";
import {
  addCounts,
  type CountChange,
  type EntityRow,
  insertSubjects,
  loadEntities,
  loadPairs,
  loadShoppers,
  loadSubjects,
  saveEntities,
  saveStates,
  type Subject,
  type SubjectProfile,
  updateProfiles,
} from "../facts/facts.store.ts";
import type { Queryable } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { entryText, leafHash } from "./entry.ts";
import type { Prepared } from "./prepare.ts";
import { type EventRow, findDuplicates, type Head, insertEvents, lockHead, moveHead } from "./ledger.store.ts";

/** Events that an entity's evidence names at most. */
const seqsMax = 64;
const cachedMax = 200_000;

/** States as of the log size `size`: right only while nobody else has moved the head. */
export class LaneCache {
  size = -1;
  readonly subjects = new Map<string, Subject>();
  readonly entities = new Map<string, EntityState>();
  readonly seqs = new Map<string, readonly number[]>();
  readonly pairs = new Map<string, PairState>();
  readonly shoppers = new Map<string, ShopperState>();
  readonly #known = { entities: new Set<string>(), pairs: new Set<string>(), shoppers: new Set<string>() };

  /** Forgets what another writer may have changed. Subjects never change. */
  forget(): void {
    this.size = -1;
    for (const map of [this.entities, this.seqs, this.pairs, this.shoppers]) map.clear();
    for (const set of Object.values(this.#known)) set.clear();
  }

  /** Forgets everything, after a failed batch or an erasure. */
  clear(): void {
    this.forget();
    this.subjects.clear();
  }

  trim(): void {
    if (this.entities.size > cachedMax || this.pairs.size > cachedMax || this.shoppers.size > cachedMax) this.forget();
    if (this.subjects.size > 2 * cachedMax) this.subjects.clear();
  }

  /** Keys that must be read from the store; they count as known from now on. */
  unknown(kind: "entities" | "pairs" | "shoppers", keys: Iterable<string>): string[] {
    const known = this.#known[kind];
    const missing: string[] = [];
    for (const key of keys) {
      if (known.has(key)) continue;
      known.add(key);
      missing.push(key);
    }
    return missing;
  }
}

export interface BatchContext {
  readonly tx: Queryable;
  readonly market: Marketplace;
  readonly cache: LaneCache;
  readonly nowMs: number;
}

const published = new Set(
  metrics.flatMap((metric) =>
    metric.published ? Array.from({ length: (metric.edgesHours?.length ?? 0) + 1 }, (_, bin) => metric.no + bin) : [],
  ),
);

const eventKey = (event: Prepared): string => event.source + keySeparator + event.id;

function toFold(event: Prepared): FoldEvent {
  return { type: event.type, timeMs: event.timeMs, key: eventKey(event), data: event.data };
}

async function separateDuplicates(
  { tx, market }: BatchContext,
  events: readonly Prepared[],
  size: number,
): Promise<{ fresh: Prepared[]; verdicts: Verdict[] }> {
  const places = await findDuplicates(tx, market.marketplaceId, events);
  const seen = new Map<string, number>();
  const fresh: Prepared[] = [];
  const verdicts = events.map((event, index): Verdict => {
    const first = places[index] ?? seen.get(eventKey(event));
    if (first !== undefined) return { verdict: "duplicate", id: event.id, seq: first };
    const seq = size + fresh.length;
    seen.set(eventKey(event), seq);
    fresh.push(event);
    return { verdict: "accepted", id: event.id, seq };
  });
  return { fresh, verdicts };
}

async function passEntities({ tx, market, cache }: BatchContext, events: readonly FoldEvent[]): Promise<EntityPass[]> {
  const refs = new Map<string, { kind: string; id: string }>();
  for (const event of events) {
    const ref = entityOf(event);
    if (ref !== undefined) refs.set(entityKey(ref.kind, ref.id), ref);
  }
  const missing = cache.unknown("entities", refs.keys());
  const stored = await loadEntities(
    tx,
    market.marketplaceId,
    missing.map((key) => refs.get(key) as { kind: string; id: string }),
  );
  for (const { kind, id, state, seqs } of stored) {
    const key = kind + keySeparator + id;
    cache.entities.set(key, state);
    cache.seqs.set(key, seqs);
  }
  return foldEntities(events, cache.entities, { currency: market.currency });
}

async function passFacts(
  { tx, market, cache }: BatchContext,
  passes: readonly EntityPass[],
): Promise<{
  changes: EventChange[];
  pairs: [string, PairState][];
  shoppers: [string, ShopperState][];
}> {
  const { pairs, shoppers } = touchedBy(passes);
  const missingPairs = cache.unknown("pairs", pairs);
  const missingShoppers = cache.unknown("shoppers", shoppers);
  const [storedPairs, storedShoppers] = await Promise.all([
    loadPairs(tx, market.marketplaceId, missingPairs),
    loadShoppers(tx, market.marketplaceId, missingShoppers),
  ]);
  for (const [key, state] of storedPairs) cache.pairs.set(key, state);
  for (const [key, state] of storedShoppers) cache.shoppers.set(key, state);
  const before = { pairs: pick(cache.pairs, pairs), shoppers: pick(cache.shoppers, shoppers) };
  const changes = foldFacts(passes, cache);
  return { changes, pairs: moved(before.pairs, cache.pairs), shoppers: moved(before.shoppers, cache.shoppers) };
}

function pick<State>(states: ReadonlyMap<string, State>, keys: ReadonlySet<string>): Map<string, State | undefined> {
  return new Map([...keys].sort().map((key) => [key, states.get(key)]));
}

/** States that are not what they were, by key. */
function moved<State>(
  before: ReadonlyMap<string, State | undefined>,
  after: ReadonlyMap<string, State>,
): [string, State][] {
  return [...before].flatMap(([key, old]): [string, State][] => {
    const state = after.get(key);
    return state === undefined || state === old ? [] : [[key, state]];
  });
}

/** Subjects that an event names even where it changes no fact yet. */
function namedSubjects(change: EventChange): string[] {
  const { data } = change.event;
  const keys: string[] = [];
  if (typeof data["merchant"] === "string") keys.push(`m${data["merchant"]}`);
  if (change.entity?.kind === "link") keys.push(`m${String(data["to"])}`);
  if (change.entity?.kind === "listing") keys.push(`p${String(data["product"])}`);
  if (change.entity?.kind === "promoter") keys.push(`r${String(data["promoter"])}`);
  for (const { subject } of change.facts) keys.push(subject);
  return keys;
}

async function resolveSubjects(
  { tx, market, cache }: BatchContext,
  changes: readonly EventChange[],
  head: Head,
): Promise<number> {
  const missing = new Set<string>();
  for (const change of changes) for (const key of namedSubjects(change)) if (!cache.subjects.has(key)) missing.add(key);
  const known = await loadSubjects(tx, market.marketplaceId, [...missing]);
  const added = [...missing]
    .filter((key) => !known.has(key))
    .map((key, index) => ({ key, no: head.subjects + index, publicId: randomBytes(16).toString("base64url") }));
  await insertSubjects(tx, market.marketplaceId, added);
  for (const [key, subject] of known) cache.subjects.set(key, subject);
  for (const { key, no, publicId } of added) cache.subjects.set(key, { no, publicId });
  return added.length;
}

function entryRows(cache: LaneCache, facts: readonly FactChange[]): EntryRow[] {
  const rows: EntryRow[] = [];
  for (const { subject, metric, day, n, x } of facts) {
    if (!published.has(metric)) continue;
    const publicId = (cache.subjects.get(subject) as Subject).publicId;
    rows.push([`${subject.slice(0, 1)}:${publicId}`, storedMetricNames.get(metric) as string, day, n, x]);
  }
  return rows;
}

function actOf(cache: LaneCache, event: Prepared): Readonly<Record<string, unknown>> | undefined {
  if (event.act !== undefined) return event.act;
  if (event.type !== "merchant.linked") return undefined;
  const publicId = (id: unknown): string => `m:${(cache.subjects.get(`m${String(id)}`) as Subject).publicId}`;
  return { holds: event.data["holds"], merchant: publicId(event.data["merchant"]), to: publicId(event.data["to"]) };
}

function eventRow({ cache }: BatchContext, event: Prepared, change: EventChange, seq: number): EventRow {
  const entry = entryText(event.type, entryRows(cache, change.facts), event.digests, actOf(cache, event));
  const subjects = new Set(namedSubjects(change).map((key) => (cache.subjects.get(key) as Subject).no));
  return { ...event, seq, subjects: [...subjects], entry, leaf: leafHash(entry) };
}

function addUp(cache: LaneCache, changes: readonly EventChange[]): CountChange[] {
  const bySubject = new Map<
    number,
    Map<number, { subjectNo: number; metricNo: number; day: number; n: number; x: number }>
  >();
  for (const { facts } of changes) {
    for (const { subject, metric, day, n, x } of facts) {
      const subjectNo = (cache.subjects.get(subject) as Subject).no;
      let slots = bySubject.get(subjectNo);
      if (slots === undefined) bySubject.set(subjectNo, (slots = new Map()));
      const slot = metric * 1_048_576 + day;
      const sum = slots.get(slot);
      if (sum === undefined) slots.set(slot, { subjectNo, metricNo: metric, day, n, x });
      else {
        sum.n += n;
        sum.x += x;
      }
    }
  }
  const sums: CountChange[] = [];
  for (const slots of bySubject.values())
    for (const sum of slots.values()) if (sum.n !== 0 || sum.x !== 0) sums.push(sum);
  return sums.sort((a, b) => a.subjectNo - b.subjectNo || a.metricNo - b.metricNo || a.day - b.day);
}

const merchantFirst = new Set([
  "order",
  "return",
  "complaint",
  "dispute",
  "review",
  "ticket",
  "referral",
  "incident",
  "certificate",
  "link",
]);

function merchantOf(kind: string, id: string, state: EntityState): string | undefined {
  if (merchantFirst.has(kind)) return id.slice(0, id.indexOf(keySeparator));
  const owner = state["current"]?.d["merchant"] ?? state["inspected"]?.d["merchant"];
  if (typeof owner === "string") return owner;
  if (kind === "follow" && id.startsWith(`merchant${keySeparator}`)) return id.split(keySeparator)[1];
  return undefined;
}

function changedEntities(cache: LaneCache, changes: readonly EventChange[], firstSeq: number): EntityRow[] {
  const rows = new Map<string, EntityRow>();
  changes.forEach(({ entity }, index) => {
    if (entity === undefined) return;
    const key = entityKey(entity.kind, entity.id);
    const seqs = [...(cache.seqs.get(key) ?? []), firstSeq + index];
    if (seqs.length > seqsMax) seqs.shift();
    cache.seqs.set(key, seqs);
    const state = cache.entities.get(key) as EntityState;
    const merchant = merchantOf(entity.kind, entity.id, state);
    const began = Math.min(...Object.values(state).map(({ t }) => t));
    rows.set(key, {
      ...entity,
      merchantNo: merchant === undefined ? null : (cache.subjects.get(`m${merchant}`)?.no ?? null),
      day: dayOf(began),
      state,
      seqs,
    });
  });
  return [...rows.values()];
}

const profileSlots: Readonly<Record<string, string>> = {
  merchant: "registered",
  promoter: "registered",
  listing: "current",
};
const letters: Readonly<Record<string, string>> = { merchant: "m", promoter: "r", listing: "p" };

function changedProfiles(cache: LaneCache, rows: readonly EntityRow[]): SubjectProfile[] {
  return rows.flatMap((row): SubjectProfile[] => {
    const slot = row.state[profileSlots[row.kind] ?? ""];
    const subject = cache.subjects.get(`${letters[row.kind] ?? ""}${row.id}`);
    if (slot === undefined || subject === undefined) return [];
    const { name, title, category, merchant } = slot.d as Record<string, string | undefined>;
    return [
      {
        no: subject.no,
        name: name ?? title ?? null,
        category: category ?? null,
        merchantNo: merchant === undefined ? null : (cache.subjects.get(`m${merchant}`)?.no ?? null),
      },
    ];
  });
}

/** Statements are sent without waiting for each other: the database works while the next one is built. */
async function writeBatch(
  context: BatchContext,
  head: Head,
  fresh: readonly Prepared[],
  passed: { changes: EventChange[]; pairs: [string, PairState][]; shoppers: [string, ShopperState][] },
): Promise<void> {
  const { tx, market, cache, nowMs } = context;
  const rows = fresh.map((event, index) =>
    eventRow(context, event, passed.changes[index] as EventChange, head.size + index),
  );
  const tooLarge = rows.find(({ entry }) => entry.length > limits.entryBytes);
  if (tooLarge !== undefined)
    throw new RangeError(`entry of ${tooLarge.type} has more than ${limits.entryBytes} bytes`);
  const sent: Promise<void>[] = [insertEvents(tx, market.marketplaceId, nowMs, rows)];
  const entities = changedEntities(cache, passed.changes, head.size);
  sent.push(
    saveEntities(tx, market.marketplaceId, entities),
    updateProfiles(tx, market.marketplaceId, changedProfiles(cache, entities)),
    saveStates(tx, "facts_pair", market.marketplaceId, passed.pairs),
    saveStates(tx, "facts_shopper", market.marketplaceId, passed.shoppers),
    addCounts(tx, market.marketplaceId, addUp(cache, passed.changes)),
  );
  await Promise.all(sent);
}

/**
 * Writes a batch in the caller's transaction: events, entries, entity states and facts together.
 * On return verdicts stand in the order of the events; they hold once the transaction has committed.
 */
export async function commitBatch(
  context: BatchContext,
  events: readonly Prepared[],
): Promise<{ verdicts: Verdict[]; size: number }> {
  const { tx, market, cache } = context;
  const head = await lockHead(tx, market.marketplaceId);
  if (head.size !== cache.size) cache.forget();
  const { fresh, verdicts } = await separateDuplicates(context, events, head.size);
  if (fresh.length === 0) return { verdicts, size: head.size };
  const passed = await passFacts(context, await passEntities(context, fresh.map(toFold)));
  const subjects = await resolveSubjects(context, passed.changes, head);
  await writeBatch(context, head, fresh, passed);
  const size = head.size + fresh.length;
  await moveHead(tx, market.marketplaceId, {
    size,
    subjects: head.subjects + subjects,
    // The engine's own acts happen now, whatever time the marketplace's events tell.
    newestMs: fresh.reduce(
      (newest, { timeMs, act }) => (act === undefined ? Math.max(newest, timeMs) : newest),
      head.newestMs,
    ),
  });
  return { verdicts, size };
}
