import { storedMetricNames } from "@probity/contract";
import type { FactColumns } from "@probity/kernels/stats/decayed-sums";
import { readColumns } from "../packages/engine/src/facts/columns.store.ts";
import {
  foldEntities,
  foldFacts,
  type FoldEvent,
  type FoldStates,
  keySeparator,
} from "../packages/engine/src/facts/index.ts";
import type { Db } from "../packages/engine/src/platform/db.ts";
import type { Marketplace } from "../packages/engine/src/platform/marketplace.ts";

interface LedgerRow {
  readonly seq: number;
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly time_ms: number;
  readonly body: string;
  readonly entry: string;
}

interface SubjectRow {
  readonly subject_no: number;
  readonly kind: string;
  readonly id: string;
  readonly public_id: string;
}

/** What a database holds at one moment: events from a place on, all subjects, all counters. */
export interface LedgerSnapshot {
  readonly size: number;
  readonly events: readonly LedgerRow[];
  readonly subjects: readonly SubjectRow[];
  readonly facts: FactColumns;
}

export async function readSnapshot(db: Db, market: Marketplace, fromSeq: number): Promise<LedgerSnapshot> {
  const { marketplaceId } = market;
  return db.transaction(async (tx) => {
    const [head] = await tx.query<{ size: number }>("SELECT size FROM ledger_head WHERE marketplace_id = $1", [
      marketplaceId,
    ]);
    const events = await tx.query<LedgerRow>(
      "SELECT seq, source, id, type, time_ms, body, entry FROM ledger_event WHERE marketplace_id = $1 AND seq >= $2 ORDER BY seq",
      [marketplaceId, fromSeq],
    );
    const subjects = await tx.query<SubjectRow>(
      "SELECT subject_no, kind, id, public_id FROM facts_subject WHERE marketplace_id = $1",
      [marketplaceId],
    );
    const facts = await readColumns(tx, db.engine === "pglite", marketplaceId, subjects.length, (no) => no);
    return { size: head?.size ?? 0, events, subjects, facts };
  }, "repeatable read");
}

type Sums = Map<string, [n: number, x: number]>;

function addTo(sums: Sums, key: string, n: number, x: number): void {
  const sum = sums.get(key);
  if (sum === undefined) sums.set(key, [n, x]);
  else {
    sum[0] += n;
    sum[1] += x;
  }
}

/** Keys whose sums differ; a missing one is 0. */
function differing(one: Sums, other: Sums): Set<string> {
  const keys = new Set<string>();
  for (const [left, right] of [
    [one, other],
    [other, one],
  ] as const) {
    for (const [key, [n, x]] of left) {
      const [otherN, otherX] = right.get(key) ?? [0, 0];
      if (n !== otherN || x !== otherX) keys.add(key);
    }
  }
  return keys;
}

const metricNos = new Map([...storedMetricNames].map(([no, name]) => [name, no]));

/**
 * Works out the facts of a ledger a second and a third time: as the sum of its entries' differences (published
 * metrics) and by folding its events anew. Follows the ledger from one snapshot to the next.
 */
export class Recomputation {
  readonly #currency: string;
  readonly #known = new Set<string>();
  readonly #byEntries: Sums = new Map();
  readonly #byFolding: Sums = new Map();
  readonly #states: FoldStates = { entities: new Map(), pairs: new Map(), shoppers: new Map() };
  readonly #unpublished: ReadonlySet<number>;
  size = 0;

  /** `unpublished`: metric numbers that entries leave out. */
  constructor(currency: string, unpublished: ReadonlySet<number>) {
    this.#currency = currency;
    this.#unpublished = unpublished;
  }

  /** Whether the ledger holds the event. */
  has(source: string, id: string): boolean {
    return this.#known.has(source + keySeparator + id);
  }

  /** Takes the events that are new; throws where places are missing. */
  follow(snapshot: LedgerSnapshot): void {
    const folded: FoldEvent[] = [];
    for (const row of snapshot.events) {
      if (row.seq !== this.size)
        throw new Error(`place ${this.size} of the ledger is empty: the next event stands at ${row.seq}`);
      this.size += 1;
      const key = row.source + keySeparator + row.id;
      if (this.#known.has(key)) throw new Error(`event ${row.id} stands in the ledger twice`);
      this.#known.add(key);
      folded.push({
        type: row.type,
        timeMs: row.time_ms,
        key,
        data: (JSON.parse(row.body) as { data: Record<string, unknown> }).data,
      });
      for (const [subject, metric, day, n, x] of (
        JSON.parse(row.entry) as { d: [string, string, number, number, number][] }
      ).d) {
        addTo(this.#byEntries, `${subject}|${metricNos.get(metric)}|${day}`, n, x);
      }
    }
    if (this.size !== snapshot.size)
      throw new Error(`the head says ${snapshot.size} events, the ledger holds ${this.size}`);
    for (const { facts } of foldFacts(
      foldEntities(folded, this.#states.entities, { currency: this.#currency }),
      this.#states,
    )) {
      for (const { subject, metric, day, n, x } of facts) addTo(this.#byFolding, `${subject}|${metric}|${day}`, n, x);
    }
  }

  /** Stored counters that differ from either recomputation. */
  wrongFacts({ subjects, facts }: LedgerSnapshot): number {
    const byNo = new Map(subjects.map((subject) => [subject.subject_no, subject]));
    const [published, all]: [Sums, Sums] = [new Map(), new Map()];
    const wrong = new Set<string>();
    const publicKeys = new Map<string, string>();
    for (let row = 0; row < facts.rows; row += 1) {
      const subject = byNo.get(facts.subject[row] as number);
      const [metric, day, n, x] = [
        facts.metric[row] as number,
        facts.day[row] as number,
        facts.n[row] as number,
        facts.x[row] as number,
      ];
      if (subject === undefined) {
        wrong.add(`no subject ${facts.subject[row]}|${metric}|${day}`);
        continue;
      }
      const own = `${subject.kind}${subject.id}|${metric}|${day}`;
      addTo(all, own, n, x);
      if (this.#unpublished.has(metric)) continue;
      const key = `${subject.kind}:${subject.public_id}|${metric}|${day}`;
      publicKeys.set(key, own);
      addTo(published, key, n, x);
    }
    for (const key of differing(all, this.#byFolding)) wrong.add(key);
    for (const key of differing(published, this.#byEntries)) wrong.add(publicKeys.get(key) ?? key);
    return wrong.size;
  }
}
