import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { limits } from "@probity/contract";
import { dryRun, type ImportEvent, importMapped, type ImportSink, runImport } from "@probity/mapping";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  fileBytes,
  fileCursor,
  fileRejects,
  httpSink,
  importOlistFolder,
  readMapping,
  sourceMark,
} from "./import.store.ts";
import { terminalProgress } from "./progress.store.ts";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "import-"));
});
afterEach(() => rm(dir, { recursive: true }));

const golden = join(import.meta.dirname, "../../../mapping/src/golden");
const clock = { nowMs: () => 0, sleep: async () => undefined };
const header = "order_no;user;total;created;sku;pieces;ship_by;city;street;channel;arrived;back;state;why\n";
const order = (at: number, total = "9.90"): string =>
  `o${at};u${at};${total};2024-02-29 10:00:00;p1;1;;;;;1709400000;;fine;\n`;

describe("importMapped", () => {
  test("dry run of a file: counts, rejects by line, rows without a rule", async () => {
    const path = join(dir, "orders.csv");
    await writeFile(path, header + order(1) + order(2, "9.999") + order(3));
    const mapping = await readMapping(join(golden, "shop.mapping.yaml"));
    const result = await dryRun(importMapped(await fileBytes(path), mapping));
    expect(result).toMatchObject({
      rows: 3,
      rowsUnused: 0,
      events: 5,
      rejected: 1,
      byType: { "order.placed": 2, "order.delivered": 3 },
    });
    expect(result.rejects).toMatchObject([
      { file: "orders.csv", line: 3, field: "total", raw: { order_no: "o2", total: "9.999" } },
    ]);
  });

  test("a column the file lacks stops the import before the first item", async () => {
    const path = join(dir, "orders.csv");
    await writeFile(path, header.replace("total", "Totals") + order(1));
    const mapping = await readMapping(join(golden, "shop.mapping.yaml"));
    await expect(dryRun(importMapped(await fileBytes(path), mapping, "shop.yaml"))).rejects.toMatchObject({
      file: "shop.yaml",
      rule: expect.stringContaining("did you mean Totals?"),
    });
  });

  test("a file of unknown kind, a mapping that is not there", async () => {
    const mapping = { ...(await readMapping(join(golden, "shop.mapping.yaml"))), format: undefined };
    const path = join(dir, "orders.xls");
    await writeFile(path, "a,b\n");
    await expect(dryRun(importMapped(await fileBytes(path), mapping))).rejects.toThrow("say format");
    await expect(readMapping(join(dir, "none.yaml"))).rejects.toMatchObject({ name: "ImportError", file: "none.yaml" });
  });
});

test("the example of the documentation does what it says", async () => {
  const page = await readFile(join(import.meta.dirname, "../../../../docs/importing-your-data.md"), "utf8");
  const block = (language: string): string =>
    new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, "u").exec(page)?.[1] ?? "";
  await writeFile(join(dir, "orders.csv"), block("csv"));
  await writeFile(join(dir, "orders.yaml"), block("yaml"));
  const result = await dryRun(
    importMapped(await fileBytes(join(dir, "orders.csv")), await readMapping(join(dir, "orders.yaml"))),
  );
  expect(result).toMatchObject({ rows: 2, events: 5, rejected: 0, repeatedIds: 0 });
  expect(result.first.map(({ id }) => id)).toEqual([
    "order-placed-A-1001",
    "order-delivered-A-1001",
    "order-placed-A-1002",
    "order-delivered-A-1002",
    "return-requested-A-1002",
  ]);
});

test("says why a file cannot be opened", async () => {
  await expect(fileBytes(join(dir, "absent.csv"))).rejects.toMatchObject({
    name: "ImportError",
    file: "absent.csv",
    rule: "there is no such file",
  });
  await expect(fileBytes(dir)).rejects.toThrow("folder");
});

test("reads a file whole and in parts", async () => {
  const path = join(dir, "long.csv");
  await writeFile(path, "诚信".repeat(200_000));
  const bytes = await fileBytes(path);
  const blocks = await Array.fromAsync(bytes.blocks());
  expect(blocks.length).toBeGreaterThan(4);
  expect(Buffer.concat(blocks).toString("utf8")).toBe("诚信".repeat(200_000));
  expect(Buffer.from(await bytes.read(6, 12)).toString("utf8")).toBe("诚信");
  expect(await bytes.read(bytes.size - 3, bytes.size + 10)).toHaveLength(3);
});

test("a folder of Olist gives events, and names the file it lacks and where to get it", async () => {
  const items = await Array.fromAsync(importOlistFolder(join(golden, "olist")));
  expect(items.filter((item) => "event" in item).length).toBeGreaterThan(20);
  await expect(Array.fromAsync(importOlistFolder(dir))).rejects.toMatchObject({
    file: "olist_orders_dataset.csv",
    message: expect.stringContaining(`kaggle.com/datasets/olistbr/brazilian-ecommerce and unpack it into ${dir}`),
  });
});

