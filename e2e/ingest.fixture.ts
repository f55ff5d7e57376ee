import { randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dayOf, type ProbityEvent } from "@probity/contract";
import { simulate } from "@probity/simulator";
import { createKey } from "../packages/engine/src/keys/keys.store.ts";
import { catchUp } from "../packages/engine/src/main/commands/rate.ts";
import { createApp, type Engine, openEngine, startWorker } from "../packages/engine/src/main/engine.ts";
import { makeSetupCode } from "../packages/engine/src/people/people.store.ts";
import { readConfig } from "../packages/engine/src/platform/config.ts";
import type { Marketplace } from "../packages/engine/src/platform/marketplace.ts";
import { ensureMarketplace } from "../packages/engine/src/platform/marketplace.store.ts";
import { Pglite } from "../packages/engine/src/platform/pglite.ts";

const hourMs = 3_600_000;
const historyDays = 45;
const liveHours = 60;
/** The courier says nothing any more for so long. */
const silentHours = 7;
const batchEvents = 2_000;

export const shopSource = "urn:shop:app";
export const courierSource = "urn:courier:north";

const isCouriers = ({ type }: Pick<ProbityEvent, "type">): boolean => type.startsWith("order.d");

/** An event as one of two sources sends it. */
const sent = (event: ProbityEvent): ProbityEvent => ({
  ...event,
  source: isCouriers(event) ? courierSource : shopSource,
});

/** What a shop gets wrong now and then. */
const wrongs = (no: number): unknown[] => [
  {
    specversion: "1.0",
    id: `wrong-${no}`,
    source: shopSource,
    type: "order.shiped",
    time: "2026-01-01T00:00:00Z",
    data: {},
  },
  {
    specversion: "1.0",
    id: `short-${no}`,
    source: shopSource,
    type: "order.delivered",
    time: "2026-01-01T00:00:00Z",
    data: { order: `o-${no}` },
  },
];

export interface Clock {
  /** Behind the machine's clock while the past is made. */
  behindMs: number;
}

/** History comes in at once, the last days as they happened: hour by hour, from two sources, with a few mistakes. */
async function live(engine: Engine, market: Marketplace, clock: Clock): Promise<void> {
  const nowMs = Date.now();
  const events = [
    ...simulate({ seed: 11, merchants: 40, orders: 6_000, days: historyDays, endDay: dayOf(nowMs) }),
  ].filter(({ time }) => Date.parse(time) <= nowMs - 60_000);
  const take = async (part: readonly ProbityEvent[]): Promise<void> => {
    for (let from = 0; from < part.length; from += batchEvents) {
      const jsons = part.slice(from, from + batchEvents).map((event) => ({ json: sent(event) }));
      await engine.ledger.ingest(market, jsons);
    }
  };
  const liveMs = (Math.floor(nowMs / hourMs) - liveHours) * hourMs;
  clock.behindMs = nowMs - liveMs;
  await take(events.filter(({ time }) => Date.parse(time) < liveMs));
  for (let hour = 0; hour <= liveHours; hour += 1) {
    const [fromMs, toMs] = [liveMs + hour * hourMs, liveMs + (hour + 1) * hourMs];
    clock.behindMs = Math.max(0, Date.now() - toMs + 60_000);
    await take(
      events.filter((event) => {
        const timeMs = Date.parse(event.time);
        return timeMs >= fromMs && timeMs < toMs && !(isCouriers(event) && hour >= liveHours - silentHours);
      }),
    );
    if (hour % 7 === 3)
      await engine.ledger.ingest(
        market,
        wrongs(hour).map((json) => ({ json })),
      );
  }
  clock.behindMs = 0;
}

export interface Marketed extends AsyncDisposable {
  readonly engine: Engine;
  readonly market: Marketplace;
  readonly address: string;
  readonly setupCode: string;
  /** A key that may send events. */
  readonly token: string;
}

/** A served marketplace of a shop and a courier, in memory; empty unless it has lived through something. */
export async function openMarketplace(isLived: boolean): Promise<Marketed> {
  const config = readConfig({
    PROBITY_DATA_DIR: mkdtempSync(join(tmpdir(), "probity-e2e-")),
    PROBITY_LOG_LEVEL: "warn",
    PROBITY_MASTER_KEY: randomBytes(32).toString("hex"),
    PROBITY_MARKETPLACE: "main",
    PROBITY_PORT: "0",
  });
  const clock: Clock = { behindMs: 0 };
  const engine = await openEngine(config, { db: new Pglite(), now: () => Date.now() - clock.behindMs });
  const wanted = { slug: "main", name: "云市 Cloud Market", currency: "CNY", clock: "wall", isPublic: true } as const;
  clock.behindMs = isLived ? (historyDays + 1) * 24 * hourMs : 0;
  const market = await ensureMarketplace(engine.db, wanted, engine.now());
  await engine.ratings.prepare(market);
  clock.behindMs = 0;
  const { token } = await createKey(engine.db, market, "店铺 app", ["events:write"], engine.now());
  if (isLived) {
    await createKey(engine.db, market, "courier", ["events:write"], engine.now());
    await createKey(engine.db, market, "dashboard", ["ratings:read"], engine.now());
    await live(engine, market, clock);
  }
  await catchUp(engine, market);
  const setupCode = (await makeSetupCode(engine.db, Date.now())) ?? "";
  const app = await createApp(engine);
  const address = await app.listen({ host: "127.0.0.1", port: 0 });
  const worker = startWorker(engine);
  return {
    engine,
    market,
    address,
    setupCode,
    token,
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await worker[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]();
    },
  };
}

/** Sends events with the marketplace's key; the verdicts. */
export async function send(market: Marketed, events: readonly unknown[]): Promise<unknown> {
  const answer = await fetch(`${market.address}/v1/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${market.token}`, "content-type": "application/cloudevents-batch+json" },
    body: JSON.stringify(events),
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  return answer.json();
}
