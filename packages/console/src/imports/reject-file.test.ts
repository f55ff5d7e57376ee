import { expect, test } from "vitest";
import { RejectFile } from "./reject-file.ts";

test("rejects become a CSV that no spreadsheet runs, in pieces", async () => {
  const file = new RejectFile();
  const raw = { note: '=HYPERLINK("http://evil")', script: "<script>alert(1)</script>", n: 1n };
  await file.write([{ file: "a.csv", line: 2, field: "total", reason: "is empty", raw }]);
  await file.write([{ file: "a.csv", line: 3, field: "", reason: "has 1 fields", raw: "=1+1" }]);
  const long = Array.from({ length: 3_000 }, (_, line) => ({
    file: "a.csv",
    line,
    field: "f",
    reason: "x".repeat(500),
    raw: "r",
  }));
  await file.write(long);
  expect(file.count).toBe(3_002);
  expect(file.first).toHaveLength(200);
  const lines = (await file.blob().text()).trimEnd().split("\r\n");
  expect(lines).toHaveLength(3_003);
  expect(lines[1]).toBe(
    'a.csv,2,total,is empty,"{""note"":""=HYPERLINK(\\""http://evil\\"")"",""script"":""<script>alert(1)</script>"",""n"":""1""}"',
  );
  expect(lines[2]).toBe("a.csv,3,,has 1 fields,'=1+1");
});
