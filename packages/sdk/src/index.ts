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

export { ProbityError, SendError };
export type { EndpointAnswer, EndpointName, IngestAnswer, ProbityEvent, Problem };

const batchEventsMax = 1_000;
/** Half of what the server takes in one body. */
const batchBytesMax = 4_194_304;
const backOffMs = 500;
const waitSecondsMax = 60;

export interface ClientOptions {
  /** Address of the server, with or without a path. */
  readonly url: string;
  /** API key; public endpoints need none. */
  readonly key?: string;
  readonly fetch?: typeof globalThis.fetch;
  /** Further attempts after the first; 4 unless told. */
  readonly retries?: number;
  /** For one attempt; 30,000 unless told. */
  readonly timeoutMs?: number;
}

type BodyOf<N extends EndpointName> = N extends "ingest" ? ProbityEvent | readonly ProbityEvent[] : EndpointBody<N>;
type Part<K extends string, T> = [T] extends [undefined]
  ? { readonly [P in K]?: undefined }
  : Record<never, never> extends T
    ? { readonly [P in K]?: T }
    : { readonly [P in K]: T };

/** What an endpoint takes; parts without required fields may be left out. */
export type CallInput<N extends EndpointName> = Part<"params", EndpointParams<N>> &
  Part<"query", EndpointQuery<N>> &
  Part<"body", BodyOf<N>>;
type CallArguments<N extends EndpointName> = Record<never, never> extends CallInput<N> ? [input?: CallInput<N>] : [input: CallInput<N>];

export interface Client {
  /** The endpoint's answer; rejects with a ProbityError. */
  call<N extends EndpointName>(name: N, ...input: CallArguments<N>): Promise<EndpointAnswer<N>>;
  /**
   * Sends events in order, in batches of at most 1,000 and 4 MiB, one after the other. Resolves when every event has a
   * verdict: accepted and duplicate ones are durable, rejected ones are named. Rejects with a SendError that holds the
   * events without a verdict.
   */
  send(events: readonly ProbityEvent[]): Promise<IngestAnswer>;
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
  const busy = error.status === 429 || error.status === 503;
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

/** A typed client of a Probity server, for browsers and Node. It opens nothing until it is asked to. */
export function createClient(options: ClientOptions): Client {
  const base = options.url.replace(/\/+$/, "");
  const ask = options.fetch ?? globalThis.fetch.bind(globalThis);
  const retries = options.retries ?? 4;
  const timeoutMs = options.timeoutMs ?? 30_000;

  async function once(method: string, address: string, body: string | undefined, type: string): Promise<unknown> {
    let answer: Response;
    try {
      answer = await ask(address, {
        method,
        headers: {
          accept: "application/json",
          ...(options.key === undefined ? {} : { authorization: `Bearer ${options.key}` }),
          ...(body === undefined ? {} : { "content-type": type }),
        },
        ...(body === undefined ? {} : { body }),
        signal: AbortSignal.timeout(timeoutMs),
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

  async function attempt(name: EndpointName, input: Loose, written?: string): Promise<unknown> {
    const [method, path] = routes[name];
    const address = addressOf(base, path, input);
    const body = written ?? (input.body === undefined ? undefined : JSON.stringify(input.body));
    const one = name === "ingest" && body?.startsWith("{") === true;
    const type = name !== "ingest" ? "application/json" : `application/cloudevents${one ? "" : "-batch"}+json`;
    const repeatable = method === "GET" || name === "ingest";
    for (let tried = 0; ; tried += 1) {
      try {
        return await once(method, address, body, type);
      } catch (error) {
        if (!(error instanceof ProbityError)) throw error;
        const pause = tried < retries ? pauseOf(error, tried, repeatable) : undefined;
        if (pause === undefined) throw error;
        await wait(pause * 1_000);
      }
    }
  }

  return {
    call: async <N extends EndpointName>(name: N, ...input: CallArguments<N>): Promise<EndpointAnswer<N>> =>
      (await attempt(name, (input[0] ?? {}) as Loose)) as EndpointAnswer<N>,
    send: async (events) => {
      const answered: IngestAnswer = { accepted: 0, duplicates: 0, rejected: 0, verdicts: [] };
      let sent = 0;
      for (const batch of batches(events)) {
        try {
          const answer = (await attempt("ingest", {}, batch.body)) as IngestAnswer;
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
  };
}
