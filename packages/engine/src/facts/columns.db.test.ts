import type { FactColumns } from "@probity/kernels/stats/decayed-sums";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { databases, type TestDatabase } from "../platform/databases.fixture.ts";
import { copyDataCode, messageHeadBytes } from "../platform/copy-frames.ts";
import { type Db, DbError, integerArray, type Tx } from "../platform/db.ts";
import { decodeCopy, readColumns, readSubjectFacts, readSubjectsFacts } from "./columns.store.ts";
import { drawSeed, uniform } from "./seed.fixture.ts";

const seed = drawSeed("columns");
const int32Max = 2 ** 31 - 1;

type Row = readonly [subject: number, metric: number, day: number, n: number, x: number];

const inOrder = (rows: readonly Row[]): Row[] => rows.toSorted((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);

const rowsOf = ({ rows, subject, metric, day, n, x }: FactColumns): Row[] => {
  expect([subject, metric, day, n, x].map(({ length }) => length)).toEqual([rows, rows, rows, rows, rows]);
  return inOrder(
    Array.from({ length: rows }, (_, row): Row => [subject[row]!, metric[row]!, day[row]!, n[row]!, x[row]!]),
  );
};

/** Small and large, negative and zero, up to 2^53 − 1. */
const wide = fc
  .oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.maxSafeInteger(),
    fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 32, 2 ** 32 - 1, -(2 ** 32), 2 ** 31),
  )
  .map((value) => value + 0);
const anyRow: fc.Arbitrary<Row> = fc.tuple(
  fc.oneof(fc.nat({ max: 12 }), fc.integer({ min: 7_990, max: 8_010 })),
  fc.integer({ min: -32_768, max: 32_767 }),
  fc.oneof(fc.integer({ min: 20_000, max: 20_010 }), fc.integer({ min: -int32Max - 1, max: int32Max })),
  wide,
  wide,
);
const anyRows = fc.uniqueArray(anyRow, { selector: (row) => row.slice(0, 3).join(), maxLength: 60 });

async function insert(db: Tx, marketplaceId: number, rows: readonly Row[]): Promise<void> {
  await db.query(
    `INSERT INTO facts_count (marketplace_id, subject_no, metric_no, day, n, x)
     SELECT $1, * FROM unnest($2::integer[], $3::smallint[], $4::integer[], $5::bigint[], $6::bigint[])`,
    [marketplaceId, ...[0, 1, 2, 3, 4].map((place) => integerArray(rows.map((row) => row[place] as number)))],
  );
}

/** The naive twin: rows as the driver reads them. */
async function selected(db: Tx, marketplaceId: number): Promise<Row[]> {
  const rows = await db.query<{ row: Row }>(
    `SELECT json_build_array(subject_no, metric_no, day, n, x) AS row FROM facts_count WHERE marketplace_id = $1`,
    [marketplaceId],
  );
  return inOrder(rows.map(({ row }) => row));
}

