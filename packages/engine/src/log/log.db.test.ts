import { createServer, type Server } from "node:http";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hex, utf8 } from "@probity/verifier/tlog/bytes";
import { checkCheckpoint, type TrustedCheckpoint } from "@probity/verifier/tlog/checkpoint";
import { isConsistent, consistencyPath } from "@probity/verifier/tlog/merkle";
import { readVerifierKey } from "@probity/verifier/tlog/note";
import { rangeOfTiles } from "@probity/verifier/tlog/tile";
import type { TrustPolicy } from "@probity/verifier/tlog/trust-policy";
import { leavesOf, naiveRoot } from "../../../verifier/src/tlog/tlog.fixture.ts";
import { freshMarket, openLedger, placed, send, testNowMs } from "../ledger/ledger.fixture.ts";
import type { Ledger } from "../ledger/group-commit.store.ts";
import { databases, type TestDatabase } from "../platform/databases.fixture.ts";
import type { Db, Queryable } from "../platform/db.ts";
import { type HighWaterMark, LogKeyError, LogKeys, makeKeyFile, type NoteSigner } from "../platform/log-keys.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { LogJob, type LogOptions, RolledBack } from "./log.jobs.ts";
import { loadShards, readLogHead, readPublished } from "./log.store.ts";
import { nodePrimitives } from "./primitives.ts";
import { tileReader } from "./tiles.store.ts";
import { type Seen, Witness } from "./witness.ts";
import { Witnesses } from "./witnesses.jobs.ts";

const noWitnesses: TrustPolicy = { logs: [], witnesses: [], groups: [], quorum: "none" };

interface OtherAnswer {
  readonly status: number;
  readonly body: string;
}

/** A witness behind HTTP that knows every log of a policy which may grow. */
interface RunningWitness {
  readonly policy: TrustPolicy;
  /** Logs that it knows from now on. */
  know(verifierKey: string): Promise<void>;
  readonly seen: Map<string, Seen>;
  /** Answers this whatever it is asked; undefined: what a witness does. */
  answer(instead: OtherAnswer | undefined): void;
  close(): void;
}

