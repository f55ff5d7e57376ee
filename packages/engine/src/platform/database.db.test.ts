import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drawSeed } from "../facts/seed.fixture.ts";
import { databases, openSchema, type TestDatabase } from "./databases.fixture.ts";
import { type Db, DbError, integerArray, joinedTexts, textArray } from "./db.ts";
import { ensureMarketplace, findMarketplace, listMarketplaces } from "./marketplace.store.ts";
import { migrate } from "./migrate.ts";

const seed = drawSeed("database");
const text = fc.string({ unit: "grapheme" }).map((value) => value.replaceAll("\u0000", ""));

describe.each(databases.map((database) => [database.name, database] as const))("%s", (name, database) => {
  if (database.absent !== undefined) {
    test.skip(`skipped: ${database.absent}`, () => undefined);
    return;
  }
  let opened: TestDatabase;
  let db: Db;
  beforeAll(async () => {
    opened = await database.open();
    db = opened.db;
    await db.script("CREATE TABLE scratch (no integer PRIMARY KEY, words text)");
  }, 60_000);
  afterAll(() => opened[Symbol.asyncDispose]());

  test("texts come back from an array as they went", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            text,
            fc.constantFrom(
              null,
              "",
              "NULL",
              "null",
              '"',
              "\\",
              "{}",
              ",",
              "{a,b}",
              '\\"',
              "\n\t\r",
              " a ",
              "张三 😀",
              "\u001e\u001f",
            ),
          ),
        ),
        async (values) => {
          const rows = await db.query<{ value: string | null }>(
            "SELECT value FROM unnest($1::text[]) WITH ORDINALITY AS t (value, place) ORDER BY place",
            [textArray(values)],
          );
          expect(rows.map(({ value }) => value)).toEqual(values);
        },
      ),
      { seed, numRuns: 60 },
    );
  });

  test("JSON comes back from joined texts, integers from an array", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue(), { minLength: 1 }),
        fc.array(fc.option(fc.maxSafeInteger())),
        async (values, numbers) => {
          const rows = await db.query<{ value: string }>(
            "SELECT value FROM unnest(string_to_array($1, chr(30))) WITH ORDINALITY AS t (value, place) ORDER BY place",
            [joinedTexts(values.map((value) => JSON.stringify(value).replaceAll("\\u0000", "")))],
          );
          expect(rows.map(({ value }) => value)).toEqual(
            values.map((value) => JSON.stringify(value).replaceAll("\\u0000", "").toWellFormed()),
          );
          const integers = await db.query<{ value: number | null }>(
            "SELECT value FROM unnest($1::bigint[]) WITH ORDINALITY AS t (value, place) ORDER BY place",
            [integerArray(numbers)],
          );
          expect(integers.map(({ value }) => value)).toEqual(
            numbers.map((value) => (value === null ? null : value + 0)),
          );
        },
      ),
      { seed, numRuns: 40 },
    );
  });

  test("errors tell the rule, not the parameters", async () => {
    const secret = "13800138000";
    const failures = await Promise.all(
      [
        "SELECT $1::integer",
        "INSERT INTO scratch VALUES (1, $1), (1, $1)",
        "SELECT nothing FROM scratch WHERE words = $1",
      ].map((sql) =>
        db
          .transaction((tx) => tx.query(sql, [`secret ${secret}`]))
          .then(
            () => undefined,
            (error: unknown) => error,
          ),
      ),
    );
    for (const error of failures) {
      expect(error).toBeInstanceOf(DbError);
      expect(`${(error as Error).stack}${JSON.stringify(error)}${String((error as Error).cause)}`).not.toMatch(
        /INSERT|scratch WHERE/,
      );
      expect(JSON.stringify({ ...(error as object), message: "" })).not.toContain(secret);
    }
    expect(`${(failures[1] as Error).stack}${JSON.stringify(failures[1])}`).not.toContain(secret);
    expect(`${(failures[2] as Error).stack}${JSON.stringify(failures[2])}`).not.toContain(secret);
    expect((failures[1] as DbError).code).toBe("23505");
    expect((failures[0] as Error).message).not.toContain(secret);
  });

  test("a transaction that fails leaves nothing, whatever was sent without waiting", async () => {
    const statements = Array.from({ length: 6 }, (_, no) => `INSERT INTO scratch VALUES (${100 + no}, 'x')`);
    for (let broken = 0; broken < statements.length; broken += 1) {
      const work = db.transaction(async (tx) => {
        await Promise.all(statements.map((sql, no) => tx.query(no === broken ? "SELECT 1 / 0" : sql)));
      });
      await expect(work).rejects.toThrow();
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(await db.query("SELECT no FROM scratch WHERE no >= 100")).toEqual([]);
    }
    await db.transaction((tx) => tx.query(statements[0] as string));
    expect(await db.query("SELECT no FROM scratch WHERE no >= 100")).toEqual([{ no: 100 }]);
  });

  test("transactions see their own state only", async () => {
    const gate = Promise.withResolvers<void>();
    const writing = db.transaction(async (tx) => {
      await tx.query("INSERT INTO scratch VALUES (200, 'x')");
      await gate.promise;
    });
    const reading = db.query("SELECT no FROM scratch WHERE no = 200");
    if (name === "PostgreSQL") expect(await reading).toEqual([]);
    gate.resolve();
    await writing;
    expect(await db.query("SELECT no FROM scratch WHERE no = 200")).toEqual([{ no: 200 }]);
  });

  test("migrates once, however often it is asked", async () => {
    expect(await migrate(db)).toEqual([]);
    expect(await Promise.all([migrate(db), migrate(db), migrate(db)])).toEqual([[], [], []]);
    const rows = await db.query<{ name: string }>("SELECT name FROM migration ORDER BY name");
    expect(rows.map((row) => row.name)[0]).toBe("0001-platform.sql");
  });

  (name === "PostgreSQL" ? test : undefined)?.(
    "is migrated by one of several processes that start at once",
    async () => {
      await using fresh = await openSchema();
      const applied = await Promise.all(Array.from({ length: 5 }, () => migrate(fresh.reconnect())));
      expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
    },
  );

  test("makes a marketplace once, however many ask at once", async () => {
    const wanted = { slug: "once", name: "Once", currency: "CNY", clock: "wall", isPublic: false } as const;
    const made = await Promise.all(Array.from({ length: 8 }, () => ensureMarketplace(db, wanted, 1)));
    expect(new Set(made.map(({ marketplaceId }) => marketplaceId)).size).toBe(1);
    expect(await findMarketplace(db, "once")).toEqual(made[0]);
    expect((await listMarketplaces(db)).filter(({ slug }) => slug === "once")).toHaveLength(1);
    expect(await findMarketplace(db, "none")).toBeUndefined();
  });

  test("a number beyond 2^53 is an error, not another number", async () => {
    await expect(db.query("SELECT 9007199254740993::bigint AS big")).rejects.toThrow();
    expect(await db.query("SELECT 9007199254740991::bigint AS big")).toEqual([{ big: 9_007_199_254_740_991 }]);
  });
});
