import { hash } from "node:crypto";
import { loadSubjects, type Subject } from "../facts/facts.store.ts";
import { integerArray, type Queryable, textArray } from "../platform/db.ts";
import type { MasterKey } from "../privacy/index.ts";
import type { FollowPatch, InsiderPatch, OrderPatch, Patch, ReviewPatch, ToldPatch } from "./patch.ts";
import { bandsOf } from "./bands.ts";
import { markText, type TextMarks, type WordReader } from "./text-marks.ts";

/** How many of each the evidence holds: the next dense numbers. */
export interface Counters {
  people: number;
  orders: number;
  reviews: number;
  follows: number;
}

export interface PatchContext {
  readonly db: Queryable;
  readonly marketplaceId: number;
  readonly master: MasterKey;
  readonly reader: WordReader;
}

/** Numbers of what a batch of patches touched for the first time or changed. */
export interface Touched {
  readonly orders: readonly number[];
  readonly reviews: readonly number[];
  readonly follows: readonly number[];
  /** Reviews whose authors object. */
  readonly appealed: readonly number[];
}

type Row<P> = { -readonly [K in keyof P]: P[K] };
const separator = "\u001f";

/** Milestones keep the first time; of the rest the last word holds. */
const milestones: ReadonlySet<string> = new Set(["placed", "shipped", "delivered", "confirmed", "posted", "followed"]);

function gather<P extends object>(patches: readonly P[], keyOf: (patch: P) => string): Map<string, Row<P>> {
  const rows = new Map<string, Row<P>>();
  for (const patch of patches) {
    const key = keyOf(patch);
    const row = rows.get(key);
    if (row === undefined) {
      rows.set(key, { ...patch });
      continue;
    }
    for (const [name, value] of Object.entries(patch)) {
      const old = (row as Record<string, unknown>)[name];
      if (milestones.has(name) && typeof old === "number" && old <= (value as number)) continue;
      (row as Record<string, unknown>)[name] = value;
    }
  }
  return rows;
}

const booleans = (values: readonly (boolean | undefined)[]): string =>
  `{${values.map((value) => (value === undefined ? "NULL" : String(value))).join(",")}}`;
const numbers = (values: readonly (number | undefined)[]): string => integerArray(values.map((value) => value ?? null));

/** A carrier is no secret, but its name is of any length. */
const numberOf = (text: string): number => Number.parseInt(hash("sha256", text, "hex").slice(0, 13), 16);

/** Subjects that exist, by key; what the facts have not named yet is left out. */
async function subjectsOf({ db, marketplaceId }: PatchContext, keys: Iterable<string>): Promise<Map<string, Subject>> {
  return loadSubjects(db, marketplaceId, [...new Set(keys)]);
}

/** Dense numbers of accounts; new ones are given the next. */
async function numberPeople(
  { db, marketplaceId }: PatchContext,
  ids: Iterable<string>,
  counters: Counters,
): Promise<Map<string, number>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const rows = await db.query<{ id: string; person_no: number }>(
    `SELECT t.id, p.person_no FROM unnest($2::text[]) AS t (id)
     CROSS JOIN LATERAL (SELECT p.person_no FROM authenticity_person p
       WHERE p.id = t.id AND p.marketplace_id = $1 LIMIT 1) AS p`,
    [marketplaceId, textArray(wanted)],
  );
  const known = new Map(rows.map(({ id, person_no }) => [id, person_no]));
  const fresh = wanted.filter((id) => !known.has(id));
  fresh.forEach((id, place) => known.set(id, counters.people + place));
  if (fresh.length > 0) {
    await db.query(
      `INSERT INTO authenticity_person (marketplace_id, person_no, id)
       SELECT $1, t.* FROM unnest($2::integer[], $3::text[]) AS t`,
      [marketplaceId, integerArray(fresh.map((id) => known.get(id) as number)), textArray(fresh)],
    );
    counters.people += fresh.length;
  }
  return known;
}

