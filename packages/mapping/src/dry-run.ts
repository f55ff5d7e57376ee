import { eventProblem, type ImportEvent, type ImportItem, importLimits, type Measure, type Reject } from "./import.ts";

export interface DryRun {
  readonly rows: number | undefined;
  readonly rowsUnused: number | undefined;
  readonly events: number;
  readonly byType: Readonly<Record<string, number>>;
  /** The first five events. */
  readonly first: readonly ImportEvent[];
  readonly rejected: number;
  /** The first rejects, at most `rejectsShown`. */
  readonly rejects: readonly Reject[];
  /** Events whose id was given before: they would be taken as duplicates and change nothing. */
  readonly repeatedIds: number;
}

const firstEvents = 5;

/** Reads and checks everything as ingestion would, and writes nothing. */
export async function dryRun(
  items: AsyncIterable<ImportItem> & { measure?(): Measure },
  { nowMs, rejectsShown = 100 }: { readonly nowMs?: number; readonly rejectsShown?: number } = {},
): Promise<DryRun> {
  const byType: Record<string, number> = {};
  const first: ImportEvent[] = [];
  const rejects: Reject[] = [];
  const seen = new Set<string>();
  let [events, rejected, repeatedIds] = [0, 0, 0];
  const refuse = (reject: Reject): void => {
    rejected++;
    if (rejects.length < rejectsShown) rejects.push(reject);
  };
  for await (const item of items) {
    if ("reject" in item) {
      refuse(item.reject);
      continue;
    }
    const { event, file, line } = item;
    const problem = eventProblem(event, nowMs);
    if (problem) {
      refuse({ file, line, ...problem, raw: event });
      continue;
    }
    events++;
    byType[event.type] = (byType[event.type] ?? 0) + 1;
    if (first.length < firstEvents) first.push(event);
    if (seen.has(event.id)) repeatedIds++;
    else if (seen.size < importLimits.rememberedIds) seen.add(event.id);
  }
  const { rows, rowsUnused } = items.measure?.() ?? {};
  return { rows, rowsUnused, events, byType, first, rejected, rejects, repeatedIds };
}
