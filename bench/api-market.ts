import type { FactColumns } from "@probity/kernels/stats/decayed-sums";
import { orderBySubject } from "@probity/kernels/stats/decayed-sums";
import { dayText, metricNamed } from "@probity/contract";
import { compilePolicy, defaultPolicies } from "../packages/engine/src/ratings/index.ts";
import type { Engine } from "../packages/engine/src/main/engine.ts";
import { ensureMarketplace } from "../packages/engine/src/platform/marketplace.store.ts";
import { integerArray, textArray } from "../packages/engine/src/platform/db.ts";
import { askedMetrics, drawCounter, makeFactRows } from "./fact-rows.ts";
import { say } from "./flags.ts";
import { Random } from "./random.ts";

const lastDay = 20_700;
const days = 365;
const dayMs = 86_400_000;
const categoryCount = 40;
/** One merchant in so many trades every day in every metric. */
const merchantsPerGiant = 5_000;
const rowsPerStatement = 100_000;
const entitiesMax = 3_000;

const chinese = ["云锦", "竹里", "南山", "海棠", "青禾", "老字号", "江南", "小熊", "北辰", "万象", "梧桐", "白鹭"];
const trades = ["茶叶", "数码", "家居", "图书", "母婴", "鲜果", "服饰", "户外"];
const english = ["Harbor", "Cedar", "Lotus", "Summit", "Willow", "Amber", "Falcon", "Meadow", "Orchid", "Pioneer"];
const goods = ["Tea", "Books", "Audio", "Outdoor", "Kitchen", "Toys", "Garden", "Fashion"];

const numbers = (names: readonly string[]): Set<number> => new Set(names.map((name) => metricNamed(name).no));
/** What red lines look at happens to few: one drawn counter in so many is kept. */
const harms = numbers([
  "counterfeits",
  "value-lost",
  "disputes-lost",
  "buyers-harmed",
  "privacy-breaches",
  "incidents",
]);
const harmSeldom = 100;
/** A day with trade has some more orders than anything else, so that a third of the merchants has enough of them. */
const trade = numbers(["orders", "orders-kept", "buyers", "buyers-returning", "order-value"]);
const tradeTimes = 6;

/** Name of a merchant: Chinese or English words and a number. */
function merchantName(random: Random, merchant: number): string {
  const pick = (words: readonly string[]): string => words[random.below(words.length)] as string;
  return random.below(2) === 0
    ? `${pick(chinese)}${pick(trades)}${merchant}号店`
    : `${pick(english)} ${pick(goods)} ${merchant}`;
}

/** What the load has to know of the marketplace that was made. */
export interface ApiMarket {
  readonly merchants: number;
  readonly names: readonly string[];
  /** Counters of each merchant. */
  readonly sizes: Int32Array;
  readonly categories: readonly string[];
  /** Words that a search may ask for: each in one name of some dozens. */
  readonly words: readonly string[];
}

/** Counters of all merchants, in order of merchants. */
function makeCounters(seed: number, merchants: number, rows: number, metrics: readonly number[]): FactColumns {
  const drawn = makeFactRows(seed, merchants, days, rows, lastDay, metrics);
  const giants = Math.ceil(merchants / merchantsPerGiant);
  const random = new Random(seed + 2);
  const offsets = new Int32Array(merchants + 1);
  const order = new Int32Array(drawn.rows);
  orderBySubject(drawn, offsets, order);
  const room = drawn.rows + giants * days * metrics.length;
  const made = {
    subject: new Int32Array(room),
    metric: new Int16Array(room),
    day: new Int32Array(room),
    n: new Float64Array(room),
    x: new Float64Array(room),
  };
  let to = 0;
  const add = (subject: number, metric: number, day: number, n: number, x: number): void => {
    if (harms.has(metric) && random.below(harmSeldom) > 0) return;
    const times = trade.has(metric) ? tradeTimes : 1;
    made.subject[to] = subject;
    made.metric[to] = metric;
    made.day[to] = day;
    made.n[to] = n * times;
    made.x[to] = x * times;
    to += 1;
  };
  for (let merchant = 0; merchant < merchants; merchant += 1) {
    if (merchant % merchantsPerGiant === 0) {
      for (const metric of metrics) {
        for (let day = lastDay - days + 1; day <= lastDay; day += 1) {
          const { n, x } = drawCounter(random, metric);
          add(merchant, metric, day, n, x);
        }
      }
      continue;
    }
    for (let place = offsets[merchant] as number; place < (offsets[merchant + 1] as number); place += 1) {
      const row = order[place] as number;
      add(
        merchant,
        drawn.metric[row] as number,
        drawn.day[row] as number,
        drawn.n[row] as number,
        drawn.x[row] as number,
      );
    }
  }
  return { rows: to, ...made };
}

