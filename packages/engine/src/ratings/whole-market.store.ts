import { type SubjectKind, subjectKinds } from "@probity/contract";
import type { FactColumns } from "@probity/kernels/stats/decayed-sums";
import { readColumns } from "../facts/columns.store.ts";
import { readHead } from "../ledger/ledger.store.ts";
import type { Db } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import type { Categories, LinkColumns } from "./index.ts";
import { loadLinks } from "./links.store.ts";
import { loadAllSubjects, type SubjectInfo } from "./ratings.store.ts";

/** All facts of the subjects of one kind, ready for the kernels. */
export interface KindFacts {
  readonly kind: SubjectKind;
  readonly subjects: readonly SubjectInfo[];
  readonly columns: FactColumns;
  readonly categories: Categories;
  readonly links: LinkColumns;
}

/** A marketplace's facts as of a log size. */
export interface WholeMarket {
  readonly logSize: number;
  readonly newestMs: number;
  readonly kinds: ReadonlyMap<SubjectKind, KindFacts>;
}

function categoriesOf(subjects: readonly SubjectInfo[]): Categories {
  const names = [...new Set(subjects.flatMap(({ category }) => (category === null ? [] : [category])))].sort();
  const place = new Map(names.map((name, index) => [name, index]));
  return {
    names,
    of: Int32Array.from(subjects, ({ category }) => (category === null ? -1 : (place.get(category) as number))),
  };
}

function linksOf(subjects: readonly SubjectInfo[], links: readonly [string, string][]): LinkColumns {
  const place = new Map(subjects.map(({ id }, index) => [id, index]));
  const pairs = links.flatMap(([one, other]): [number, number][] => {
    const [a, b] = [place.get(one), place.get(other)];
    return a === undefined || b === undefined
      ? []
      : [
          [a, b],
          [b, a],
        ];
  });
  return { from: Int32Array.from(pairs, ([from]) => from), to: Int32Array.from(pairs, ([, to]) => to) };
}

function kindColumns(all: FactColumns, kindNo: Int8Array, place: Int32Array, wanted: number): FactColumns {
  let rows = 0;
  for (let row = 0; row < all.rows; row += 1) if (kindNo[all.subject[row] as number] === wanted) rows += 1;
  const columns = {
    rows,
    subject: new Int32Array(rows),
    metric: new Int16Array(rows),
    day: new Int32Array(rows),
    n: new Float64Array(rows),
    x: new Float64Array(rows),
  };
  let to = 0;
  for (let row = 0; row < all.rows; row += 1) {
    const subject = all.subject[row] as number;
    if (kindNo[subject] !== wanted) continue;
    columns.subject[to] = place[subject] as number;
    columns.metric[to] = all.metric[row] as number;
    columns.day[to] = all.day[row] as number;
    columns.n[to] = all.n[row] as number;
    columns.x[to] = all.x[row] as number;
    to += 1;
  }
  return columns;
}

/** Reads a marketplace's facts, all as of one log size. */
export async function readWholeMarket(db: Db, market: Marketplace): Promise<WholeMarket> {
  return db.transaction(async (tx) => {
    const head = await readHead(tx, market.marketplaceId);
    const subjects = await loadAllSubjects(tx, market.marketplaceId);
    const links = await loadLinks(tx, market.marketplaceId);
    const kindNo = new Int8Array(subjects.length);
    const place = new Int32Array(subjects.length);
    const byKind = subjectKinds.map((kind) => subjects.filter((subject) => subject.kind === kind));
    byKind.forEach((list, no) =>
      list.forEach((subject, index) => {
        kindNo[subject.no] = no;
        place[subject.no] = index;
      }),
    );
    const all = await readColumns(tx, db.engine === "pglite", market.marketplaceId, subjects.length, (no) => no);
    const kinds = subjectKinds.map((kind, no): [SubjectKind, KindFacts] => {
      const list = byKind[no] as SubjectInfo[];
      return [
        kind,
        {
          kind,
          subjects: list,
          columns: kindColumns(all, kindNo, place, no),
          categories: categoriesOf(list),
          links: linksOf(list, kind === "merchant" ? links : []),
        },
      ];
    });
    return { logSize: head.size, newestMs: head.newestMs, kinds: new Map(kinds) };
  }, "repeatable read");
}
