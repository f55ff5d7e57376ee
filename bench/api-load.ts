import { Agent, request } from "node:http";
import { grades } from "@probity/contract";
import type { ApiMarket } from "./api-market.ts";
import { say } from "./flags.ts";
import type { Random } from "./random.ts";

const connections = 64;
/** A request that has not been answered by then has failed. */
const timeoutMs = 10_000;

export type Kind = "list" | "merchant" | "explanation";

export interface Ask {
  readonly kind: Kind;
  readonly path: string;
}

/** Merchants by how often they are looked at: half of the looks at random, half in proportion to their counters. */
function merchantDraw(market: ApiMarket, random: Random): () => string {
  const upTo = new Float64Array(market.merchants);
  let sum = 0;
  market.sizes.forEach((size, no) => (upTo[no] = sum += size));
  return () => {
    if (random.below(2) === 0) return `m${random.below(market.merchants)}`;
    const wanted = random.next() * sum;
    let [low, high] = [0, market.merchants - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((upTo[middle] as number) > wanted) high = middle;
      else low = middle + 1;
    }
    return `m${low}`;
  };
}

/** A part of a merchant's name, now and then one that nobody has, or a word of many names. */
function searchWords(market: ApiMarket, random: Random): string {
  if (random.below(2) === 0) return market.words[random.below(market.words.length)] as string;
  const name = market.names[random.below(market.merchants)] as string;
  const from = random.below(Math.max(1, name.length - 5));
  return random.below(10) === 0 ? `${name}?` : name.slice(from, from + 5 + random.below(8));
}

/** What a list is asked for: a quarter each first page, category, deeper page; an eighth each grade or status, search. */
function listQuery(market: ApiMarket, random: Random): string {
  const pick = <T>(values: readonly T[]): T => values[random.below(values.length)] as T;
  const place = random.below(8);
  if (place < 2) return "";
  if (place < 4) return `category=${pick(market.categories)}`;
  if (place < 6) return `cursor=rated.${300 + random.below(600)}.${random.below(market.merchants)}`;
  if (place < 7) return random.below(2) === 0 ? `grade=${pick(grades)}` : `status=${pick(["rated", "too-early"])}`;
  return `q=${encodeURIComponent(searchWords(market, random))}`;
}

/** Half lists, 35 % merchants, 15 % explanations. */
export function makeAsks(market: ApiMarket, random: Random, count: number): Ask[] {
  const merchant = merchantDraw(market, random);
  return Array.from({ length: count }, (): Ask => {
    const share = random.below(100);
    if (share < 50) {
      const query = listQuery(market, random);
      return { kind: "list", path: `/v1/ratings/merchant${query === "" ? "" : `?${query}`}` };
    }
    if (share < 85) return { kind: "merchant", path: `/v1/ratings/merchant/${merchant()}` };
    return { kind: "explanation", path: `/v1/ratings/merchant/${merchant()}/explanation` };
  });
}

/** A lean client of an engine; connections are kept. */
export class Reader implements Disposable {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: connections });
  readonly #target: { readonly port: number; readonly token: string };

  constructor(target: { readonly port: number; readonly token: string }) {
    this.#target = target;
  }

  /** Resolves with the body once it has come whole; rejects on any status but 200. */
  call(path: string, body?: object, patienceMs: number = timeoutMs): Promise<Buffer> {
    const sent = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const { port, token } = this.#target;
    return new Promise((resolve, reject) => {
      const asked = request(
        {
          host: "127.0.0.1",
          port,
          method: sent === undefined ? "GET" : "POST",
          path,
          agent: this.#agent,
          timeout: patienceMs,
          headers: {
            authorization: `Bearer ${token}`,
            ...(sent === undefined ? {} : { "content-type": "application/json", "content-length": sent.length }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            const whole = Buffer.concat(chunks);
            if (response.statusCode === 200) resolve(whole);
            else reject(new Error(`${path}: ${response.statusCode} ${whole.toString("utf8").slice(0, 300)}`));
          });
        },
      );
      asked.on("timeout", () => asked.destroy(new Error(`${path}: no answer within ${patienceMs} ms`)));
      asked.on("error", reject);
      asked.end(sent);
    });
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}

export interface Measured {
  readonly latencies: Readonly<Record<Kind, number[]>>;
  failed: number;
  answered: number;
  lastMs: number;
}

/**
 * Sends each request when it is due, whatever came of those before, and counts from the time at which it was due: a
 * server that falls behind makes every later request wait.
 */
export async function drive(reader: Reader, asks: readonly Ask[], rate: number): Promise<Measured> {
  const measured: Measured = {
    latencies: { list: [], merchant: [], explanation: [] },
    failed: 0,
    answered: 0,
    lastMs: 0,
  };
  const begun = performance.now();
  const open: Promise<void>[] = [];
  const send = async ({ kind, path }: Ask, dueMs: number): Promise<void> => {
    try {
      await reader.call(path);
      measured.answered += 1;
    } catch (error) {
      if (measured.failed === 0) say((error as Error).message);
      measured.failed += 1;
    }
    measured.lastMs = performance.now() - begun;
    measured.latencies[kind].push(measured.lastMs - dueMs);
  };
  while (open.length < asks.length) {
    const now = performance.now() - begun;
    while (open.length < asks.length && (open.length * 1_000) / rate <= now)
      open.push(send(asks[open.length] as Ask, (open.length * 1_000) / rate));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(open);
  return measured;
}