async function startWitness(folder: string): Promise<RunningWitness> {
  const signer: NoteSigner = makeKeyFile(join(folder, "witness.key"), "witness.example/w", 4);
  const logs: TrustPolicy["logs"][number][] = [];
  const seen = new Map<string, Seen>();
  const desk = new Witness({
    policy: { ...noWitnesses, logs },
    signer,
    read: (origin) => seen.get(origin),
    write: (origin, what) => void seen.set(origin, what),
    now: () => testNowMs,
  });
  const state: { instead: OtherAnswer | undefined } = { instead: undefined };
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (state.instead !== undefined) return void response.writeHead(state.instead.status).end(state.instead.body);
    const { status, type, body } = await desk.addCheckpoint(Buffer.concat(chunks));
    response.writeHead(status, { "content-type": type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const key = await readVerifierKey(nodePrimitives, signer.verifierKey);
  return {
    policy: { ...noWitnesses, witnesses: [{ name: "w", key, url }], quorum: "w" },
    know: async (verifierKey) =>
      void logs.push({ key: await readVerifierKey(nodePrimitives, verifierKey), url: undefined }),
    seen,
    answer: (instead) => void (state.instead = instead),
    close: () => server.close(),
  };
}

/** A database at which a process dies before or after any statement: what was not committed is gone. */
function dyingDb(db: Db, die: () => void): Db {
  const dying =
    <Q extends Queryable>(queryable: Q): Q["query"] =>
    async (sql, params) => {
      die();
      return queryable.query(sql, params);
    };
  return {
    engine: db.engine,
    query: dying(db),
    transaction: (work, isolation) =>
      db
        .transaction(async (tx) => {
          const done = await work({ query: dying(tx), copyOut: (select) => tx.copyOut(select) });
          die();
          return done;
        }, isolation)
        .then((done) => {
          die();
          return done;
        }),
    copyOut: (select) => db.copyOut(select),
    script: (sql) => db.script(sql),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

describe.each(databases)("the public log on $name", (database) => {
  let opened: TestDatabase;
  let ledger: Ledger;
  let folder: string;

  beforeAll(async () => {
    if (database.absent !== undefined) return;
    opened = await database.open();
    ledger = openLedger(opened.db);
    folder = mkdtempSync(join(tmpdir(), "probity-log-"));
  });

  afterAll(async () => {
    await ledger?.[Symbol.asyncDispose]();
    await opened?.[Symbol.asyncDispose]();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  if (database.absent !== undefined) {
    it.skip(`skipped: ${database.absent}`, () => undefined);
    return;
  }

  const keysFolder = (name: string): string => join(folder, name);

  function job(keys: string, options: Partial<LogOptions> = {}): LogJob {
    return new LogJob({
      db: opened.db,
      ledger,
      keys: new LogKeys(keysFolder(keys)),
      witnesses: new Witnesses(noWitnesses),
      now: () => testNowMs,
      originOf: (slug) => `trust.example/log/${slug}`,
      batchEntries: 1_000_000,
      ...options,
    });
  }

  let number = 0;
  const order = (market: Marketplace): object => {
    number += 1;
    return placed(`${market.slug}-o${number}`, { merchant: "m1", buyer: `b${number}` }, 20_700);
  };
  const grow = async (market: Marketplace, events: number): Promise<void> =>
    void (await send(
      ledger,
      market,
      Array.from({ length: events }, () => order(market)),
    ));

  async function published(market: Marketplace, policy: TrustPolicy = noWitnesses): Promise<TrustedCheckpoint> {
    const [row, shards] = await Promise.all([
      readPublished(opened.db, market.marketplaceId),
      loadShards(opened.db, market.marketplaceId),
    ]);
    const logs = await Promise.all(
      shards.map(async ({ verifierKey }) => ({
        key: await readVerifierKey(nodePrimitives, verifierKey),
        url: undefined,
      })),
    );
    return checkCheckpoint(nodePrimitives, utf8(row?.note ?? ""), { ...policy, logs }, undefined);
  }

  /** Root over the leaves that the ledger holds, by the definition. */
  async function ledgerRoot(market: Marketplace, size: number): Promise<string> {
    const rows = await opened.db.query<{ leaf: Uint8Array }>(
      "SELECT leaf FROM ledger_event WHERE marketplace_id = $1 AND seq < $2 ORDER BY seq",
      [market.marketplaceId, size],
    );
    return hex(naiveRoot(rows.map(({ leaf }) => leaf)));
  }

  it("integrates the ledger, signs what it comes to, and every checkpoint continues the one before", async () => {
    const market = await freshMarket(opened.db);
    const log = job("a");
    expect(await log.seal(market)).toEqual({ entries: 0, published: null, missing: [] });
    let before: TrustedCheckpoint | undefined;
    for (const events of [1, 254, 1, 1, 300, 700]) {
      await grow(market, events);
      const { entries, published: size } = await log.seal(market);
      const now = await published(market);
      expect([entries, size]).toEqual([events, now.size]);
      expect(hex(now.root)).toBe(await ledgerRoot(market, now.size));
      const range = rangeOfTiles(nodePrimitives, tileReader(opened.db, market.marketplaceId), now.size);
      if (before !== undefined) {
        const path = await consistencyPath(range, before.size, now.size);
        expect(await isConsistent(nodePrimitives, before.size, before.root, now.size, now.root, path)).toBe(true);
      }
      before = now;
    }
    expect(await log.seal(market)).toEqual({ entries: 0, published: before?.size, missing: [] });
  });

  it("is cut into batches, one transaction each, and ends with the same tree", async () => {
    const market = await freshMarket(opened.db);
    await grow(market, 700);
    await job("b", { batchEntries: 300 }).seal(market);
    expect(hex((await published(market)).root)).toBe(await ledgerRoot(market, 700));
    const rows = await opened.db.query("SELECT size FROM log_checkpoint WHERE marketplace_id = $1 ORDER BY size", [
      market.marketplaceId,
    ]);
    expect(rows.map(({ size }) => size)).toEqual([300, 600, 700]);
  });

  it("publishes with the quorum of witnesses alone, and catches up with one who was away", async () => {
    const market = await freshMarket(opened.db);
    const own = mkdtempSync(join(folder, "witness-"));
    const witness = await startWitness(own);
    try {
      const log = job("c", { witnesses: new Witnesses(witness.policy) });
      await log.prepare(market);
      await grow(market, 10);
      const stranger = await log.seal(market);
      expect([stranger.published, stranger.missing[0]]).toEqual([null, expect.stringContaining("404")]);
      expect(await readPublished(opened.db, market.marketplaceId)).toBeUndefined();
      const [shard] = await loadShards(opened.db, market.marketplaceId);
      await witness.know(shard?.verifierKey ?? "");
      expect((await log.seal(market)).published).toBe(10);
      witness.answer({ status: 503, body: "out of order\n" });
      await grow(market, 300);
      const away = await log.seal(market);
      expect([away.entries, away.published]).toEqual([300, null]);
      expect(away.missing[0]).toContain("503");
      expect((await published(market, witness.policy)).size).toBe(10);
      for (const [body, why] of [
        ["— ".repeat(100_000), "more than 100000 bytes"],
        [`${2 ** 40}\n`, "has cosigned 1099511627776 entries"],
      ] as const) {
        witness.answer({ status: 409, body });
        expect((await log.seal(market)).missing[0]).toContain(why);
      }
      // What it said wrongly is not held against it for ever.
      witness.answer(undefined);
      await grow(market, 5);
      expect((await log.seal(market)).published).toBe(315);
      const now = await published(market, witness.policy);
      expect(now.signed.map(({ timeS }) => timeS)).toEqual([null, Math.floor(testNowMs / 1_000)]);
      // Another process knows nothing of what the witness has seen; the witness tells it.
      await grow(market, 1);
      expect((await job("c", { witnesses: new Witnesses(witness.policy) }).seal(market)).published).toBe(316);
      expect([...witness.seen.values()].map(({ size }) => size)).toEqual([316]);
    } finally {
      witness.close();
    }
  });

  it("allows two sequencers at once: one tree, one root a size", async () => {
    const market = await freshMarket(opened.db);
    const [one, two] = [job("d", { batchEntries: 256 }), job("d", { batchEntries: 256 })];
    await one.prepare(market);
    for (let round = 0; round < 4; round += 1) {
      await grow(market, 300);
      await Promise.all([one.seal(market), two.seal(market), one.seal(market)]);
    }
    const now = await published(market);
    expect([now.size, hex(now.root)]).toEqual([1_200, await ledgerRoot(market, 1_200)]);
    const head = await readLogHead(opened.db, market.marketplaceId);
    expect(head?.size).toBe(1_200);
  });

  it("refuses a database that was restored from an older dump, and another tree of the same size", async () => {
    const market = await freshMarket(opened.db);
    await grow(market, 20);
    await job("e").seal(market);
    const mark = join(keysFolder("e"), `${market.slug}.mark`);
    const [, , root] = readFileSync(mark, "utf8").split("\n");
    const ahead = (size: number, of: string): void => writeFileSync(mark, `probity log mark 1\n${size}\n${of}\n`);
    ahead(21, root as string);
    await expect(job("e").prepare(market)).rejects.toThrow(/had 21 entries when last signed, and has 20 now/);
    await expect(job("e").seal(market)).rejects.toThrow(RolledBack);
    await grow(market, 5);
    // Also where the process ran on while the database was replaced under it.
    const running = job("f");
    await running.prepare(market);
    ahead(20, hex(leavesOf(1)[0] as Uint8Array));
    await expect(job("e").prepare(market)).rejects.toThrow(/has another tree of 20 entries than was signed/);
    ahead(20, root as string);
    expect((await job("e").seal(market)).published).toBe(25);
    writeFileSync(mark, "what?\n");
    await expect(job("e").prepare(market)).rejects.toThrow(LogKeyError);
  });

  it("a log that is gone altogether is refused while its mark stands", async () => {
    const market = await freshMarket(opened.db);
    await grow(market, 3);
    await job("g").seal(market);
    for (const table of ["log_checkpoint", "log_tile", "log_shard", "log_head"])
      await opened.db.query(`DELETE FROM ${table} WHERE marketplace_id = $1`, [market.marketplaceId]);
    await expect(job("g").prepare(market)).rejects.toThrow(/had 3 entries, and the database knows of none/);
  });

  it("keeps keys to itself, and says what to do where one is missing, open or another", async () => {
    const market = await freshMarket(opened.db);
    await grow(market, 3);
    await job("h").seal(market);
    const file = join(keysFolder("h"), `${market.slug}.1.key`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const secret = readFileSync(file, "utf8");
    await grow(market, 1);
    chmodSync(file, 0o644);
    await expect(job("h").seal(market)).rejects.toThrow(/may be read by others; restrict it with: chmod 600/);
    chmodSync(file, 0o600);
    writeFileSync(file, secret.replace(/.{5}\n$/, "AAAA=\n"));
    await expect(job("h").seal(market)).rejects.toThrow(/is broken; restore it/);
    rmSync(file);
    await expect(job("h").seal(market)).rejects.toThrow(/is missing; restore it from its backup/);
    makeKeyFile(file, `trust.example/log/${market.slug}`, 1);
    await expect(job("h").seal(market)).rejects.toThrow(/holds another key than the log was begun with/);
    writeFileSync(file, secret);
    expect((await job("h").seal(market)).published).toBe(4);
  });

  it("goes on under a new key in a new shard that carries the tree on", async () => {
    const market = await freshMarket(opened.db);
    const log = job("i");
    await grow(market, 300);
    const shard = await log.rotate(market, { afterLoss: false });
    expect(shard).toMatchObject({ shard: 2, origin: `trust.example/log/${market.slug}/2` });
    const old = await readPublished(opened.db, market.marketplaceId, 1);
    const now = await published(market);
    expect([old?.size, now.size, now.origin]).toEqual([300, 301, shard.origin]);
    const range = rangeOfTiles(nodePrimitives, tileReader(opened.db, market.marketplaceId), 301);
    const path = await consistencyPath(range, 300, 301);
    expect(await isConsistent(nodePrimitives, 300, old?.root ?? new Uint8Array(0), 301, now.root, path)).toBe(true);
    expect(existsSync(join(keysFolder("i"), `${market.slug}.2.key`))).toBe(true);
  });

  it("begins anew after a loss only when told so", async () => {
    const market = await freshMarket(opened.db);
    await grow(market, 9);
    await job("j").seal(market);
    const mark = join(keysFolder("j"), `${market.slug}.mark`);
    writeFileSync(mark, readFileSync(mark, "utf8").replace("\n9\n", "\n12\n"));
    await expect(job("j").rotate(market, { afterLoss: false })).rejects.toThrow(RolledBack);
    expect(await job("j").rotate(market, { afterLoss: true })).toMatchObject({ shard: 2 });
    await grow(market, 2);
    expect((await job("j").seal(market)).published).toBe(12);
  });

  it("killed between any two steps, it goes on with the same tree", async () => {
    const market = await freshMarket(opened.db);
    await grow(market, 300);
    await job("l").seal(market);
    const roots = new Map<number, string>();
    let steps = 0;
    for (let killAt = 1; ; killAt += 1) {
      await grow(market, 3);
      let step = 0;
      const die = (): void => {
        step += 1;
        if (step === killAt) throw new Error("killed");
      };
      const keys = new LogKeys(keysFolder("l"));
      const fragile: Partial<LogOptions> = {
        db: dyingDb(opened.db, die),
        keys: Object.assign(Object.create(keys) as LogKeys, {
          mark: (slug: string) => keys.mark(slug),
          find: (slug: string, shard: number) => keys.find(slug, shard),
          read: (slug: string, shard: number) => keys.read(slug, shard),
          setMark: (slug: string, mark: HighWaterMark) => {
            die();
            keys.setMark(slug, mark);
            die();
          },
        }),
      };
      const outcome = await job("l", fragile)
        .seal(market)
        .then(
          () => "sealed",
          (error: unknown) => (error as Error).message,
        );
      const now = await readPublished(opened.db, market.marketplaceId);
      expect(roots.get(now?.size ?? 0) ?? hex(now?.root ?? new Uint8Array(0))).toBe(
        hex(now?.root ?? new Uint8Array(0)),
      );
      roots.set(now?.size ?? 0, hex(now?.root ?? new Uint8Array(0)));
      if (outcome === "sealed") {
        steps = killAt;
        break;
      }
      expect(outcome).toBe("killed");
      const { published: size } = await job("l").seal(market);
      expect(await ledgerRoot(market, size ?? 0)).toBe(hex((await published(market)).root));
    }
    expect(steps).toBeGreaterThan(12);
  });

  it("a clock that goes back changes nothing but the times told", async () => {
    const market = await freshMarket(opened.db);
    await grow(market, 5);
    await job("k").seal(market);
    await grow(market, 5);
    expect((await job("k", { now: () => testNowMs - 86_400_000 }).seal(market)).published).toBe(10);
    expect(hex((await published(market)).root)).toBe(await ledgerRoot(market, 10));
  });
});