async function writeCounters(engine: Engine, marketplaceId: number, columns: FactColumns): Promise<void> {
  await engine.db.script("ALTER TABLE facts_count DROP CONSTRAINT facts_count_pkey");
  for (let from = 0; from < columns.rows; from += rowsPerStatement) {
    const to = Math.min(columns.rows, from + rowsPerStatement);
    const part = (values: Int32Array | Int16Array | Float64Array): string => `{${values.subarray(from, to).join(",")}}`;
    await engine.db.query(
      `INSERT INTO facts_count (marketplace_id, subject_no, metric_no, day, n, x)
       SELECT $1, * FROM unnest($2::integer[], $3::smallint[], $4::integer[], $5::bigint[], $6::bigint[])`,
      [marketplaceId, part(columns.subject), part(columns.metric), part(columns.day), part(columns.n), part(columns.x)],
    );
  }
  await engine.db.script("ALTER TABLE facts_count ADD PRIMARY KEY (marketplace_id, subject_no, metric_no, day)");
}

/**
 * Orders, reviews and tickets behind the counters: 3,000 of the largest merchants, few of the small. One order in twelve
 * left late, one review in eight is low, one ticket in ten waits.
 */
async function writeEntities(engine: Engine, marketplaceId: number, sizes: Int32Array): Promise<void> {
  const greatest = sizes.reduce((most, size) => Math.max(most, size), 1);
  const counts = [...sizes].map((size) =>
    Math.min(entitiesMax, Math.ceil((size / 8) * (1 + (10 * Math.min(size, 3_000)) / Math.min(greatest, 3_000)))),
  );
  const step = 20_000;
  for (let from = 0; from < counts.length; from += step) {
    await engine.db.query(
      `INSERT INTO facts_entity (marketplace_id, kind, id, merchant_no, day, state, seqs)
       SELECT $1, kind, 'm' || merchant || chr(31) || kind || no, merchant, day,
         CASE kind
           WHEN 'order' THEN format('{"placed":{"t":%s,"k":"urn:bench\\u001fp%s-%s","d":{"buyer":"buyer-%s","amount":%s,"currency":"CNY","items":[{"product":"product-%s","quantity":1,"amount":%s}],"shipBy":"%sT23:00:00Z","deliverBy":"%sT23:00:00Z"}},"shipped":{"t":%s,"k":"urn:bench\\u001fs%s-%s","d":{"trackingValid":true}},"delivered":{"t":%s,"k":"urn:bench\\u001fd%s-%s","d":{}}}',
             t, merchant, no, no * 7919 % 5000, 1000 + no % 9000, no % 50, 1000 + no % 9000,
             date '1970-01-01' + day + 2, date '1970-01-01' + day + 5,
             t + CASE WHEN no % 12 = 0 THEN 259200000 ELSE 86400000 END, merchant, no, t + 345600000, merchant, no)
           WHEN 'review' THEN format('{"posted":{"t":%s,"k":"urn:bench\\u001fr%s-%s","d":{"buyer":"buyer-%s","product":"product-%s","stars":%s}},"by:buyer-%s":{"t":%s,"k":"urn:bench\\u001fr%s-%s","d":{}}}',
             t, merchant, no, no * 7919 % 5000, no % 50, CASE WHEN no % 8 = 0 THEN 1 ELSE 5 END, no * 7919 % 5000, t, merchant, no)
           ELSE format('{"opened":{"t":%s,"k":"urn:bench\\u001ft%s-%s","d":{}}%s}', t, merchant, no,
             CASE WHEN no % 10 = 0 THEN '' ELSE format(',"replied":{"t":%s,"k":"urn:bench\\u001fa%s-%s","d":{}}', t + 7200000, merchant, no) END)
         END, CASE kind WHEN 'order' THEN ARRAY[no * 3, no * 3 + 1, no * 3 + 2] ELSE ARRAY[no * 2, no * 2 + 1] END
       FROM (SELECT merchant, no, day, day * ${dayMs}::bigint + no * 1009 % 80000000 AS t,
           CASE WHEN no % 10 < 7 THEN 'order' WHEN no % 10 < 9 THEN 'review' ELSE 'ticket' END AS kind
         FROM (SELECT merchant + $3 - 1 AS merchant, no, ${lastDay} - (no * ${days} / count)::integer AS day
           FROM unnest($2::integer[]) WITH ORDINALITY AS m (count, merchant), generate_series(1, m.count) AS no) AS placed) AS entity`,
      [marketplaceId, integerArray(counts.slice(from, from + step)), from],
    );
  }
}