/** Dense numbers of a table's rows by owner and id. */
async function numberRows(
  { db, marketplaceId }: PatchContext,
  table: "order" | "review",
  keys: readonly (readonly [ownerNo: number, id: string])[],
  counters: Counters,
): Promise<number[]> {
  const rows = await db.query<{ place: number; no: number }>(
    `SELECT t.place::integer AS place, r.no FROM unnest($2::integer[], $3::text[]) WITH ORDINALITY AS t (owner, id, place)
     CROSS JOIN LATERAL (SELECT r.${table}_no AS no FROM authenticity_${table} r
       WHERE r.id = t.id AND r.merchant_no = t.owner AND r.marketplace_id = $1 LIMIT 1) AS r`,
    [marketplaceId, integerArray(keys.map(([owner]) => owner)), textArray(keys.map(([, id]) => id))],
  );
  const known = new Map(rows.map(({ place, no }) => [place - 1, no]));
  const counter = table === "order" ? "orders" : "reviews";
  return keys.map((_, place) => {
    const no = known.get(place);
    if (no !== undefined) return no;
    counters[counter] += 1;
    return counters[counter] - 1;
  });
}

async function writeOrders(
  context: PatchContext,
  patches: readonly OrderPatch[],
  counters: Counters,
): Promise<number[]> {
  const { db, marketplaceId, master } = context;
  const rows = [...gather(patches, ({ merchant, order }) => merchant + separator + order).values()];
  if (rows.length === 0) return [];
  const subjects = await subjectsOf(
    context,
    rows.flatMap(({ merchant, product }) => [`m${merchant}`, ...(product === undefined ? [] : [`p${product}`])]),
  );
  const kept = rows.filter(({ merchant }) => subjects.has(`m${merchant}`));
  const people = await numberPeople(
    context,
    kept.flatMap(({ buyer }) => (buyer === undefined ? [] : [buyer])),
    counters,
  );
  const owner = (row: OrderPatch): number => (subjects.get(`m${row.merchant}`) as Subject).no;
  const nos = await numberRows(
    context,
    "order",
    kept.map((row) => [owner(row), row.order]),
    counters,
  );
  const blind = (kind: "device" | "payer" | "address"): string =>
    numbers(
      kept.map((row) => {
        const thing = row[kind];
        return thing === undefined ? undefined : master.blindThing(marketplaceId, kind, thing);
      }),
    );
  await db.query(
    `INSERT INTO authenticity_order AS o (marketplace_id, order_no, merchant_no, id, person_no, product_no, placed_s, shipped_s,
       delivered_s, confirmed_s, cancelled, returned, tracking, device, payer, address, carrier)
     SELECT $1, t.* FROM unnest($2::integer[], $3::integer[], $4::text[], $5::integer[], $6::integer[], $7::float8[], $8::float8[],
       $9::float8[], $10::float8[], $11::boolean[], $12::boolean[], $13::boolean[], $14::bigint[], $15::bigint[], $16::bigint[],
       $17::bigint[]) AS t
     ON CONFLICT (marketplace_id, order_no) DO UPDATE SET
       person_no = coalesce(excluded.person_no, o.person_no), product_no = coalesce(excluded.product_no, o.product_no),
       placed_s = least(excluded.placed_s, o.placed_s), shipped_s = least(excluded.shipped_s, o.shipped_s),
       delivered_s = least(excluded.delivered_s, o.delivered_s), confirmed_s = least(excluded.confirmed_s, o.confirmed_s),
       cancelled = coalesce(excluded.cancelled, o.cancelled), returned = coalesce(excluded.returned, o.returned),
       tracking = coalesce(excluded.tracking, o.tracking), device = coalesce(excluded.device, o.device),
       payer = coalesce(excluded.payer, o.payer), address = coalesce(excluded.address, o.address),
       carrier = coalesce(excluded.carrier, o.carrier)`,
    [
      marketplaceId,
      integerArray(nos),
      integerArray(kept.map(owner)),
      textArray(kept.map(({ order }) => order)),
      numbers(kept.map(({ buyer }) => (buyer === undefined ? undefined : people.get(buyer)))),
      numbers(kept.map(({ product }) => (product === undefined ? undefined : subjects.get(`p${product}`)?.no))),
      numbers(kept.map(({ placed }) => placed)),
      numbers(kept.map(({ shipped }) => shipped)),
      numbers(kept.map(({ delivered }) => delivered)),
      numbers(kept.map(({ confirmed }) => confirmed)),
      booleans(kept.map(({ cancelled }) => cancelled)),
      booleans(kept.map(({ returned }) => returned)),
      booleans(kept.map(({ tracking }) => tracking)),
      blind("device"),
      blind("payer"),
      blind("address"),
      numbers(kept.map(({ carrier }) => (carrier === undefined ? undefined : numberOf(carrier)))),
    ],
  );
  return nos;
}

