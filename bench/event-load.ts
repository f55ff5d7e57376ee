import { Agent, request } from "node:http";
import { simulate } from "@probity/simulator";

/** A request body that is ready to be sent, and the ids of its events. */
export interface Batch {
  readonly body: Buffer;
  readonly ids: readonly string[];
}

/**
 * At least `events` distinct events of a seeded marketplace in order of time, serialised, `batch` to a body.
 * A year of a market whose size follows the number of events.
 */
export function makeBatches(seed: number, events: number, batch: number): Batch[] {
  // About five events come of an order; the tenth more is for runs that draw short lives.
  const orders = Math.max(1_000, Math.ceil((events / 5) * 1.1));
  const batches: Batch[] = [];
  let open: { id: string }[] = [];
  for (const event of simulate({ seed, merchants: Math.max(50, Math.round(orders / 100)), orders, days: 365 })) {
    open.push(event);
    if (open.length < batch) continue;
    batches.push({ body: Buffer.from(JSON.stringify(open)), ids: open.map(({ id }) => id) });
    if (batches.length * batch >= events) return batches;
    open = [];
  }
  return batches;
}

interface Answer {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
}

/** Sends bodies to an engine over connections that are kept. */
export class EventClient implements Disposable {
  readonly #agent: Agent;
  readonly #target: { readonly port: number; readonly token: string };

  constructor(target: { readonly port: number; readonly token: string }, connections: number) {
    this.#target = target;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Resolves with the engine's answer once it has come whole; rejects on any status but 200. */
  send(body: Buffer): Promise<Answer> {
    const { port, token } = this.#target;
    return new Promise((resolve, reject) => {
      const call = request(
        {
          host: "127.0.0.1",
          port,
          method: "POST",
          path: "/v1/events",
          agent: this.#agent,
          headers: {
            authorization: `Bearer ${token}`,
            "content-type": "application/cloudevents-batch+json",
            "content-length": body.length,
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            if (response.statusCode === 200) resolve(JSON.parse(text) as Answer);
            else reject(new Error(`the engine answered ${response.statusCode}: ${text.slice(0, 300)}`));
          });
        },
      );
      call.on("error", reject);
      call.end(body);
    });
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}
