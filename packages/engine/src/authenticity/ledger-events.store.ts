import { ownSource } from "@probity/contract";
import { sealContext } from "../ledger/index.ts";
import { type Queryable, textArray } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { type MasterKey, open } from "../privacy/index.ts";
import { loadPeopleByNo, type Person } from "../privacy/privacy.store.ts";
import { type EvidenceEvent, evidenceTypes } from "./patch.ts";

interface Row {
  readonly seq: number;
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly time_ms: number;
  readonly person_no: number | null;
  readonly body: string;
  readonly sealed: Uint8Array | null;
}

/** Types whose sealed fields are evidence; of the others nothing is opened. */
const opened: ReadonlySet<string> = new Set(["order.placed", "review.posted", "review.edited"]);
const peopleMax = 50_000;

/** Reads events that are evidence, with what is sealed opened; remembers keys of persons for the next call. */
export class EvidenceReader {
  readonly #db: Queryable;
  readonly #master: MasterKey;
  readonly #people = new Map<string, Person>();

  constructor(db: Queryable, master: MasterKey) {
    this.#db = db;
    this.#master = master;
  }

  /** Forgets keys of persons. */
  forget(): void {
    this.#people.clear();
  }

  /** Events of places from … to − 1, without the engine's own words. What was erased has no sealed fields any more. */
  async read(market: Marketplace, from: number, to: number): Promise<EvidenceEvent[]> {
    const { marketplaceId } = market;
    const rows = await this.#db.query<Row>(
      `SELECT seq, source, id, type, time_ms, person_no, body, CASE WHEN type = ANY ($4::text[]) THEN sealed END AS sealed
       FROM ledger_event WHERE marketplace_id = $1 AND seq >= $2 AND seq < $3 AND type = ANY ($5::text[])
         AND NOT starts_with(source, $6) ORDER BY seq`,
      [marketplaceId, from, to, textArray([...opened]), textArray(evidenceTypes), ownSource],
    );
    await this.#learn(marketplaceId, rows);
    return rows.map((row) => ({
      type: row.type,
      timeMs: row.time_ms,
      data: (JSON.parse(row.body) as { readonly data: Readonly<Record<string, unknown>> }).data,
      sealed: this.#open(marketplaceId, row),
    }));
  }

  async #learn(marketplaceId: number, rows: readonly Row[]): Promise<void> {
    if (this.#people.size > peopleMax) this.#people.clear();
    const wanted = new Set<number>();
    for (const { sealed, person_no } of rows)
      if (sealed !== null && person_no !== null && !this.#people.has(`${marketplaceId} ${person_no}`))
        wanted.add(person_no);
    const found = await loadPeopleByNo(this.#db, this.#master, marketplaceId, [...wanted]);
    for (const [no, person] of found) this.#people.set(`${marketplaceId} ${no}`, person);
  }

  #open(marketplaceId: number, row: Row): Readonly<Record<string, unknown>> {
    const person = row.person_no === null ? undefined : this.#people.get(`${marketplaceId} ${row.person_no}`);
    if (row.sealed === null || person === undefined) return {};
    const plain = open(person.sealing, row.sealed, sealContext(row, marketplaceId));
    return JSON.parse(plain.toString("utf8")) as Record<string, unknown>;
  }
}
