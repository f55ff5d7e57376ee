import { ratingSort, type RatingSort } from "@probity/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freshMarket, openLedger, send, testNowMs } from "../ledger/ledger.fixture.ts";
import type { Ledger } from "../ledger/group-commit.store.ts";
import { databases, type TestDatabase } from "../platform/databases.fixture.ts";
import { textArray } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { listCategories, listRatings, type RatingFilter } from "./list.store.ts";
import { RatingsJob } from "./ratings.jobs.ts";
import { type CurrentRow, saveRatings } from "./ratings.store.ts";
import { RatingsReader } from "./reader.store.ts";

const words = [
  "Lotus",
  "ＬＯＴＵＳ",
  "云锦茶叶",
  "云 锦",
  "100 %_",
  'O\'Neill \\ "Sons"',
  "مرحبا",
  "Straße",
  "🐻小熊",
  "x",
];
const categories = ["toys", "tea", null];
const grades = ["A", "BB", "D"] as const;

interface Listed extends CurrentRow {
  readonly id: string;
  readonly name: string | null;
}

/** Enough of one word that it is looked for down the list, not by index. */
const merchants = Array.from({ length: 2_600 }, (_, no): Listed => {
  const isRated = no % 5 !== 0;
  return {
    id: `m${no}`,
    name: no === 7 ? null : `${no < 2_300 ? "Common " : ""}${words[no % words.length]} ${no}`,
    subjectNo: no,
    kind: "merchant",
    category: categories[no % 3] as string | null,
    day: 20_000,
    status: isRated ? "rated" : "too-early",
    // Many share a score: the order goes on by number.
    score: (no * 37) % 41,
    bound: (no * 11) % 23,
    grade: isRated ? (grades[no % 3] as string) : null,
    ownGrade: null,
    policyId: "p",
    epoch: 1,
    logSize: 1,
    orders: (no * 7) % 1_003,
    buyers: no % 2,
    points: [],
    maxima: [],
  };
});
const normal = (text: string): string => text.normalize("NFKC").toLowerCase();

const compare = (a: number | string, b: number | string): number => (a < b ? -1 : a > b ? 1 : 0);
/** As the database compares texts byte by byte. */
const bytes = (text: string): string => Buffer.from(text).toString("hex");

/** What a row is ordered by; nothing for the order that holds unless told. */
function keyOf({ name, id, category, score, bound, orders, buyers }: Listed, column: string): number | string {
  // Without pinyin: these rows were put there without words of their own.
  if (column === "name") return bytes([...(name?.toLowerCase() ?? id)].slice(0, 64).join(""));
  if (column === "category") return bytes(category ?? "");
  return { score, bound, orders, buyers }[column] as number;
}

/** The same by a plain look through everybody. */
function naive(filter: RatingFilter): string[] {
  const { q, category, grade, status, sort } = filter;
  return merchants
    .filter(
      (row) =>
        (q === undefined || q === "" || normal(row.name ?? "").includes(normal(q)) || row.id === q) &&
        (category === undefined || row.category === category) &&
        (grade === undefined || row.grade === grade) &&
        (status === undefined || row.status === status),
    )
    .sort((a, b) => {
      if (sort === undefined) return 0;
      const column = sort.replace("-", "");
      return (sort.startsWith("-") ? -1 : 1) * compare(keyOf(a, column), keyOf(b, column)) || a.subjectNo - b.subjectNo;
    })
    .sort((a, b) =>
      sort !== undefined
        ? 0
        : a.status < b.status
          ? -1
          : a.status > b.status
            ? 1
            : b.score - a.score || a.subjectNo - b.subjectNo,
    )
    .map(({ id }) => id);
}

