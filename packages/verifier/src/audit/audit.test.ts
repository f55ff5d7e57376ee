import { beforeAll, describe, expect, test } from "vitest";
import { hex, utf8 } from "../tlog/bytes.ts";
import { checkpointText } from "../tlog/checkpoint.ts";
import { leafInput, treeRoot } from "../tlog/merkle.ts";
import { noteText } from "../tlog/note.ts";
import { tilePath, tilesAt, writeBundle } from "../tlog/tile.ts";
import type { TrustPolicy } from "../tlog/trust-policy.ts";
import { sha256, testKey, type TestKey, testPrimitives } from "../tlog/tlog.fixture.ts";
import { audit, type AuditOptions, type AuditReport } from "./audit.ts";
import { AuditFailure } from "./audit-source.ts";
import { factsText } from "./facts-text.ts";
import { TreeBuilder } from "./tile-check.ts";

const origin = "log.example/log/main";
const subject = (no: number): string => `m:${String(no).padStart(22, "A")}`;
const digests = (seed: number): string =>
  Array.from({ length: 20 }, (_, at) => `"${Buffer.from(sha256(utf8(`${seed} ${at}`))).toString("base64url")}"`)
    .sort()
    .join(",");

/** An entry with a fact of one of ten merchants, each named where it comes first. */
function entryOf(place: number): string {
  const no = place % 10;
  const named = place < 10 ? `"c":[["${subject(no)}",""]],` : "";
  return `{${named}"d":[["${subject(no)}","orders",${20_000 + (place % 7)},1,0]],"sd":[${digests(place)}],"t":"order.placed","v":1}`;
}

let log: TestKey;
let policy: TrustPolicy;

beforeAll(async () => {
  log = await testKey(origin, 1);
  policy = { logs: [{ key: log.key, url: undefined }], witnesses: [], groups: [], quorum: "none" };
});

/** Everything that a log of these entries serves. */
function served(entries: readonly string[], acts: readonly unknown[] = []): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const tree = new TreeBuilder(sha256, (name, hashes) => void files.set(tilePath(name), hashes));
  const leaves = entries.map((entry) => sha256(leafInput(utf8(entry))));
  for (const leaf of leaves) tree.add(leaf);
  for (const { name, hashes } of tree.partial()) files.set(tilePath(name), hashes);
  for (const name of tilesAt("entries", entries.length))
    files.set(tilePath(name), writeBundle(entries.slice(name.index * 256, name.index * 256 + name.width).map(utf8)));
  const text = checkpointText({ origin, size: entries.length, root: treeRoot(sha256, leaves) });
  files.set("checkpoint", utf8(noteText({ text, signatures: [log.signature(text)] })));
  files.set("acts", utf8(JSON.stringify({ acts, next: null })));
  return files;
}

const entries = Array.from({ length: 1_100 }, (_, place) => entryOf(place));

function look(files: ReadonlyMap<string, Uint8Array>, more: Partial<AuditOptions> = {}): Promise<AuditReport> {
  const source = { get: async (path: string) => files.get(path.split("?")[0] as string) };
  return audit({ source, primitives: testPrimitives, sha256, policy, origin, ...more });
}

const failure = async (files: ReadonlyMap<string, Uint8Array>, more: Partial<AuditOptions> = {}): Promise<string> =>
  look(files, more).then(
    () => "nothing",
    (error: unknown) =>
      error instanceof AuditFailure ? error.message : `not an AuditFailure: ${(error as Error).stack}`,
  );

