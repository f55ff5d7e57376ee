import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CsvFramer, type CsvRecord, quotesSound, splitFields } from "./csv-records.ts";

function frame(text: string, recordChars = 1_000): CsvRecord[] {
  const framer = new CsvFramer(",", recordChars);
  const out: CsvRecord[] = [];
  for (const [at, own] of text.split("\n").entries()) framer.push([{ line: at + 1, text: own }], out);
  framer.end(out);
  return out;
}

describe("CsvFramer", () => {
  test("keeps line ends inside quotes and the line a record begins on", () => {
    expect(frame('a,b\n"x\ny\nz",1\nc,d')).toEqual([
      { line: 1, text: "a,b" },
      { line: 2, text: '"x\ny\nz",1' },
      { line: 5, text: "c,d" },
    ]);
  });

  test("a stray quote costs its own line only", () => {
    expect(frame('5"6,1\n1,2\n"x\ny",3\n4,5').map(({ line, broken }) => [line, broken])).toEqual([
      [1, "a quote is in the wrong place"],
      [2, undefined],
      [3, undefined],
      [5, undefined],
    ]);
  });

  test("a quote that never closes costs its own line only", () => {
    const rows = Array.from({ length: 50 }, (_, at) => `${at},x`).join("\n");
    const framed = frame(`"open,1\n${rows}`, 100);
    expect(framed[0]).toEqual({ line: 1, text: '"open,1', broken: "a quote is opened and never closed" });
    expect(framed.filter(({ broken }) => broken === undefined)).toHaveLength(50);
  });

  test("loses no line, whatever the lines are", () => {
    const line = fc.string({ unit: fc.constantFrom('"', ",", "a", " ") });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), fc.integer({ min: 1, max: 60 }), (lines, chars) => {
        const framed = frame(lines.join("\n"), chars);
        expect(framed.map(({ text }) => text).join("\n")).toBe(lines.join("\n"));
      }),
    );
  });
});

test("quotesSound follows RFC 4180", () => {
  expect(["a,b", '"a",b', '"a ""b"" c",""', '""', ",", '"a\nb",c'].every((text) => quotesSound(text, ","))).toBe(true);
  expect(['a"b', '"a"b', '"a', 'a,"b" ', ' "a"'].some((text) => quotesSound(text, ","))).toBe(false);
});

test("fields are cut as csv-parse cuts them, wherever quotes are sound", () => {
  const part = fc.constantFrom('"', ",", ";", "a", "诚", " ", "\n", '""');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), fc.constantFrom(",", ";"), (parts, delimiter) => {
      const text = parts.join("");
      fc.pre(text !== "" && quotesSound(text, delimiter));
      // Line ends outside of quotes end a record: the framer has cut there.
      fc.pre(!text.replaceAll(/"(?:[^"]|"")*"/g, "").includes("\n"));
      expect([splitFields(text, delimiter)]).toEqual(
        parse(text, { delimiter, record_delimiter: ["\n"], relax_column_count: true }),
      );
    }),
    { numRuns: 2_000 },
  );
});
