import {
  blobBytes,
  type Bytes,
  dryRun,
  eventItem,
  eventProblem,
  eventShapes,
  ImportError,
  importEvents,
  type ImportItem,
  importMapped,
  importOlist,
  type ImportSink,
  type ImportSource,
  type ImportSummary,
  type Mapping,
  mappingIssues,
  mappingText,
  type Measure,
  parseMapping,
  proposeMapping,
  recogniseOlist,
  type RowItem,
  rowMapper,
  runImport,
  type Sample,
  takeSample,
} from "@probity/mapping";
import { type Client, ProbityError } from "@probity/sdk";
import { Pace } from "./pace.ts";
import { patientSink, type SinkControl } from "./patient-sink.ts";
import type {
  Checked,
  Failure,
  Opened,
  OpenedFile,
  Order,
  PreviewRow,
  PreviewVerdict,
  Progress,
  Report,
} from "./protocol.ts";
import { RejectFile } from "./reject-file.ts";

export interface WorkTools {
  readonly post: (report: Report) => void;
  readonly connect: (address: string, marketplace: string) => Pick<Client, "send">;
  readonly nowMs: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

class Stopped extends Error {}

/** Names are those of the files; a name that stands twice gets a number. */
function distinctBytes(files: readonly File[]): Bytes[] {
  const seen = new Map<string, number>();
  return files.map((file) => {
    const times = (seen.get(file.name) ?? 0) + 1;
    seen.set(file.name, times);
    return blobBytes(file, times === 1 ? file.name : `${file.name} (${times})`, file.lastModified);
  });
}

/** Sources one after the other as one. */
function chain(sources: readonly ImportSource[], sizes: readonly number[]): ImportSource {
  let at = 0;
  return {
    async *[Symbol.asyncIterator]() {
      for (at = 0; at < sources.length; at++) yield* sources[at] ?? [];
    },
    measure: (): Measure => {
      const measures = sources.map((source) => source.measure());
      const own = measures.length === 1 ? measures[0] : undefined;
      if (own !== undefined) return own;
      // Files of several units: by bytes, each as far as its own measure says.
      const share = ({ done, total }: Measure): number => (total === 0 ? 0 : done / total);
      return {
        done: Math.round(
          measures.reduce((sum, measure, file) => sum + (sizes[file] ?? 0) * (file < at ? 1 : share(measure)), 0),
        ),
        total: sizes.reduce((sum, size) => sum + size, 0),
        unit: "bytes",
        rows: measures.reduce((sum, { rows }) => sum + rows, 0),
        rowsUnused: measures.reduce((sum, { rowsUnused }) => sum + rowsUnused, 0),
      };
    },
  };
}

const previewRows = 8;
const previewRowsMax = 14;
const cellsShown = 4;
const cellChars = 60;

function textOf(cell: unknown): string {
  if (typeof cell === "string") return cell;
  if (cell instanceof Date) return cell.toISOString();
  return typeof cell === "bigint" ? cell.toString() : (JSON.stringify(cell) ?? "");
}

function verdictOf(item: ImportItem, nowMs: number): PreviewVerdict {
  if ("reject" in item) {
    const { field, reason } = item.reject;
    const [, type = "", rest = reason] = /^rule \d+ \(([^)]*)\): (.*)$/s.exec(reason) ?? [];
    return { type, field, reason: rest };
  }
  const problem = eventProblem(item.event, nowMs);
  return { type: item.event.type, event: item.event, ...problem };
}

function previewRow(row: RowItem, verdicts: readonly PreviewVerdict[]): PreviewRow {
  if ("reject" in row) return { line: row.reject.line, cells: [["", textOf(row.reject.raw).slice(0, 200)]], verdicts };
  const filled = Object.entries(row.cells).filter(([, cell]) => cell !== "" && cell !== null && cell !== undefined);
  return {
    line: row.line,
    cells: filled.slice(0, cellsShown).map(([column, cell]) => [column, textOf(cell).slice(0, cellChars)] as const),
    verdicts,
  };
}