describe("an audit", () => {
  test("adds up what the entries say", async () => {
    const progress: number[] = [];
    const report = await look(served(entries), { onProgress: (read) => progress.push(read) });
    expect([report.size, report.asOf, progress.at(-1), progress.length]).toEqual([1_100, 1_100, 1_100, 5]);
    const lines = factsText(report.facts).split("\n").slice(0, -1);
    expect(lines.length).toBe(70);
    expect(lines.reduce((sum, line) => sum + Number(line.split(" ")[3]), 0)).toBe(1_100);
  });

  test("as of a size rests on the first so many entries, under the root of their tree", async () => {
    const report = await look(served(entries), { asOf: 300 });
    const early = await look(served(entries.slice(0, 300)));
    expect([factsText(report.facts), report.asOfRoot]).toEqual([factsText(early.facts), early.root]);
    expect(await failure(served(entries), { asOf: 1_101 })).toContain("fewer than 1101");
  });

  test("goes on where another has stopped, and comes to the same", async () => {
    const states: Uint8Array[] = [];
    await look(served(entries.slice(0, 800)), { onRest: (state) => void states.push(state()) });
    expect(states.length).toBe(3);
    for (const state of states) {
      const [whole, rest] = await Promise.all([look(served(entries)), look(served(entries), { state })]);
      expect([factsText(rest.facts), rest.root]).toEqual([factsText(whole.facts), whole.root]);
    }
    expect(await failure(served(entries.slice(0, 500)), { state: states[2] as Uint8Array })).toContain(
      "the log shrank",
    );
    const other = [...entries.slice(0, 5), entryOf(5_000), ...entries.slice(6)];
    expect(await failure(served(other), { state: states[1] as Uint8Array })).toMatch(/^(checkpoint|tile\/1\/000)/);
  });

  test("names the first thing that is off", async () => {
    const off = async (change: (files: Map<string, Uint8Array>) => void): Promise<string> => {
      const files = served(entries);
      change(files);
      return failure(files);
    };
    const bundle = (files: Map<string, Uint8Array>): Uint8Array => files.get("tile/entries/001") as Uint8Array;
    expect(await off((files) => files.delete("checkpoint"))).toBe("checkpoint: is not served");
    expect(await off((files) => files.delete("tile/entries/002"))).toBe("tile/entries/002: is not served");
    expect(await off((files) => files.delete("tile/1/000.p/4"))).toBe("tile/1/000.p/4: is not served");
    expect(await off((files) => files.set("tile/entries/001", bundle(files).subarray(0, -1)))).toMatch(
      /^tile\/entries\/001: ends inside entry 255/,
    );
    expect(await off((files) => files.set("tile/0/003", new Uint8Array(31)))).toContain(
      "tile/0/003: has 31 bytes, not 8192",
    );
    expect(
      await off((files) => files.set("tile/entries/001", Buffer.concat([bundle(files), Buffer.of(0, 1, 65)]))),
    ).toContain("bytes after its 256 entries");
    expect(
      await off((files) =>
        files.set(
          "tile/entries/001",
          Buffer.from(Buffer.from(bundle(files)).toString("latin1").replace(",1,0]", ",2,0]"), "latin1"),
        ),
      ),
    ).toMatch(/^tile\/0\/001 hash 0: is not the hash of tile\/entries\/001 entry 256$/);
    expect(await off((files) => files.set("acts", utf8("[]")))).toContain("acts: ");
    expect(await off((files) => files.set("acts", utf8('{"acts":[],"next":0}')))).toContain("leads back");
    const text = checkpointText({ origin, size: 1_100, root: sha256(utf8("x")) });
    expect(
      await off((files) => files.set("checkpoint", utf8(noteText({ text, signatures: [log.signature(text)] })))),
    ).toMatch(new RegExp(`^checkpoint: has the root ${hex(sha256(utf8("x")))}`));
  });

  test("refuses facts of nobody, and acts that /acts leaves out or that lie behind themselves", async () => {
    const act = (logSize: number): string =>
      `{"d":[],"p":{"day":20000,"epoch":1,"kind":"merchant","logSize":${logSize},"policy":"${"0".repeat(64)}","priors":"${"0".repeat(64)}"},"sd":[${digests(9)}],"t":"epoch.begun","v":1}`;
    const nobody = [entryOf(15)];
    expect(await failure(served(nobody))).toContain("which no c has named");
    expect(await failure(served([...entries.slice(0, 20), act(20)]))).toContain("acts: leaves out the act of entry 20");
    const hinted = (size: number): Promise<string> =>
      failure(served([...entries.slice(0, 20), act(size)], [[20, "epoch.begun", size]]));
    expect(await hinted(21)).toContain("lies behind the act itself");
    expect(await hinted(20)).toContain(`policies/${"0".repeat(64)}: is not served`);
    const wrong = failure(served([...entries.slice(0, 20), act(20)], [[20, "epoch.begun", 19]]));
    expect(await wrong).toContain("names another log size");
  });
});
