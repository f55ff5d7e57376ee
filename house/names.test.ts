import { describe, expect, it } from "vitest";
import { allFiles } from "./tree.ts";

const ours = allFiles().filter((file) => /^(packages|house|e2e|bench|docs)\//.test(file));

/** Names that others gave: Olist's published files, notes of measurements by machine and commit. */
const given = /^packages\/[^/]+\/(src\/)?.*golden\/|^bench\/results\//;
const roles = "store|jobs|routes|test|bench|db|dom|config|golden|fixture|mapping|d";
const named = new RegExp(`^[a-z0-9]+(-[a-z0-9]+)*(\\.(${roles}))*\\.[a-z0-9]+$`);
const fixedNames = new Set(["README.md", "tsconfig.json", "tsconfig.pure.json", "tsconfig.edge.json", "package.json"]);
const words = /(^|[/.-])(utils?|helpers?|common|shared|managers?|services?|misc|stuff)([/.-]|$)/;

/** Capabilities of a shop that happen to be called so. */
const nouns = new Set(["packages/simulator/src/service.ts", "packages/contract/src/events/service.ts"]);

describe("names", () => {
  it("are in kebab-case, with the role as a suffix", () => {
    const wrong = ours.filter((file) => {
      const name = file.slice(file.lastIndexOf("/") + 1);
      return !fixedNames.has(name) && !named.test(name) && !given.test(file);
    });
    expect(wrong).toEqual([]);
  });

  it("say what a file is for", () => {
    expect(ours.filter((file) => words.test(file) && !nouns.has(file))).toEqual([]);
  });
});
