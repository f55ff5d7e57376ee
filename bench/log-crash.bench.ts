import { createServer, type Server } from "node:http";
import { mkdirSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { audit } from "@probity/verifier/audit/audit";
import { hex } from "@probity/verifier/tlog/bytes";
import { readCheckpoint } from "@probity/verifier/tlog/checkpoint";
import { readNote, readVerifierKey, verifierKeyText } from "@probity/verifier/tlog/note";
import { readTrustPolicy, type TrustPolicy } from "@probity/verifier/tlog/trust-policy";
import { nodePrimitives } from "../packages/engine/src/log/index.ts";
import { sha256 } from "../packages/engine/src/log/tile-edge.ts";
import { type Seen, Witness } from "../packages/engine/src/log/witness.ts";
import { LogKeys, makeKeyFile } from "../packages/engine/src/platform/log-keys.ts";
import { openSource } from "../packages/engine/src/platform/log-source.ts";
import { ownDatabase, postgresUrl } from "./databases.ts";
import { type EngineProcess, startEngine } from "./engine-process.ts";
import { type Batch, EventClient, makeBatches } from "./event-load.ts";
import { dbEngine, readFlags, say } from "./flags.ts";
import { Random } from "./random.ts";

export const usage =
  "--db postgres|pglite [--rounds 12]    sequencers killed at random (two at once on PostgreSQL), then a full audit";

const connections = 4;
const batchEvents = 50;
const momentMs = 1_500;
const roundEvents = 3_000;
const sizePollMs = 20;

/** Every checkpoint that anybody could have seen: one root a size, and no size below one that was seen before. */
class Onlooker {
  readonly #roots = new Map<number, string>();
  #largest = 0;
  forks = 0;

  see(size: number, root: string, who: string): void {
    const known = this.#roots.get(size);
    if (known !== undefined && known !== root) {
      this.forks += 1;
      say(`two roots for ${size} entries, one from ${who}`);
    }
    this.#roots.set(size, root);
    this.#largest = Math.max(this.#largest, size);
  }

  get checkpoints(): number {
    return this.#roots.size;
  }

  get largest(): number {
    return this.#largest;
  }
}

interface BenchWitness {
  readonly policyFile: string;
  close(): void;
}

/** A witness without which nothing is published; whatever it cosigns, the onlooker sees. */
async function startWitness(folder: string, keys: LogKeys, onlooker: Onlooker): Promise<BenchWitness> {
  const signer = makeKeyFile(join(folder, "witness.key"), "witness.bench", 4);
  const log = keys.make("bench", 1, "bench.example/log/bench");
  const logs = [{ key: await readVerifierKey(nodePrimitives, log.verifierKey), url: undefined }];
  const seen = new Map<string, Seen>();
  const desk = new Witness({
    policy: { logs, witnesses: [], groups: [], quorum: "none" },
    signer,
    read: (origin) => seen.get(origin),
    write: (origin, what) => {
      onlooker.see(what.size, what.root, "the witness");
      seen.set(origin, what);
    },
    now: Date.now,
  });
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { status, type, body } = await desk.addCheckpoint(Buffer.concat(chunks));
    // What a witness refuses for its proof or root is a fork of the log.
    if (status === 422) onlooker.forks += 1;
    response.writeHead(status, { "content-type": type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const key = await readVerifierKey(nodePrimitives, signer.verifierKey);
  const policyFile = join(folder, "policy.txt");
  writeFileSync(policyFile, `witness w ${verifierKeyText(key)} ${url}\nquorum w\n`);
  return { policyFile, close: () => server.close() };
}

/** Follows the published checkpoint while an engine lives. */
async function watch(engine: EngineProcess, onlooker: Onlooker, isAlive: () => boolean): Promise<void> {
  while (isAlive()) {
    try {
      const answer = await fetch(`http://127.0.0.1:${engine.port}/log/bench/checkpoint`);
      if (answer.ok) {
        const { size, root } = readCheckpoint(readNote(Buffer.from(await answer.text())));
        onlooker.see(size, hex(root), "the server");
      }
    } catch {
      // It was killed.
    }
    await sleep(sizePollMs);
  }
}

interface Load {
  readonly batches: Batch[];
  next: number;
  readonly acknowledged: string[];
}

async function loadAndKill(
  processes: readonly EngineProcess[],
  load: Load,
  random: Random,
  onlooker: Onlooker,
): Promise<void> {
  const [engine] = processes as [EngineProcess];
  using client = new EventClient(engine, connections);
  let alive = true;
  const watching = watch(engine, onlooker, () => alive);
  const connection = async (): Promise<void> => {
    while (alive && load.next < load.batches.length) {
      const batch = load.batches[load.next] as Batch;
      load.next += 1;
      try {
        await client.send(batch.body);
        load.acknowledged.push(...batch.ids);
      } catch {
        alive = false;
      }
    }
  };
  const all = Promise.all(Array.from({ length: connections }, connection));
  await sleep(300 + random.below(momentMs));
  await Promise.all(processes.map((process) => process.kill()));
  alive = false;
  await Promise.all([all, watching]);
}

async function auditOf(engine: EngineProcess, policy: TrustPolicy): Promise<number> {
  const source = await openSource(`http://127.0.0.1:${engine.port}`, "bench", undefined);
  const report = await audit({
    source,
    primitives: nodePrimitives,
    sha256,
    policy,
  });
  return report.size;
}

/** Rounds of load and kill -9 of all processes of a log; at the end everything acknowledged is published and audited. */
export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const flags = readFlags(args, { db: "postgres", url: postgresUrl, rounds: 12, seed: 1 });
  const engineName = dbEngine(flags.db);
  const random = new Random(flags.seed);
  const onlooker = new Onlooker();
  const load: Load = {
    batches: makeBatches(flags.seed, flags.rounds * roundEvents, batchEvents),
    next: 0,
    acknowledged: [],
  };
  await using database = await ownDatabase(engineName, flags.url);
  const keysFolder = join(database.env["PROBITY_DATA_DIR"] as string, "log-keys");
  mkdirSync(keysFolder, { recursive: true });
  const witness = await startWitness(keysFolder, new LogKeys(keysFolder), onlooker);
  const env = {
    ...database.env,
    PROBITY_LOG_KEYS: keysFolder,
    PROBITY_LOG_POLICY: witness.policyFile,
    PROBITY_LOG_CHECKPOINT_MS: "100",
    PROBITY_LOG_LEVEL: "fatal",
  };
  const start = async (): Promise<EngineProcess[]> => {
    const server = await startEngine(env, ["worker"]);
    return engineName === "postgres" ? [server, await startEngine(env, ["worker"])] : [server];
  };
  try {
    for (let round = 0; round < flags.rounds; round += 1) {
      await loadAndKill(await start(), load, random, onlooker);
      say(
        `round ${round + 1}: ${load.acknowledged.length} acknowledged, ${onlooker.checkpoints} checkpoints, ${onlooker.forks} forks`,
      );
    }
    const processes = await start();
    const [engine] = processes as [EngineProcess];
    const { size, events } = await engine.snapshot(0);
    const held = new Set(events.map(({ id }) => id));
    const missing = load.acknowledged.filter((id) => !held.has(id)).length;
    for (let wait = 0; onlooker.largest < size && wait < 600; wait += 1) await sleep(100);
    const text = await (await fetch(`http://127.0.0.1:${engine.port}/log/bench/trust-policy`)).text();
    const audited = await auditOf(engine, await readTrustPolicy(nodePrimitives, text));
    for (const process of processes) await process.stop();
    say(`audited ${audited} entries; the largest checkpoint seen was of ${onlooker.largest}`);
    const lost = missing + Math.max(0, onlooker.largest - audited) + Math.max(0, size - audited);
    return { checkpoints: onlooker.checkpoints, forks: onlooker.forks, lost, entries: audited };
  } finally {
    witness.close();
  }
}
