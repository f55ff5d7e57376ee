import type {
  EndpointAnswer,
  EndpointBody,
  EndpointName,
  EndpointParams,
  EndpointQuery,
  IngestAnswer,
  ProbityEvent,
  Problem,
} from "@probity/contract";
import { errorOf, ProbityError, SendError, silenceOf } from "./probity-error.ts";
import { routes } from "./routes.ts";
import { type LedgerNotice, watchLedger } from "./watch.ts";

export { ProbityError, SendError };
export type { EndpointAnswer, EndpointName, IngestAnswer, LedgerNotice, ProbityEvent, Problem };

const batchEventsMax = 1_000;
/** Half of what the server takes in one body. */
const batchBytesMax = 4_194_304;
const backOffMs = 500;
const waitSecondsMax = 60;

export interface ClientOptions {
  /** Address of the server, with or without a path. */
  readonly url: string;
  /** API key; public endpoints need none, and the console's session cookie goes along by itself. */
  readonly key?: string;
  /** Slug of the marketplace that is meant; needed with a session, a check with a key. */
  readonly marketplace?: string;
  /** Whether cookies go along: `same-origin` unless told, as browsers do. */
  readonly credentials?: "omit" | "same-origin" | "include";
  readonly fetch?: typeof globalThis.fetch;
  /** Whether events travel gzipped, where the platform can (`CompressionStream`). */
  readonly compress?: boolean;
  /** Further attempts after the first; 4 unless told. */
  readonly retries?: number;
  /** For one attempt; 30,000 unless told. */
  readonly timeoutMs?: number;
}

type BodyOf<N extends EndpointName> = N extends "ingest" ? ProbityEvent | readonly ProbityEvent[] : EndpointBody<N>;
/** Whether T has no required field. */
type IsOptional<T> = Partial<T> extends T ? true : T extends Readonly<Record<string, never>> ? true : false;
type Part<K extends string, T> = [T] extends [undefined]
  ? { readonly [P in K]?: undefined }
  : IsOptional<T> extends true
    ? { readonly [P in K]?: T }
    : { readonly [P in K]: T };

/** What an endpoint takes; parts without required fields may be left out. */
export type CallInput<N extends EndpointName> = Part<"params", EndpointParams<N>> &
  Part<"query", EndpointQuery<N>> &
  Part<"body", BodyOf<N>>;
type CallArguments<N extends EndpointName> =
  IsOptional<CallInput<N>> extends true ? [input?: CallInput<N>] : [input: CallInput<N>];

export interface Client {
  /** The endpoint's answer; rejects with a ProbityError. */
  call<N extends EndpointName>(name: N, ...input: CallArguments<N>): Promise<EndpointAnswer<N>>;
  /**
   * Sends events in order, in batches of at most 1,000 and 4 MiB, one after the other. Resolves when every event has a
   * verdict: accepted and duplicate ones are durable, rejected ones are named. Rejects with a SendError that holds the
   * events without a verdict.
   */
  send(events: readonly ProbityEvent[]): Promise<IngestAnswer>;
  /**
   * Where the ledger stands and how far ratings follow it, whenever that changes, until the signal is given. Comes back
   * by itself after a lost connection; rejects with a ProbityError where the server refuses.
   */
  watch(signal: AbortSignal): AsyncIterable<LedgerNotice>;
}

interface Loose {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

function addressOf(base: string, path: string, input: Loose): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = input.params?.[name];
    if (value === undefined || value === null) throw new TypeError(`the path ${path} needs the parameter ${name}`);
    return encodeURIComponent(String(value));
  });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined && value !== null) query.append(name, String(value));
  }
  return base + filled + (query.size === 0 ? "" : `?${query}`);
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Seconds until another attempt may be made; undefined if none would help. Without jitter, so that tests repeat. */
function pauseOf(error: ProbityError, attempt: number, repeatable: boolean): number | undefined {
  // A lock after wrong passwords is a person's to wait for.
  const busy = (error.status === 429 && error.code !== "sign-in-locked") || error.status === 503;
  if (!busy && !(error.status === 0 && repeatable)) return undefined;
  const seconds = error.retryAfterSeconds ?? Math.min(waitSecondsMax, (backOffMs / 1_000) * 2 ** attempt);
  return seconds > waitSecondsMax ? undefined : seconds;
}

