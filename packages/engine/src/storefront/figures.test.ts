import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { figuresFor } from "./figures.ts";
import { messagesFor } from "./messages.ts";

const [zh, en] = [figuresFor("zh-CN"), figuresFor("en")];

describe("figures", () => {
  test("percentages keep what matters near all and nothing", () => {
    expect([1_000_000, 999_990, 999_700, 881_000, 0].map(en.percent)).toEqual([
      "100%",
      "99.999%",
      "99.97%",
      "88.1%",
      "0%",
    ]);
    expect([880_000, 1_000_000].map(en.share)).toEqual(["88.0%", "100.0%"]);
    expect(zh.range(862_000, 900_000)).toBe("86.2% – 90%");
  });

  test("only all is 100 % and only nothing is 0 %", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999 }), (ppm) => {
        expect(en.percent(ppm)).not.toMatch(/^(100|0)%$/);
      }),
    );
  });

  test("dates are read as UTC and unreadable ones are shown as they are", () => {
    expect(zh.day("2026-11-21")).toBe("2026年11月21日");
    expect(en.day("2026-11-21")).toBe("21 Nov 2026");
    expect(en.day("soon")).toBe("soon");
  });
});

type Tree = { readonly [key: string]: unknown };

function leaves(tree: Tree, path = ""): [string, unknown][] {
  return Object.entries(tree).flatMap(([key, value]): [string, unknown][] =>
    typeof value === "object" && value !== null ? leaves(value as Tree, `${path}.${key}`) : [[`${path}.${key}`, value]],
  );
}

describe("messages", () => {
  test("both catalogues have the same keys, and every text says something", () => {
    const [chinese, english] = [leaves(messagesFor("zh-CN")), leaves(messagesFor("en"))];
    expect(chinese.map(([path]) => path)).toEqual(english.map(([path]) => path));
    for (const [path, value] of [...chinese, ...english]) {
      const text: unknown = typeof value === "function" ? value(2, 3, 4, 5, 6) : value;
      expect(text, path).toMatch(/\S/);
      expect(text, path).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  test("English plurals", () => {
    const t = messagesFor("en");
    expect(t.rating.evidence(1, 1)).toBe("1 order · 1 buyer");
    expect(t.rating.evidence(1_204, 2)).toBe("1,204 orders · 2 buyers");
  });
});
