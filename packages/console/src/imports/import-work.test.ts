import { olistFiles } from "@probity/mapping";
import { type IngestAnswer, type ProbityEvent, ProbityError, SendError } from "@probity/sdk";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ImportWork } from "./import-work.ts";
import type { Opened, Order, Report } from "./protocol.ts";

const day = (at: number): string => `2026-01-${String((at % 28) + 1).padStart(2, "0")}`;
const header = "order_id,shop_id,user_id,sku,quantity,total,created_at\n";
const line = (at: number, total = "12.50"): string =>
  `o${at},s${at % 3},u${at % 50},p1,1,${total},${day(at)}T10:00:00Z\n`;
const orders = (count: number, broken = 0): File =>
  new File(
    [header, ...Array.from({ length: count }, (_, at) => line(at, broken > 0 && at % broken === 0 ? "x" : "12.50"))],
    "orders.csv",
  );

const problem = (status: number, code: string, errors?: { path: string; rule: string }[]): ProbityError =>
  new ProbityError({
    type: `https://probity.dev/problems/${code}`,
    title: code,
    status,
    detail: code,
    ...(errors ? { errors } : {}),
  });

type Trouble = (batch: number, events: readonly ProbityEvent[]) => ProbityError | "lose-answer" | undefined;

/** A ledger that keeps ids, and a line to it that may fail. */
function ledger(trouble: Trouble = () => undefined) {
  const ids = new Map<string, number>();
  let batch = 0;
  const keep = (events: readonly ProbityEvent[]): IngestAnswer => {
    const answer: IngestAnswer = { accepted: 0, duplicates: 0, rejected: 0, verdicts: [] };
    for (const { id } of events) {
      const seq = ids.get(id);
      answer[seq === undefined ? "accepted" : "duplicates"] += 1;
      answer.verdicts.push({ verdict: seq === undefined ? "accepted" : "duplicate", id, seq: seq ?? ids.size });
      if (seq === undefined) ids.set(id, ids.size);
    }
    return answer;
  };
  const send = async (events: readonly ProbityEvent[]): Promise<IngestAnswer> => {
    const failed = trouble((batch += 1), events);
    if (failed === undefined) return keep(events);
    const half = events.slice(0, failed === "lose-answer" ? 0 : 10);
    if (failed === "lose-answer") keep(events);
    const error = failed === "lose-answer" ? problem(0, "silence") : failed;
    throw new SendError(error, keep(half), events.slice(half.length));
  };
  return { ids, send, batches: () => batch };
}

interface Desk {
  readonly reports: Report[];
  readonly rests: number[];
  take(order: Order): Promise<void>;
  open(files: readonly File[]): Promise<Opened>;
  of<T extends Report["told"]>(told: T): Extract<Report, { told: T }>[];
}

function desk(
  send: (events: readonly ProbityEvent[]) => Promise<IngestAnswer>,
  onReport: (report: Report, desk: Desk) => void = () => undefined,
): Desk {
  const reports: Report[] = [];
  const rests: number[] = [];
  let now = Date.parse("2026-06-01T00:00:00Z");
  const work = new ImportWork({
    post: (report) => {
      reports.push(report);
      onReport(report, own);
    },
    connect: () => ({ send }),
    nowMs: () => (now += 10),
    sleep: async (milliseconds) => void rests.push(milliseconds),
  });
  const own: Desk = {
    reports,
    rests,
    take: (order) => work.take(order),
    open: async (files) => {
      await work.take({ do: "open", files, currency: "CNY", timeZone: "+08:00" });
      const [opened] = own.of("opened");
      if (opened === undefined) throw new Error(JSON.stringify(reports));
      return opened.opened;
    },
    of: <T extends Report["told"]>(told: T) =>
      reports.filter((report): report is Extract<Report, { told: T }> => report.told === told),
  };
  return own;
}

const start = (opened: Opened, from = 0): Order => ({
  do: "start",
  mapping: opened.mapping,
  marketplace: "m",
  address: "",
  from,
});

