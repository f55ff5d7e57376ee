import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blobBytes, type Bytes } from "./bytes.ts";
import { type CsvForm, openCsv } from "./csv-rows.ts";
import { ImportError, importLimits, type RowItem } from "./import.ts";
import { openJsonl } from "./jsonl-rows.ts";
import { openParquet } from "./parquet-rows.ts";
import type { RowFile } from "./rows.ts";

function file(bytes: string | Uint8Array): Bytes {
  return blobBytes(new Blob([typeof bytes === "string" ? bytes : new Uint8Array(bytes)]), "rows");
}

async function all(opened: RowFile): Promise<RowItem[]> {
  return (await Array.fromAsync(opened.rows())).flat();
}

async function csv(bytes: string | Uint8Array, form: CsvForm = {}): Promise<RowItem[]> {
  return all(await openCsv(file(bytes), form));
}

const row = (line: number, cells: Record<string, unknown>): unknown => ({ file: "rows", line, cells });

describe("openCsv", () => {
  test("byte order mark, quoted header, CRLF, empty lines, no line end at the end", async () => {
    expect(await csv('\u{feff}"a","b"\r\n1,"x ""y"""\r\n\r\n3,')).toEqual([
      row(2, { a: "1", b: 'x "y"' }),
      row(4, { a: "3", b: "" }),
    ]);
  });

  test("other delimiters; no header", async () => {
    expect(await csv("a;b\n1;2,5\n", { delimiter: ";" })).toEqual([row(2, { a: "1", b: "2,5" })]);
    expect(await csv("1,2\n", { header: false, columns: ["x", "y"] })).toEqual([row(1, { x: "1", y: "2" })]);
  });

  test("GB18030, four-byte characters too", async () => {
    // 店名,数 / 诚信,𠀀 in GB18030.
    const bytes = Buffer.from("b5eac3fb2ccafd0ab3cfd0c52c95328236 0a".replaceAll(" ", ""), "hex");
    expect(await csv(bytes, { encoding: "gb18030" })).toEqual([row(2, { 店名: "诚信", 数: "\u{20000}" })]);
    const wrong = Buffer.from("612c620a312cff0a322c330a", "hex");
    expect(await csv(wrong, { encoding: "gb18030" })).toMatchObject([
      { reject: { line: 2, reason: "is not GB18030" } },
      { cells: { a: "2", b: "3" } },
    ]);
  });

  test("broken UTF-8 costs its own record only", async () => {
    const bytes = Buffer.concat([Buffer.from('a,b\n1,2\n"x\ny'), Buffer.from([0xff]), Buffer.from('",3\n4,\ufffd\n')]);
    expect(await csv(bytes)).toEqual([
      row(2, { a: "1", b: "2" }),
      { reject: { file: "rows", line: 3, field: "", reason: "is not UTF-8", raw: '"x\ny\ufffd",3' } },
      row(5, { a: "4", b: "\ufffd" }),
    ]);
  });

  test("ragged lines are told with what was there", async () => {
    expect(await csv("a,b\n1\n1,2,3\n4,5\n")).toEqual([
      { reject: { file: "rows", line: 2, field: "", reason: "has 1 fields, the header has 2", raw: "1" } },
      { reject: { file: "rows", line: 3, field: "", reason: "has 3 fields, the header has 2", raw: "1,2,3" } },
      row(4, { a: "4", b: "5" }),
    ]);
  });

  test("a line over the limit is refused, wherever it stands", async () => {
    const long = "x".repeat(importLimits.rowBytes * 9);
    const found = await csv(`a,b\n1,2\n${long},1\n3,4\n${long}`);
    expect(found.map((item) => ("reject" in item ? [item.reject.line, item.reject.reason] : item.line))).toEqual([
      2,
      [3, "is over 65536 bytes"],
      4,
      [5, "is over 65536 bytes"],
    ]);
  });

  test("line numbers and rows hold across blocks", async () => {
    const lines = Array.from({ length: 60_000 }, (_, at) => `${at},${at % 7 === 0 ? '"诚\n信"' : "诚信"}`);
    const found = await csv(`n,t\n${lines.join("\n")}\n`);
    expect(found).toHaveLength(lines.length);
    expect(found.at(-1)).toEqual(row(60_001 + Math.floor(59_999 / 7) + 1, { n: "59999", t: "诚信" }));
  });

  test.each([
    ["", "is empty"],
    ["a,a\n", "twice"],
    ["a,,b\n", "has no name"],
    ['"a,b\n', "header cannot be read"],
  ])("refuses a header like %j", async (text, why) => {
    await expect(csv(text)).rejects.toThrow(why);
  });

  test("reads back what any table was written as", async () => {
    const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "诚", " ", "é") });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1 }), async (table) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const found = await csv(`a,b\n${table.map((cells) => cells.map(quoted).join(",")).join("\n")}\n`);
        expect(found.map((item) => ("cells" in item ? [item.cells["a"], item.cells["b"]] : item))).toEqual(table);
      }),
      { numRuns: 100 },
    );
  });
});