/** The words of a review that hold after a batch: the latest of its edits. */
function latestWords(
  patches: readonly ReviewPatch[],
): Map<string, { at: number; words: string | undefined; stars: number }> {
  const latest = new Map<string, { at: number; words: string | undefined; stars: number }>();
  for (const { merchant, review, posted, edited, words, stars } of patches) {
    const at = edited ?? posted;
    if (at === undefined || stars === undefined) continue;
    const key = merchant + separator + review;
    const old = latest.get(key);
    if (old === undefined || at >= old.at) latest.set(key, { at, words: words ?? old?.words, stars });
  }
  return latest;
}

/** Later words take the place of earlier ones, whatever order they come in. */
const upsertReviews = `INSERT INTO authenticity_review AS r (marketplace_id, review_no, merchant_no, id, person_no, product_no, order_id, posted_s,
       worded_s, stars, chars, signature, sentiment, incentive_words, declared, removed, appealed_s)
     SELECT $1, no, merchant_no, id, person_no, product_no, order_id, posted_s, worded_s, stars, chars, decode(signature, 'hex'),
       sentiment, incentive_words, declared, removed, appealed_s
     FROM unnest($2::integer[], $3::integer[], $4::text[], $5::integer[], $6::integer[], $7::text[], $8::float8[], $9::float8[],
       $10::smallint[], $11::integer[], $12::text[], $13::smallint[], $14::boolean[], $15::boolean[], $16::boolean[], $17::float8[])
       AS t (no, merchant_no, id, person_no, product_no, order_id, posted_s, worded_s, stars, chars, signature, sentiment,
         incentive_words, declared, removed, appealed_s)
     ON CONFLICT (marketplace_id, review_no) DO UPDATE SET
       person_no = coalesce(excluded.person_no, r.person_no), product_no = coalesce(excluded.product_no, r.product_no),
       order_id = coalesce(excluded.order_id, r.order_id), posted_s = least(excluded.posted_s, r.posted_s),
       worded_s = greatest(excluded.worded_s, r.worded_s),
       stars = CASE WHEN excluded.worded_s >= coalesce(r.worded_s, -1) THEN excluded.stars ELSE r.stars END,
       chars = CASE WHEN excluded.worded_s >= coalesce(r.worded_s, -1) THEN excluded.chars ELSE r.chars END,
       signature = CASE WHEN excluded.worded_s >= coalesce(r.worded_s, -1) THEN excluded.signature ELSE r.signature END,
       sentiment = CASE WHEN excluded.worded_s >= coalesce(r.worded_s, -1) THEN excluded.sentiment ELSE r.sentiment END,
       incentive_words = CASE WHEN excluded.worded_s >= coalesce(r.worded_s, -1) THEN excluded.incentive_words ELSE r.incentive_words END,
       declared = coalesce(excluded.declared, r.declared), removed = coalesce(excluded.removed, r.removed),
       appealed_s = coalesce(excluded.appealed_s, r.appealed_s)`;

