import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { blobBytes, type Bytes } from "./bytes.ts";
import { openCsv } from "./csv-rows.ts";
import { recogniseEncoding } from "./encoding.ts";
import { importLimits, type RowItem } from "./import.ts";
import { takeSample } from "./sample.ts";

const file = (bytes: string | Uint8Array, name = "rows.csv"): Bytes =>
  blobBytes(new Blob([typeof bytes === "string" ? bytes : new Uint8Array(bytes)]), name);

/** 店名,数 / 诚信,1 in GB18030. */
const gbHeader = Buffer.from("b5eac3fb2ccafd0a", "hex");
const gbRow = Buffer.from("b3cfd0c52c310a", "hex");
const gb = (rows: number): Buffer => Buffer.concat([gbHeader, ...Array.from({ length: rows }, () => gbRow)]);

const cellsOf = (rows: readonly RowItem[]): unknown[] =>
  rows.map((row) => ("cells" in row ? { ...row.cells } : row.reject.reason));

function utf16(text: string, big: boolean): Buffer {
  const bytes = Buffer.from(`\u{feff}${text}`, "utf16le");
  return big ? bytes.swap16() : bytes;
}

describe("recogniseEncoding", () => {
  test("GB18030 by its characters, from the first line or only far behind the beginning", async () => {
    expect(await recogniseEncoding(file(gb(1)))).toBe("gb18030");
    const ascii = Buffer.from("name,n\n".repeat(200_000));
    expect(await recogniseEncoding(file(Buffer.concat([ascii, gb(300_000)])))).toBe("gb18030");
  });

  test("UTF-8, with or without its mark, and where a few lines are broken", async () => {
    expect(await recogniseEncoding(file("a,b\n1,2\n"))).toBe("utf-8");
    expect(await recogniseEncoding(file("\u{feff}店名\n诚信\n"))).toBe("utf-8");
    const broken = Buffer.concat([Buffer.from("店名\n诚信\n湖畔\n"), Buffer.from([0xff, 0xfe, 10])]);
    expect(await recogniseEncoding(file(broken))).toBe("utf-8");
  });

  test("another 8-bit encoding is not taken for Chinese", async () => {
    expect(await recogniseEncoding(file(Buffer.from("café,naïve\nétat,über\ngarçon,señor\n", "latin1")))).toBe("utf-8");
  });

  test.each([
    [false, "utf-16le"],
    [true, "utf-16be"],
  ])("UTF-16 by its byte order mark (big endian: %s)", async (big, expected) => {
    expect(await recogniseEncoding(file(utf16("店名,数\n", big)))).toBe(expected);
  });
});

describe("takeSample", () => {
  test("GB18030 is read as it is written", async () => {
    const { form, columns, rows } = await takeSample(file(gb(3)));
    expect(form).toEqual({ format: "csv", encoding: "gb18030", delimiter: ",", header: true });
    expect(columns).toEqual(["店名", "数"]);
    expect(cellsOf(rows)).toEqual(Array.from({ length: 3 }, () => ({ 店名: "诚信", 数: "1" })));
  });

  test.each([false, true])("UTF-16, and a line that is none (big endian: %s)", async (big) => {
    const lone = "\u{d800}x";
    const { columns, rows } = await takeSample(file(utf16(`店名\t数\r\n诚信\t1\r\n${lone}\t2\r\n"湖,畔"\t3\r\n`, big)));
    expect(columns).toEqual(["店名", "数"]);
    expect(cellsOf(rows)).toEqual([{ 店名: "诚信", 数: "1" }, "is not UTF-16", { 店名: "湖,畔", 数: "3" }]);
  });

  test.each([
    [",", "a,b,c\n1,2,3\n4,5,6\n"],
    ["\t", "a\tb\tc\n1,0\t2\t3\n"],
    [";", 'a;b;c\n1,5;2,5;"x;y"\n'],
    ["|", "a|b|c\n1|2|3\n"],
    [",", "onlyone\n1\n2\n"],
  ])("recognises the delimiter %j", async (delimiter, text) => {
    expect((await takeSample(file(text))).form.delimiter).toBe(delimiter);
  });

  test("a file without a header gets names for its columns, and loses no row", async () => {
    const { columns, rows, form } = await takeSample(file("o1,12.50,2026-01-01\no2,3.00,2026-01-02\n"));
    expect(form.header).toBe(false);
    expect(columns).toEqual(["column 1", "column 2", "column 3"]);
    expect(rows).toHaveLength(2);
  });

  test("rows that cannot be read are part of the sample", async () => {
    const { rows } = await takeSample(file('a,b\n1,2\n3\n4,"x\n5,6\n'));
    expect(cellsOf(rows)).toEqual([
      { a: "1", b: "2" },
      "has 1 fields, the header has 2",
      "a quote is opened and never closed",
      { a: "5", b: "6" },
    ]);
  });

  test("JSON lines by their first sign, whatever the name", async () => {
    expect((await takeSample(file('{"a":1}\n', "x.txt"))).form.format).toBe("jsonl");
  });

  test("reads no more than the sample", async () => {
    let blocks = 0;
    const line = "1,2\n".repeat(16_384);
    const bytes: Bytes = {
      ...file(`a,b\n${line}`),
      size: 2_000_000_000,
      async *blocks() {
        yield new TextEncoder().encode("a,b\n");
        for (; blocks < 30_000; blocks++) yield new TextEncoder().encode(line);
      },
    };
    expect((await takeSample(bytes)).rows).toHaveLength(importLimits.sampleRows);
    expect(blocks).toBeLessThan(10);
  });

  test.each([
    ["", "is empty"],
    ["PK\u0003\u0004xxxx", "save it as CSV"],
    ["a\0b\0c", "neither text nor Parquet"],
    ['[{"a":1}]', "one object per line"],
    ["\n\n", "not even a header"],
    ["PAR1 and no more", "cannot be read as Parquet"],
  ])("says what is wrong with %j", async (text, why) => {
    await expect(takeSample(file(text))).rejects.toMatchObject({
      name: "ImportError",
      message: expect.stringContaining(why),
    });
  });

  test("says that a compressed file has to be unpacked", async () => {
    await expect(takeSample(file(Buffer.from([0x1f, 0x8b, 8, 0])))).rejects.toThrow("unpack");
  });
});

/** Bytes that are held once everything else has been collected. */
function heldBytes(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test("200 MB are read in a stream: what is held does not grow with what was read", async () => {
  const line = `o-123456,s-1,"竹席, ${"大".repeat(60)}",12.50,2026-01-01 10:00:00\n`;
  const block = new TextEncoder().encode(line.repeat(500));
  const blocks = Math.ceil(200_000_000 / block.length);
  const header = new TextEncoder().encode("order,shop,title,total,created\n");
  const bytes: Bytes = {
    ...file(""),
    size: header.length + block.length * blocks,
    async *blocks() {
      yield header;
      // Cut where a line and a character may be cut, as a stream would.
      for (let at = 0; at < blocks; at++) {
        yield block.subarray(0, 40_001);
        yield block.subarray(40_001);
      }
    },
  };
  const opened = await openCsv(bytes);
  const before = heldBytes();
  let rows = 0;
  const held: number[] = [];
  for await (const batch of opened.rows()) {
    rows += batch.length;
    if (rows >= (held.length + 1) * 200_000) held.push(heldBytes() - before);
  }
  expect(rows).toBe(blocks * 500);
  expect(opened.done()).toBe(bytes.size);
  expect(held.length).toBeGreaterThan(3);
  expect(Math.max(...held) / 1_048_576).toBeLessThan(20);
}, 60_000);
