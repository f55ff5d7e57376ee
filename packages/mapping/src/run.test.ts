import { ProblemError, type Verdict } from "@probity/contract";
import { describe, expect, test } from "vitest";
import type { ImportEvent, ImportItem, ImportSink, Reject } from "./import.ts";
import { type ImportClock, type ImportCursor, runImport } from "./run.ts";

function event(at: number): ImportEvent {
  return {
    specversion: "1.0",
    source: "urn:test",
    id: `e-${at}`,
    type: "order.delivered",
    time: "2024-01-01T00:00:00Z",
    data: {},
  };
}

async function* source(count: number, rejectEvery = 0): AsyncGenerator<ImportItem> {
  for (let at = 1; at <= count; at++) {
    if (rejectEvery > 0 && at % rejectEvery === 0)
      yield { reject: { file: "f.csv", line: at, field: "x", reason: "is missing", raw: { at } } };
    else yield { event: event(at), file: "f.csv", line: at };
  }
}

function ledger(): { sink: ImportSink; ids: Set<string> } {
  const ids = new Set<string>();
  const sink: ImportSink = async (events) => {
    const verdicts = events.map(({ id }): Verdict => {
      if (ids.has(id)) return { verdict: "duplicate", id, seq: 0 };
      ids.add(id);
      return { verdict: "accepted", id, seq: ids.size };
    });
    const duplicates = verdicts.filter(({ verdict }) => verdict === "duplicate").length;
    return { accepted: events.length - duplicates, duplicates, rejected: 0, verdicts };
  };
  return { sink, ids };
}

function clock(): ImportClock & { slept: number[] } {
  const slept: number[] = [];
  let now = 0;
  return {
    slept,
    nowMs: () => (now += 10),
    async sleep(milliseconds) {
      slept.push(milliseconds);
    },
  };
}

function memoryCursor(): ImportCursor & { position: number; cleared: boolean } {
  const cursor = {
    position: 0,
    cleared: false,
    load: async () => cursor.position,
    async save(position: number) {
      cursor.position = position;
    },
    async clear() {
      cursor.cleared = true;
    },
  };
  return cursor;
}

function memoryRejects(): { rejects: Reject[]; write(more: readonly Reject[]): Promise<void> } {
  const rejects: Reject[] = [];
  return { rejects, write: async (more) => void rejects.push(...more) };
}

describe("runImport", () => {
  test("sends everything and says what became of it", async () => {
    const { sink, ids } = ledger();
    const kept = memoryRejects();
    const summary = await runImport({ items: source(2_500, 10), sink, clock: clock(), rejects: kept });
    expect(summary).toMatchObject({
      events: 2_250,
      accepted: 2_250,
      duplicates: 0,
      rejected: 250,
      byType: { "order.delivered": 2_250 },
    });
    expect(ids.size).toBe(2_250);
    expect(kept.rejects[0]).toEqual({ file: "f.csv", line: 10, field: "x", reason: "is missing", raw: { at: 10 } });
  });

  test("twice gives duplicates, never doubles", async () => {
    const { sink, ids } = ledger();
    await runImport({ items: source(300), sink, clock: clock() });
    expect(await runImport({ items: source(300), sink, clock: clock() })).toMatchObject({
      accepted: 0,
      duplicates: 300,
    });
    expect(ids.size).toBe(300);
  });

  test.each([1, 2, 3])("goes on after a kill at batch %i; the overlap is duplicates", async (killAt) => {
    const { sink, ids } = ledger();
    const cursor = memoryCursor();
    const kept = memoryRejects();
    let batches = 0;
    const dying: ImportSink = async (events) => {
      const answer = await sink(events);
      // The batch is in the ledger, but its answer never arrives.
      if (++batches === killAt) throw new Error("killed");
      return answer;
    };
    const run = { clock: clock(), cursor, rejects: kept, batchEvents: 100 };
    await expect(runImport({ ...run, items: source(450, 7), sink: dying })).rejects.toThrow("killed");
    expect(cursor.position).toBe((killAt - 1) * 100);
    const summary = await runImport({ ...run, items: source(450, 7), sink });
    expect(summary.resumedAt).toBe((killAt - 1) * 100);
    expect(summary.duplicates).toBeGreaterThan(0);
    expect(ids.size).toBe(450 - 64);
    expect(kept.rejects).toHaveLength(64);
    expect(cursor.cleared).toBe(true);
  });

  test("waits as long as a busy sink asks, and no longer than the limit", async () => {
    const { sink } = ledger();
    const time = clock();
    const waits = [2, 7, 3_600];
    const busy: ImportSink = async (events) => {
      const retryAfterSeconds = waits.shift();
      if (retryAfterSeconds !== undefined) throw new ProblemError("queue-full", "wait", { retryAfterSeconds });
      return sink(events);
    };
    expect(await runImport({ items: source(5), sink: busy, clock: time })).toMatchObject({ accepted: 5 });
    expect(time.slept).toEqual([2_000, 7_000, 60_000]);
  });

  test("gives up on a sink that stays busy", async () => {
    const sink: ImportSink = async () => {
      throw new ProblemError("queue-full", "wait", { retryAfterSeconds: 1 });
    };
    await expect(runImport({ items: source(5), sink, clock: clock() })).rejects.toThrow("wait");
  });

  test("maps a refused event back to its file and line", async () => {
    const sink: ImportSink = async (events) => ({
      accepted: events.length - 1,
      duplicates: 0,
      rejected: 1,
      verdicts: events.map(({ id }, at) =>
        at === 3
          ? {
              verdict: "rejected",
              id,
              code: "time-in-future",
              path: "/time",
              message: "is in the future",
              deadLetter: null,
            }
          : { verdict: "accepted", id, seq: at },
      ),
    });
    const kept = memoryRejects();
    const summary = await runImport({ items: source(10), sink, clock: clock(), rejects: kept });
    expect(summary).toMatchObject({ accepted: 9, rejected: 1 });
    expect(kept.rejects).toEqual([
      { file: "f.csv", line: 4, field: "/time", reason: "time-in-future: is in the future", raw: event(4) },
    ]);
  });

  test("an empty source is a finished import", async () => {
    const { sink } = ledger();
    expect(await runImport({ items: source(0), sink, clock: clock() })).toMatchObject({
      events: 0,
      accepted: 0,
      rejected: 0,
    });
  });
});