/** What a mapping makes of the sample: the first rows, and those after them that something is wrong with. */
function checkSample(sample: Sample, mapping: Mapping, kind: Opened["kind"], nowMs: number): Checked {
  const issues = kind === "events" ? [] : mappingIssues(mapping, sample.columns);
  const sampled = { rows: sample.rows.length, unused: 0, accepted: 0, refused: 0 };
  const text = mappingText(mapping);
  if (issues.length > 0) return { issues, rows: [], sampled, text };
  const map = kind === "events" ? (row: RowItem) => [eventItem(row)] : rowMapper(mapping);
  const rows: PreviewRow[] = [];
  for (const row of sample.rows) {
    const verdicts = map(row).map((item) => verdictOf(item, nowMs));
    const refused = verdicts.filter(({ reason }) => reason !== undefined).length;
    sampled.refused += refused;
    sampled.accepted += verdicts.length - refused;
    if (verdicts.length === 0) sampled.unused += 1;
    if (rows.length < previewRows || (refused > 0 && rows.length < previewRowsMax))
      rows.push(previewRow(row, verdicts));
  }
  return { issues, rows, sampled, text };
}

function failureOf(error: unknown): Failure {
  if (error instanceof ImportError) {
    const { message, rule, file, line, field } = error;
    return { kind: "import", code: rule ?? "", status: 0, message, file, line, field };
  }
  if (error instanceof ProbityError) {
    return {
      kind: "server",
      code: error.code,
      status: error.status,
      message: error.problem.detail || error.problem.title,
    };
  }
  return {
    kind: "import",
    code: "unreadable",
    status: 0,
    message: error instanceof Error ? error.message : String(error),
  };
}

/** Reads, maps and sends files. One import at a time. */
export class ImportWork {
  readonly #tools: WorkTools;
  #bytes: readonly Bytes[] = [];
  #samples: readonly Sample[] = [];
  #kind: Opened["kind"] = "nothing";
  #olist: Readonly<Record<string, string>> = {};
  #paused = false;
  #stopped = false;
  #wake: () => void = () => undefined;
  #pace = new Pace();

  constructor(tools: WorkTools) {
    this.#tools = tools;
  }

  async take(order: Order): Promise<void> {
    switch (order.do) {
      case "open":
        return this.#guarded("open", () => this.#open(order.files, order.currency, order.timeZone));
      case "check":
        return this.#check(order.round, order.mapping);
      case "read-mapping":
        return this.#readMapping(order.name, order.text);
      case "try":
        return this.#guarded("import", () => this.#try(order.mapping));
      case "start":
        return this.#guarded("import", () => this.#start(order));
      case "pause":
        this.#paused = true;
        return undefined;
      case "go-on":
        this.#paused = false;
        this.#pace.restart();
        this.#wake();
        return undefined;
      case "stop":
        this.#stopped = true;
        this.#wake();
        return undefined;
    }
  }

