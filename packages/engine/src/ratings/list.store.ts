import type { SubjectKind } from "@probity/contract";
import type { Queryable } from "../platform/db.ts";
import { Params } from "../platform/statement.ts";
import { kindLetters, listedColumns, type ListedRating } from "./ratings.store.ts";

export interface RatingFilter {
  readonly kind: SubjectKind;
  readonly q?: string | undefined;
  readonly category?: string | undefined;
  readonly grade?: string | undefined;
  readonly status?: string | undefined;
}

/** Place of a row in the list. */
export interface ListPlace {
  readonly status: string;
  readonly score: number;
  readonly subjectNo: number;
}

/** A word that so many subjects hold is looked for down the list, which soon fills a page; a rarer one by index. */
const foundMax = 2_000;

/** What the filter says of ratings `c`, and where the page begins. The order is that of their indexes. */
function rowsOf(params: Params, market: string, filter: RatingFilter, after: ListPlace | undefined): string {
  const { kind, category, grade, status } = filter;
  const parts = [`c.marketplace_id = ${market} AND c.kind = ${params.put(kind)}`];
  if (category !== undefined) parts.push(`c.category = ${params.put(category)}`);
  if (grade !== undefined) parts.push(`c.grade = ${params.put(grade)}`);
  if (status !== undefined) parts.push(`c.status = ${params.put(status)}`);
  if (after !== undefined) {
    const place = [params.put(after.status), `${params.put(-after.score)}::smallint`, params.put(after.subjectNo)];
    parts.push(`(c.status, -c.score, c.subject_no) > (${place.join(", ")}::integer)`);
  }
  return parts.join(" AND ");
}

const order = "ORDER BY c.status, -c.score, c.subject_no LIMIT";
const join = "s.marketplace_id = c.marketplace_id AND s.subject_no = c.subject_no";

/** Whether a subject `s` holds the words, or has them as its id. */
const holds = (words: string): string => `(strpos(s.search, lower(normalize(${words}, NFKC))) > 0 OR s.id = ${words})`;

/** Subjects of a kind that hold the words, as the condition of a select from facts_subject `s`; found by index. */
function found(market: string, kind: SubjectKind, words: string): string {
  const letter = kindLetters[kind];
  const [scope, text] = [`'${letter}' || ${market}::integer || ' '`, `lower(normalize(${words}, NFKC))`];
  const indexed = [1, 2]
    .map((size) => `facts_grams(s.kind || s.marketplace_id || ' ', s.search, ${size})`)
    .join(" || ");
  return `s.marketplace_id = ${market} AND s.kind = '${letter}' AND ${holds(words)}
    AND (${indexed} @> facts_grams(${scope}, ${text}, least(2, length(${text}))) OR s.id = ${words})`;
}

/** How many subjects hold the words, counted up to a limit. */
async function countFound(db: Queryable, marketplaceId: number, kind: SubjectKind, words: string): Promise<number> {
  const params = new Params();
  const condition = found(params.put(marketplaceId), kind, `${params.put(words)}::text`);
  const [row] = await db.query<{ found: number }>(
    `SELECT count(*)::integer AS found FROM (SELECT FROM facts_subject s WHERE ${condition} LIMIT ${foundMax}) AS f`,
    params.values,
  );
  return row?.found ?? 0;
}

/** Ratings, best first; `after` is the last row of the page before. */
export async function listRatings(
  db: Queryable,
  marketplaceId: number,
  filter: RatingFilter,
  after: ListPlace | undefined,
  limit: number,
): Promise<ListedRating[]> {
  const { kind, q: words = "" } = filter;
  const params = new Params();
  const market = params.put(marketplaceId);
  const rows = rowsOf(params, market, filter, after);
  if (words === "") {
    return db.query(
      `SELECT ${listedColumns} FROM ratings_current c JOIN facts_subject s ON ${join} WHERE ${rows} ${order} ${params.put(limit)}`,
      params.values,
    );
  }
  const text = `${params.put(words)}::text`;
  if ((await countFound(db, marketplaceId, kind, words)) >= foundMax) {
    return db.query(
      `SELECT ${listedColumns} FROM ratings_current c JOIN facts_subject s ON ${join} WHERE ${rows} AND ${holds(text)}
       ${order} ${params.put(limit)}`,
      params.values,
    );
  }
  return db.query(
    `WITH s AS MATERIALIZED (SELECT s.marketplace_id, s.subject_no, s.id, s.name, s.category FROM facts_subject s
       WHERE ${found(market, kind, text)} LIMIT ${foundMax})
     SELECT ${listedColumns} FROM s JOIN ratings_current c ON ${join} WHERE ${rows} ${order} ${params.put(limit)}`,
    params.values,
  );
}
