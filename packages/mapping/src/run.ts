import type { Verdict } from "@probity/contract";
import {
  importLimits,
  type ImportItem,
  type ImportSink,
  type Measure,
  type Place,
  type Reject,
  type SinkAnswer,
} from "./import.ts";

/** Where an import stands: items consumed and acknowledged. */
export interface ImportCursor {
  load(): Promise<number>;
  save(position: number): Promise<void>;
  /** Called when all is done, so that the next import begins at the beginning. */
  clear?(): Promise<void>;
}

/** On return of `write` the rejects are kept. */
export interface RejectWriter {
  write(rejects: readonly Reject[]): Promise<void>;
}

export interface ImportState {
  readonly measure: Measure | undefined;
  readonly events: number;
  readonly rejected: number;
  readonly seconds: number;
}

export interface ImportProgress {
  update(state: ImportState): void;
  end(state: ImportState): void;
}

export interface ImportClock {
  nowMs(): number;
  sleep(milliseconds: number): Promise<void>;
}

export interface ImportRun {
  readonly items: AsyncIterable<ImportItem> & { measure?(): Measure };
  readonly sink: ImportSink;
  readonly clock: ImportClock;
  readonly progress?: ImportProgress;
  readonly cursor?: ImportCursor;
  readonly rejects?: RejectWriter;
  readonly batchEvents?: number;
}

export interface ImportSummary {
  /** Rows read; undefined when the source does not count them. */
  readonly rows: number | undefined;
  readonly rowsUnused: number | undefined;
  /** Items passed over because an earlier run had finished them. */
  readonly resumedAt: number;
  readonly events: number;
  readonly byType: Readonly<Record<string, number>>;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly seconds: number;
}

type Pending = Place & { readonly event: Parameters<ImportSink>[0][number] };

function retryAfter(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("retryAfterSeconds" in error)) return undefined;
  const { retryAfterSeconds } = error;
  return typeof retryAfterSeconds === "number" && retryAfterSeconds >= 0 ? retryAfterSeconds : undefined;
}

async function sendPatiently(sink: ImportSink, batch: readonly Pending[], clock: ImportClock): Promise<SinkAnswer> {
  const events = batch.map(({ event }) => event);
  for (let attempt = 0; ; attempt++) {
    try {
      return await sink(events);
    } catch (error) {
      const seconds = retryAfter(error);
      if (seconds === undefined || attempt >= importLimits.busyRetries) throw error;
      await clock.sleep(Math.min(seconds, importLimits.busyWaitSeconds) * 1_000);
    }
  }
}

function rejectOf(verdict: Verdict, { event, file, line }: Pending): Reject | undefined {
  if (verdict.verdict !== "rejected") return undefined;
  return { file, line, field: verdict.path, reason: `${verdict.code}: ${verdict.message}`, raw: event };
}

/**
 * Sends every item of a source to a sink, batch by batch. The cursor moves only after a batch is
 * acknowledged and its rejects are kept: a killed import repeats at most one batch, as duplicates.
 */
export async function runImport(run: ImportRun): Promise<ImportSummary> {
  const { items, sink, clock, progress, cursor, rejects, batchEvents = 1_000 } = run;
  const startMs = clock.nowMs();
  const resumedAt = (await cursor?.load()) ?? 0;
  const count = { events: 0, accepted: 0, duplicates: 0, rejected: 0 };
  const byType: Record<string, number> = {};
  let position = 0;
  let batch: Pending[] = [];
  let refused: Reject[] = [];
  const state = (): ImportState => ({
    measure: items.measure?.(),
    events: count.events,
    rejected: count.rejected,
    seconds: (clock.nowMs() - startMs) / 1_000,
  });

  const flush = async (): Promise<void> => {
    const sent = batch;
    const kept = refused;
    batch = [];
    refused = [];
    if (sent.length > 0) {
      const answer = await sendPatiently(sink, sent, clock);
      count.accepted += answer.accepted;
      count.duplicates += answer.duplicates;
      kept.push(
        ...sent.flatMap((pending, at) => {
          const verdict = answer.verdicts[at];
          return (verdict && rejectOf(verdict, pending)) ?? [];
        }),
      );
    }
    count.rejected += kept.length;
    count.events += sent.length;
    for (const { event } of sent) byType[event.type] = (byType[event.type] ?? 0) + 1;
    if (kept.length > 0) await rejects?.write(kept);
    await cursor?.save(position);
    progress?.update(state());
  };

  for await (const item of items) {
    position++;
    if (position <= resumedAt) continue;
    if ("reject" in item) refused.push(item.reject);
    else batch.push(item);
    if (batch.length + refused.length >= batchEvents) await flush();
  }
  if (batch.length + refused.length > 0) await flush();
  await cursor?.clear?.();
  const end = state();
  progress?.end(end);
  const { rows, rowsUnused } = end.measure ?? {};
  return { rows, rowsUnused, resumedAt, ...count, byType, seconds: end.seconds };
}
