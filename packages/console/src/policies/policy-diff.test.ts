import { readFileSync } from "node:fs";
import { type Policy, policy as policySchema } from "@probity/contract";
import fc from "fast-check";
import { expect, test } from "vitest";
import { diffPolicies, weightGroups } from "./policy-diff.ts";

const file = new URL("../../../engine/src/ratings/policies/merchant-default.json", import.meta.url);
const standard: Policy = policySchema.parse(JSON.parse(readFileSync(file, "utf8")));

const seed = Number(process.env["PROBITY_TEST_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
process.stdout.write(`differences of policies: seed ${seed}\n`);

type Path = readonly (string | number)[];

/** Every value in a policy that is no list and no record. */
function leaves(value: unknown, path: Path = []): [Path, string | number | boolean | null][] {
  if (typeof value !== "object" || value === null) return [[path, value as string]];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, part]) => leaves(part, [...path, key]));
}

function withLeaf(value: unknown, [key, ...rest]: Path, leaf: unknown): unknown {
  if (key === undefined) return leaf;
  if (Array.isArray(value)) return value.map((part, at) => (at === key ? withLeaf(part, rest, leaf) : part));
  const record = value as Record<string, unknown>;
  return { ...record, [key]: withLeaf(record[String(key)], rest, leaf) };
}

const idKeys: Readonly<Record<string, string>> = { grades: "grade", conditions: "metric" };

/** Where a leaf stands, members of the policy's lists by their ids. */
function nameOf(policy: Policy, path: Path): string {
  let [here, name, list]: [unknown, string, string] = [policy, "", ""];
  for (const [depth, key] of path.entries()) {
    const inside = (here as Record<string | number, unknown>)[key];
    const isMember = Array.isArray(here) && (depth === 1 || list === "conditions");
    const part = isMember ? (inside as Record<string, string>)[idKeys[list] ?? "id"] : key;
    name += `${name === "" ? "" : "/"}${part}`;
    [here, list] = [inside, String(key)];
  }
  return name;
}

const isNamed = (name: string, paths: readonly string[]): boolean =>
  paths.some((path) => name === path || name.startsWith(`${path}/`));

// One of a decay's thousands of weights is like another; a few stand for all.
const told = leaves(standard).filter(([path]) => path[0] !== "decays" || path[2] !== "weights" || Number(path[3]) < 2);
const anyLeaf = fc.constantFrom(...told);

test("a policy does not differ from itself, nor from itself with its keys in another order", () => {
  const turn = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turn);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([key, part]) => [key, turn(part)]),
    );
  };
  expect(diffPolicies(standard, standard)).toEqual([]);
  expect(diffPolicies(standard, turn(structuredClone(standard)) as Policy)).toEqual([]);
});

test("whatever leaf changes, a change names it, both ways", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(anyLeaf, { minLength: 1, maxLength: 5, selector: ([path]) => path.join("/") }),
      (chosen) => {
        const changed = chosen.reduce<unknown>(
          (policy, [path, leaf]) => withLeaf(policy, path, typeof leaf === "number" ? leaf + 1 : `${String(leaf)}~`),
          standard,
        ) as Policy;
        const forth = diffPolicies(standard, changed).map(({ path }) => path);
        const back = diffPolicies(changed, standard).map(({ path }) => path);
        for (const [path] of chosen) {
          // What was renamed is named as gone by the old name and as come by the new.
          expect(isNamed(nameOf(standard, path), forth), nameOf(standard, path)).toBe(true);
          expect(isNamed(nameOf(changed, path), forth), nameOf(changed, path)).toBe(true);
        }
        expect(back.toSorted()).toEqual(forth.toSorted());
      },
    ),
    { seed, numRuns: 300 },
  );
});

test("nothing is named that is equal", () => {
  fc.assert(
    fc.property(anyLeaf, ([path, leaf]) => {
      const changed = withLeaf(standard, path, typeof leaf === "number" ? leaf + 1 : `${String(leaf)}~`) as Policy;
      const isRenamed = nameOf(standard, path) !== nameOf(changed, path) || path.at(-1) === "id";
      const changes = diffPolicies(standard, changed);
      const allowed = path.includes("conditions") || path.includes("grades") || isRenamed ? 2 : 1;
      expect(changes.length).toBeLessThanOrEqual(allowed);
    }),
    { seed, numRuns: 300 },
  );
});

test("members that come, go or change places are told", () => {
  const [first, second, ...rest] = standard.indicators;
  if (first === undefined || second === undefined) throw new Error("two indicators are needed");
  const without = { ...standard, indicators: [second, ...rest] };
  expect(diffPolicies(standard, without)).toEqual([
    { kind: "indicator", path: `indicators/${first.id}`, id: first.id, was: first, is: undefined },
  ]);
  expect(diffPolicies(without, standard)).toMatchObject([{ kind: "indicator", was: undefined, is: first }]);
  const turned = { ...standard, indicators: [second, first, ...rest] };
  expect(diffPolicies(standard, turned).map(({ kind, path }) => [kind, path])).toEqual([["order", "indicators#order"]]);
  const twice = { ...standard, redLines: [...standard.redLines, ...standard.redLines.slice(0, 1)] };
  expect(diffPolicies(standard, twice).map(({ path }) => path)).toEqual(["redLines/counterfeit#2"]);
});

test("weights stand by dimension, equal ones apart", () => {
  const moved = {
    ...standard,
    dimensions: standard.dimensions.map((one) =>
      one.id === "social" ? { ...one, points: 90 } : one.id === "service" ? { ...one, points: 210 } : one,
    ),
    indicators: standard.indicators
      .filter(({ id }) => id !== "interaction")
      .map((one) =>
        one.id === "first-reply" ? { ...one, points: 70 } : one.id === "real-followers" ? { ...one, points: 20 } : one,
      ),
  };
  const groups = weightGroups(standard, moved);
  expect(groups.map(({ id, was, is, changed }) => [id, was, is, changed.length])).toEqual([
    ["reputation", 250, 250, 0],
    ["quality", 250, 250, 0],
    ["security", 200, 200, 0],
    ["service", 200, 210, 1],
    ["social", 100, 90, 2],
    ["sustainability", 0, 0, 0],
  ]);
  expect(groups[4]?.changed.map(({ id, was, is }) => [id, was, is])).toEqual([
    ["real-followers", 15, 20],
    ["interaction", 15, undefined],
  ]);
});
