import { describe, expect, it } from "vitest";
import { defaultJudges } from "./attacks.fixture.ts";
import { readModelFile, toModelFile } from "./judge-file.ts";
import { runModelSuite } from "./model-suite.ts";

const judges = defaultJudges();

describe("runModelSuite", () => {
  it("passes the model that is shipped, and says the same again", () => {
    const found = runModelSuite(judges);
    expect(found.filter(({ passed }) => !passed)).toEqual([]);
    expect(runModelSuite(judges)).toEqual(found);
    expect(new Set(found.map(({ check }) => check)).size).toBe(found.length);
  }, 60_000);

  it("fails a model that trusts everybody, and one that trusts nobody", () => {
    const with_ = (thousandths: number): typeof judges => {
      const file = structuredClone(toModelFile(judges));
      const all = { reliability: file.review.reliability.map(() => thousandths) };
      return readModelFile({
        ...file,
        review: { ...file.review, ...all },
        order: { ...file.order, ...all },
        follow: { ...file.follow, ...all },
      });
    };
    const failed = (of: typeof judges): string[] =>
      runModelSuite(of).flatMap(({ check, passed }) => (passed ? [] : [check]));
    expect(failed(with_(1_000))).toEqual([
      "staged orders found",
      "staged praise found",
      "bad-mouthing found",
      "bought followers found",
    ]);
    expect(failed(with_(0))).toEqual(expect.arrayContaining(["honest ones doubted", "weight where nothing is known"]));
  }, 60_000);

  it("fails a model that goes against a known direction", () => {
    const file = structuredClone(toModelFile(judges));
    const place = file.order.columns.findIndex(({ name }) => name === "device-others-at-merchant");
    const columns = file.order.columns.map((column, own) =>
      own === place ? { ...column, terms: column.terms.map((_, bin) => 600_000 - 150_000 * bin) } : column,
    );
    const turned = readModelFile({ ...file, order: { ...file.order, columns } });
    expect(runModelSuite(turned).find(({ check }) => check === "steps against a known direction")?.passed).toBe(false);
  }, 60_000);
});
