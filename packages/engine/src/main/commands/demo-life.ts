import { setTimeout as sleep } from "node:timers/promises";
import type { Marketplace } from "../../platform/marketplace.ts";
import { type Engine, ingestAll } from "../engine.ts";

const everyMs = 4_000;
const stars = [5, 4, 5, 2, 5, 3] as const;

interface Event {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One order from placing to review, as the events that a platform would send. */
function storyOf(merchant: string, no: number, currency: string): Event[] {
  const [order, buyer] = [`live-${no}`, `live-buyer-${no % 50}`];
  const product = `live-${merchant}`;
  const amount = 4_900 + 1_700 * (no % 7);
  const items = [{ product, quantity: 1, amount }];
  return [
    { type: "order.placed", data: { order, merchant, buyer, amount, currency, items } },
    { type: "order.shipped", data: { order, merchant, trackingValid: true } },
    { type: "order.delivered", data: { order, merchant } },
    {
      type: "review.posted",
      data: { review: order, merchant, buyer, order, product, stars: stars[no % stars.length] },
    },
  ];
}

/** Lets the demo's market go on: an event every few seconds until the signal is given, so that pages have something to follow. */
export async function liveOn(engine: Engine, market: Marketplace, signal: AbortSignal): Promise<void> {
  const { items } = await engine.reader.list(market, { kind: "merchant" }, undefined, 40);
  for (let no = 0; items.length > 0; no += 1) {
    const merchant = (items[(no * 7) % items.length] as { readonly id: string }).id;
    for (const [step, event] of storyOf(merchant, no, market.currency).entries()) {
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const time = new Date(engine.now()).toISOString();
      await ingestAll(engine, market, [
        { specversion: "1.0", id: `live-${no}-${step}`, source: "urn:demo:live", time, ...event },
      ]);
    }
  }
}
