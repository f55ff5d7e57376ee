import { errorOf, silenceOf } from "./probity-error.ts";

const timeoutMs = 30_000;

export interface LogTextOptions {
  /** Address of the server, with or without a path. */
  readonly url: string;
  /** Slug of the marketplace. */
  readonly marketplace: string;
  readonly fetch?: typeof globalThis.fetch;
}

/** Text that a marketplace's public log serves, such as `trust-policy` or `checkpoint`; rejects with a ProbityError. */
export async function readLogText({ url, marketplace, fetch }: LogTextOptions, path: string): Promise<string> {
  const ask = fetch ?? globalThis.fetch;
  const address = `${url.replace(/\/+$/, "")}/log/${encodeURIComponent(marketplace)}/${path}`;
  let answer: Response;
  try {
    answer = await ask(address, { credentials: "omit", signal: AbortSignal.timeout(timeoutMs) });
  } catch (cause) {
    throw silenceOf(cause);
  }
  if (!answer.ok) throw await errorOf(answer, Date.now());
  return answer.text();
}
