import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { simulateWithTruth } from "@probity/simulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawSeed, uniform } from "../facts/seed.fixture.ts";
import { event, placed, send } from "../ledger/ledger.fixture.ts";
import { leafHash } from "../ledger/index.ts";
import { databases } from "../platform/databases.fixture.ts";
import { openSource } from "../platform/log-source.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { LogMirror } from "../log/mirror.jobs.ts";
import { setAudience } from "../log/log.store.ts";
import { FolderTarget } from "../platform/folder-target.ts";
import { call, openTestEngine, type TestEngine } from "./engine.fixture.ts";

const run = promisify(execFile);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const cli = here("cli.ts");
const python = here("../../../../auditors/python/probity_audit.py");

/** Why the second auditor cannot run here; undefined if it can, or must. */
const pythonAbsent =
  process.env["PROBITY_REQUIRE_ALL"] === "1" || spawnSync("python3", ["-c", "import cryptography"]).status === 0
    ? undefined
    : "no python3 with the package cryptography: the second auditor is left out";
if (pythonAbsent !== undefined) process.stdout.write(`${pythonAbsent}\n`);

interface Verdict {
  readonly ok: boolean;
  readonly size: number | null;
  readonly root: string | null;
  readonly facts: string | null;
  readonly entries: number | null;
  readonly epochs: number;
  readonly failure: { readonly where: string; readonly what: string } | null;
}

async function lastLine(command: string, args: readonly string[]): Promise<Verdict> {
  const { stdout } = await run(command, args, { maxBuffer: 64_000_000 }).catch((failure: unknown) => {
    const error = failure as { stdout?: string; stderr?: string; message: string };
    if (error.stdout === undefined || error.stdout === "") throw new Error(`${error.message}\n${error.stderr ?? ""}`);
    return { stdout: error.stdout };
  });
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) as string) as Verdict;
}

/** Changes one byte of the answer of one address. */
interface Tampering {
  readonly path: string;
  readonly place: number;
  readonly change: number;
}

