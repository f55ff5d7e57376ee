import { createHash, type KeyObject } from "node:crypto";
import { type EntryRow, limits, metrics, ProblemError, storedMetricNames, type Verdict } from "@probity/contract";
import { simulate } from "@probity/simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RawEvent } from "../facts/events.fixture.ts";
import { foldBatches, sorted } from "../facts/folding.fixture.ts";
import { naiveFacts } from "../facts/naive-facts.fixture.ts";
import { drawSeed, shuffled, uniform } from "../facts/seed.fixture.ts";
import { databases, type TestDatabase } from "../platform/databases.fixture.ts";
import type { Db } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { MasterKey, open } from "../privacy/index.ts";
import { loadPersonByNo } from "../privacy/privacy.store.ts";
import { disclose, fieldsOf, leafHash, sealContext } from "./index.ts";
import {
  digested,
  digestOf,
  event,
  failing,
  freshMarket,
  openLedger,
  placed,
  raw,
  refusing,
  send,
  seqOf,
  storedFacts,
  testMaster,
  testNowMs,
} from "./ledger.fixture.ts";
import { readEntries, readEvents, readHead } from "./ledger.store.ts";

const seed = drawSeed("ledger");
const simulated = (merchants = 12, orders = 260): RawEvent[] => [...simulate({ seed, merchants, orders, days: 120 })];

const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`)
    .join(",")}}`;
};

