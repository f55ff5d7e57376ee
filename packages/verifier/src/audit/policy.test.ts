import { type Policy, subjectKinds } from "@probity/contract";
import { describe, expect, it } from "vitest";
import { checkPolicy, defaultPolicies } from "../../../engine/src/ratings/index.ts";
import { FormatError } from "../tlog/bytes.ts";
import { canonicalJson } from "./canonical-json.ts";
import { readPolicy } from "./policy.ts";

type Fields = Record<string, unknown>;

const { merchant } = defaultPolicies;

/** The merchants' policy with another value at a path; undefined takes the field away. */
function withValue(path: string, value: unknown): string {
  const draft: unknown = structuredClone(merchant);
  const keys = path.split(".");
  const last = keys.pop() as string;
  const inside = keys.reduce((fields, key) => fields[key] as Fields, draft as Fields);
  if (value === undefined) delete inside[last];
  else inside[last] = value;
  return canonicalJson(draft);
}

describe("readPolicy", () => {
  it.each(subjectKinds)("reads the starting policy of a %s", (kind) => {
    const source: Policy = defaultPolicies[kind];
    const read = readPolicy(canonicalJson(source));
    expect(read).toMatchObject({ subject: kind, grades: source.grades, bound: source.bound });
    expect(read.indicators.map(({ id, table }) => [id, table])).toEqual(
      source.indicators.map(({ id, table }) => [id, table]),
    );
    expect(Object.keys(read.decays).sort()).toEqual(Object.keys(source.decays).sort());
  });

  it("takes the weights apart without loss, and their squares", () => {
    const { weights, tail } = merchant.decays["half-life-45"] as Policy["decays"][string];
    const read = readPolicy(canonicalJson(merchant)).decays["half-life-45"];
    [...weights, tail].forEach((weight, age) => {
      expect((read?.hi[age] ?? 0) * 65_536 + (read?.lo[age] ?? 0)).toBe(weight);
      expect(BigInt(read?.squareHi[age] ?? 0) * 65_536n + BigInt(read?.squareLo[age] ?? 0)).toBe(
        (BigInt(weight) ** 2n) >> 32n,
      );
    });
  });

  it.each([
    ["another format", withValue("format", "probity-policy/2"), /^policy\.format must be one of probity-policy\/1/],
    ["a missing field", withValue("hysteresis", undefined), /^policy\.hysteresis must be an object/],
    [
      "a missing field inside",
      withValue("indicators.0.prior.strength", undefined),
      /^policy\.indicators\.0\.prior\.strength must/,
    ],
    ["a field too many", withValue("indicators.2.extra", 1), /^policy\.indicators\.2\.extra is not known/],
    ["a string for a number", withValue("epochDays", "30"), /^policy\.epochDays must be an integer from 1 to 365/],
    ["a number out of range", withValue("bound.zDenominator", 0), /^policy\.bound\.zDenominator must be an integer/],
    ["an unknown decay", withValue("indicators.1.decay", "none"), /^policy\.indicators\.1\.decay must name a decay/],
    ["a decay by an inherited name", withValue("indicators.1.decay", "tostring"), /must name a decay/],
    ["an unknown dimension", withValue("indicators.1.dimension", "x"), /^policy\.indicators must have the points/],
    ["points that do not add up", withValue("indicators.0.points", 131), /^policy\.indicators must have the points/],
    ["an id twice", withValue("indicators.1.id", "review-mean"), /^policy\.indicators must have different ids/],
    ["a table without end", withValue("indicators.0.table.6.0", 999_999), /table must have means that rise from 0/],
    ["a table that turns back", withValue("indicators.0.table.2.0", 500_000), /table must have means that rise/],
    ["a table that falls", withValue("indicators.0.table.2.1", 99), /table must have values from 0 to 1000 that never/],
    ["two scales", withValue("indicators.0.evidence.of", ["orders", "review-stars"]), /must have metrics of one scale/],
    ["no evidence", withValue("indicators.0.evidence.of", []), /evidence\.of must be a list of at least 1/],
    ["unknown evidence", withValue("indicators.0.evidence.kind", "guess"), /evidence\.kind must be one of share/],
    [
      "a weight above 1",
      withValue("decays.undecayed.tail", 2 ** 32 + 1),
      /tail must be an integer from 0 to 4294967296/,
    ],
    ["grades out of order", withValue("grades.2.min", 900), /^policy\.grades must fall to 0, the best first/],
    ["grades that end above 0", withValue("grades.7.min", 1), /^policy\.grades must fall to 0/],
    [
      "a cap that is no grade of it",
      withValue(
        "grades",
        merchant.grades.filter(({ grade }) => grade !== "C"),
      ),
      /^policy\.redLines must cap at grades of the policy/,
    ],
    ["a list for an object", withValue("floor", []), /^policy\.floor must be an object/],
    ["a lone surrogate", JSON.stringify({ ...merchant, title: { en: "\ud800", zh: "" } }), /has no canonical JSON/],
    ["a fraction", canonicalJson(merchant).replace('"epochDays":30', '"epochDays":30.5'), /epochDays must/],
    ["no JSON", "{", /^policy must be JSON/],
    ["null", "null", /^policy must be an object/],
    ["spaces", `${canonicalJson(merchant)} `, /^policy must be canonical JSON/],
    ["another order of keys", JSON.stringify(merchant), /^policy must be canonical JSON/],
    [
      "a number in another form",
      canonicalJson(merchant).replace('"epochDays":30', '"epochDays":3e1'),
      /canonical JSON/,
    ],
  ])("refuses %s", (_, text, message) => {
    expect(() => readPolicy(text)).toThrow(FormatError);
    expect(() => readPolicy(text)).toThrow(message);
  });

  it("refuses nothing that a marketplace may publish", () => {
    const drafts: Policy[] = [
      { ...merchant, hysteresis: { margin: 0, days: 14 }, redLines: [], categorySubjectsMin: 2 },
      { ...merchant, grades: [merchant.grades[0], merchant.grades[7]] as Policy["grades"], redLines: [] },
      { ...merchant, floor: { ...merchant.floor, windowDays: 3_650 }, bound: { zNumerator: 0, zDenominator: 1 } },
    ];
    for (const draft of drafts) {
      expect(checkPolicy(draft).ok).toBe(true);
      expect(() => readPolicy(canonicalJson(draft))).not.toThrow();
    }
  });
});
