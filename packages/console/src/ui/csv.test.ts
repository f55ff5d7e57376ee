import { expect, test } from "vitest";
import { csvOf } from "./csv.ts";

test("fields are quoted where they must be, lines end as RFC 4180 has it", () => {
  expect(
    csvOf(
      ["a", "b"],
      [
        ["x,y", 'say "no"'],
        ["two\nlines", -1],
        [null, undefined],
      ],
    ),
  ).toBe('\u{feff}a,b\r\n"x,y","say ""no"""\r\n"two\nlines",-1\r\n,\r\n');
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])("%j is no formula in a spreadsheet", (text) => {
  expect(csvOf(["a"], [[text]])).toContain(`'${text}`);
});
