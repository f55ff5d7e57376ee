import type { EndpointAnswer, EndpointQuery } from "@probity/contract";
import type { ClientOptions } from "./index.ts";
import { errorOf, ProbityError } from "./probity-error.ts";
import { routes } from "./routes.ts";

export type LedgerNotice = EndpointAnswer<"watchLedger">;

const streamSeconds: EndpointQuery<"watchLedger">["seconds"] = 240;
const pauseMs = 1_000;
const pauseMsMax = 30_000;
/** The server says something every fifteen seconds: who hears nothing for longer has lost the connection. */
const silenceMsMax = 45_000;

/** Whole events of a stream of server-sent events; of each only its data. `heard` is called with every chunk. */
async function* eventsOf(body: ReadableStream<Uint8Array>, heard: () => void): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    heard();
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const data = block.split("\n").flatMap((line) => (line.startsWith("data:") ? [line.slice(5).trimStart()] : []));
      if (data.length > 0) yield data.join("\n");
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

/** One stream; rejects with a ProbityError where the server refuses it, and when it has fallen silent. */
async function* once(options: ClientOptions, signal: AbortSignal, silenceMs: number): AsyncIterable<LedgerNotice> {
  const [method, path] = routes.watchLedger;
  const ask = options.fetch ?? globalThis.fetch;
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silenceMs);
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), silenceMs);
  };
  try {
    const answer = await ask(`${options.url.replace(/\/+$/, "")}${path}?seconds=${streamSeconds}`, {
      method,
      headers: {
        accept: "text/event-stream",
        ...(options.key === undefined ? {} : { authorization: `Bearer ${options.key}` }),
        ...(options.marketplace === undefined ? {} : { "probity-marketplace": options.marketplace }),
      },
      credentials: options.credentials ?? "same-origin",
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (!answer.ok || answer.body === null) throw await errorOf(answer, Date.now());
    for await (const data of eventsOf(answer.body, heard)) yield JSON.parse(data) as LedgerNotice;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Notices of the ledger until the signal is given: opens the stream again when it ends or breaks, after a pause that
 * doubles up to half a minute. Rejects where asking again cannot help (no right, no session).
 */
export async function* watchLedger(
  options: ClientOptions,
  signal: AbortSignal,
  silenceMs: number = silenceMsMax,
): AsyncIterable<LedgerNotice> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      for await (const notice of once(options, signal, silenceMs)) {
        failures = 0;
        yield notice;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ProbityError && error.status >= 400 && error.status < 500 && error.status !== 429)
        throw error;
      failures += 1;
    }
    await pause(Math.min(pauseMsMax, pauseMs * 2 ** failures), signal);
  }
}
