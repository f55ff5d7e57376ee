import { scenarios, type Scenario } from "@probity/simulator";
import { describe, expect, it } from "vitest";
import { print } from "../ratings/story.fixture.ts";
import { type AttackEffect, attackEffect, defaultJudges } from "./attacks.fixture.ts";
import { genuineFrom } from "./judge.ts";

const judges = defaultJudges();
const seeds = [11, 12, 13];
const population = 20;
/** Far above what it takes: a minute in all on two idle cores. */
const patienceMs = 400_000;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

interface Attacked {
  readonly scenario: Scenario;
  readonly effect: AttackEffect;
}

/** Plants an attack by several seeds, prints what it moves, and gives the runs. */
function attack<Roles extends string>(
  name: string,
  build: (seed: number) => Scenario<Roles, "before" | "after" | "end">,
  roles: readonly Roles[],
): Attacked[] {
  return seeds.map((seed) => {
    const scenario = build(seed);
    const subjects = roles.map((role) => scenario.merchants[role]);
    const effect = attackEffect(scenario, subjects, scenario.days.after, judges);
    print(`${name}, seed ${seed}`, [
      [
        "moves the score by",
        `${effect.without.toFixed(1)} points where all is believed, ${effect.with.toFixed(1)} once judged`,
      ],
      ["other merchants lose", `${percent(effect.honestLoss)}, the worst of them ${percent(effect.honestLossMax)}`],
      [
        "rings found",
        effect.judged.assessment.rings.map(({ kind, members }) => `${kind} of ${members.length}`).join(", ") || "none",
      ],
    ]);
    return { scenario, effect };
  });
}

/** At least nine tenths of what an attack moves is undone, and honest merchants keep 99 hundredths of their score. */
function expectUndone(runs: readonly Attacked[], sign: 1 | -1): void {
  const without = mean(runs.map(({ effect }) => sign * effect.without));
  const left = mean(runs.map(({ effect }) => sign * effect.with));
  const told = `seeds ${seeds.join(", ")}: ${without.toFixed(1)} points without, ${left.toFixed(1)} with`;
  expect(without, told).toBeGreaterThan(10);
  expect(left, told).toBeLessThanOrEqual(0.1 * without);
  for (const [place, { effect }] of runs.entries())
    expect(effect.honestLoss, `seed ${seeds[place]}`).toBeLessThanOrEqual(0.01);
}

describe("once judged, an attack is undone", () => {
  it(
    "a brushing ring's gain for its client",
    () => {
      expectUndone(
        attack("Brushing ring", (seed) => scenarios.brushingRing({ seed, population }), ["client"]),
        1,
      );
    },
    patienceMs,
  );

  it(
    "a review farm's gain for its three clients",
    () => {
      expectUndone(
        attack("Review farm", (seed) => scenarios.reviewFarm({ seed, population }), ["client", "second", "third"]),
        1,
      );
    },
    patienceMs,
  );

  it(
    "a competitor's bad-mouthing of its victim",
    () => {
      expectUndone(
        attack("Bad-mouthing", (seed) => scenarios.competitorAttack({ seed, population }), ["target"]),
        -1,
      );
    },
    patienceMs,
  );

  it(
    "bought followers, who no longer count",
    () => {
      const runs = attack("Bought followers", (seed) => scenarios.boughtFollowers({ seed, population }), ["client"]);
      for (const [place, { scenario, effect }] of runs.entries()) {
        const { ids, assessment } = effect.judged;
        let [bought, left, wronged] = [0, 0, 0];
        ids.follows.forEach(([target, user], row) => {
          const counts = (assessment.reliability.follow[row] as number) >= genuineFrom;
          if (!scenario.truth.followers.has(`${user} ${target.slice(1)}`)) wronged += counts ? 0 : 1;
          else {
            bought += 1;
            left += counts ? 1 : 0;
          }
        });
        const told = `seed ${seeds[place]}: ${left} of ${bought} bought followers still count, ${wronged} genuine ones do not`;
        process.stdout.write(`  ${told}\n`);
        expect(bought, told).toBeGreaterThan(100);
        expect(left, told).toBeLessThanOrEqual(0.1 * bought);
        expect(wronged, told).toBeLessThanOrEqual(0.01 * ids.follows.length);
        expect(effect.honestLoss, told).toBeLessThanOrEqual(0.01);
      }
      // Nobody likes or shares for money here: bought followers even cost points, which are given back.
      expect(Math.abs(mean(runs.map(({ effect }) => effect.with)))).toBeLessThanOrEqual(4);
    },
    patienceMs,
  );
});
