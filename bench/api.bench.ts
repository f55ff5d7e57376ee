import { defaultPolicies } from "../packages/engine/src/ratings/index.ts";
import { openEngine } from "../packages/engine/src/main/engine.ts";
import { readConfig } from "../packages/engine/src/platform/config.ts";
import { drive, makeAsks, Reader } from "./api-load.ts";
import { makeApiMarket } from "./api-market.ts";
import { ownDatabase, postgresUrl } from "./databases.ts";
import { startEngine } from "./engine-process.ts";
import { dbEngine, readFlags, say } from "./flags.ts";
import { Random } from "./random.ts";

export const usage =
  "[--merchants 100000] [--rows 2000000] [--rate 500] [--seconds 20]    list, merchant, explanation and what-if over HTTP";

const warmUpSeconds = 4;
const whatIfs = 3;

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

const tenths = (value: number): number => Math.round(value * 10) / 10;

/** What-ifs of a stricter policy, one after the other. */
async function whatIfTimes(reader: Reader): Promise<number[]> {
  const policy = {
    ...defaultPolicies.merchant,
    name: "stricter",
    grades: defaultPolicies.merchant.grades.map(({ grade, min }) => ({ grade, min: min === 0 ? 0 : min + 20 })),
  };
  const draft = JSON.parse((await reader.call("/v1/policies", policy)).toString("utf8")) as { policy: string };
  const times: number[] = [];
  for (let round = 0; round < whatIfs; round += 1) {
    const begun = performance.now();
    await reader.call(`/v1/policies/${draft.policy}/simulate`, {}, 60_000);
    times.push(performance.now() - begun);
    say(`what-if: ${Math.round(times.at(-1) as number)} ms`);
  }
  return times;
}

/** Reading at a steady rate: an engine in a process of its own on a marketplace that is rated, a lean client here. */
export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const flags = readFlags(args, {
    db: "postgres",
    url: postgresUrl,
    merchants: 100_000,
    rows: 2_000_000,
    rate: 500,
    seconds: 20,
    profile: "",
    seed: 1,
  });
  await using database = await ownDatabase(dbEngine(flags.db), flags.url);
  const market = await (async () => {
    await using engine = await openEngine(readConfig(database.env), { db: database.open() });
    return await makeApiMarket(engine, flags);
  })();
  const nodeArgs = flags.profile === "" ? [] : ["--cpu-prof", `--cpu-prof-dir=${flags.profile}`];
  const engine = await startEngine(database.env, [], nodeArgs);
  try {
    using reader = new Reader(engine);
    const random = new Random(flags.seed);
    await drive(reader, makeAsks(market, random, flags.rate * warmUpSeconds), flags.rate);
    const [engineBefore, clientBefore] = [await engine.processorMs(), process.cpuUsage()];
    const asks = makeAsks(market, random, flags.rate * flags.seconds);
    const { latencies, failed, answered, lastMs } = await drive(reader, asks, flags.rate);
    const client = process.cpuUsage(clientBefore);
    const engineMs = (await engine.processorMs()) - engineBefore;
    for (const [kind, values] of Object.entries(latencies)) {
      const at = (share: number): string => quantile(values, share).toFixed(1);
      say(`${kind}: ${values.length} times, p50 ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}, worst ${at(1)} ms`);
    }
    say(
      `processors: engine ${(engineMs / lastMs).toFixed(2)} (without PostgreSQL's own), client ${((client.user + client.system) / 1_000 / lastMs).toFixed(2)}`,
    );
    const whatIfMs = quantile(await whatIfTimes(reader), 0.5);
    return {
      list_p99_ms: tenths(quantile(latencies.list, 0.99)),
      merchant_p99_ms: tenths(quantile(latencies.merchant, 0.99)),
      explanation_p99_ms: tenths(quantile(latencies.explanation, 0.99)),
      what_if_ms: Math.round(whatIfMs),
      requests_per_s: Math.round((answered * 1_000) / lastMs),
      failed,
    };
  } finally {
    await engine.stop();
  }
}
