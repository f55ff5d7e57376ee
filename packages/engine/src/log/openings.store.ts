import { eventDefinition, limits, ProblemError } from "@probity/contract";
import { type EntityState, entityOf } from "../facts/index.ts";
import { loadEntities } from "../facts/facts.store.ts";
import { disclose, discloseRemaining, fieldsOf } from "../ledger/index.ts";
import { readEvents, readRefsOfPeople, type StoredRow } from "../ledger/ledger.store.ts";
import type { Queryable } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import type { MasterKey } from "../privacy/index.ts";
import { findPeople, loadPersonByNo } from "../privacy/privacy.store.ts";

/** What an entry's differences rest on: its event and those before it that they are a function of. */
export interface Opening {
  readonly place: number;
  readonly currency: string;
  /** In order; the last is the entry's own. Sealed fields are not opened: no difference depends on them. */
  readonly events: readonly { readonly place: number; readonly disclosures: readonly string[] }[];
}

/** An entity's places are kept up to this many; of one with more nobody can tell all. */
const placesKept = 64;

function buyersOf(state: EntityState): string[] {
  return Object.values(state).flatMap(({ d }) => (typeof d["buyer"] === "string" ? [d["buyer"]] : []));
}

const dataOf = (row: StoredRow): { time: string; data: Record<string, unknown> } =>
  JSON.parse(row.body) as { time: string; data: Record<string, unknown> };

/** Opens entries for auditors. Refuses what rests on more than can be opened, or on somebody who was erased. */
export class Opener {
  readonly #db: Queryable;
  readonly #master: MasterKey;

  constructor(db: Queryable, master: MasterKey) {
    this.#db = db;
    this.#master = master;
  }

  async #disclosures(marketplaceId: number, row: StoredRow): Promise<string[]> {
    const person =
      row.person_no === null ? undefined : await loadPersonByNo(this.#db, this.#master, marketplaceId, row.person_no);
    if (row.person_no !== null && person === undefined)
      throw new ProblemError(
        "log-state",
        `Entry ${row.seq} names somebody who was erased: it cannot be opened any more`,
      );
    const fields = fieldsOf({
      ...row,
      ...dataOf(row),
      sealed: {},
      personField: eventDefinition(row.type)?.person,
    });
    // Sealed fields draw their salts last, so that leaving them out moves no other's.
    const disclosed =
      person === undefined ? discloseRemaining(fields, row.salt) : disclose(fields, row.salt, person.key).disclosures;
    return disclosed.map(({ disclosure }) => disclosure);
  }

  /** Places, up to one, of all events of all entities that have to do with the buyers of an event's entity. */
  async #places(marketplaceId: number, own: StoredRow): Promise<number[]> {
    const event = { type: own.type, timeMs: 0, key: "", data: dataOf(own).data };
    const ref = entityOf(event);
    if (ref === undefined) return [own.seq];
    const [entity] = await loadEntities(this.#db, marketplaceId, [ref]);
    const people = await findPeople(
      this.#db,
      this.#master,
      marketplaceId,
      entity === undefined ? [] : buyersOf(entity.state),
    );
    const named = await readRefsOfPeople(this.#db, marketplaceId, people, own.seq, limits.openingEvents + 1);
    const refs = [ref, ...named.flatMap((row) => entityOf({ ...event, ...row }) ?? [])];
    const unique = [...new Map(refs.map((item) => [`${item.kind} ${item.id}`, item])).values()];
    const entities = await loadEntities(this.#db, marketplaceId, unique);
    const places = new Set([own.seq]);
    for (const { seqs } of entities) {
      if (seqs.length >= placesKept) throw tooMuch(own.seq);
      for (const place of seqs) if (place <= own.seq) places.add(place);
    }
    if (places.size > limits.openingEvents || named.length > limits.openingEvents) throw tooMuch(own.seq);
    return [...places].sort((a, b) => a - b);
  }

  async open({ marketplaceId, currency }: Marketplace, place: number): Promise<Opening> {
    const [own] = await readEvents(this.#db, marketplaceId, [place]);
    if (own === undefined) throw new ProblemError("not-found", `The ledger has no event ${place}`);
    const rows = await readEvents(this.#db, marketplaceId, await this.#places(marketplaceId, own));
    const events: { place: number; disclosures: string[] }[] = [];
    for (const row of rows) events.push({ place: row.seq, disclosures: await this.#disclosures(marketplaceId, row) });
    return { place, currency, events };
  }
}

const tooMuch = (place: number): ProblemError =>
  new ProblemError("log-state", `Entry ${place} rests on more events than are opened`);