describe.each(databases)("an audit from outside, of a log on $name", (database) => {
  if (database.absent !== undefined) {
    it.skip(`skipped: ${database.absent}`, () => undefined);
    return;
  }
  let opened: TestEngine;
  let market: Marketplace;
  let token: string;
  let server: Server;
  let address: string;
  let folder: string;
  let policyFile: string;
  let tampering: Tampering | undefined;
  const served = new Map<string, number>();

  /** What the engine answers, with one byte changed where that is asked for. */
  async function answer(url: string, authorization: string | undefined): Promise<{ status: number; bytes: Buffer }> {
    const { statusCode, rawPayload } = await opened.app.inject({
      method: "GET",
      url,
      headers: authorization === undefined ? {} : { authorization },
    });
    const bytes = Buffer.from(rawPayload);
    const [path = ""] = url.split("?");
    if (statusCode === 200) served.set(path, bytes.length);
    if (tampering?.path === path) {
      bytes[tampering.place] = (bytes[tampering.place] as number) ^ tampering.change;
    }
    return { status: statusCode, bytes };
  }

  async function live(): Promise<void> {
    const { engine } = opened;
    const { events } = simulateWithTruth({ seed: 5, merchants: 14, orders: 420, days: 60, endDay: 20_760 });
    const all = [...events];
    const half = Math.floor(all.length / 2);
    const rate = async (): Promise<void> => {
      while (((await engine.ratings.run(market))?.rated ?? 0) > 0);
    };
    await engine.ratings.prepare(market);
    await send(engine.ledger, market, all.slice(0, half));
    await rate();
    await send(engine.ledger, market, [
      event("reg-1", "merchant.registered", { merchant: "late-1", name: "A", category: "tea" }, 20_700),
      event("reg-2", "merchant.registered", { merchant: "late-1", name: "A", category: "toys" }, 20_701),
      event("reg-3", "merchant.registered", { merchant: "late-1", name: "A" }, 20_699),
      event("link-1", "merchant.linked", { merchant: "m-0001", to: "m-0002", evidence: ["x"], holds: true }, 20_701),
      event("link-2", "merchant.linked", { merchant: "m-0001", to: "m-0002", evidence: ["x"], holds: false }, 20_700),
      ...all.slice(half),
    ]);
    await engine.authenticity.prepare(market);
    await engine.authenticity.run(market);
    await rate();
    expect((await engine.publicLog.seal(market)).published).toBeGreaterThan(2_000);
  }

  beforeAll(async () => {
    opened = await openTestEngine(database);
    ({ market, token } = await opened.enter());
    await live();
    folder = mkdtempSync(join(tmpdir(), "probity-audit-"));
    policyFile = join(folder, "policy.txt");
    writeFileSync(policyFile, (await call(opened.app, { url: `/log/${market.slug}/trust-policy` })).text);
    server = createServer(async (request, response) => {
      const { status, bytes } = await answer(request.url ?? "/", request.headers.authorization);
      response.writeHead(status, { "content-length": bytes.length }).end(bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }, 240_000);

  afterAll(async () => {
    server?.close();
    server?.closeAllConnections();
    await opened?.[Symbol.asyncDispose]();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const options = (): string[] => [address, "--marketplace", market.slug, "--policy", policyFile, "--json"];
  const byNode = (...more: string[]): Promise<Verdict> =>
    lastLine(process.execPath, [cli, "audit", ...options(), ...more]);
  const byPython = (...more: string[]): Promise<Verdict> =>
    pythonAbsent === undefined ? lastLine("python3", [python, ...options(), ...more]) : byNode(...more);
  const both = (...more: string[]): Promise<Verdict[]> => Promise.all([byNode(...more), byPython(...more)]);

  it("comes to the server's numbers to the bit, by both auditors", async () => {
    const [node, other] = await both();
    expect([node?.failure, other?.failure]).toEqual([null, null]);
    expect(node).toMatchObject({ ok: true, size: other?.size, root: other?.root, facts: other?.facts });
    expect([node?.epochs, other?.epochs]).toEqual([6, 6]);
    const { text } = await call(opened.app, { url: `/log/${market.slug}/checkpoint` });
    expect(text.split("\n")[1]).toBe(String(node?.size));
  }, 120_000);

  it("also as of an earlier size", async () => {
    const [node, other] = await both("--as-of", "1000");
    expect([node?.ok, other?.ok, node?.facts]).toEqual([true, true, other?.facts]);
  }, 120_000);

  it("finds each of twenty changed bytes in tiles, bundles, checkpoint, policies and ratings", async () => {
    tampering = undefined;
    served.clear();
    await byNode();
    const paths = [...served.keys()].map((path) => path.slice(`/log/${market.slug}/`.length));
    const groups = [/^tile\/\d/, /^tile\/entries/, /^checkpoint/, /^policies/, /^ratings/].map((form) =>
      paths.filter((path) => form.test(path)),
    );
    expect(groups.map((group) => group.length > 0)).toEqual([true, true, true, true, true]);
    const random = uniform(drawSeed("tampering with a log"));
    const draw = (below: number): number => Math.floor(random() * below);
    // What is served is the same bytes whatever stores them: the second database is asked once for each kind.
    for (let round = 0; round < (database.name === "PGlite" ? 20 : groups.length); round += 1) {
      const group = groups[round % groups.length] as string[];
      const path = group[draw(group.length)] as string;
      const full = `/log/${market.slug}/${path}`;
      tampering = { path: full, place: draw(served.get(full) as number), change: 1 + draw(255) };
      const told = JSON.stringify(tampering);
      const [node, other] = await both();
      expect([node?.ok, other?.ok], told).toEqual([false, false]);
      // Where a tile or a bundle does not fit the other, either may be named.
      const place = path.replace(/^tile\/(entries|0)\//, "").split(".p/")[0] as string;
      expect(node?.failure?.where, told).toContain(place);
    }
    tampering = undefined;
  }, 300_000);

  it("does not take a tile and a bundle that were forged to fit each other", async () => {
    // The forgery of CVE-2026-56865: consistent below, and below a checkpoint that it does not fit.
    const forged = await forge(opened, market);
    const source = await openSource(address, market.slug, undefined);
    const proxied = createServer(async (request, response) => {
      const path = (request.url ?? "").slice(`/log/${market.slug}/`.length);
      const bytes = forged.get(path) ?? (await source.get(path));
      response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
    });
    await new Promise<void>((resolve) => proxied.listen(0, "127.0.0.1", resolve));
    const base = `http://127.0.0.1:${(proxied.address() as AddressInfo).port}`;
    const args = [base, "--marketplace", market.slug, "--policy", policyFile, "--json"];
    const verdicts = await Promise.all([
      lastLine(process.execPath, [cli, "audit", ...args]),
      ...(pythonAbsent === undefined ? [lastLine("python3", [python, ...args])] : []),
    ]);
    proxied.close();
    proxied.closeAllConnections();
    expect(verdicts.filter(({ ok }) => ok)).toEqual([]);
  }, 120_000);

  it("goes on from what it has read, and sees a log that shrank since", async () => {
    const state = join(folder, "state");
    const bundles = (): number => [...served.keys()].filter((path) => path.includes("/tile/entries/")).length;
    const whole = await byNode("--state", state);
    served.clear();
    const again = await byNode("--state", state);
    expect([again.failure, again.facts]).toEqual([null, whole.facts]);
    expect(bundles()).toBeLessThan(4);
    expect((await byNode("--state", state, "--as-of", "300")).failure?.what).toContain("were audited before");
    writeFileSync(state, "what?");
    expect((await byNode("--state", state)).failure?.where).toBe("state");
  }, 120_000);

  it("opens entries that the root draws, and their events make the differences that they state", async () => {
    const key = await opened.key(market, ["log:open"]);
    const { spot, failure } = (await byNode("--spot", "60", "--key", key)) as Verdict & {
      spot: { drawn: number; right: number; closed: number };
    };
    expect(failure).toBe(null);
    expect(spot).toMatchObject({ drawn: 60, right: 60, closed: 0 });
    const weak = await byNode("--spot", "5", "--key", await opened.key(market, ["log:read"]));
    expect(weak.failure?.where).toMatch(/^openings\/\d+$/);
  }, 120_000);

  it("sees an opened event that is not the one that was logged", async () => {
    const key = await opened.key(market, ["log:open"]);
    served.clear();
    await byNode("--spot", "6", "--key", key);
    const path = [...served.keys()].find((one) => one.includes("/openings/")) as string;
    const opening = Buffer.from((await answer(path, `Bearer ${key}`)).bytes).toString("latin1");
    tampering = { path, place: opening.indexOf('"disclosures":["') + 40, change: 1 };
    expect((await byNode("--spot", "6", "--key", key)).failure?.where).toBe(path.slice(path.indexOf("openings/")));
    tampering = undefined;
  }, 120_000);

  it("finds an operator who states a wrong difference, which a tree cannot show", async () => {
    const { db, ledger, publicLog } = opened.engine;
    const other = await opened.enter();
    const { marketplaceId, slug } = other.market;
    const orders = Array.from({ length: 12 }, (_, no) =>
      placed(`w-${no}`, { merchant: "m-w", buyer: `b-${no}` }, 20_700),
    );
    await send(ledger, other.market, orders);
    const [row] = await db.query<{ entry: string }>(
      "SELECT entry FROM ledger_event WHERE marketplace_id = $1 AND seq = 7",
      [marketplaceId],
    );
    const wrong = (row?.entry ?? "").replace('"orders",20700,1,0]', '"orders",20700,3,0]');
    await db.query(
      "UPDATE ledger_event SET entry = $2, leaf = decode($3, 'hex') WHERE marketplace_id = $1 AND seq = 7",
      [marketplaceId, wrong, leafHash(wrong).toString("hex")],
    );
    await publicLog.seal(other.market);
    const args = [cli, "audit", address, "--marketplace", slug, "--json"];
    expect((await lastLine(process.execPath, args)).ok).toBe(true);
    const key = await opened.key(other.market, ["log:open"]);
    const found = await lastLine(process.execPath, [...args, "--spot", "12", "--key", key]);
    expect(found.failure?.where).toBe("openings/7");
    expect(found.failure?.what).toContain("its events make it");
  }, 120_000);

  it("serves the tiles that the published size has, and no other width", async () => {
    const size = (await byNode()).size ?? 0;
    const status = async (path: string): Promise<number> =>
      (await call(opened.app, { url: `/log/${market.slug}/${path}` })).status;
    const last = Math.floor(size / 256);
    const name = String(last).padStart(3, "0");
    for (const level of ["0", "entries"]) {
      expect(await status(`tile/${level}/${name}.p/${size % 256}`)).toBe(200);
      expect(await status(`tile/${level}/${name}.p/1`)).toBe(200);
      for (const wrong of [
        `${name}.p/${(size % 256) + 1}`,
        name,
        `${name}.p/0`,
        `${name}.p/256`,
        `${name}.p/01`,
        `x${name}/000`,
      ])
        expect([wrong, await status(`tile/${level}/${wrong}`)]).toEqual([wrong, 404]);
    }
    for (const wrong of [
      "tile/64/000",
      "tile/9/000",
      "checkpoint/",
      "policies/x",
      "ratings/0",
      "ratings/999999999",
      "acts/1",
      "",
    ])
      expect([wrong, await status(wrong)]).toEqual([wrong, 404]);
    expect(await status("acts?from=x")).toBe(400);
    expect((await call(opened.app, { url: "/log/nobody/checkpoint" })).status).toBe(404);
    expect((await call(opened.app, { url: `/log/${market.slug}/2/checkpoint` })).status).toBe(404);
  }, 60_000);

  it("is watched by a monitor, which alarms where it shrinks, forks or does not continue", async () => {
    const state = join(folder, "monitor.state");
    const look = (): Promise<{ stdout: string; stderr: string; code: number }> =>
      run(process.execPath, [
        cli,
        "monitor",
        address,
        "--marketplace",
        market.slug,
        "--policy",
        policyFile,
        "--state",
        state,
        "--once",
      ])
        .then(({ stdout, stderr }) => ({ stdout, stderr, code: 0 }))
        .catch((failure: unknown) => failure as { stdout: string; stderr: string; code: number });
    const first = await look();
    expect([first.code, first.stdout]).toEqual([0, expect.stringMatching(/ \d+ [0-9a-f]{64}\n$/)]);
    const [size = "", root = ""] = readFileSync(state, "utf8").split("\n");
    expect(await look()).toMatchObject({ code: 0, stdout: "" });
    const other = Buffer.alloc(32, 1).toString("base64");
    for (const [seen, by, alarm] of [
      [Number(size) + 1, root, "the log shrank"],
      [Number(size), other, "two roots for"],
      [1_000, other, "does not continue"],
    ] as const) {
      writeFileSync(state, `${seen}\n${by}\n`);
      const { code, stderr } = await look();
      expect([code, stderr]).toEqual([1, expect.stringContaining(`ALARM`)]);
      expect(stderr).toContain(alarm);
    }
  }, 120_000);

  it("reads a folder that mirrors the log", async () => {
    const mirror = new LogMirror({
      db: opened.engine.db,
      target: new FolderTarget(join(folder, "mirror")),
      trustPolicyOf: async () => readFileSync(policyFile, "utf8"),
    });
    const size = await mirror.write(market);
    expect(await mirror.write(market)).toBe(size);
    const mirrored = await lastLine(process.execPath, [
      cli,
      "audit",
      join(folder, "mirror"),
      "--marketplace",
      market.slug,
      "--policy",
      policyFile,
      "--json",
    ]);
    expect([mirrored.failure, mirrored.size]).toEqual([null, size]);
  }, 120_000);

  it("mirrors entries once they are public, those from before as well", async () => {
    const target = new FolderTarget(join(folder, "opened"));
    const mirror = new LogMirror({
      db: opened.engine.db,
      target,
      trustPolicyOf: async () => readFileSync(policyFile, "utf8"),
    });
    const { marketplaceId, slug } = market;
    await setAudience(opened.engine.db, marketplaceId, "auditors");
    const size = await mirror.write(market);
    const entries = `${slug}/tile/entries/000`;
    expect([await target.get(entries), await target.get(`${slug}/acts`)]).toEqual([undefined, undefined]);
    await setAudience(opened.engine.db, marketplaceId, "public");
    expect(await mirror.write(market)).toBe(size);
    expect(await target.get(entries)).toBeDefined();
    expect(JSON.parse((await target.get(`${slug}/acts`))?.toString("utf8") ?? "{}")).toMatchObject({ next: null });
    const said = await lastLine(process.execPath, [
      cli,
      "audit",
      join(folder, "opened"),
      "--marketplace",
      slug,
      "--policy",
      policyFile,
      "--json",
    ]);
    expect([said.failure, said.size]).toEqual([null, size]);
  }, 120_000);

  it("needs a key where entries are for auditors, and hash tiles stay public", async () => {
    const told = await call(opened.app, {
      url: "/v1/log/audience",
      method: "POST",
      token,
      body: JSON.stringify({ audience: "auditors" }),
      type: "application/json",
    });
    expect(told.status).toBe(200);
    const refused = await both();
    expect(refused.map(({ failure }) => failure?.what.includes("--key"))).toEqual([true, true]);
    const key = await opened.key(market, ["log:read"]);
    const allowed = await both("--key", key);
    expect(allowed.map(({ ok }) => ok)).toEqual([true, true]);
    const foreign = await opened.enter(["log:read"]);
    expect((await byNode("--key", foreign.token)).ok).toBe(false);
    const weak = await opened.key(market, ["events:read"]);
    expect((await byNode("--key", weak)).ok).toBe(false);
    for (const [path, status] of [
      ["checkpoint", 200],
      ["tile/0/000", 200],
      ["tile/entries/000", 401],
      ["acts", 401],
    ] as const)
      expect([path, (await call(opened.app, { url: `/log/${market.slug}/${path}` })).status]).toEqual([path, status]);
  }, 120_000);
});

/** A bundle with one entry changed, and every hash tile made to fit it. */
async function forge({ app, engine }: TestEngine, market: Marketplace): Promise<Map<string, Uint8Array>> {
  const { readBundle, tilePath, tilesAt, writeBundle } = await import("@probity/verifier/tlog/tile");
  const { TreeBuilder } = await import("@probity/verifier/audit/tile-check");
  const { leafInput } = await import("@probity/verifier/tlog/merkle");
  const { sha256 } = await import("../log/tile-edge.ts");
  const { size } = (
    await engine.db.query<{ size: number }>(
      "SELECT max(size) AS size FROM log_checkpoint WHERE marketplace_id = $1 AND published_ms IS NOT NULL",
      [market.marketplaceId],
    )
  )[0] as { size: number };
  const forged = new Map<string, Uint8Array>();
  const tree = new TreeBuilder(sha256, (name, hashes) => void forged.set(tilePath(name), hashes));
  for (const name of tilesAt("entries", size)) {
    const { rawPayload } = await app.inject({ url: `/log/${market.slug}/${tilePath(name)}` });
    const entries = readBundle(new Uint8Array(rawPayload), name.width).map((entry) => Buffer.from(entry));
    if (name.index === 3) {
      const change = entries.findIndex((entry) => /,1,1\]/.test(entry.toString("latin1")));
      entries[change] = Buffer.from((entries[change] as Buffer).toString("latin1").replace(",1,1]", ",1,0]"), "latin1");
      forged.set(tilePath(name), writeBundle(entries));
    }
    for (const entry of entries) tree.add(sha256(leafInput(entry)));
  }
  for (const { name, hashes } of tree.partial()) forged.set(tilePath(name), hashes);
  return forged;
}