describe.each(databases.map((database) => [database.name, database] as const))("the ledger on %s", (name, database) => {
  if (database.absent !== undefined) {
    test.skip(`skipped: ${database.absent}`, () => undefined);
    return;
  }
  let opened: TestDatabase;
  let db: Db;
  beforeAll(async () => {
    opened = await database.open();
    db = opened.db;
  }, 60_000);
  afterAll(() => opened[Symbol.asyncDispose]());

  describe("verdicts", () => {
    test("accepted with dense places, duplicates with the first place, in one batch and across batches", async () => {
      await using ledger = openLedger(db);
      const market = await freshMarket(db);
      const [one, two, three] = ["a", "b", "c"].map((order) => placed(order));
      const sameIdOtherSource = { ...one, source: "urn:other" };
      const first = await ledger.ingest(market, raw([one, two, one, sameIdOtherSource]));
      expect(first).toEqual([
        { verdict: "accepted", id: one?.id, seq: 0 },
        { verdict: "accepted", id: two?.id, seq: 1 },
        { verdict: "duplicate", id: one?.id, seq: 0 },
        { verdict: "accepted", id: one?.id, seq: 2 },
      ]);
      const second = await ledger.ingest(
        market,
        raw([two, three, { ...three, data: { ...three?.data, amount: 5 } }, one]),
      );
      expect(second.map((verdict) => [verdict.verdict, seqOf(verdict)])).toEqual([
        ["duplicate", 1],
        ["accepted", 3],
        ["duplicate", 3],
        ["duplicate", 0],
      ]);
      expect((await readHead(db, market.marketplaceId)).size).toBe(4);
      expect(await ledger.ingest(market, raw([one, two]))).toHaveLength(2);
      expect((await readHead(db, market.marketplaceId)).size).toBe(4);
    });

    test("rejected with code, path and message; the good ones of the batch are written, the bad one is kept", async () => {
      await using ledger = openLedger(db);
      const market = await freshMarket(db);
      const bad = placed("bad", { amount: -1 });
      const verdicts = await ledger.ingest(market, raw([placed("a"), bad, placed("b")]));
      expect(verdicts.map(({ verdict }) => verdict)).toEqual(["accepted", "rejected", "accepted"]);
      expect(verdicts[1]).toMatchObject({
        id: bad.id,
        code: "data-invalid",
        path: "/data/amount",
        message: expect.stringMatching(/./),
      });
      expect(seqOf(verdicts[2])).toBe(1);
      const letters = await db.query<{ dead_letter_id: number; state: string }>(
        "SELECT dead_letter_id, state FROM ledger_dead_letter WHERE marketplace_id = $1",
        [market.marketplaceId],
      );
      expect(letters).toEqual([
        { dead_letter_id: Number((verdicts[1] as { deadLetter: string }).deadLetter), state: "open" },
      ]);
    });

    test("the largest entry that one event can make stays inside the limit", async () => {
      await using ledger = openLedger(db);
      const market = await freshMarket(db);
      const items = (from: number) =>
        Array.from({ length: limits.itemsPerOrder }, (_, no) => ({
          product: `p${from + no}`,
          quantity: 1,
          amount: 10,
        }));
      const people = ["b1", "b2"].flatMap((buyer, at) => [
        ...Array.from({ length: limits.shopperReviews }, (_, no) =>
          event(`v-${buyer}-${no}`, "review.posted", {
            review: `${buyer}-${no}`,
            merchant: `m${100 * at + no}`,
            buyer,
            stars: 4,
          }),
        ),
        ...["x", "y"].flatMap((shop) => [
          placed(`${buyer}-${shop}`, { merchant: `m-${shop}`, buyer }),
          event(`d-${buyer}-${shop}`, "order.delivered", { merchant: `m-${shop}`, order: `${buyer}-${shop}` }, 20_601),
        ]),
      ]);
      await send(ledger, market, [
        ...people,
        placed("big", { buyer: "b1", items: items(0) }),
        event("big-d", "order.delivered", { merchant: "m1", order: "big" }, 20_601),
      ]);
      const poison = placed("big", { buyer: "b2", items: items(50) }, 20_602);
      const verdicts = await ledger.ingest(market, raw([placed("before"), poison, placed("after")]));
      expect(verdicts.map(({ verdict }) => verdict)).toEqual(["accepted", "accepted", "accepted"]);
      const [row] = await db.query<{ most: number }>(
        "SELECT max(length(entry)) AS most FROM ledger_event WHERE marketplace_id = $1",
        [market.marketplaceId],
      );
      expect(row?.most).toBeGreaterThan(16_384);
      expect(row?.most).toBeLessThan(limits.entryBytes / 2);
    });
  });

  test("50 callers at once share commits, each gets its own verdicts, facts are right", async () => {
    const commits: number[] = [];
    await using ledger = openLedger(db, { onCommit: (_market, accepted) => commits.push(accepted) });
    const market = await freshMarket(db);
    const events = simulated();
    const batches = Array.from({ length: 50 }, (_, no) => [
      ...events.filter((_event, at) => at % 50 === no),
      ...events.slice(no, no + 3),
    ]);
    const answers = await Promise.all(batches.map((batch) => ledger.ingest(market, raw(batch))));
    const places = new Map<string, number>();
    answers.forEach((verdicts, caller) => {
      expect(verdicts.map((verdict) => verdict.id)).toEqual(batches[caller]?.map(({ id }) => id));
      for (const verdict of verdicts) {
        const known = places.get(verdict.id as string);
        if (known !== undefined) expect(seqOf(verdict)).toBe(known);
        places.set(verdict.id as string, seqOf(verdict));
      }
    });
    const accepted = answers.flat().filter(({ verdict }) => verdict === "accepted");
    expect(accepted.map(seqOf).sort((a, b) => a - b)).toEqual(Array.from({ length: events.length }, (_, seq) => seq));
    expect(commits.length).toBeLessThan(30);
    expect(sorted(await storedFacts(db, market))).toEqual(sorted(foldBatches([events])));
  });

  describe("a batch is written whole or not at all", () => {
    const events = simulated(4, 60);
    const half = Math.floor(events.length / 2);
    const isWrite = /INSERT INTO ledger_event\b/;

    test.each(digested)("where %s refuses it", async (table) => {
      const market = await freshMarket(db);
      await using ledger = openLedger(db);
      await send(ledger, market, events.slice(0, half));
      const before = await digestOf(db, market);
      {
        await using _refused = await refusing(db, table, market);
        // Behind the lock and ahead of it: the first batch of a ledger, and one that follows another.
        await using first = openLedger(db);
        await expect(first.ingest(market, raw(events.slice(half)))).rejects.toThrow("made to fail");
        await expect(ledger.ingest(market, raw(events.slice(half)))).rejects.toThrow("made to fail");
        expect(await digestOf(db, market)).toBe(before);
      }
      const verdicts = await ledger.ingest(market, raw(events.slice(half)));
      expect(verdicts.map(seqOf)).toEqual(events.slice(half).map((_, at) => half + at));
      expect(sorted(await storedFacts(db, market))).toEqual(sorted(foldBatches([events])));
    });

    test.each(["before", "inside"] as const)("where the statement fails %s the database", async (where) => {
      const market = await freshMarket(db);
      await using ledger = openLedger(db);
      await send(ledger, market, events.slice(0, half));
      const before = await digestOf(db, market);
      const broken = openLedger(failing(db, isWrite, where));
      await expect(broken.ingest(market, raw(events.slice(half)))).rejects.toThrow();
      expect(await digestOf(db, market)).toBe(before);
    });

    test("batches that were folded ahead of one that fails are folded again", async () => {
      const market = await freshMarket(db);
      let writes = 0;
      const third = { test: (sql: string) => isWrite.test(sql) && (writes += 1) === 3 };
      await using ledger = openLedger(failing(db, third, "inside"));
      const random = uniform(seed);
      const answers: Promise<boolean>[] = [];
      for (let from = 0; from < events.length; from += 40) {
        const sent = [...events.slice(from, from + 40), ...shuffled(events.slice(0, from), random).slice(0, 9)];
        answers.push(
          ledger.ingest(market, raw(sent)).then(
            () => true,
            () => false,
          ),
        );
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      const taken = await Promise.all(answers);
      // Only who stood alone in the batch that failed is told so; what it sent can be sent again.
      expect(taken.filter((isTaken) => !isTaken).length).toBeLessThanOrEqual(1);
      expect(writes).toBeGreaterThan(3);
      const verdicts = await send(ledger, market, events);
      expect(new Set(verdicts.map(seqOf)).size).toBe(events.length);
      expect((await readHead(db, market.marketplaceId)).size).toBe(events.length);
      expect(sorted(await storedFacts(db, market))).toEqual(sorted(foldBatches([events])));
    });

    test("the same ledger goes on after a failure", async () => {
      const market = await freshMarket(db);
      let isBroken = true;
      const sometimes = failing(
        db,
        { test: (sql: string) => isBroken && sql.includes("INSERT INTO facts_count") },
        "inside",
      );
      await using ledger = openLedger(sometimes);
      await expect(ledger.ingest(market, raw(events.slice(0, half)))).rejects.toThrow();
      isBroken = false;
      await send(ledger, market, events.slice(0, half));
      isBroken = true;
      await expect(ledger.ingest(market, raw(events.slice(half)))).rejects.toThrow();
      isBroken = false;
      const verdicts = await send(ledger, market, events.slice(half));
      expect(verdicts.map(seqOf)).toEqual(events.slice(half).map((_, at) => half + at));
      expect(sorted(await storedFacts(db, market))).toEqual(sorted(foldBatches([events])));
    });
  });

  describe("entries", () => {
    let market: Marketplace;
    const events = shuffled(simulated(), uniform(seed));
    beforeAll(async () => {
      await using ledger = openLedger(db);
      market = await freshMarket(db);
      await send(ledger, market, events);
    });

    test("add up to the published facts, and these are what a naive count of the raw events gives", async () => {
      const subjects = await db.query<{ name: string; key: string }>(
        "SELECT kind || ':' || public_id AS name, kind || id AS key FROM facts_subject WHERE marketplace_id = $1",
        [market.marketplaceId],
      );
      const keys = new Map(subjects.map(({ name: publicName, key }) => [publicName, key]));
      const sums = new Map<string, [number, number]>();
      const entries = await readEntries(db, market.marketplaceId, 0, 100_000);
      expect(entries).toHaveLength(events.length);
      for (const entry of entries) {
        for (const [subject, metric, day, n, x] of (JSON.parse(entry) as { d: EntryRow[] }).d) {
          expect(keys.has(subject)).toBe(true);
          const key = `${keys.get(subject)}|${metric}|${day}`;
          const [oldN, oldX] = sums.get(key) ?? [0, 0];
          sums.set(key, [oldN + n, oldX + x]);
        }
      }
      const nonzero = new Map([...sums].filter(([, [n, x]]) => n !== 0 || x !== 0));
      const stored = await storedFacts(db, market);
      const hidden = new Set(metrics.filter(({ published }) => !published).map(({ name: metric }) => metric));
      const published = new Map([...stored].filter(([key]) => !hidden.has(key.split("|")[1] as string)));
      expect(sorted(nonzero)).toEqual(sorted(published));
      expect(stored.size).toBeGreaterThan(published.size);
      expect(sorted(stored)).toEqual(sorted(naiveFacts(events, market.currency)));
    });

    test("are canonical JSON in ASCII of bounded size, with leaves by RFC 9162 and nothing personal", async () => {
      const known = new Set(storedMetricNames.values());
      const named = new Set<string>();
      const rows = await readEvents(
        db,
        market.marketplaceId,
        events.map((_, seq) => seq),
      );
      rows.forEach(({ entry, leaf }, seq) => {
        const sent = events[seq] as RawEvent;
        const parsed = JSON.parse(entry) as {
          c?: [string, string][];
          d: EntryRow[];
          sd: string[];
          t: string;
          v: number;
        };
        expect(canonical(parsed)).toBe(entry);
        expect(/^[\x20-\x7e]*$/.test(entry)).toBe(true);
        expect(entry.length).toBeLessThanOrEqual(limits.entryBytes);
        expect([parsed.t, parsed.v]).toEqual([sent.type, 1]);
        const kept = Object.keys(parsed).filter((key) => key !== "c");
        expect(kept).toEqual(sent.type === "merchant.linked" ? ["d", "p", "sd", "t", "v"] : ["d", "sd", "t", "v"]);
        expect(parsed.c).not.toEqual([]);
        for (const [subject, category] of parsed.c ?? []) {
          expect(/^[mpr]:[\w-]{22}$/.test(subject) && /^([\w-]{22})?$/.test(category)).toBe(true);
          named.add(subject);
        }
        for (const [subject, metric, ...numbers] of parsed.d) {
          expect(named.has(subject)).toBe(true);
          expect(/^[mpr]:[\w-]{22}$/.test(subject) && known.has(metric) && numbers.every(Number.isSafeInteger)).toBe(
            true,
          );
        }
        expect(leaf).toBe(
          createHash("sha256")
            .update(Buffer.concat([Buffer.of(0), Buffer.from(entry)]))
            .digest("hex"),
        );
        expect(leaf).toBe(leafHash(entry).toString("hex"));
        // Digests and random ids may hold the three signs of an id by chance: those are looked for elsewhere.
        const elsewhere = entry.replaceAll(/"[\w-]{43}"|"[mpr]:[\w-]{22}"/g, '""');
        for (const value of Object.values(sent.data))
          if (typeof value === "string" && value.length > 3) expect(entry.includes(`"${value}"`)).toBe(false);
        for (const field of ["id", "source", "time"] as const) expect(elsewhere.includes(sent[field])).toBe(false);
      });
    });

    test("hold the digests of all fields among a constant number, from the stored salt and the person's key", async () => {
      const rows = await readEvents(
        db,
        market.marketplaceId,
        events.map((_, seq) => seq),
      );
      const drawn = new Set<string>();
      for (const row of rows) {
        const { sd } = JSON.parse(row.entry) as { sd: string[] };
        expect(sd).toHaveLength(limits.entryDigests);
        expect(sd).toEqual([...new Set(sd)].sort());
        for (const digest of sd) drawn.add(digest);
        const sent = events[row.seq] as RawEvent;
        const person =
          row.person_no === null
            ? undefined
            : await loadPersonByNo(db, testMaster, market.marketplaceId, row.person_no);
        const sealed =
          row.sealed === null || person === undefined
            ? {}
            : (JSON.parse(
                open(person.sealing, row.sealed, sealContext(row, market.marketplaceId)).toString(),
              ) as Record<string, unknown>);
        const { time, data } = JSON.parse(row.body) as { time: string; data: Record<string, unknown> };
        expect({ ...data, ...sealed }).toEqual(sent.data);
        const personField = (["buyer", "user", "voter", "reporter", "asker"] as const).find(
          (field) => row.person_no !== null && field in data,
        );
        const { disclosures } = disclose(fieldsOf({ ...row, time, data, sealed, personField }), row.salt, person?.key);
        expect(disclosures.map((item) => item.name).sort()).toEqual(
          ["/id", "/source", "/time", ...Object.keys(sent.data).map((field) => `/data/${field}`)].sort(),
        );
        for (const { name: field, disclosure, digest } of disclosures) {
          const [salt, told, value] = JSON.parse(Buffer.from(disclosure, "base64url").toString()) as [
            string,
            string,
            unknown,
          ];
          expect([told, Buffer.from(salt, "base64url").length]).toEqual([field, 32]);
          expect(createHash("sha256").update(disclosure).digest("base64url")).toBe(digest);
          expect(sd).toContain(digest);
          if (field.startsWith("/data/")) expect(value).toEqual(sent.data[field.slice(6)]);
        }
      }
      expect(drawn.size).toBe(limits.entryDigests * rows.length);
    });
  });

  describe("what is personal", () => {
    const secrets = [
      "Zhang Sanfeng 张三丰",
      "13800138000",
      "zhang@example.test",
      "42 West Lake Road",
      "device-4711",
      "payer-0815",
      "I am furious 我很生气",
      "a secret question",
    ];
    const [buyerName, buyerPhone, buyerEmail, shipTo, device, payer, words, question] = secrets;
    const personal = [
      placed("s", { buyerName, buyerPhone, buyerEmail, shipTo, device, payer }),
      event("v", "review.posted", { review: "v", merchant: "m1", buyer: "b1", stars: 1, title: words, text: words }),
      event("q", "question.asked", { question: "q", merchant: "m1", asker: "b1", text: question }),
    ];

    /** Columns of all tables, those of the dead letters too, that hold one of the texts in the open. */
    async function foundIn(texts: readonly string[]): Promise<string[]> {
      const columns = await db.query<{ table_name: string; column_name: string; data_type: string }>(
        "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1, 2",
      );
      const found: string[] = [];
      for (const { table_name, column_name, data_type } of columns) {
        for (const text of texts) {
          const where =
            data_type === "bytea"
              ? `position(convert_to($1, 'UTF8') IN ${column_name}) > 0`
              : `position($1::text IN ${column_name}::text) > 0`;
          const [row] = await db.query<{ rows: number }>(
            `SELECT count(*)::integer AS rows FROM ${table_name} WHERE ${where}`,
            [text],
          );
          if ((row?.rows ?? 0) > 0) found.push(`${table_name}.${column_name}: ${text}`);
        }
      }
      return found;
    }

    test("is nowhere in the open: not in events, entries, states or dead letters", async () => {
      await using ledger = openLedger(db);
      const market = await freshMarket(db);
      const verdicts = await ledger.ingest(
        market,
        raw([...personal, placed("letter", { buyerPhone, shipTo, amount: "1.5" })]),
      );
      expect(verdicts.map(({ verdict }) => verdict)).toEqual(["accepted", "accepted", "accepted", "rejected"]);
      expect(await foundIn(secrets)).toEqual([]);
      expect((await foundIn(["urn:shop"])).length).toBeGreaterThan(0);
    });

    test("opens with the master key only, and only in its own place", async () => {
      await using ledger = openLedger(db);
      const market = await freshMarket(db);
      await send(ledger, market, personal);
      const [order, review] = await readEvents(db, market.marketplaceId, [0, 1]);
      const no = order?.person_no as number;
      const person = await loadPersonByNo(db, testMaster, market.marketplaceId, no);
      const sealed = order?.sealed as Uint8Array;
      expect(
        JSON.parse(
          open(person?.sealing as KeyObject, sealed, sealContext(order as never, market.marketplaceId)).toString(),
        ),
      ).toMatchObject({ buyerName, buyerPhone });
      await expect(loadPersonByNo(db, new MasterKey(Buffer.alloc(32, 8)), market.marketplaceId, no)).rejects.toThrow();
      expect(() =>
        open(person?.sealing as KeyObject, sealed, sealContext(review as never, market.marketplaceId)),
      ).toThrow();
      expect(() =>
        open(person?.sealing as KeyObject, sealed, sealContext(order as never, market.marketplaceId + 1)),
      ).toThrow();
    });
  });

  test("two marketplaces with the same ids do not touch each other", async () => {
    await using ledger = openLedger(db);
    const [one, other] = [await freshMarket(db), await freshMarket(db)];
    const events = simulated(4, 60);
    await send(ledger, one, events);
    const before = await digestOf(db, one);
    const verdicts = await send(ledger, other, events.slice(0, 50));
    expect(verdicts.map((verdict) => [verdict.verdict, seqOf(verdict)])).toEqual(
      verdicts.map((_, seq) => ["accepted", seq]),
    );
    expect(await digestOf(db, one)).toBe(before);
    expect(sorted(await storedFacts(db, other))).toEqual(sorted(foldBatches([events.slice(0, 50)])));
    const publicIds = async (market: Marketplace): Promise<string[]> =>
      (
        await db.query<{ public_id: string }>("SELECT public_id FROM facts_subject WHERE marketplace_id = $1", [
          market.marketplaceId,
        ])
      ).map((row) => row.public_id);
    const shared = new Set(await publicIds(one));
    expect((await publicIds(other)).filter((id) => shared.has(id))).toEqual([]);
    const person = await db.query<{ blinds: number }>(
      "SELECT count(DISTINCT blind)::integer AS blinds FROM privacy_person WHERE marketplace_id IN ($1, $2)",
      [one.marketplaceId, other.marketplaceId],
    );
    const people = await db.query<{ people: number }>(
      "SELECT count(*)::integer AS people FROM privacy_person WHERE marketplace_id IN ($1, $2)",
      [one.marketplaceId, other.marketplaceId],
    );
    expect(person[0]?.blinds).toBe(people[0]?.people);
  });

  test("a restart goes on where the ledger ended", async () => {
    const market = await freshMarket(db);
    const events = simulated(4, 90);
    const random = uniform(seed);
    for (let from = 0; from < events.length; from += 97) {
      await using ledger = openLedger(db);
      const verdicts = await ledger.ingest(
        market,
        raw([...shuffled(events.slice(0, from), random).slice(0, 5), ...events.slice(from, from + 97)]),
      );
      expect(verdicts.filter(({ verdict }) => verdict === "accepted").map(seqOf)).toEqual(
        events.slice(from, from + 97).map((_, at) => from + at),
      );
    }
    expect(sorted(await storedFacts(db, market))).toEqual(sorted(foldBatches([events])));
  });

  test("a closed ledger writes what it has taken and takes no more", async () => {
    const market = await freshMarket(db);
    const ledger = openLedger(db);
    const taken = ledger.ingest(market, raw([event("r", "merchant.registered", { merchant: "m1", name: "Tea" })]));
    await new Promise((resolve) => setImmediate(resolve));
    await ledger[Symbol.asyncDispose]();
    expect(await taken).toMatchObject([{ verdict: "accepted", seq: 0 }]);
    await expect(ledger.ingest(market, raw([placed("late")]))).rejects.toMatchObject({ code: "not-ready" });
  });

  test("a full queue is a problem that says when to come again; what waits is written", async () => {
    const gate = Promise.withResolvers<void>();
    const slow: Db = {
      ...failing(db, /^$/, "before"),
      transaction: async (work, isolation) => {
        await gate.promise;
        return db.transaction(work, isolation);
      },
    };
    await using ledger = openLedger(slow);
    const market = await freshMarket(db);
    const shops = (from: number, count: number) =>
      raw(
        Array.from({ length: count }, (_, no) =>
          event(`r${from + no}`, "merchant.registered", { merchant: `m${no % 9}`, name: "Tea" }),
        ),
      );
    const waiting: Promise<Verdict[]>[] = [];
    for (let from = 0; from < limits.queueEvents; from += 5_000)
      waiting.push(ledger.ingest(market, shops(from, 5_000)));
    while (ledger.waitingEvents(market) < limits.queueEvents) await new Promise((resolve) => setTimeout(resolve, 5));
    const refused = await ledger.ingest(market, shops(limits.queueEvents, 1)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ProblemError);
    expect(refused).toMatchObject({ code: "queue-full", retryAfterSeconds: 1 });
    gate.resolve();
    expect((await Promise.all(waiting)).flat().filter(({ verdict }) => verdict === "accepted")).toHaveLength(
      limits.queueEvents,
    );
    expect((await readHead(db, market.marketplaceId)).size).toBe(limits.queueEvents);
  });

  (name === "PostgreSQL" ? test : undefined)?.("two processes write to one marketplace at once", async () => {
    const market = await freshMarket(db);
    const events = simulated(8, 300);
    await using one = openLedger(db);
    await using other = openLedger(opened.reconnect());
    const random = uniform(seed);
    const answers: Promise<Verdict[]>[] = [];
    for (let from = 0; from < events.length; from += 23) {
      const batch = [...events.slice(from, from + 23), ...shuffled(events.slice(0, from), random).slice(0, 4)];
      answers.push((random() < 0.5 ? one : other).ingest(market, raw(batch)));
      if (random() < 0.3) await Promise.all(answers);
    }
    const verdicts = (await Promise.all(answers)).flat();
    const places = new Map(verdicts.map((verdict) => [verdict.id, seqOf(verdict)]));
    for (const verdict of verdicts) expect(seqOf(verdict)).toBe(places.get(verdict.id));
    expect([...places.values()].sort((a, b) => a - b)).toEqual(events.map((_, seq) => seq));
    expect(sorted(await storedFacts(db, market))).toEqual(sorted(foldBatches([events])));
  });

  test("the clock of the newest event ignores the engine's own acts", async () => {
    await using ledger = openLedger(db);
    const market = await freshMarket(db);
    await send(ledger, market, [placed("a", {}, 20_000)]);
    await ledger.act(market, "policy.published", "act", {
      policy: "0".repeat(64),
      kind: "merchant",
      effectiveDay: 20_000,
      noticeDays: 7,
    });
    const head = await readHead(db, market.marketplaceId);
    expect([head.size, head.newestMs]).toEqual([2, 20_000 * 86_400_000]);
    expect(head.newestMs).toBeLessThan(testNowMs);
  });
});