/** Batches in order, each within both limits; an event that is too large alone goes alone and gets its verdict. */
function batches(events: readonly ProbityEvent[]): { events: ProbityEvent[]; body: string }[] {
  const encoder = new TextEncoder();
  const found: { events: ProbityEvent[]; lines: string[]; bytes: number }[] = [];
  for (const event of events) {
    const line = JSON.stringify(event);
    const bytes = encoder.encode(line).byteLength + 1;
    const last = found.at(-1);
    if (last !== undefined && last.events.length < batchEventsMax && last.bytes + bytes <= batchBytesMax) {
      last.events.push(event);
      last.lines.push(line);
      last.bytes += bytes;
    } else {
      found.push({ events: [event], lines: [line], bytes: bytes + 2 });
    }
  }
  return found.map((batch) => ({ events: batch.events, body: `[${batch.lines.join(",")}]` }));
}

interface Request {
  readonly method: "GET" | "POST";
  readonly address: string;
  readonly body: string | undefined;
  readonly contentType: string;
  /** Asked twice it changes nothing more than asked once. */
  readonly repeatable: boolean;
  /** The endpoint takes a gzipped body. */
  readonly packable: boolean;
}

function requestOf(base: string, name: EndpointName, input: Loose, written?: string): Request {
  const [method, path] = routes[name];
  // A body goes with every POST: its content type is what a page of another site may not send unasked.
  const said = method === "POST" ? (input.body ?? {}) : input.body;
  const body = written ?? (said === undefined ? undefined : JSON.stringify(said));
  const single = body?.startsWith("{") === true;
  return {
    method,
    address: addressOf(base, path, input),
    body,
    contentType: name === "ingest" ? `application/cloudevents${single ? "" : "-batch"}+json` : "application/json",
    repeatable: method === "GET" || name === "ingest",
    packable: name === "ingest",
  };
}

/** Below this a body gains nothing by being packed. */
const compressBytesMin = 1_024;

async function packed(body: string): Promise<ArrayBuffer> {
  return new Response(new Blob([body]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
}

/** One attempt. Rejects with a ProbityError, also where no answer came or it cannot be read. */
async function once(request: Request, options: ClientOptions): Promise<unknown> {
  const ask = options.fetch ?? globalThis.fetch;
  let answer: Response;
  const { body } = request;
  const pack = options.compress === true && request.packable && typeof CompressionStream !== "undefined";
  const zipped = pack && body !== undefined && body.length >= compressBytesMin ? await packed(body) : undefined;
  try {
    answer = await ask(request.address, {
      method: request.method,
      headers: {
        accept: "application/json",
        ...(options.key === undefined ? {} : { authorization: `Bearer ${options.key}` }),
        ...(options.marketplace === undefined ? {} : { "probity-marketplace": options.marketplace }),
        ...(body === undefined ? {} : { "content-type": request.contentType }),
        ...(zipped === undefined ? {} : { "content-encoding": "gzip" }),
      },
      ...(body === undefined ? {} : { body: zipped ?? body }),
      credentials: options.credentials ?? "same-origin",
      signal: AbortSignal.timeout(options.timeoutMs ?? 30_000),
    });
  } catch (cause) {
    throw silenceOf(cause);
  }
  if (!answer.ok) throw await errorOf(answer, Date.now());
  try {
    return await answer.json();
  } catch (cause) {
    throw silenceOf(cause);
  }
}

async function perseveringly(request: Request, options: ClientOptions): Promise<unknown> {
  for (let tried = 0; ; tried += 1) {
    try {
      return await once(request, options);
    } catch (error) {
      if (!(error instanceof ProbityError) || tried >= (options.retries ?? 4)) throw error;
      const pause = pauseOf(error, tried, request.repeatable);
      if (pause === undefined) throw error;
      await wait(pause * 1_000);
    }
  }
}

/** A typed client of a Probity server, for browsers and Node. It opens nothing until it is asked to. */
export function createClient(options: ClientOptions): Client {
  const base = options.url.replace(/\/+$/, "");
  return {
    call: async <N extends EndpointName>(name: N, ...input: CallArguments<N>): Promise<EndpointAnswer<N>> =>
      (await perseveringly(requestOf(base, name, (input[0] ?? {}) as Loose), options)) as EndpointAnswer<N>,
    send: async (events) => {
      const answered: IngestAnswer = { accepted: 0, duplicates: 0, rejected: 0, verdicts: [] };
      let sent = 0;
      for (const batch of batches(events)) {
        try {
          const answer = (await perseveringly(requestOf(base, "ingest", {}, batch.body), options)) as IngestAnswer;
          answered.accepted += answer.accepted;
          answered.duplicates += answer.duplicates;
          answered.rejected += answer.rejected;
          for (const verdict of answer.verdicts) answered.verdicts.push(verdict);
          sent += batch.events.length;
        } catch (error) {
          throw error instanceof ProbityError ? new SendError(error, answered, events.slice(sent)) : error;
        }
      }
      return answered;
    },
    watch: (signal) => watchLedger(options, signal),
  };
}