describe.each(databases.map((database) => [database.name, database] as const))("lists on %s", (_name, database) => {
  if (database.absent !== undefined) {
    test.skip(`skipped: ${database.absent}`, () => undefined);
    return;
  }
  let opened: TestDatabase;
  let ledger: Ledger;
  let market: Marketplace;

  beforeAll(async () => {
    opened = await database.open();
    ledger = openLedger(opened.db);
    market = await freshMarket(opened.db);
    const other = await freshMarket(opened.db);
    for (const { marketplaceId } of [market, other]) {
      await opened.db.query(
        `INSERT INTO facts_subject (marketplace_id, subject_no, kind, id, public_id, name, category)
         SELECT $1, place - 1, 'm', id, 'public ' || id, name, category
         FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS t (id, name, category, place)`,
        [
          marketplaceId,
          textArray(merchants.map(({ id }) => id)),
          textArray(merchants.map(({ name }) => name)),
          textArray(merchants.map(({ category }) => category)),
        ],
      );
    }
    await saveRatings(opened.db, market.marketplaceId, merchants, null);
  });
  afterAll(async () => {
    await ledger[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
  });

  async function pages(filter: RatingFilter, limit: number): Promise<string[]> {
    const ids: string[] = [];
    for (let cursor: string | undefined; ;) {
      const { rows, nextCursor } = await listRatings(opened.db, market.marketplaceId, filter, cursor, limit);
      ids.push(...rows.map(({ id }) => id));
      if (nextCursor === null) return ids;
      expect(rows.length).toBe(limit);
      cursor = nextCursor;
    }
  }

  test("everybody and every filter, page by page, each once and in order", async () => {
    const kind = "merchant";
    for (const filter of [
      { kind },
      { kind, q: "" },
      ...["rated", "too-early"].map((status) => ({ kind, status })),
      ...["toys", "tea", "none"].map((category) => ({ kind, category })),
      ...grades.map((grade) => ({ kind, grade })),
      { kind, grade: "A", category: "toys" },
      { kind, grade: "A", status: "too-early" },
      { kind: "product" },
    ] as RatingFilter[]) {
      expect(await pages(filter, 173), JSON.stringify(filter)).toEqual(filter.kind === kind ? naive(filter) : []);
    }
  });

  test.each(ratingSort.options)("ordered by %s, with and without filters, each subject once", async (sort) => {
    for (const more of [{}, { category: "tea" }, { q: "锦" }, { q: "common", status: "rated" }]) {
      const filter = { kind: "merchant", sort, ...more } as const;
      expect(await pages(filter, 400), JSON.stringify(filter)).toEqual(naive(filter));
    }
  });

  test("a cursor of another order or of nobody is refused in words", async () => {
    const { marketplaceId } = market;
    const cursorOf = async (sort: RatingSort | undefined): Promise<string> =>
      (await listRatings(opened.db, marketplaceId, { kind: "merchant", sort }, undefined, 5)).nextCursor ?? "";
    const encoded = (text: string): string => `7.${Buffer.from(text).toString("base64url")}`;
    for (const [sort, cursor] of [
      ["score", await cursorOf("name")],
      [undefined, await cursorOf("-orders")],
      ["orders", await cursorOf(undefined)],
      ["score", encoded("99999")],
      ["orders", encoded("9999999999999999999")],
      ["name", encoded("a\0b")],
      ["name", "name"],
      [undefined, encoded("rated")],
      ["-bound", "9999999999.MQ"],
    ] as const) {
      const asked = listRatings(opened.db, marketplaceId, { kind: "merchant", sort }, cursor, 5);
      await expect(asked, cursor).rejects.toMatchObject({ code: "request-invalid" });
    }
  });

  test("categories are counted, the largest first", async () => {
    const told = await listCategories(opened.db, market.marketplaceId, "merchant");
    expect(told).toEqual(
      ["tea", "toys", null].map((category) => {
        const inside = merchants.filter((row) => row.category === category);
        const rated = inside.filter(({ status }) => status === "rated").length;
        return { category, subjects: inside.length, rated };
      }),
    );
    expect(await listCategories(opened.db, market.marketplaceId, "product")).toEqual([]);
  });

  test("any part of a name is found, in any script and however rare", async () => {
    const parts = [
      "common",
      "o",
      "%",
      "_",
      "\\",
      "'",
      '"',
      "锦",
      "锦茶",
      "云锦茶叶 2",
      "tus 13",
      "🐻",
      "小熊 1",
      "straße",
      "ß 7",
    ];
    for (const q of [...parts, ...words, "m7", "m2599", "nobody", "ｌｏｔｕｓ", "😀", " ", "\n", "رح", "100 %_ 4"]) {
      const filter = { kind: "merchant", q } as const;
      expect(await pages(filter, 400), q).toEqual(naive(filter));
      for (const more of [{ category: "tea" }, { grade: "BB" }, { status: "too-early" }]) {
        expect(await pages({ ...filter, ...more }, 400), q).toEqual(naive({ ...filter, ...more }));
      }
    }
  });

  test("a subject is found by words beside its name", async () => {
    const { db } = opened;
    const byWords = "UPDATE facts_subject SET search_words = $2 WHERE marketplace_id = $1 AND id = 'm4'";
    await db.query(byWords, [market.marketplaceId, "Yunjin Chaye\nYJCY"]);
    for (const q of ["yunjin", "JIN C", "yjcy"]) expect(await pages({ kind: "merchant", q }, 10)).toEqual(["m4"]);
    await db.query(byWords, [market.marketplaceId, null]);
    expect(await pages({ kind: "merchant", q: "yjcy" }, 10)).toEqual([]);
  });

  test("a Chinese name is found by its pinyin and initials, also after it changed, and sorts by it", async () => {
    const own = await freshMarket(opened.db);
    const job = new RatingsJob({ db: opened.db, ledger, now: () => testNowMs });
    const named = (no: number, merchant: string, name: string): object => ({
      specversion: "1.0",
      id: `named-${no}`,
      source: "urn:test",
      type: "merchant.registered",
      time: new Date(testNowMs - 86_400_000 + no).toISOString(),
      data: { merchant, name, category: "tea" },
    });
    const listed = async (filter: Omit<RatingFilter, "kind">): Promise<string[]> =>
      (await listRatings(opened.db, own.marketplaceId, { kind: "merchant", ...filter }, undefined, 50)).rows.map(
        ({ id }) => id,
      );
    await send(ledger, own, [named(0, "a", "重庆小面"), named(1, "b", "花漾女装 Bloom"), named(2, "c", "Dove")]);
    await job.prepare(own);
    while (((await job.run(own))?.rated ?? 0) > 0);
    for (const q of ["hynz", "HUAYANG", "huayangnvzhuang", "花漾", "bloom"])
      expect(await listed({ q }), q).toEqual(["b"]);
    expect(await listed({ sort: "name" })).toEqual(["a", "c", "b"]);
    await send(ledger, own, [named(3, "b", "阿里家居")]);
    expect([await listed({ q: "hynz" }), await listed({ q: "aljj" })]).toEqual([[], ["b"]]);
    await send(ledger, own, [named(4, "b", "Plain")]);
    expect(await listed({ q: "aljj" })).toEqual([]);
  });

  test("a rating is read as stored while it holds, and computed from facts as soon as it may not", async () => {
    const { db } = opened;
    const own = await freshMarket(db);
    const job = new RatingsJob({ db, ledger, now: () => testNowMs });
    const reader = new RatingsReader(db, () => testNowMs);
    const event = (type: string, no: number, data: object): object => ({
      specversion: "1.0",
      id: `${type}-${no}`,
      source: "urn:test",
      type,
      time: new Date(testNowMs - 86_400_000 + no).toISOString(),
      data,
    });
    const registered = ["a", "b", "c"].map((merchant, no) =>
      event("merchant.registered", no, { merchant, name: merchant, category: "tea" }),
    );
    const order = (merchant: string, no: number): object =>
      event("order.placed", no, {
        order: `o${no}`,
        merchant,
        buyer: "buyer",
        amount: 100,
        currency: "CNY",
        items: [{ product: "leaf", quantity: 1, amount: 100 }],
      });
    const catchUp = async (): Promise<void> => {
      while (((await job.run(own))?.rated ?? 0) > 0);
    };
    await send(ledger, own, [...registered, order("a", 10), order("b", 11)]);
    await job.prepare(own);
    await catchUp();
    const isStored = async (merchant: string, on?: string): Promise<boolean> => {
      const truth = (await reader.explain(own, "merchant", merchant, on)).rating;
      expect(await reader.read(own, "merchant", merchant, on)).toEqual(truth);
      // What nobody computes shows where it comes from.
      const set =
        "UPDATE ratings_current c SET orders = c.orders + $3 FROM facts_subject s WHERE c.marketplace_id = $1 AND s.marketplace_id = $1 AND s.subject_no = c.subject_no AND s.id = $2 AND s.kind = 'm'";
      await db.query(set, [own.marketplaceId, merchant, 5_000]);
      const { orders } = await reader.read(own, "merchant", merchant, on);
      await db.query(set, [own.marketplaceId, merchant, -5_000]);
      expect([truth.orders, truth.orders + 5_000]).toContain(orders);
      return orders !== truth.orders;
    };
    expect(await isStored("a")).toBe(true);
    expect(await isStored("a", new Date(testNowMs - 3 * 86_400_000).toISOString().slice(0, 10))).toBe(false);
    await send(ledger, own, [order("a", 20)]);
    expect(await isStored("a")).toBe(false);
    expect(await isStored("b")).toBe(true);
    await catchUp();
    expect(await isStored("a")).toBe(true);
    // A link lets another's grade count, and that one may change.
    const link = { merchant: "a", to: "c", evidence: ["same licence"], holds: true };
    await send(ledger, own, [event("merchant.linked", 30, link)]);
    await catchUp();
    expect([await isStored("a"), await isStored("b"), await isStored("c")]).toEqual([false, true, false]);
    // The next day everybody's rating is another.
    await send(ledger, own, [event("merchant.registered", 86_400_000, { merchant: "d", name: "d", category: "tea" })]);
    expect(await isStored("b")).toBe(false);
    await catchUp();
    expect(await isStored("b")).toBe(true);
  });
});
