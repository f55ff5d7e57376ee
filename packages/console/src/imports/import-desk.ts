import type { Mapping } from "@probity/mapping";
import { useSyncExternalStore } from "react";
import { setSessionEnded } from "../session/ended.ts";
import type { Checked, Failure, Opened, Order, Progress, Report } from "./protocol.ts";

/** An import goes on while one looks at other pages: it belongs to the window, not to a page. */
export interface DeskState {
  readonly stage: "empty" | "opening" | "mapping" | "running" | "done";
  readonly marketplace: string;
  readonly opened: Opened | undefined;
  readonly mapping: Mapping | undefined;
  readonly checked: Checked | undefined;
  readonly checking: boolean;
  readonly mappingRefused: string | undefined;
  readonly trying: boolean;
  readonly tried: Extract<Report, { told: "tried" }> | undefined;
  readonly progress: Progress | undefined;
  readonly waiting: { readonly why: "busy" | "offline"; readonly seconds: number } | undefined;
  readonly held: "paused" | "signed-out" | undefined;
  readonly result: Extract<Report, { told: "done" }> | undefined;
  readonly failure: { readonly during: "open" | "import"; readonly failure: Failure } | undefined;
  /** Items that an earlier import of the same files had finished. */
  readonly resumeAt: number;
}

const nothing: DeskState = {
  stage: "empty",
  marketplace: "",
  opened: undefined,
  mapping: undefined,
  checked: undefined,
  checking: false,
  mappingRefused: undefined,
  trying: false,
  tried: undefined,
  progress: undefined,
  waiting: undefined,
  held: undefined,
  result: undefined,
  failure: undefined,
  resumeAt: 0,
};

let state = nothing;
let worker: Worker | undefined;
let round = 0;
const listeners = new Set<() => void>();

function set(next: Partial<DeskState>): void {
  state = { ...state, ...next };
  for (const listener of listeners) listener();
}

const storageKey = "probity-import";

/** What was imported: other files, another size, another mapping or marketplace is another import. */
function markOf(): string {
  const files = state.opened?.files.map(({ file, bytes, modifiedMs }) => [file, bytes, modifiedMs ?? 0]) ?? [];
  return JSON.stringify([state.marketplace, files, state.checked?.text ?? ""]);
}

function readPlace(): number {
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey) ?? "null") as {
      mark?: unknown;
      position?: unknown;
    } | null;
    const fits = kept?.mark === markOf() && Number.isSafeInteger(kept.position);
    return fits ? Number(kept.position) : 0;
  } catch {
    return 0;
  }
}

function keepPlace(position: number): void {
  try {
    if (position === 0) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, JSON.stringify({ mark: markOf(), position }));
  } catch {
    // Without storage an import that is begun again sends everything again, which changes nothing.
  }
}

/** Closing the window would end the import. */
const warn = (event: BeforeUnloadEvent): void => event.preventDefault();

function hear(report: Report): void {
  switch (report.told) {
    case "opened":
      set({ stage: "mapping", opened: report.opened, mapping: report.opened.mapping });
      return check();
    case "checked":
      if (report.round === round) {
        set({ checked: report.checked, checking: false });
        set({ resumeAt: readPlace() });
      }
      return undefined;
    case "mapping":
      set({ mappingRefused: undefined });
      return setMapping(report.mapping);
    case "mapping-refused":
      return set({ mappingRefused: report.message });
    case "progress":
      keepPlace(report.position);
      return set({ progress: report.progress, waiting: undefined });
    case "waiting":
      return set({ waiting: { why: report.why, seconds: report.seconds } });
    case "signed-out":
      setSessionEnded(true);
      return set({ held: "signed-out" });
    case "tried":
      return set({ tried: report, trying: false });
    case "done":
      if (!report.stopped) keepPlace(0);
      removeEventListener("beforeunload", warn);
      return set({ stage: "done", result: report, waiting: undefined, held: undefined });
    case "failed":
      removeEventListener("beforeunload", warn);
      return set({
        stage: report.during === "open" ? "empty" : "mapping",
        failure: { during: report.during, failure: report.failure },
        trying: false,
        waiting: undefined,
        held: undefined,
        resumeAt: report.during === "open" ? 0 : readPlace(),
      });
  }
}

function tell(order: Order): void {
  if (worker === undefined) {
    worker = new Worker(new URL("./import-worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<Report>) => hear(data));
  }
  worker.postMessage(order);
}

function check(): void {
  if (state.mapping === undefined) return;
  round += 1;
  set({ checking: true, tried: undefined });
  tell({ do: "check", round, mapping: state.mapping });
}

/** Offset of this machine's clock, as a mapping writes it. */
export function ownTimeZone(minutesWest: number): string {
  const minutes = Math.abs(minutesWest);
  if (minutes === 0) return "Z";
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${minutesWest > 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

export function openFiles(files: readonly File[], marketplace: string, currency: string): void {
  if (files.length === 0) return;
  set({ ...nothing, stage: "opening", marketplace });
  tell({ do: "open", files, currency, timeZone: ownTimeZone(new Date().getTimezoneOffset()) });
}

export function setMapping(mapping: Mapping): void {
  set({ mapping });
  check();
}

export async function loadMapping(file: File): Promise<void> {
  set({ mappingRefused: undefined });
  tell({ do: "read-mapping", name: file.name, text: await file.text() });
}

export function tryAll(): void {
  if (state.mapping === undefined) return;
  set({ trying: true, tried: undefined, failure: undefined });
  tell({ do: "try", mapping: state.mapping });
}

export function startImport(): void {
  const { mapping, marketplace, resumeAt } = state;
  if (mapping === undefined) return;
  addEventListener("beforeunload", warn);
  set({ stage: "running", progress: undefined, failure: undefined, result: undefined, held: undefined });
  tell({ do: "start", mapping, marketplace, address: location.origin, from: resumeAt });
}

export function pauseImport(): void {
  set({ held: "paused" });
  tell({ do: "pause" });
}

export function goOn(): void {
  set({ held: undefined, waiting: undefined });
  tell({ do: "go-on" });
}

export const stopImport = (): void => tell({ do: "stop" });

/** Back to the mapping of the same files. */
export function backToMapping(): void {
  set({ stage: "mapping", result: undefined, progress: undefined });
  set({ resumeAt: readPlace() });
}

export function clearDesk(): void {
  worker?.terminate();
  worker = undefined;
  removeEventListener("beforeunload", warn);
  set(nothing);
}

export const useDesk = (): DeskState =>
  useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => state,
  );