describe("openJsonl", () => {
  test("rows, nested columns, and what is none", async () => {
    const opened = await openJsonl(file('\u{feff}{"a":1,"b":{"c":"x"}}\n\n[1]\nnope\r\n{"d":null}'));
    expect(opened.columns).toEqual(["a", "b", "b.c", "d"]);
    expect(await all(opened)).toEqual([
      row(1, { a: 1, b: { c: "x" } }),
      { reject: { file: "rows", line: 3, field: "", reason: "is not a JSON object", raw: "[1]" } },
      { reject: { file: "rows", line: 4, field: "", reason: "is not JSON", raw: "nope" } },
      row(5, { d: null }),
    ]);
  });

  test("a line over the limit is refused and the next is read", async () => {
    const opened = await openJsonl(file(`{"a":"${"x".repeat(importLimits.rowBytes)}"}\n{"a":1}\n`));
    expect(await all(opened)).toMatchObject([
      { reject: { line: 1, reason: "is over 65536 bytes" } },
      { line: 2, cells: { a: 1 } },
    ]);
  });
});

test("random bytes give rows, rejects or ImportError from every reader", async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc
      .array(fc.constantFrom('"', ",", "\n", "\r", "a", "{", "}", "\u{feff}", "诚", "PAR1", "\0"), { maxLength: 200 })
      .map((parts) => Buffer.from(parts.join(""))),
    fc.uint8Array({ maxLength: 200 }).map((middle) => Buffer.concat([Buffer.from("a,b\n"), middle])),
    fc
      .uint8Array({ minLength: 4, maxLength: 200 })
      .map((middle) => Buffer.concat([Buffer.from("PAR1"), middle, Buffer.from("PAR1")])),
  );
  const readers = [openCsv, (path: Bytes) => openCsv(path, { encoding: "gb18030" }), openJsonl, openParquet];
  await fc.assert(
    fc.asyncProperty(bytes, async (content) => {
      const path = file(content);
      for (const open of readers) {
        try {
          await all(await open(path));
        } catch (error) {
          expect(error).toBeInstanceOf(ImportError);
        }
      }
    }),
    { numRuns: 300 },
  );
}, 60_000);

/** Thrift compact protocol, as much as Parquet's footer needs. */
type Thrift = { readonly type: number; readonly bytes: Buffer };
function varint(value: number): Buffer {
  const out = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...out, left]);
    out.push((left % 128) + 128);
  }
}
const i32 = (value: number): Thrift => ({ type: 5, bytes: varint(value * 2) });
const i64 = (value: number): Thrift => ({ type: 6, bytes: varint(value * 2) });
const text = (value: string): Thrift => ({
  type: 8,
  bytes: Buffer.concat([varint(Buffer.byteLength(value)), Buffer.from(value)]),
});
const no: Thrift = { type: 2, bytes: Buffer.alloc(0) };
const list = (items: readonly Thrift[]): Thrift => ({
  type: 9,
  bytes: Buffer.concat([Buffer.from([items.length * 16 + (items[0]?.type ?? 12)]), ...items.map(({ bytes }) => bytes)]),
});
function struct(fields: Readonly<Record<number, Thrift>>): Thrift {
  let last = 0;
  const parts = Object.entries(fields).map(([key, { type, bytes }]) => {
    const head = Buffer.from([(Number(key) - last) * 16 + type]);
    last = Number(key);
    return Buffer.concat([head, bytes]);
  });
  return { type: 12, bytes: Buffer.concat([...parts, Buffer.from([0])]) };
}

interface Column {
  readonly name: string;
  readonly type: number;
  readonly schema: Readonly<Record<number, Thrift>>;
  readonly optional?: boolean;
  encode(value: never): Buffer;
}

