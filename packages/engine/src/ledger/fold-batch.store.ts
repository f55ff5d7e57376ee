import { randomBytes } from "node:crypto";
import {
  dayOf,
  type EntryRow,
  limits,
  metrics,
  type NamedRow,
  storedMetricNames,
  type Verdict,
} from "@probity/contract";
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
  type CountChange,
  type EntityRow,
  type FactsWrite,
  loadEntities,
  loadPairs,
  loadShoppers,
  loadSubjects,
  type Subject,
  type SubjectProfile,
} from "../facts/facts.store.ts";
import type { Queryable } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { categoryDigest, entryText, leafHash } from "./entry.ts";
import type { Prepared } from "./prepare.ts";
import { type EventRow, findDuplicates, type Head } from "./ledger.store.ts";

/** Events that an entity's evidence names at most. */
const seqsMax = 64;
const cachedMax = 200_000;

/** States as of the head that the last batch will leave: right only while nobody else has moved the head. */
export class LaneCache {
  /** Undefined until a batch was folded behind the lock. */
  head: Head | undefined;
  readonly subjects = new Map<string, Subject>();
  readonly entities = new Map<string, EntityState>();
  readonly seqs = new Map<string, readonly number[]>();
  readonly pairs = new Map<string, PairState>();
  readonly shoppers = new Map<string, ShopperState>();
  /** Places of the events of the last batch: it may not have been committed yet. */
  recent: ReadonlyMap<string, number> = new Map();
  readonly #known = { entities: new Set<string>(), pairs: new Set<string>(), shoppers: new Set<string>() };

