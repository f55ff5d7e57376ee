import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ingest as english } from "../messages/en-ingest.ts";
import { ingest as chinese } from "../messages/zh-cn-ingest.ts";

/** Every key with what stands there: text, or a function. */
function shapeOf(value: unknown, path = ""): string[] {
  if (typeof value === "function") return [`${path}()`];
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, part]) => shapeOf(part, path === "" ? key : `${path}.${key}`));
}

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

test("both languages have the same words, and none is empty", () => {
  expect(shapeOf(chinese)).toEqual(shapeOf(english));
  expect([...textsOf(chinese), ...textsOf(english)].filter((text) => text.trim() === "")).toEqual([]);
});

test("every word is used", () => {
  const code = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(".tsx"))
    .map((file) => readFileSync(new URL(file, import.meta.url), "utf8"))
    .join("\n");
  const isUsed = (key: string): boolean => {
    const parts = key.replace("()", "").split(".");
    // `words.ages[unit]` uses every age; `words.figures.hour` or, of a part, `words.hour` uses itself.
    return (
      new RegExp(`\\b(words|columns)(\\.\\w+)*\\.${parts.at(-1)}\\b`).test(code) ||
      parts.slice(0, -1).some((part) => code.includes(`.${part}[`))
    );
  };
  expect(shapeOf(english).filter((key) => !isUsed(key))).toEqual([]);
});