async function writeReviews(
  context: PatchContext,
  patches: readonly ReviewPatch[],
  counters: Counters,
): Promise<{ readonly nos: number[]; readonly appealed: number[] }> {
  const { db, marketplaceId, reader } = context;
  const keyOf = ({ merchant, review }: ReviewPatch): string => merchant + separator + review;
  const rows = [...gather(patches, keyOf).values()];
  if (rows.length === 0) return { nos: [], appealed: [] };
  const latest = latestWords(patches);
  const subjects = await subjectsOf(
    context,
    rows.flatMap(({ merchant, product }) => [`m${merchant}`, ...(product === undefined ? [] : [`p${product}`])]),
  );
  const kept = rows.filter(({ merchant }) => subjects.has(`m${merchant}`));
  const people = await numberPeople(
    context,
    kept.flatMap(({ reviewer }) => (reviewer === undefined ? [] : [reviewer])),
    counters,
  );
  const owner = (row: ReviewPatch): number => (subjects.get(`m${row.merchant}`) as Subject).no;
  const nos = await numberRows(
    context,
    "review",
    kept.map((row) => [owner(row), row.review]),
    counters,
  );
  const marks = kept.map((row): TextMarks | undefined => {
    const words = latest.get(keyOf(row));
    return words === undefined ? undefined : markText(words.words, reader);
  });
  await db.query(upsertReviews, [
    marketplaceId,
    integerArray(nos),
    integerArray(kept.map(owner)),
    textArray(kept.map(({ review }) => review)),
    numbers(kept.map(({ reviewer }) => (reviewer === undefined ? undefined : people.get(reviewer)))),
    numbers(kept.map(({ product }) => (product === undefined ? undefined : subjects.get(`p${product}`)?.no))),
    textArray(kept.map(({ order }) => order ?? null)),
    numbers(kept.map(({ posted }) => posted)),
    numbers(kept.map((row) => latest.get(keyOf(row))?.at)),
    numbers(kept.map((row) => latest.get(keyOf(row))?.stars)),
    numbers(marks.map((mark) => mark?.chars)),
    textArray(marks.map((mark) => (mark === undefined ? null : signatureHex(mark.signature)))),
    numbers(marks.map((mark) => mark?.sentiment)),
    booleans(marks.map((mark) => mark?.incentiveWords)),
    booleans(kept.map(({ declared }) => declared)),
    booleans(kept.map(({ removed }) => removed)),
    numbers(kept.map(({ appealed }) => appealed)),
  ]);
  await writeBands(context, nos, marks);
  return { nos, appealed: nos.filter((_, place) => kept[place]?.appealed !== undefined) };
}

const signatureHex = (signature: Uint32Array): string =>
  Buffer.from(signature.buffer, signature.byteOffset, signature.byteLength).toString("hex");

async function writeBands(
  { db, marketplaceId }: PatchContext,
  nos: readonly number[],
  marks: readonly (TextMarks | undefined)[],
): Promise<void> {
  const rows = nos.flatMap((no, place) => {
    const mark = marks[place];
    return mark === undefined ? [] : bandsOf(mark.signature).map((band): [number, number] => [band, no]);
  });
  if (rows.length === 0) return;
  await db.query(
    `INSERT INTO authenticity_band (marketplace_id, band, review_no)
     SELECT $1, t.* FROM unnest($2::bigint[], $3::integer[]) AS t ON CONFLICT DO NOTHING`,
    [marketplaceId, integerArray(rows.map(([band]) => band)), integerArray(rows.map(([, no]) => no))],
  );
}

