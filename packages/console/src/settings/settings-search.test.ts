import { expect, test } from "vitest";
import { settingsSearch } from "./settings-search.ts";

test("the address names a section that there is, or none", () => {
  expect(settingsSearch({ section: "keys", other: 1 })).toEqual({ section: "keys" });
  expect([settingsSearch({ section: "secrets" }), settingsSearch({ section: 3 }), settingsSearch({})]).toEqual([
    {},
    {},
    {},
  ]);
});
