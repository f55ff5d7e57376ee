import { expect, test } from "vitest";
import { pageEntries } from "../shell/navigation.ts";
import { deskActOf, leadsIn } from "./desk-keys.ts";

const press = (key: string, held: { shiftKey?: boolean; ctrlKey?: boolean } = {}) =>
  deskActOf({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...held });

test("letters decide, move, choose, undo, open and leave", () => {
  expect(["g", "n", "u"].map((key) => press(key))).toEqual(
    ["genuine", "not-genuine", "unsure"].map((verdict) => ({ do: "decide", verdict })),
  );
  expect(press("j")).toEqual({ do: "move", by: 1, extends: false });
  expect(press("K", { shiftKey: true })).toEqual({ do: "move", by: -1, extends: true });
  expect(press("X", { shiftKey: true })).toEqual({ do: "pick", range: true });
  expect([press("z")?.do, press("o")?.do, press("Escape")?.do, press("End")]).toEqual([
    "undo",
    "open",
    "leave",
    { do: "end", to: "last" },
  ]);
});

test("what the browser and the house mean by a key stays theirs", () => {
  expect(press("z", { ctrlKey: true })).toBeUndefined();
  expect(press("G", { shiftKey: true })).toBeUndefined();
  expect(["?", "/", "Enter", "Tab"].map((key) => press(key))).toEqual([undefined, undefined, undefined, undefined]);
  const goes = new Set(pageEntries.map(({ key }) => key));
  expect(["j", "k", "z"].filter((key) => leadsIn(key) && goes.has(key))).toEqual([]);
  expect(goes.size).toBe(pageEntries.length);
});