  /** Forgets everything: another writer may have changed it, or a batch has failed. */
  clear(): void {
    this.head = undefined;
    this.recent = new Map();
    for (const map of [this.subjects, this.entities, this.seqs, this.pairs, this.shoppers]) map.clear();
    for (const set of Object.values(this.#known)) set.clear();
  }

  /** It holds enough to be forgotten, which may be done only when every batch has been committed. */
  get isFull(): boolean {
    return (
      this.entities.size > cachedMax ||
      this.pairs.size > cachedMax ||
      this.shoppers.size > cachedMax ||
      this.subjects.size > 2 * cachedMax
    );
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

/** What folding reads: the cache, and from the store what the cache does not hold. */
export interface FoldContext {
  readonly db: Queryable;
  readonly market: Marketplace;
  readonly cache: LaneCache;
}

/** Everything that a batch writes, and its verdicts, which hold once it is committed. */
export interface Folded {
  readonly verdicts: Verdict[];
  readonly before: Head;
  readonly after: Head;
  /** Empty where every event was a duplicate. */
  readonly events: readonly EventRow[];
  readonly facts: FactsWrite;
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
  { db, market, cache }: FoldContext,
  events: readonly Prepared[],
  size: number,
): Promise<{ fresh: Prepared[]; verdicts: Verdict[] }> {
  const places = await findDuplicates(db, market.marketplaceId, events);
  const seen = new Map<string, number>();
  const fresh: Prepared[] = [];
  const verdicts = events.map((event, index): Verdict => {
    const key = eventKey(event);
    const first = places[index] ?? cache.recent.get(key) ?? seen.get(key);
    if (first !== undefined) return { verdict: "duplicate", id: event.id, seq: first };
    const seq = size + fresh.length;
    seen.set(key, seq);
    fresh.push(event);
    return { verdict: "accepted", id: event.id, seq };
  });
  cache.recent = seen;
  return { fresh, verdicts };
}

async function passEntities({ db, market, cache }: FoldContext, events: readonly FoldEvent[]): Promise<EntityPass[]> {
  const refs = new Map<string, { kind: string; id: string }>();
  for (const event of events) {
    const ref = entityOf(event);
    if (ref !== undefined) refs.set(entityKey(ref.kind, ref.id), ref);
  }
  const missing = cache.unknown("entities", refs.keys());
  const stored = await loadEntities(
    db,
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
  { db, market, cache }: FoldContext,
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
    loadPairs(db, market.marketplaceId, missingPairs),
    loadShoppers(db, market.marketplaceId, missingShoppers),
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

/** Numbers and public ids of all subjects that the batch names; returns the keys of those that are new. */
async function resolveSubjects(
  { db, market, cache }: FoldContext,
  changes: readonly EventChange[],
  head: Head,
): Promise<string[]> {
  const missing = new Set<string>();
  for (const change of changes) for (const key of namedSubjects(change)) if (!cache.subjects.has(key)) missing.add(key);
  const known = await loadSubjects(db, market.marketplaceId, [...missing]);
  for (const [key, subject] of known) cache.subjects.set(key, subject);
  const added = [...missing].filter((key) => !known.has(key));
  added.forEach((key, index) => {
    const publicId = randomBytes(16).toString("base64url");
    cache.subjects.set(key, { no: head.subjects + index, publicId, category: null });
  });
  return added;
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

const publicIdOf = (cache: LaneCache, key: string): string =>
  `${key.slice(0, 1)}:${(cache.subjects.get(key) as Subject).publicId}`;

/** A link is published as it then holds, which a late event may not change. */
function actOf(cache: LaneCache, event: Prepared, change: EventChange): Readonly<Record<string, unknown>> | undefined {
  if (event.act !== undefined) return event.act;
  if (event.type !== "merchant.linked") return undefined;
  return {
    holds: change.after["linked"]?.d["holds"] === true,
    merchant: publicIdOf(cache, `m${String(event.data["merchant"])}`),
    to: publicIdOf(cache, `m${String(event.data["to"])}`),
  };
}

/** Subjects that an event names first (they are taken out of `unnamed`), and categories that it changes. */
function namedRows(cache: LaneCache, change: EventChange, unnamed: Set<string>): NamedRow[] {
  const profile = change.entity === undefined ? undefined : profileOf(change.entity, change.after);
  const rows = new Map<string, NamedRow>();
  for (const key of namedSubjects(change)) {
    const subject = cache.subjects.get(key) as Subject;
    const category = profile?.key === key ? profile.category : subject.category;
    if (!unnamed.delete(key) && category === subject.category) continue;
    subject.category = category;
    rows.set(key, [publicIdOf(cache, key), categoryDigest(category)]);
  }
  return [...rows.values()];
}

function eventRow(
  { cache }: FoldContext,
  event: Prepared,
  change: EventChange,
  seq: number,
  unnamed: Set<string>,
): EventRow {
  const entry = entryText({
    type: event.type,
    named: namedRows(cache, change, unnamed),
    rows: entryRows(cache, change.facts),
    digests: event.digests,
    act: actOf(cache, event, change),
  });
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
  "credential",
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

interface Profile {
  /** Of the subject that the entity tells of. */
  readonly key: string;
  readonly name: string | null;
  readonly category: string | null;
  readonly merchant: string | undefined;
}

/** What an entity says of a subject; undefined where it says nothing of one. */
function profileOf(entity: { readonly kind: string; readonly id: string }, state: EntityState): Profile | undefined {
  const slot = state[profileSlots[entity.kind] ?? ""];
  if (slot === undefined) return undefined;
  const { name, title, category, merchant } = slot.d as Record<string, string | undefined>;
  return {
    key: `${letters[entity.kind] ?? ""}${entity.id}`,
    name: name ?? title ?? null,
    category: category ?? null,
    merchant,
  };
}

function changedProfiles(cache: LaneCache, rows: readonly EntityRow[]): SubjectProfile[] {
  return rows.flatMap((row): SubjectProfile[] => {
    const profile = profileOf(row, row.state);
    const subject = profile && cache.subjects.get(profile.key);
    if (profile === undefined || subject === undefined) return [];
    const { name, category, merchant } = profile;
    const merchantNo = merchant === undefined ? null : (cache.subjects.get(`m${merchant}`)?.no ?? null);
    return [{ no: subject.no, name, category, merchantNo }];
  });
}

function eventRows(
  context: FoldContext,
  fresh: readonly Prepared[],
  changes: readonly EventChange[],
  firstSeq: number,
  added: readonly string[],
): EventRow[] {
  const unnamed = new Set(added);
  const rows = fresh.map((event, index) =>
    eventRow(context, event, changes[index] as EventChange, firstSeq + index, unnamed),
  );
  const tooLarge = rows.find(({ entry }) => entry.length > limits.entryBytes);
  if (tooLarge !== undefined)
    throw new RangeError(`entry of ${tooLarge.type} has more than ${limits.entryBytes} bytes`);
  return rows;
}

/** The head after new events. The engine's own acts happen now, whatever time the marketplace's events tell. */
function headAfter(head: Head, fresh: readonly Prepared[], newSubjects: number): Head {
  return {
    size: head.size + fresh.length,
    subjects: head.subjects + newSubjects,
    erasures: head.erasures,
    newestMs: fresh.reduce(
      (newest, { timeMs, act }) => (act === undefined ? Math.max(newest, timeMs) : newest),
      head.newestMs,
    ),
  };
}

/**
 * Folds a batch onto the cache, as of `head`: nothing is written. Reads see only what is committed; what an
 * uncommitted batch before this one touched stands in the cache. If it throws, the cache must be cleared.
 */
export async function foldBatch(context: FoldContext, head: Head, events: readonly Prepared[]): Promise<Folded> {
  const { cache } = context;
  const { fresh, verdicts } = await separateDuplicates(context, events, head.size);
  const { changes, pairs, shoppers } = await passFacts(context, await passEntities(context, fresh.map(toFold)));
  const added = await resolveSubjects(context, changes, head);
  const entities = changedEntities(cache, changes, head.size);
  const profiles = new Map(changedProfiles(cache, entities).map((profile) => [profile.no, profile]));
  const newSubjects = added.map((key) => {
    const subject = cache.subjects.get(key) as Subject;
    return { name: null, merchantNo: null, ...subject, category: null, ...profiles.get(subject.no), key };
  });
  const rows = eventRows(context, fresh, changes, head.size, added);
  const after = headAfter(head, fresh, newSubjects.length);
  cache.head = after;
  return {
    verdicts,
    before: head,
    after,
    events: rows,
    facts: {
      newSubjects,
      profiles: [...profiles.values()].filter(({ no }) => no < head.subjects),
      entities,
      pairs,
      shoppers,
      counts: addUp(cache, changes),
    },
  };
}