describe("a killed import", () => {
  test("goes on from its cursor file and keeps every reject once", async () => {
    const path = join(dir, "orders.csv");
    await writeFile(
      path,
      header + Array.from({ length: 200 }, (_, at) => order(at, at % 10 === 0 ? "x" : "1")).join(""),
    );
    const mapping = await readMapping(join(golden, "shop.mapping.yaml"));
    const cursor = fileCursor(join(dir, "state", "cursor.json"), await sourceMark([path], "mapping"));
    const ids = new Set<string>();
    const sink = (dieAt: number): ImportSink => {
      let batches = 0;
      return async (events) => {
        for (const { id } of events) ids.add(id);
        if (++batches === dieAt) throw new Error("killed");
        return { accepted: events.length, duplicates: 0, rejected: 0, verdicts: [] };
      };
    };
    const rejectsPath = join(dir, "state", "rejects.jsonl");
    const run = { clock, cursor, batchEvents: 50 };
    const first = await fileRejects(rejectsPath, false);
    await expect(
      runImport({ ...run, items: importMapped(await fileBytes(path), mapping), sink: sink(3), rejects: first }),
    ).rejects.toThrow("killed");
    expect(await cursor.load()).toBe(100);
    const second = await fileRejects(rejectsPath, true);
    await runImport({ ...run, items: importMapped(await fileBytes(path), mapping), sink: sink(0), rejects: second });
    expect(ids.size).toBe(380);
    const kept = (await readFile(rejectsPath, "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(kept).toHaveLength(20);
    expect(kept[0]).toEqual({
      file: "orders.csv",
      line: 2,
      field: "total",
      reason: 'rule 1 (order.placed): "x" is not an amount',
      raw: expect.objectContaining({ order_no: "o0", total: "x" }),
    });
    expect(await cursor.load()).toBe(0);
  });

  test("a cursor of another file, or a broken one, means the beginning", async () => {
    const path = join(dir, "cursor.json");
    await fileCursor(path, "a").save(500);
    expect(await fileCursor(path, "a").load()).toBe(500);
    expect(await fileCursor(path, "b").load()).toBe(0);
    await writeFile(path, "{");
    expect(await fileCursor(path, "a").load()).toBe(0);
  });
});

describe("httpSink", () => {
  let server: Server;
  const seen: { lines: number; bytes: number; headers: IncomingMessage["headers"] }[] = [];
  let refuse: { status: number; headers: Record<string, string>; body: string }[] = [];
  beforeEach(async () => {
    seen.length = 0;
    refuse = [];
    server = createServer(async (request, response) => {
      const body = gunzipSync(Buffer.concat(await Array.fromAsync(request))).toString("utf8");
      const no = refuse.shift();
      if (no) return void response.writeHead(no.status, no.headers).end(no.body);
      const events = body
        .trimEnd()
        .split("\n")
        .map((line): ImportEvent => JSON.parse(line));
      seen.push({ lines: events.length, bytes: Buffer.byteLength(body), headers: request.headers });
      const verdicts = events.map(({ id }, seq) => ({ verdict: "accepted", id, seq }));
      response.end(JSON.stringify({ accepted: events.length, duplicates: 0, rejected: 0, verdicts }));
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  });
  afterEach(() => new Promise((closed) => server.close(closed)));

  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const event = (at: number, chars = 10): ImportEvent => ({
    specversion: "1.0",
    source: "urn:test",
    id: `e-${at}`,
    type: "order.delivered",
    time: "2024-01-01T00:00:00Z",
    data: { text: "x".repeat(chars) },
  });

  test("sends gzipped NDJSON with the key, within the limits of a request", async () => {
    const events = Array.from({ length: 200 }, (_, at) => event(at, 60_000));
    const answer = await httpSink(url(), "secret")(events);
    expect(answer.accepted).toBe(200);
    expect(answer.verdicts).toHaveLength(200);
    expect(seen.length).toBeGreaterThan(1);
    expect(Math.max(...seen.map(({ bytes }) => bytes))).toBeLessThanOrEqual(limits.bodyBytes);
    expect(seen[0]?.headers).toMatchObject({
      authorization: "Bearer secret",
      "content-type": "application/x-ndjson",
      "content-encoding": "gzip",
    });
  });

  test("tells a busy server, with its wait, from one that refuses", async () => {
    refuse = [{ status: 429, headers: { "retry-after": "7" }, body: "{}" }];
    await expect(httpSink(url(), "k")([event(1)])).rejects.toMatchObject({ retryAfterSeconds: 7 });
    refuse = [{ status: 401, headers: {}, body: JSON.stringify({ detail: "The key is not known" }) }];
    await expect(httpSink(url(), "k")([event(1)])).rejects.toThrow("The key is not known");
    refuse = [{ status: 500, headers: {}, body: "<html>" }];
    await expect(httpSink(url(), "k")([event(1)])).rejects.toMatchObject({ name: "ImportError" });
  });

  test("one refused event alone is a reject, not a failure", async () => {
    const errors = [{ path: "/time", rule: "time-in-future: lies in the future" }];
    const body = JSON.stringify({
      type: "t",
      title: "The event was rejected",
      status: 422,
      detail: "/time lies in the future",
      errors,
    });
    refuse = [{ status: 422, headers: {}, body }];
    expect(await httpSink(url(), "k")([event(1)])).toMatchObject({
      rejected: 1,
      verdicts: [
        { verdict: "rejected", id: "e-1", code: "time-in-future", path: "/time", message: "lies in the future" },
      ],
    });
  });

  test("a server that is not there is worth waiting for", async () => {
    await expect(httpSink("http://127.0.0.1:1", "k")([event(1)])).rejects.toMatchObject({ retryAfterSeconds: 5 });
  });
});

test("progress without a terminal is a line every few seconds", () => {
  let written = "";
  const stream = { isTTY: false, write: (text: string) => (written += text) } as unknown as NodeJS.WriteStream;
  const progress = terminalProgress(stream);
  const state = (seconds: number, done: number) => ({
    measure: { done, total: 100, unit: "bytes", rows: done, rowsUnused: 0 } as const,
    events: done * 10,
    rejected: 1,
    seconds,
  });
  for (let at = 1; at <= 12; at++) progress.update(state(at, at * 5));
  progress.end(state(20, 100));
  expect(written.split("\n")).toEqual([
    "25 %  250 events  1 rejected  50/s  15 s left",
    "50 %  500 events  1 rejected  50/s  10 s left",
    "100 %  1000 events  1 rejected  50/s  0 s left",
    "",
  ]);
});
