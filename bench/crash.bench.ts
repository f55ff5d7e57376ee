import { metrics } from "@probity/contract";
import { setTimeout as sleep } from "node:timers/promises";
import { ownDatabase, postgresUrl } from "./databases.ts";
import { type EngineProcess, startEngine } from "./engine-process.ts";
import { type Batch, EventClient, makeBatches } from "./event-load.ts";
import { dbEngine, readFlags, say } from "./flags.ts";
import { Recomputation } from "./ledger-snapshot.ts";
import { Random } from "./random.ts";

export const usage =
  "--db postgres|pglite [--rounds 20]    kill -9 under load: nothing acknowledged is lost, facts stay right";

const connections = 8;
const batchEvents = 50;
/** The engine is killed a moment (up to this long) after one of its first acknowledgements. */
const momentMs = 400;
const acknowledgementsMax = 30;
/** Room for what a fast engine takes in that time. */
const roundEvents = 8_000;
const source = "urn:simulator";

/** Bodies in order; what was not acknowledged is sent again, as a careful client does. */
class Queue {
  readonly #batches: readonly Batch[];
  readonly #again: number[] = [];
  readonly acknowledged = new Set<number>();
  #next = 0;

  constructor(batches: readonly Batch[]) {
    this.#batches = batches;
  }

  take(): number | undefined {
    const again = this.#again.shift();
    if (again !== undefined) return again;
    if (this.#next === this.#batches.length) return undefined;
    this.#next += 1;
    return this.#next - 1;
  }

  giveBack(place: number): void {
    this.#again.push(place);
  }

  batch(place: number): Batch {
    return this.#batches[place] as Batch;
  }

  /** Ids of everything acknowledged so far. */
  ids(): string[] {
    return [...this.acknowledged].flatMap((place) => this.batch(place).ids);
  }
}

/** Loads an engine until it is killed; resolves when it is dead and every request has ended. */
async function loadAndKill(engine: EngineProcess, queue: Queue, random: Random): Promise<void> {
  using client = new EventClient(engine, connections);
  const reached = Promise.withResolvers<void>();
  let left = 1 + random.below(acknowledgementsMax);
  let alive = true;
  const connection = async (): Promise<void> => {
    while (alive) {
      const place = queue.take();
      if (place === undefined) break;
      try {
        const { rejected } = await client.send(queue.batch(place).body);
        if (rejected > 0) throw new RangeError(`${rejected} events were rejected`);
        queue.acknowledged.add(place);
      } catch (error) {
        queue.giveBack(place);
        // A refusal is a fault of the benchmark; a broken connection is what it is about.
        if (error instanceof RangeError) throw error;
        alive = false;
      }
      left -= 1;
      if (left === 0) reached.resolve();
    }
  };
  const all = Promise.all(Array.from({ length: connections }, connection));
  await Promise.race([reached.promise, all]);
  await sleep(random.below(momentMs));
  await engine.kill();
  alive = false;
  await all;
}

/** Rounds of load and kill -9 on one database; after each restart everything acknowledged must be there. */
export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const flags = readFlags(args, { db: "postgres", url: postgresUrl, rounds: 20, seed: 1 });
  const engineName = dbEngine(flags.db);
  const random = new Random(flags.seed);
  const queue = new Queue(makeBatches(flags.seed, flags.rounds * roundEvents, batchEvents));
  const unpublished = new Set(metrics.filter(({ published }) => !published).map(({ no }) => no));
  const recomputation = new Recomputation("CNY", unpublished);
  const lost = new Set<string>();
  let wrong = 0;
  await using database = await ownDatabase(engineName, flags.url);
  for (let round = 0; ; round += 1) {
    const engine = await startEngine(database.env);
    const snapshot = await engine.snapshot(recomputation.size);
    recomputation.follow(snapshot);
    const ids = queue.ids();
    for (const id of ids) if (!recomputation.has(source, id)) lost.add(id);
    wrong = Math.max(wrong, recomputation.wrongFacts(snapshot));
    say(
      `round ${round}: ${ids.length} acknowledged, ${snapshot.size} in the ledger, ${lost.size} lost, ${snapshot.facts.rows} counters, ${wrong} wrong`,
    );
    if (round === flags.rounds) {
      await engine.stop();
      return { acknowledged: ids.length, lost: lost.size, wrong_facts: wrong };
    }
    await loadAndKill(engine, queue, random);
  }
}
