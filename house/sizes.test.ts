import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { allFiles, exportsOf, importsOf, read, root } from "./tree.ts";

const namesMax = 16;
const fileBytesMax = 1_500_000;

// Lines of functions and files are counted by the linter: max-lines-per-function and max-lines.
describe("sizes", () => {
  it("of the lint rules are those of the style", () => {
    const { rules } = JSON.parse(read(".oxlintrc.json")) as { rules: Record<string, [string, { max: number }]> };
    expect(rules["max-lines-per-function"]?.[1].max).toBe(70);
    expect(rules["max-lines"]?.[1].max).toBe(700);
  });

  it("of a capability's door stay small", () => {
    const doors = allFiles().filter((file) => /^packages\/engine\/src\/[^/]+\/index\.ts$/.test(file));
    const values = (text: string): number => exportsOf(text.replaceAll(/\btype [\w$]+,?/g, "")).length;
    expect(doors.length).toBeGreaterThan(3);
    expect(
      doors.filter((door) => values(read(door)) > namesMax).map((door) => `${door}: ${values(read(door))} names`),
    ).toEqual([]);
  });

  it("of doors are nothing but doors", () => {
    const doors = allFiles().filter((file) => /^packages\/engine\/src\/[^/]+\/index\.ts$/.test(file));
    const more = doors.filter((door) => {
      const rest = read(door).replaceAll(/export\s+(?:type\s+)?(?:\*|\{[^}]*\})\s+from\s+"[^"]+";/g, "");
      return rest.trim() !== "" || importsOf(read(door)).some(({ from }) => !from.startsWith("./"));
    });
    expect(more).toEqual([]);
  });

  it("of files fit a repository", () => {
    const large = allFiles().filter((file) => statSync(join(root, file)).size > fileBytesMax);
    expect(large).toEqual([]);
  });
});
