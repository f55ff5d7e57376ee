import { describe, expect, it } from "vitest";
import { countsLine, countTests } from "./check.ts";

const report = {
  numPassedTests: 5,
  numFailedTests: 1,
  numPendingTests: 2,
  numTodoTests: 1,
  testResults: [
    { status: "passed", assertionResults: [{ status: "passed" }] },
    { status: "failed", assertionResults: [{ status: "failed" }] },
    { status: "failed", assertionResults: [] },
  ],
};

describe("npm test", () => {
  it("counts a file that did not load as a failure", () => {
    expect(countTests(report, false)).toEqual({ passed: 5, failed: 2, skipped: 3 });
  });

  it("counts skipped tests as failures where everything is required", () => {
    expect(countTests(report, true)).toEqual({ passed: 5, failed: 5, skipped: 0 });
  });

  it("ends with one plain line", () => {
    expect(countsLine({ passed: 5, failed: 2, skipped: 3 })).toBe("5 passed, 2 failed, 3 skipped");
    expect(countsLine({ passed: 5, failed: 0, skipped: 0 })).toBe("5 passed, 0 failed");
  });
});
