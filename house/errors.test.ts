import { limits, problems, rejectCode } from "@probity/contract";
import { describe, expect, it } from "vitest";
import { codeFiles, isTest, read } from "./tree.ts";

const engine = codeFiles()
  .filter(
    (file) => (file.startsWith("packages/engine/src/") && !isTest(file)) || file === "packages/contract/src/admit.ts",
  )
  .map(read)
  .join("\n");
const everything = codeFiles()
  .filter((file) => file.startsWith("packages/") && !file.endsWith("contract/src/limits.ts") && !isTest(file))
  .map(read)
  .join("\n");

describe("the registry of errors", () => {
  it("has no problem that nobody raises", () => {
    expect(Object.keys(problems).filter((code) => !engine.includes(`"${code}"`))).toEqual([]);
  });

  it("knows every problem that is raised", () => {
    const raised = [...engine.matchAll(/new ProblemError\(\s*"([^"]+)"/g)].map(([, code = ""]) => code);
    expect(raised.length).toBeGreaterThan(10);
    expect(raised.filter((code) => !Object.hasOwn(problems, code))).toEqual([]);
  });

  it("has no reason of rejection that nobody gives", () => {
    expect(rejectCode.options.filter((code) => !engine.includes(`"${code}"`))).toEqual([]);
  });

  it("has no limit that nobody keeps", () => {
    const names = Object.keys(limits);
    expect(names.filter((name) => !everything.includes(`limits.${name}`))).toEqual([]);
  });
});