  async #guarded(during: "open" | "import", work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#tools.post({ told: "failed", during, failure: failureOf(error) });
    }
  }

  async #open(files: readonly File[], currency: string, timeZone: string): Promise<void> {
    const all = distinctBytes(files);
    const taken = await Promise.all(
      all.map(async (bytes) => ({
        bytes,
        sample: await takeSample(bytes).catch((error: unknown) => this.#unread(error, all.length)),
      })),
    );
    const read = taken.flatMap(({ bytes, sample }) => (sample === undefined ? [] : [{ bytes, sample }]));
    const unread = taken.flatMap(({ bytes, sample }) => (sample === undefined ? [bytes.file] : []));
    const olist = recogniseOlist(read.map(({ sample }) => sample));
    const [first] = read;
    if (first === undefined) throw new ImportError("none of the files can be read", { rule: "unreadable" });
    const alike = ({ sample }: { sample: Sample }): boolean => String(sample.columns) === String(first.sample.columns);
    const used = olist
      ? read.filter(({ bytes }) => Object.values(olist.files).includes(bytes.file))
      : read.filter(alike);
    const proposal = proposeMapping(first.sample, { currency, timeZone });
    this.#bytes = used.map(({ bytes }) => bytes);
    this.#samples = used.map(({ sample }) => sample);
    this.#olist = olist?.files ?? {};
    this.#kind = olist ? "olist" : proposal.kind;
    const opened: Opened = {
      kind: this.#kind,
      files: used.map(({ bytes, sample }): OpenedFile => ({
        file: bytes.file,
        bytes: bytes.size,
        modifiedMs: bytes.modifiedMs,
        form: sample.form,
        columns: sample.columns.length,
      })),
      left: [...read.filter((one) => !used.includes(one)).map(({ bytes }) => bytes.file), ...unread],
      missing: olist?.missing ?? [],
      columns: proposal.columns,
      mapping: proposal.mapping,
      rules: proposal.rules,
      notes: olist ? [] : proposal.notes,
      shapes: eventShapes(),
      currency,
      timeZone,
    };
    this.#tools.post({ told: "opened", opened });
  }

  /** One file of several that cannot be read is left; a single one is an error. */
  #unread(error: unknown, files: number): undefined {
    if (files > 1 && error instanceof ImportError) return undefined;
    throw error;
  }

  async #check(round: number, mapping: Mapping): Promise<void> {
    const [sample] = this.#samples;
    if (sample === undefined) return;
    this.#tools.post({
      told: "checked",
      round,
      checked: checkSample(sample, mapping, this.#kind, this.#tools.nowMs()),
    });
  }

  async #readMapping(name: string, text: string): Promise<void> {
    try {
      this.#tools.post({ told: "mapping", mapping: parseMapping(text, name) });
    } catch (error) {
      this.#tools.post({ told: "mapping-refused", message: failureOf(error).message });
    }
  }

  #source(mapping: Mapping): ImportSource {
    if (this.#kind === "olist") {
      const find = async (name: string): Promise<Bytes | undefined> =>
        this.#bytes.find(({ file }) => file === this.#olist[name]);
      return importOlist(find, { place: "drop all of its files here together" });
    }
    const sources = this.#bytes.map((bytes) =>
      this.#kind === "events" ? importEvents(bytes) : importMapped(bytes, mapping),
    );
    return chain(
      sources,
      this.#bytes.map(({ size }) => size),
    );
  }

  async #try(mapping: Mapping): Promise<void> {
    const found = await dryRun(this.#source(mapping), { nowMs: this.#tools.nowMs(), rejectsShown: 50 });
    const { byType, events, repeatedIds, rejected, rejects } = found;
    this.#tools.post({ told: "tried", byType, events, repeatedIds, rejected, rejects });
  }

  #control(): SinkControl {
    const asleep = (milliseconds?: number): Promise<void> => {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      return milliseconds === undefined ? woken : Promise.race([woken, this.#tools.sleep(milliseconds)]);
    };
    return {
      gate: async () => {
        while (this.#paused && !this.#stopped) await asleep();
        if (this.#stopped) throw new Stopped();
      },
      rest: async (why, seconds) => {
        this.#tools.post({ told: "waiting", why, seconds });
        await asleep(seconds * 1_000);
        this.#pace.restart();
      },
      hold: () => {
        this.#paused = true;
        this.#tools.post({ told: "signed-out" });
      },
    };
  }

  async #start(order: Extract<Order, { do: "start" }>): Promise<void> {
    const { nowMs, sleep, post } = this.#tools;
    [this.#paused, this.#stopped, this.#pace] = [false, false, new Pace()];
    const rejects = new RejectFile();
    const source = this.#source(order.mapping);
    const sink = patientSink(this.#tools.connect(order.address, order.marketplace), this.#control());
    const count = { events: 0, accepted: 0, duplicates: 0 };
    const byType: Record<string, number> = {};
    let newest = "";
    const counted: ImportSink = async (events) => {
      const answer = await sink(events);
      count.events += events.length;
      count.accepted += answer.accepted;
      count.duplicates += answer.duplicates;
      for (const { type, time } of events) {
        byType[type] = (byType[type] ?? 0) + 1;
        // Offsets shift by hours: good enough for a day.
        if (time > newest) newest = time;
      }
      return answer;
    };
    const startMs = nowMs();
    let position = order.from;
    const tell = (): void =>
      post({ told: "progress", progress: this.#progress(source.measure(), count.events, rejects.count), position });
    const end = (stopped: boolean, summary: ImportSummary): void =>
      post({
        told: "done",
        stopped,
        summary,
        newest: newest.slice(0, 10),
        rejects: rejects.first,
        file: rejects.blob(),
      });
    try {
      const summary = await runImport({
        items: source,
        sink: counted,
        clock: { nowMs, sleep },
        rejects,
        cursor: {
          load: async () => order.from,
          save: async (at) => {
            position = at;
            tell();
            await this.#control().gate();
          },
        },
      });
      tell();
      end(false, summary);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      const { rows, rowsUnused } = source.measure();
      const seconds = (nowMs() - startMs) / 1_000;
      end(true, { rows, rowsUnused, resumedAt: order.from, ...count, rejected: rejects.count, byType, seconds });
    }
  }

  #progress(measure: Measure, events: number, rejected: number): Progress {
    const { done, total, rows } = measure;
    const pace = this.#pace.read({ atMs: this.#tools.nowMs(), events, done }, total);
    return { rows, events, rejected, done, total, ...pace };
  }
}