async function writeFollows(
  context: PatchContext,
  patches: readonly FollowPatch[],
  counters: Counters,
): Promise<number[]> {
  const { db, marketplaceId } = context;
  const letter = ({ kind }: FollowPatch): string => (kind === "promoter" ? "r" : "m");
  const rows = [...gather(patches, (row) => letter(row) + row.target + separator + row.user).values()];
  if (rows.length === 0) return [];
  const subjects = await subjectsOf(
    context,
    rows.map((row) => letter(row) + row.target),
  );
  const kept = rows.filter((row) => subjects.has(letter(row) + row.target));
  const people = await numberPeople(
    context,
    kept.map(({ user }) => user),
    counters,
  );
  const target = (row: FollowPatch): number => (subjects.get(letter(row) + row.target) as Subject).no;
  const known = await db.query<{ place: number; no: number }>(
    `SELECT t.place::integer AS place, f.follow_no AS no FROM unnest($2::integer[], $3::integer[]) WITH ORDINALITY AS t (person, target, place)
     CROSS JOIN LATERAL (SELECT f.follow_no FROM authenticity_follow f
       WHERE f.person_no = t.person AND f.target_no = t.target AND f.marketplace_id = $1 LIMIT 1) AS f`,
    [marketplaceId, integerArray(kept.map(({ user }) => people.get(user) as number)), integerArray(kept.map(target))],
  );
  const places = new Map(known.map(({ place, no }) => [place - 1, no]));
  const nos = kept.map((_, place) => {
    const no = places.get(place);
    if (no !== undefined) return no;
    counters.follows += 1;
    return counters.follows - 1;
  });
  await db.query(
    `INSERT INTO authenticity_follow AS f (marketplace_id, follow_no, target_no, person_no, followed_s, left_s, active)
     SELECT $1, t.* FROM unnest($2::integer[], $3::integer[], $4::integer[], $5::float8[], $6::float8[], $7::boolean[]) AS t
     ON CONFLICT (marketplace_id, follow_no) DO UPDATE SET followed_s = least(excluded.followed_s, f.followed_s),
       left_s = greatest(excluded.left_s, f.left_s), active = coalesce(excluded.active, f.active)`,
    [
      marketplaceId,
      integerArray(nos),
      integerArray(kept.map(target)),
      integerArray(kept.map(({ user }) => people.get(user) as number)),
      numbers(kept.map(({ followed }) => followed)),
      numbers(kept.map(({ left }) => left)),
      booleans(kept.map(({ active }) => active)),
    ],
  );
  return nos;
}

async function writeInsiders(
  context: PatchContext,
  patches: readonly InsiderPatch[],
  counters: Counters,
): Promise<void> {
  const { db, marketplaceId } = context;
  const rows = [...gather(patches, ({ merchant, user }) => merchant + separator + user).values()];
  const subjects = await subjectsOf(
    context,
    rows.map(({ merchant }) => `m${merchant}`),
  );
  const kept = rows.filter(({ merchant }) => subjects.has(`m${merchant}`));
  if (kept.length === 0) return;
  const people = await numberPeople(
    context,
    kept.map(({ user }) => user),
    counters,
  );
  await db.query(
    `INSERT INTO authenticity_insider AS i (marketplace_id, merchant_no, person_no, holds, at_s)
     SELECT $1, t.* FROM unnest($2::integer[], $3::integer[], $4::boolean[], $5::float8[]) AS t
     ON CONFLICT (marketplace_id, merchant_no, person_no) DO UPDATE SET
       holds = CASE WHEN excluded.at_s >= i.at_s THEN excluded.holds ELSE i.holds END, at_s = greatest(excluded.at_s, i.at_s)`,
    [
      marketplaceId,
      integerArray(kept.map(({ merchant }) => (subjects.get(`m${merchant}`) as Subject).no)),
      integerArray(kept.map(({ user }) => people.get(user) as number)),
      booleans(kept.map(({ holds }) => holds)),
      numbers(kept.map(({ at }) => at)),
    ],
  );
}

const of = <T extends Patch["table"]>(patches: readonly Patch[], table: T): Extract<Patch, { table: T }>[] =>
  patches.filter((patch): patch is Extract<Patch, { table: T }> => patch.table === table);

/** Writes what a batch of events adds to the evidence; `counters` go up. In a transaction with the cursor. */
export async function writePatches(
  context: PatchContext,
  patches: readonly Patch[],
  counters: Counters,
): Promise<Touched & { readonly told: readonly ToldPatch[] }> {
  const orders = await writeOrders(context, of(patches, "order"), counters);
  const { nos: reviews, appealed } = await writeReviews(context, of(patches, "review"), counters);
  const follows = await writeFollows(context, of(patches, "follow"), counters);
  await writeInsiders(context, of(patches, "insider"), counters);
  return { orders, reviews, follows, appealed, told: of(patches, "told") };
}
