import { beforeAll, describe, expect, test } from "vitest";
import { type Finding, findRating, findReceipt, webCryptoLack } from "./findings.ts";
import { utf8 } from "./bytes.ts";
import { webPrimitives } from "./primitives.ts";
import type { CheckedRating, RatingProof } from "./rating-proof.ts";
import { type SignedLog, signedLog } from "./signed-log.fixture.ts";

let log: SignedLog;
let other: SignedLog;
beforeAll(async () => {
  log = await signedLog("market.example/log/main", "main");
  other = await signedLog("market.example/log/main", "main");
});

const told = (finding: Finding<unknown>): string => (finding.isRight ? "right" : `${finding.step}: ${finding.message}`);

describe("a published rating", () => {
  const find = (change: Partial<RatingProof> = {}, policy = log.policy): Promise<Finding<CheckedRating>> =>
    findRating(webPrimitives, { ...log.rating, ...change }, policy);

  test("is proven from its line up to the signed checkpoint", async () => {
    const finding = await find();
    if (!finding.isRight) throw new Error(finding.message);
    expect(finding.checked).toMatchObject({
      place: 4,
      day: 20_783,
      logSize: 3,
      score: 812,
      grade: "A",
      status: "rated",
    });
    expect([finding.checked.checkpoint.size, finding.checked.checkpoint.signed.length]).toEqual([7, 2]);
  });

  test("is refused where anything differs, with the step that fails", async () => {
    const better = log.rating.line.replace("812", "912");
    expect(told(await find({ line: better }))).toContain("content: the rating does not stand at place 2");
    expect(told(await find({ index: 1 }))).toContain("content: the rating does not stand at place 1");
    expect(told(await find({ index: -1 }))).toContain("content: the rating's place");
    expect(told(await find({ lines: 6 }))).toContain("content: the entry publishes 5 ratings");
    expect(told(await find({ path: log.rating.path.slice(1) }))).toContain("content: the inclusion proof is too short");
    expect(told(await find({ path: ["AAAA", ...log.rating.path.slice(1)] }))).toContain("content: the rating");
    // A receipt of another entry of the same log is right by itself, and proves no rating.
    expect(told(await find({ proof: log.receipt }))).toContain("content: the entry is a order.placed");
    expect(told(await find({ proof: log.rating.proof.replace("index 4", "index 5") }))).toContain("place: ");
    expect(told(await find({}, other.policy))).toContain("checkpoint: no key that the policy knows");
    expect(told(await find({}, `${log.policy}quorum w1\n`))).toContain("policy: line 4");
    expect(told(await find({ proof: "c2sp.org/tlog-proof@v1\n\n" }))).toContain("form: ");
    expect(told(await find({ proof: log.rating.proof.replace(/extra .*\n/, "") }))).toContain("form: ");
  });
});

test("a receipt is found right, and wrong at its step", async () => {
  const find = (text: string, policy = log.policy): Promise<Finding<unknown>> =>
    findReceipt(webPrimitives, utf8(text), policy);
  expect(told(await find(log.receipt))).toBe("right");
  expect(told(await find(log.receipt.replace("index 2", "index 3")))).toContain("place: ");
  expect(told(await find(log.receipt, log.policy.replace("quorum w1", "quorum none")))).toBe("right");
  expect(told(await find(log.receipt.replace(/\n— witness.*\n$/, "\n")))).toContain("checkpoint: the witnesses");
  expect(told(await find("nothing"))).toContain("form: ");
  expect(await webCryptoLack()).toBeUndefined();
});