async function writeSubjects(engine: Engine, marketplaceId: number, market: ApiMarket, seed: number): Promise<void> {
  const random = new Random(seed);
  const nos = market.names.map((_, no) => no);
  for (let from = 0; from < nos.length; from += rowsPerStatement / 10) {
    const part = nos.slice(from, from + rowsPerStatement / 10);
    await engine.db.query(
      `INSERT INTO facts_subject (marketplace_id, subject_no, kind, id, public_id, name, category)
       SELECT $1, no, 'm', 'm' || no, md5(no::text), name, category
       FROM unnest($2::integer[], $3::text[], $4::text[]) AS t (no, name, category)`,
      [
        marketplaceId,
        integerArray(part),
        textArray(part.map((no) => market.names[no] as string)),
        textArray(part.map(() => market.categories[random.below(categoryCount)] as string)),
      ],
    );
  }
}

/** Fills an empty database with a marketplace whose merchants are rated. */
export async function makeApiMarket(
  engine: Engine,
  { merchants, rows, seed }: { readonly merchants: number; readonly rows: number; readonly seed: number },
): Promise<ApiMarket> {
  const begun = performance.now();
  const stage = (what: string): void => say(`${((performance.now() - begun) / 1_000).toFixed(1)} s: ${what}`);
  const wanted = { slug: "bench", name: "Benchmark", currency: "CNY", clock: "log", isPublic: true } as const;
  const place = await ensureMarketplace(engine.db, wanted, Date.now());
  const random = new Random(seed);
  const columns = makeCounters(seed, merchants, rows, askedMetrics(compilePolicy(defaultPolicies.merchant)));
  const sizes = new Int32Array(merchants);
  for (let row = 0; row < columns.rows; row += 1) sizes[columns.subject[row] as number]! += 1;
  const market: ApiMarket = {
    merchants,
    names: Array.from({ length: merchants }, (_, merchant) => merchantName(random, merchant)),
    sizes,
    categories: Array.from({ length: categoryCount }, (_, no) => `category-${no}`),
    words: [...chinese, ...trades, ...english, ...goods],
  };
  // Before anything else is written: a ledger takes up its head once.
  await engine.db.query("UPDATE ledger_head SET subjects = $2, newest_ms = $3 WHERE marketplace_id = $1", [
    place.marketplaceId,
    merchants,
    lastDay * dayMs,
  ]);
  await engine.ratings.prepare(place);
  await writeSubjects(engine, place.marketplaceId, market, seed + 1);
  stage(`${merchants} merchants written`);
  await writeCounters(engine, place.marketplaceId, columns);
  stage(`${columns.rows} counters written, of the largest merchant ${sizes.reduce((a, b) => Math.max(a, b), 0)}`);
  await writeEntities(engine, place.marketplaceId, sizes);
  for (const table of ["facts_subject", "facts_count", "facts_entity"])
    await engine.db.script(`VACUUM (ANALYZE) ${table}`);
  stage("orders, reviews and tickets written");
  await engine.ratings.run(place);
  while (((await engine.ratings.run(place))?.rated ?? 0) > 0);
  await engine.db.script("VACUUM (ANALYZE) ratings_current");
  stage(`rated as of ${dayText(lastDay)}`);
  return market;
}