describe("ImportWork", () => {
  test("opens, previews with verdicts, sends, and hands rejects back with line, field, reason and row", async () => {
    const { ids, send } = ledger();
    const own = desk(send);
    const opened = await own.open([orders(2_500, 100)]);
    expect(opened).toMatchObject({
      kind: "mapped",
      files: [{ file: "orders.csv", columns: 7 }],
      left: [],
      rules: [{ type: "order.placed", missing: [] }],
    });
    await own.take({ do: "check", round: 7, mapping: opened.mapping });
    const [checked] = own.of("checked");
    expect(checked).toMatchObject({
      round: 7,
      checked: { issues: [], sampled: { rows: 1_000, accepted: 990, refused: 10 } },
    });
    expect(checked?.checked.rows[0]).toMatchObject({
      line: 2,
      verdicts: [{ type: "order.placed", field: "total", reason: '"x" is not an amount' }],
    });
    expect(checked?.checked.rows[1]).toMatchObject({
      line: 3,
      verdicts: [{ event: { id: "order-placed-o1-s1", data: { amount: 1_250 } } }],
    });
    await own.take(start(opened));
    const [done] = own.of("done");
    expect(done).toMatchObject({
      stopped: false,
      summary: { rows: 2_500, events: 2_475, accepted: 2_475, duplicates: 0, rejected: 25 },
    });
    expect(done?.newest).toBe("2026-01-28");
    expect(ids.size).toBe(2_475);
    const text = (await done?.file.text()) ?? "";
    expect(text.split("\r\n").slice(0, 2)).toEqual([
      "file,line,field,reason,row",
      'orders.csv,2,total,"rule 1 (order.placed): ""x"" is not an amount","{""order_id"":""o0"",""shop_id"":""s0"",""user_id"":""u0"",""sku"":""p1"",""quantity"":""1"",""total"":""x"",""created_at"":""2026-01-01T10:00:00Z""}"',
    ]);
    expect(text.trimEnd().split("\r\n")).toHaveLength(26);
    const last = own.of("progress").at(-1)?.progress;
    expect(last).toMatchObject({ rows: 2_500, events: 2_475, rejected: 25 });
    expect(last?.done).toBe(last?.total);
  });

  test("a connection lost in the middle is waited for, and nothing is taken twice", async () => {
    const { ids, send } = ledger((batch) =>
      batch === 2 || batch === 3 ? problem(0, "silence") : batch === 5 ? "lose-answer" : undefined,
    );
    const own = desk(send);
    await own.take(start(await own.open([orders(5_000)])));
    expect(ids.size).toBe(5_000);
    expect(own.of("waiting").map(({ why, seconds }) => [why, seconds])).toEqual([
      ["offline", 2],
      ["offline", 2],
      ["offline", 2],
    ]);
    const summary = own.of("done")[0]?.summary;
    // What was sent while its answer was lost is a duplicate; what was answered is not sent again.
    expect((summary?.accepted ?? 0) + (summary?.duplicates ?? 0)).toBe(5_000);
    expect(summary?.duplicates).toBeGreaterThan(0);
    expect(summary?.duplicates).toBeLessThanOrEqual(1_000);
  });

  test("a busy server is given the time it asks for; without a word the pauses grow", async () => {
    const busy = (batch: number): ProbityError | undefined => {
      const said = { type: "https://probity.dev/problems/queue-full", title: "x", status: 429, detail: "x" };
      if (batch === 1) return new ProbityError(said, { retryAfterSeconds: 7 });
      return batch < 4 ? new ProbityError(said) : undefined;
    };
    const calls = ledger();
    let batch = 0;
    const own = desk(async (events) => {
      const error = busy((batch += 1));
      if (error) throw new SendError(error, { accepted: 0, duplicates: 0, rejected: 0, verdicts: [] }, events);
      return calls.send(events);
    });
    await own.take(start(await own.open([orders(10)])));
    expect(own.rests).toEqual([7_000, 4_000, 8_000]);
    expect(own.of("waiting").map(({ why }) => why)).toEqual(["busy", "busy", "busy"]);
    expect(calls.ids.size).toBe(10);
  });

  test("a session that ends holds the import until somebody has signed in again", async () => {
    let ended = true;
    const { ids, send } = ledger((batch) => (batch === 2 && ended ? problem(401, "session-missing") : undefined));
    const own = desk(send, (report, { take }) => {
      if (report.told !== "signed-out") return;
      ended = false;
      setTimeout(() => void take({ do: "go-on" }), 5);
    });
    await own.take(start(await own.open([orders(3_000)])));
    expect(own.of("signed-out")).toHaveLength(1);
    expect(ids.size).toBe(3_000);
    expect(own.of("done")[0]?.summary).toMatchObject({ accepted: 3_000, duplicates: 0 });
  });

  test("pauses, goes on, stops, and resumes where it was", async () => {
    const { ids, send } = ledger();
    const file = orders(10_000);
    const own = desk(send, (report, { take }) => {
      if (report.told !== "progress") return;
      if (report.progress.events === 2_000) {
        void take({ do: "pause" });
        setTimeout(() => void take({ do: "go-on" }), 20);
      }
      if (report.progress.events === 4_000) void take({ do: "stop" });
    });
    await own.take(start(await own.open([file])));
    expect(own.of("done")[0]).toMatchObject({
      stopped: true,
      summary: { events: 4_000, accepted: 4_000, byType: { "order.placed": 4_000 } },
    });
    expect(ids.size).toBe(4_000);
    const position = own.of("progress").at(-1)?.position ?? 0;
    expect(position).toBe(4_000);
    const again = desk(send);
    await again.take(start(await again.open([file]), position));
    expect(again.of("done")[0]?.summary).toMatchObject({
      resumedAt: 4_000,
      events: 6_000,
      accepted: 6_000,
      duplicates: 0,
    });
    expect(ids.size).toBe(10_000);
  });

  test("a refusal of the server ends the import and says why", async () => {
    const { send } = ledger((batch) => (batch === 2 ? problem(403, "scope-missing") : undefined));
    const own = desk(send);
    await own.take(start(await own.open([orders(3_000)])));
    expect(own.of("failed")).toMatchObject([
      { during: "import", failure: { kind: "server", code: "scope-missing", status: 403 } },
    ]);
    expect(own.of("done")).toEqual([]);
  });

  test("an event that was sent alone and refused is a reject like any other", async () => {
    const errors = [
      { path: "/time", rule: "time-in-future: lies in the future" },
      { path: "", rule: "dead-letter: 12" },
    ];
    const own = desk(async (events) => {
      throw new SendError(
        problem(422, "event-rejected", errors),
        { accepted: 0, duplicates: 0, rejected: 0, verdicts: [] },
        events,
      );
    });
    await own.take(start(await own.open([orders(1)])));
    const [done] = own.of("done");
    expect(done?.summary).toMatchObject({ events: 1, rejected: 1 });
    expect(done?.rejects).toMatchObject([{ line: 2, field: "/time", reason: "time-in-future: lies in the future" }]);
  });

  test("several files with the same columns are one import; another one is left", async () => {
    const { ids, send } = ledger();
    const second = new File([header, line(7_000), line(7_001)], "orders.csv");
    const own = desk(send);
    const opened = await own.open([
      orders(3),
      second,
      new File(["a,b\n1,2\n"], "other.csv"),
      new File(["PK\u0003\u0004"], "book.xlsx"),
    ]);
    expect(opened.files.map(({ file }) => file)).toEqual(["orders.csv", "orders.csv (2)"]);
    expect(opened.left).toEqual(["other.csv", "book.xlsx"]);
    await own.take(start(opened));
    expect(ids.size).toBe(5);
  });

  test("the nine files of Olist are joined in the browser", async () => {
    const golden = join(import.meta.dirname, "../../../mapping/src/golden/olist");
    const files = Object.values(olistFiles).map((name) => new File([readFileSync(join(golden, name))], name));
    const { ids, send } = ledger();
    const own = desk(send);
    const opened = await own.open([
      ...files,
      new File(["mql_id,origin\n1,x\n"], "olist_marketing_qualified_leads_dataset.csv"),
    ]);
    expect(opened).toMatchObject({ kind: "olist", missing: [], left: ["olist_marketing_qualified_leads_dataset.csv"] });
    await own.take({ do: "try", mapping: opened.mapping });
    const [tried] = own.of("tried");
    expect(tried?.byType["order.placed"]).toBeGreaterThan(3);
    await own.take(start(opened));
    expect(ids.size).toBe(tried?.events);
    const partial = desk(send);
    expect((await partial.open(files.slice(0, 2))).missing).toContain(olistFiles.customers);
  });

  test("a mapping of the command line is read, a wrong one is told with its place", async () => {
    const own = desk(ledger().send);
    const opened = await own.open([orders(3)]);
    await own.take({ do: "check", round: 1, mapping: opened.mapping });
    await own.take({ do: "read-mapping", name: "m.yaml", text: own.of("checked")[0]?.checked.text ?? "" });
    expect(own.of("mapping")[0]?.mapping).toEqual(opened.mapping);
    await own.take({ do: "read-mapping", name: "m.yaml", text: "source: urn:x\nevents: [{}]" });
    expect(own.of("mapping-refused")[0]?.message).toMatch(/^m\.yaml: \/events\/0/);
    const broken = { ...opened.mapping, events: opened.mapping.events.map((rule) => ({ ...rule, data: {} })) };
    await own.take({ do: "check", round: 2, mapping: broken });
    expect(own.of("checked")[1]?.checked.issues.map(({ path }) => path)).toContain("/events/0/data/order");
  });

  test("a file that is none is told", async () => {
    const own = desk(ledger().send);
    await own.take({ do: "open", files: [new File(["PK\u0003\u0004"], "book.xlsx")], currency: "CNY", timeZone: "Z" });
    expect(own.of("failed")).toMatchObject([{ during: "open", failure: { code: "spreadsheet", file: "book.xlsx" } }]);
  });
});
