import { writeFile } from "node:fs/promises";
import type { AssessedKind } from "@probity/contract";
import { rocAuc } from "@probity/kernels/stats/auc";
import { averagePrecision } from "@probity/kernels/stats/average-precision";
import { modelIdOf, toModelFile } from "../../authenticity/judge-file.ts";
import { withKnown } from "../../authenticity/known-before.ts";
import { genuineFrom, reliabilityAt, weightOf } from "../../authenticity/judge.ts";
import { learnDefaults, type Learnt } from "../../authenticity/learn.ts";
import type { WordReader } from "../../authenticity/text-marks.ts";
import { defaultWordReader } from "../../authenticity/word-reader.ts";
import {
  judgesOf,
  learnFromSimulation,
  simulateEvidence,
  smearedEvidence,
  type SimulatedMarket,
  type SimulatedPlan,
  tellingLess,
  type Untold,
  withOnlookers,
} from "./simulated-lessons.ts";
import { readArgs, wholeNumber } from "./usage.ts";

const usage = `probity train authenticity [--out FILE] [--seeds 16] [--seed 1]
Learns to judge reviews, orders and followers from so many simulated marketplaces and writes the model to FILE or standard output.`;

/** Sizes of the simulated marketplaces, one after another: small and large shops, short and long spans. */
const sizes = [
  { merchants: 40, orders: 6_000, days: 200, shoppers: 1_200 },
  { merchants: 120, orders: 9_000, days: 365, shoppers: 6_000 },
  { merchants: 60, orders: 12_000, days: 120, shoppers: 2_400 },
  { merchants: 30, orders: 3_000, days: 300, shoppers: 3_000 },
  { merchants: 200, orders: 12_000, days: 240, shoppers: 60_000 },
  { merchants: 80, orders: 7_000, days: 150, shoppers: 50_000 },
] as const;
/** What the platforms do not tell, one after another. */
const platforms: readonly (Untold | undefined)[] = [
  undefined,
  undefined,
  "all",
  undefined,
  "sharing",
  undefined,
  "words",
  "handling",
];
/** Shares of genuine followers who do nothing else, one marketplace after another. */
const onlookers = [0, 0.5, 0.2, 0.9] as const;
/** Lessons hold more fakes than a marketplace does. */
const fakeWeight = 0.4;
/** One marketplace in so many is small and has a shop that is badly spoken of: elsewhere such attacks are rare. */
const smearedEvery = 4;
/** One marketplace in so many has no crooks at all. */
const honestEvery = 5;

function planOf(seed: number, place: number): SimulatedPlan {
  const size = sizes[place % sizes.length] as (typeof sizes)[number];
  return { ...size, seed: seed * 10_000 + place, crooks: place % honestEvery !== honestEvery - 1 };
}

/** Lives through the marketplaces to learn from. */
export function lessonMarkets(seed: number, count: number, reader: WordReader): SimulatedMarket[] {
  return Array.from({ length: count }, (_, place) => {
    const own = seed * 10_000 + place;
    const lived =
      place % smearedEvery === 1 ? smearedEvidence(own, reader) : simulateEvidence(planOf(seed, place), reader);
    const market = withOnlookers(lived, onlookers[place % onlookers.length] as number, seed + place);
    const untold = platforms[place % platforms.length];
    return untold === undefined ? market : tellingLess(market, untold);
  });
}

/** How well rows are told apart by judges that had not seen their merchants. */
function quality({ judge, class: { labels, first }, scores }: Learnt, kind: AssessedKind, when: 0 | 1): string {
  const rows = Int32Array.from(labels.keys()).filter((row) => first[row] === when);
  const own = Float64Array.from(rows, (row) => scores[row] as number);
  const truth = Uint8Array.from(rows, (row) => labels[row] as number);
  const order = new Uint32Array(rows.length);
  const counts = (row: number): boolean => {
    const reliability = reliabilityAt(judge, own[row] as number);
    return kind === "review" ? weightOf(reliability) > 0 : reliability >= genuineFrom;
  };
  let [fakes, found, alarms] = [0, 0, 0];
  truth.forEach((label, row) => {
    fakes += label;
    if (!counts(row)) [found, alarms] = label === 1 ? [found + 1, alarms] : [found, alarms + 1];
  });
  const figures = [
    `AUC ${rocAuc(own, truth, order).toFixed(4)}`,
    `AP ${averagePrecision(own, truth, order).toFixed(4)}`,
    `not counted: ${found} of ${fakes} that are not genuine, ${alarms} of ${rows.length - fakes} that are`,
  ];
  return `${kind} ${when === 0 ? "with hindsight" : "as it came in"}: ${figures.join(", ")}`;
}

export async function trainAuthenticity(args: string[]): Promise<void> {
  const parsed = readArgs(usage, args, {
    out: { type: "string" },
    seeds: { type: "string" },
    seed: { type: "string" },
  });
  if (parsed === undefined) return;
  const { values } = parsed;
  const count = wholeNumber("seeds", values.seeds, 16, 4, 200);
  const seed = wholeNumber("seed", values.seed, 1, 0, 100_000);
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const markets = lessonMarkets(seed, count, defaultWordReader());
  say(`${count} marketplaces lived through`);
  const learnt = learnFromSimulation(markets, say, { ...learnDefaults, hidden: 0.35, fakeWeight });
  for (const kind of ["review", "order", "follow"] as const)
    for (const when of [1, 0] as const) say(quality(learnt[kind], kind, when));
  const file = withKnown(toModelFile(judgesOf(learnt)));
  const text = `${JSON.stringify(file)}\n`;
  say(`Model ${modelIdOf(file)}, ${Math.ceil(text.length / 1_024)} KB`);
  if (values.out === undefined) process.stdout.write(text);
  else await writeFile(values.out, text);
}
