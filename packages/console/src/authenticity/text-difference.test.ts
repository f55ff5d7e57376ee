import { expect, test } from "vitest";
import { differenceOf, type Stretch, tokensOf } from "./text-difference.ts";

const marked = (stretches: readonly Stretch[]): string =>
  stretches.map(({ text, differs }) => (differs ? `[${text}]` : text)).join("");
const both = (one: string, other: string): string[] => differenceOf(one, other).map(marked);

test("what only one of two texts has is marked, word by word and sign by sign", () => {
  expect(both("Great cup, fast delivery", "Great bowl, fast delivery!")).toEqual([
    "Great [cup], fast delivery",
    "Great [bowl], fast delivery[!]",
  ]);
  expect(both("杯子很好看，物流快", "碗很好看，物流很快")).toEqual(["[杯子]很好看，物流快", "[碗]很好看，物流[很]快"]);
});

test("case and width are no difference; nothing in common is all marked; the same is not", () => {
  expect(both("GOOD！", "good!")).toEqual(["GOOD！", "good!"]);
  expect(both("a", "b")).toEqual(["[a]", "[b]"]);
  expect(both("一样", "一样")).toEqual(["一样", "一样"]);
  expect(both("", "x")).toEqual(["", "[x]"]);
});

test("the stretches are the text again, whatever it holds and however long it is", () => {
  const wild = `\u200b👍🏽 <b>好评返现5元</b>\n\n متجر ${"很好用 very good ".repeat(5_000)}`;
  const [one, other] = differenceOf(wild, wild.slice(7));
  expect([one.map(({ text }) => text).join(""), other.map(({ text }) => text).join("")]).toEqual([wild, wild.slice(7)]);
  expect(tokensOf("ab 好!").join("|")).toBe("ab| |好|!");
});
