import { ownDatabase, postgresUrl } from "./databases.ts";
import { startEngine } from "./engine-process.ts";
import { type Batch, EventClient, makeBatches } from "./event-load.ts";
import { dbEngine, readFlags, say } from "./flags.ts";

export const usage =
  "--db postgres|pglite [--seconds 20] [--connections 16] [--batch 100] [--worker off|on]    sustained ingestion over HTTP";

const warmUpMs = 3_000;

interface Sent {
  readonly latencies: number[];
  /** Counted ones; `allEvents` with those of the warm-up. */
  events: number;
  allEvents: number;
  refused: number;
  firstMs: number;
  lastMs: number;
}

/** Keeps every connection busy until time or events run out; what is sent while warming up does not count. */
async function drive(
  client: EventClient,
  batches: readonly Batch[],
  connections: number,
  seconds: number,
): Promise<Sent> {
  const sent: Sent = {
    latencies: [],
    events: 0,
    allEvents: 0,
    refused: 0,
    firstMs: Number.POSITIVE_INFINITY,
    lastMs: 0,
  };
  const began = performance.now();
  const countFrom = began + warmUpMs;
  const stopAt = countFrom + seconds * 1_000;
  let next = 0;
  const connection = async (): Promise<void> => {
    while (next < batches.length && performance.now() < stopAt) {
      const batch = batches[next] as Batch;
      next += 1;
      const from = performance.now();
      const answer = await client.send(batch.body);
      const to = performance.now();
      sent.allEvents += batch.ids.length;
      sent.refused += batch.ids.length - answer.accepted;
      if (from < countFrom) continue;
      sent.firstMs = Math.min(sent.firstMs, from);
      sent.lastMs = Math.max(sent.lastMs, to);
      sent.latencies.push(to - from);
      sent.events += batch.ids.length;
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  if (next === batches.length) say(`All ${next} batches were sent before the time was up; give --rate a higher number`);
  return sent;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Sustained ingestion: an engine in a process of its own, a lean client in this one, events made beforehand. */
export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const flags = readFlags(args, {
    db: "postgres",
    url: postgresUrl,
    seconds: 20,
    connections: 16,
    batch: 100,
    rate: 25_000,
    worker: "off",
    profile: "",
    seed: 1,
  });
  const db = dbEngine(flags.db);
  const batches = makeBatches(flags.seed, (flags.seconds + warmUpMs / 1_000) * flags.rate, flags.batch);
  say(
    `${batches.length} batches of ${flags.batch} events, ${Math.round(batches.reduce((sum, { body }) => sum + body.length, 0) / 2 ** 20)} MB`,
  );
  await using database = await ownDatabase(db, flags.url);
  const nodeArgs = flags.profile === "" ? [] : ["--cpu-prof", `--cpu-prof-dir=${flags.profile}`];
  const engine = await startEngine(database.env, flags.worker === "on" ? ["worker"] : [], nodeArgs);
  try {
    using client = new EventClient(engine, flags.connections);
    const before = [await engine.processorMs(), process.cpuUsage().user] as const;
    const sent = await drive(client, batches, flags.connections, flags.seconds);
    const [engineMs, clientUs] = [(await engine.processorMs()) - before[0], process.cpuUsage().user - before[1]];
    const all = sent.allEvents;
    say(
      `processor time per event: engine ${((engineMs * 1_000) / all).toFixed(1)} µs (without PostgreSQL's own), client ${(clientUs / all).toFixed(1)} µs`,
    );
    say(`${sent.events} events counted; ${sent.refused} verdicts of all that were sent were not 'accepted'`);
    const sorted = sent.latencies.toSorted((a, b) => a - b);
    return {
      events_per_s: Math.round((sent.events * 1_000) / (sent.lastMs - sent.firstMs)),
      p50_ms: Math.round(quantile(sorted, 0.5) * 10) / 10,
      p99_ms: Math.round(quantile(sorted, 0.99) * 10) / 10,
    };
  } finally {
    await engine.stop();
  }
}
