import { type CategoryCount, ProblemError, type RatingSort, type SubjectKind } from "@probity/contract";
import type { Queryable } from "../platform/db.ts";
import { Params } from "../platform/statement.ts";
import { kindLetters, listedColumns, type ListedRating } from "./ratings.store.ts";

export interface RatingFilter {
  readonly kind: SubjectKind;
  readonly q?: string | undefined;
  readonly category?: string | undefined;
  readonly grade?: string | undefined;
  readonly status?: string | undefined;
  /** Unless told, those with a grade first, then the best score. */
  readonly sort?: RatingSort | undefined;
}

/** A word that so many subjects hold is looked for down the list, which soon fills a page; a rarer one by index. */
const foundMax = 2_000;

type Column = "score" | "bound" | "name" | "category" | "orders" | "buyers";

/** Texts that agree so far follow by age, so that a cursor stays short. */
const textKeyChars = 64;

/** What a list is ordered by. Names that have pinyin stand by it, among those in Latin letters. */
const keys: Readonly<Record<Column, { readonly sql: string; readonly type: "smallint" | "bigint" | "text" }>> = {
  score: { sql: "c.score", type: "smallint" },
  bound: { sql: "c.bound", type: "smallint" },
  name: { sql: `left(coalesce(s.search_words, lower(s.name), s.id), ${textKeyChars}) COLLATE "C"`, type: "text" },
  category: { sql: `left(coalesce(c.category, ''), ${textKeyChars}) COLLATE "C"`, type: "text" },
  orders: { sql: "c.orders", type: "bigint" },
  buyers: { sql: "c.buyers", type: "bigint" },
};

/** Order of a list: its SQL, and the condition of what comes after a place. */
interface Order {
  /** Expression whose value, with `subject_no`, is the place of a row. */
  readonly key: string;
  readonly by: string;
  after(params: Params, place: Place): string;
}

/** Place of a row in the list. */
interface Place {
  readonly key: string;
  readonly subjectNo: number;
}

function orderOf(sort: RatingSort | undefined): Order {
  if (sort === undefined) {
    return {
      key: "c.status || ' ' || c.score",
      by: "c.status, -c.score, c.subject_no",
      after(params, { key, subjectNo }) {
        const [status, score] = key.split(" ");
        const place = [params.put(status), `${params.put(-Number(score))}::smallint`, params.put(subjectNo)];
        // As the indexes have it: rows compare as (status, -score, subject_no).
        return `(c.status, -c.score, c.subject_no) > (${place.join(", ")}::integer)`;
      },
    };
  }
  const isDescending = sort.startsWith("-");
  const { sql, type } = keys[sort.replace("-", "") as Column];
  return {
    key: `(${sql})::text`,
    by: `${sql} ${isDescending ? "DESC" : "ASC"}, c.subject_no`,
    after(params, { key, subjectNo }) {
      const value = `${params.put(key)}::${type}`;
      const no = `${params.put(subjectNo)}::integer`;
      return `(${sql} ${isDescending ? "<" : ">"} ${value} OR (${sql} = ${value} AND c.subject_no > ${no}))`;
    },
  };
}

/** What the filter says of ratings `c`. */
function rowsOf(params: Params, market: string, { kind, category, grade, status }: RatingFilter): string {
  const parts = [`c.marketplace_id = ${market} AND c.kind = ${params.put(kind)}`];
  if (category !== undefined) parts.push(`c.category = ${params.put(category)}`);
  if (grade !== undefined) parts.push(`c.grade = ${params.put(grade)}`);
  if (status !== undefined) parts.push(`c.status = ${params.put(status)}`);
  return parts.join(" AND ");
}

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

export interface RatingPage {
  readonly rows: readonly ListedRating[];
  /** Where the next page begins; null at the end. */
  readonly nextCursor: string | null;
}

function parseCursor(cursor: string): Place {
  const match = /^(\d{1,9})\.([\w-]*)$/.exec(cursor);
  const key = match === null ? "" : Buffer.from(match[2] as string, "base64url").toString("utf8");
  if (match === null || key.includes("\0"))
    throw new ProblemError("request-invalid", "/query/cursor is not a cursor of this list");
  return { subjectNo: Number(match[1]), key };
}

/** Whether a cursor's key can stand in that order; another list's cursor must not reach the database. */
function checkPlace(sort: RatingSort | undefined, { key }: Place): void {
  const type = sort === undefined ? undefined : keys[sort.replace("-", "") as Column].type;
  const form = type === undefined ? /^(rated|too-early) \d{1,4}$/ : type === "text" ? /^/ : /^\d{1,15}$/;
  const isWithin = type !== "smallint" || Number(key) < 32_768;
  if (!form.test(key) || !isWithin)
    throw new ProblemError("request-invalid", "/query/cursor is not a cursor of this list in this order");
}

/** A page of ratings, from the cursor of the page before on. */
export async function listRatings(
  db: Queryable,
  marketplaceId: number,
  filter: RatingFilter,
  cursor: string | undefined,
  limit: number,
): Promise<RatingPage> {
  const { kind, q: words = "", sort } = filter;
  const params = new Params();
  const market = params.put(marketplaceId);
  const order = orderOf(sort);
  let rows = rowsOf(params, market, filter);
  if (cursor !== undefined) {
    const place = parseCursor(cursor);
    checkPlace(sort, place);
    rows += ` AND ${order.after(params, place)}`;
  }
  const end = `ORDER BY ${order.by} LIMIT ${params.put(limit + 1)}`;
  const columns = `${listedColumns}, ${order.key} AS place`;
  const all = `SELECT ${columns} FROM ratings_current c JOIN facts_subject s ON ${join} WHERE ${rows}`;
  let sql = `${all} ${end}`;
  if (words !== "") {
    const text = `${params.put(words)}::text`;
    const isCommon = (await countFound(db, marketplaceId, kind, words)) >= foundMax;
    sql = isCommon
      ? `${all} AND ${holds(text)} ${end}`
      : `WITH s AS MATERIALIZED (SELECT s.* FROM facts_subject s WHERE ${found(market, kind, text)} LIMIT ${foundMax})
     SELECT ${columns} FROM s JOIN ratings_current c ON ${join} WHERE ${rows} ${end}`;
  }
  const listed = await db.query<ListedRating & { place: string }>(sql, params.values);
  const last = listed[limit - 1];
  return {
    rows: listed.slice(0, limit),
    nextCursor:
      listed.length > limit && last !== undefined
        ? `${last.subject_no}.${Buffer.from(last.place, "utf8").toString("base64url")}`
        : null,
  };
}

/** Categories in which subjects of a kind are rated, the largest first. */
export async function listCategories(
  db: Queryable,
  marketplaceId: number,
  kind: SubjectKind,
): Promise<CategoryCount[]> {
  return db.query<CategoryCount>(
    `SELECT c.category, count(*)::integer AS subjects, (count(*) FILTER (WHERE c.status = 'rated'))::integer AS rated
     FROM ratings_current c WHERE c.marketplace_id = $1 AND c.kind = $2 GROUP BY c.category
     ORDER BY subjects DESC, c.category`,
    [marketplaceId, kind],
  );
}