async function* stream(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

/** What CopyData messages hold. */
async function dataOf(messages: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const data: Uint8Array[] = [];
  for await (const chunk of messages) {
    let at = 0;
    while (at < chunk.length) {
      const end = at + 1 + Buffer.from(chunk).readUInt32BE(at + 1);
      if (chunk[at] === copyDataCode) data.push(chunk.slice(at + messageHeadBytes, end));
      at = end;
    }
  }
  return Buffer.concat(data);
}

/** The same data in other messages: cut at random places, several in a chunk, others between them. */
function reframed(data: Buffer, random: () => number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let at = 0;
  while (at < data.length) {
    const part = data.subarray(at, at + 1 + Math.floor(random() * 120));
    at += part.length;
    const head = Buffer.from([copyDataCode, 0, 0, 0, 0]);
    head.writeUInt32BE(part.length + 4, 1);
    const before = random() < 0.2 ? Buffer.from("N\u0000\u0000\u0000\u0006ab", "latin1") : Buffer.alloc(0);
    const message = Buffer.concat([before, head, part]);
    const last = chunks.at(-1);
    if (last !== undefined && random() < 0.5) chunks[chunks.length - 1] = Buffer.concat([last, message]);
    else chunks.push(message);
  }
  return chunks;
}

describe.each(databases.map((database) => [database.name, database] as const))("columns on %s", (name, database) => {
  if (database.absent !== undefined) {
    test.skip(`skipped: ${database.absent}`, () => undefined);
    return;
  }
  let opened: TestDatabase;
  let db: Db;
  let lastMarket = 0;
  const whole = name === "PGlite";
  beforeAll(async () => {
    opened = await database.open();
    db = opened.db;
  }, 60_000);
  afterAll(() => opened[Symbol.asyncDispose]());

  const fresh = async (rows: readonly Row[]): Promise<number> => {
    lastMarket += 1;
    await insert(db, lastMarket, rows);
    return lastMarket;
  };
  const read = (tx: Tx, market: number, pagesMin?: number): Promise<FactColumns> =>
    readColumns(tx, whole, market, 9_000, (no) => no, pagesMin);

  test("are the rows that SELECT gives, by one connection or two", async () => {
    await fc.assert(
      fc.asyncProperty(anyRows, async (rows) => {
        const market = await fresh(rows);
        const twin = await selected(db, market);
        expect(twin).toEqual(inOrder(rows));
        expect(rowsOf(await read(db, market))).toEqual(twin);
        expect(rowsOf(await db.transaction((tx) => read(tx, market, 0), "repeatable read"))).toEqual(twin);
        const nos = [...new Set(rows.map(([subject]) => subject)), 4_000];
        const bySubject = await readSubjectsFacts(db, market, nos);
        expect([...bySubject.keys()]).toEqual(nos);
        expect(
          inOrder([...bySubject].flatMap(([no, facts]) => facts.map((f): Row => [no, f.metric, f.day, f.n, f.x]))),
        ).toEqual(twin);
        expect(await readSubjectFacts(db, market, nos[0] as number)).toEqual(bySubject.get(nos[0] as number));
      }),
      { seed, numRuns: 40 },
    );
  });

  test("do not depend on where the server or the network cuts the copy", async () => {
    const rows = fc.sample(anyRows, { seed, numRuns: 12 }).flatMap((part, no) => {
      return part.map(([, ...rest]): Row => [no, ...rest]);
    });
    const market = await fresh(rows);
    const select = `SELECT subject_no, metric_no, day, n, x FROM facts_count WHERE marketplace_id = ${market}`;
    const data = await dataOf(db.copyOut(select));
    for (let run = 0; run < 200; run += 1) {
      expect(rowsOf(await decodeCopy(stream(reframed(data, uniform(seed + run)))))).toEqual(inOrder(rows));
    }
    // Without its end it is no copy.
    await expect(decodeCopy(stream(reframed(data.subarray(0, -2), uniform(seed))))).rejects.toThrow("too early");
  });

  test("leave out subjects without a place and give the others theirs", async () => {
    const market = await fresh([0, 1, 2, 3].map((no): Row => [no, 1, 20_000, no, -no]));
    const columns = await readColumns(db, whole, market, 4, (no) => (no % 2 === 0 ? -1 : no * 10));
    expect(rowsOf(columns)).toEqual([
      [10, 1, 20_000, 1, -1],
      [30, 1, 20_000, 3, -3],
    ]);
  });

  test("refuse counters beyond 2^53, nulls and other columns, and the connection still works", async () => {
    const market = await fresh([[0, 1, 20_000, 1, 1]]);
    for (const big of ["9007199254740992", "-9007199254740992", "9223372036854775807", "-9223372036854775808"]) {
      await db.query(`UPDATE facts_count SET x = ${big} WHERE marketplace_id = ${market}`);
      await expect(read(db, market)).rejects.toThrow("beyond 2^53");
      await expect(db.transaction((tx) => read(tx, market, 0), "repeatable read")).rejects.toThrow("beyond 2^53");
    }
    for (const select of [
      "SELECT 1, NULL::smallint, 1, 1::bigint, 1::bigint",
      "SELECT 1, 1::smallint, 1, 1::bigint, NULL::bigint",
      "SELECT 1::bigint, 1::smallint, 1, 1, 1::bigint",
      "SELECT 1, 1::smallint, 1, 1::bigint",
      "SELECT no, 1::smallint, 1, nullif(no, 50)::bigint, 1::bigint FROM generate_series(1, 100) AS no",
    ]) {
      await expect(decodeCopy(db.copyOut(select))).rejects.toThrow();
      expect(await db.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    }
  });

  test("an error of the server is told, before the first row or after many", async () => {
    for (const select of [
      "SELECT nothing FROM nowhere",
      "SELECT no, 1::smallint, 1, 1::bigint, (1 / (300000 - no))::bigint FROM generate_series(1, 300000) AS no",
    ]) {
      const failed = await decodeCopy(db.copyOut(select)).catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(DbError);
      expect((failed as DbError).code).toMatch(/^(42P01|22012)$/);
      expect(await db.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    }
    const inside = db.transaction((tx) => decodeCopy(tx.copyOut("SELECT nothing FROM nowhere")));
    await expect(inside).rejects.toThrow(DbError);
    expect(await db.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test("a reader that leaves early or is slow gets its connection back whole", async () => {
    const select = "SELECT no, 1::smallint, 2, 3::bigint, 4::bigint FROM generate_series(1, 400000) AS no";
    await db.transaction(async (tx) => {
      for await (const chunk of tx.copyOut(select)) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      expect(await tx.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
      async function* slowly(): AsyncGenerator<Uint8Array> {
        let no = 0;
        for await (const chunk of tx.copyOut(select)) {
          no += 1;
          if (no % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
          yield chunk;
        }
      }
      const columns = await decodeCopy(slowly());
      expect(columns.rows).toBe(400_000);
      expect(columns.subject.reduce((sum, no) => sum + no, 0)).toBe((400_000 * 400_001) / 2);
    });
  });

  (name === "PostgreSQL" ? test : undefined)?.("halves are of one state, whoever writes meanwhile", async () => {
    const other = opened.reconnect();
    const rows = Array.from({ length: 3_000 }, (_, no): Row => [no, 1, 20_000, no, 1]);
    const market = await fresh(rows);
    await db.transaction(async (tx) => {
      expect(await selected(tx, market)).toHaveLength(3_000);
      await other.query("UPDATE facts_count SET n = n + 1 WHERE marketplace_id = $1", [market]);
      expect(rowsOf(await read(tx, market, 0))).toEqual(rows);
    }, "repeatable read");
    expect(rowsOf(await read(other, market)).map(([, , , n]) => n)).toEqual(rows.map(([, , , n]) => n + 1));
    // Each half waits for the other's first rows: they come at once or never.
    const both = Promise.withResolvers<void>();
    let begun = 0;
    await db.transaction(async (tx) => {
      await tx.copyParts?.(["SELECT 1", "SELECT 2"], async (chunks) => {
        begun += 1;
        for await (const chunk of chunks) {
          expect(chunk.length).toBeGreaterThan(0);
          if (begun === 2) both.resolve();
          await both.promise;
        }
      });
    }, "repeatable read");
    // More at once than there are connections.
    const many = Array.from({ length: 12 }, () => db.transaction((tx) => read(tx, market, 0), "repeatable read"));
    for (const columns of await Promise.all(many)) expect(columns.rows).toBe(3_000);
  });

  (name === "PostgreSQL" ? test : undefined)?.(
    "a connection that is lost fails the copy and nothing else",
    async () => {
      const other = opened.reconnect();
      const mark = `lost${seed}`;
      const select = `SELECT no, 1::smallint AS ${mark}, 2, 3::bigint, 4::bigint FROM generate_series(1, 9000000) AS no`;
      async function* cut(): AsyncGenerator<Uint8Array> {
        let isCut = false;
        for await (const chunk of db.copyOut(select)) {
          yield chunk;
          if (isCut) continue;
          isCut = true;
          const ended = await other.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE $1 AND pid <> pg_backend_pid()",
            [`COPY (%AS ${mark}%`],
          );
          expect(ended).toHaveLength(1);
        }
      }
      await expect(decodeCopy(cut())).rejects.toThrow(DbError);
      expect(await db.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
      expect((await decodeCopy(db.copyOut("SELECT 1, 2::smallint, 3, 4::bigint, 5::bigint"))).rows).toBe(1);
    },
  );
});