function parquet(
  columns: readonly Column[],
  groups: readonly (readonly (readonly unknown[])[])[],
  gzipped: boolean,
): Buffer {
  const parts: Buffer[] = [Buffer.from("PAR1")];
  const size = (): number => parts.reduce((sum, part) => sum + part.length, 0);
  const rowGroups = groups.map((rows) => {
    const chunks = columns.map((column, at) => {
      const cells = rows.map((cellsOfRow) => cellsOfRow[at]);
      const levels = Buffer.concat(cells.map((cell) => Buffer.from([2, cell === null ? 0 : 1])));
      const length = Buffer.alloc(4);
      length.writeUInt32LE(levels.length);
      const values = cells.filter((cell) => cell !== null).map((cell) => column.encode(cell as never));
      const page = Buffer.concat([...(column.optional ? [length, levels] : []), ...values]);
      const body = gzipped ? gzipSync(page) : page;
      const header = struct({
        1: i32(0),
        2: i32(page.length),
        3: i32(body.length),
        5: struct({ 1: i32(rows.length), 2: i32(0), 3: i32(3), 4: i32(3) }),
      });
      const offset = size();
      parts.push(header.bytes, body);
      const meta = {
        1: i32(column.type),
        2: list([i32(0)]),
        3: list([text(column.name)]),
        4: i32(gzipped ? 2 : 0),
        5: i64(rows.length),
      };
      const total = header.bytes.length + body.length;
      return struct({
        2: i64(offset),
        3: struct({ ...meta, 6: i64(header.bytes.length + page.length), 7: i64(total), 9: i64(offset) }),
      });
    });
    return struct({ 1: list(chunks), 2: i64(size()), 3: i64(rows.length) });
  });
  const schema = [
    struct({ 4: text("schema"), 5: i32(columns.length) }),
    ...columns.map(({ name, type, optional, schema: more }) =>
      struct({ 1: i32(type), 3: i32(optional ? 1 : 0), 4: text(name), ...more }),
    ),
  ];
  const rows = groups.reduce((sum, group) => sum + group.length, 0);
  const footer = struct({ 1: i32(1), 2: list(schema), 3: i64(rows), 4: list(rowGroups) }).bytes;
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([...parts, footer, length, Buffer.from("PAR1")]);
}

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};
const int64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return bytes;
};
const zoneless = struct({ 8: struct({ 1: no, 2: struct({ 1: struct({}) }) }) });
const table: readonly Column[] = [
  {
    name: "order",
    type: 6,
    schema: { 6: i32(0) },
    encode: (value: string) => Buffer.concat([int32(Buffer.byteLength(value)), Buffer.from(value)]),
  },
  { name: "pieces", type: 1, schema: {}, optional: true, encode: int32 },
  { name: "total", type: 2, schema: { 6: i32(5), 7: i32(2), 8: i32(18) }, encode: int64 },
  { name: "day", type: 1, schema: { 6: i32(6) }, encode: int32 },
  { name: "at", type: 2, schema: { 6: i32(9) }, encode: int64 },
  { name: "local", type: 2, schema: { 10: zoneless }, encode: int64 },
];
const moment = Date.parse("2024-02-29T10:00:00Z");
const groups = [
  [
    ["o1", 2, 1_787, 19_782, moment, moment],
    ["o2", null, 3, 19_782, moment, moment],
  ],
  [["诚信", 7, 110, 19_783, moment, moment]],
];

describe("openParquet", () => {
  test.each([false, true])("row groups, nulls, exact decimals, dates and times; gzip %s", async (gzipped) => {
    const opened = await openParquet(file(parquet(table, groups, gzipped)));
    expect(opened.columns).toEqual(["order", "pieces", "total", "day", "at", "local"]);
    expect(opened.total).toBe(3);
    const times = { at: new Date(moment), local: "2024-02-29T10:00:00.000" };
    const found = await all(opened);
    expect(found).toMatchObject([
      row(1, { order: "o1", pieces: 2, total: "17.87", day: "2024-02-29", ...times }),
      row(2, { order: "o2", total: "0.03", day: "2024-02-29", ...times }),
      row(3, { order: "诚信", pieces: 7, total: "1.10", day: "2024-03-01", ...times }),
    ]);
    expect("cells" in (found[1] ?? {}) && (found[1] as { cells: Record<string, unknown> }).cells["pieces"]).toBeFalsy();
    expect(opened.done()).toBe(3);
  });

  test("a file cut short is an ImportError", async () => {
    const bytes = parquet(table, groups, false);
    await expect(openParquet(file(bytes.subarray(0, 100)))).rejects.toThrow(ImportError);
    const damaged = Buffer.from(bytes);
    damaged.fill(0xff, 4, 40);
    await expect(openParquet(file(damaged)).then(all)).rejects.toThrow(ImportError);
  });
});
