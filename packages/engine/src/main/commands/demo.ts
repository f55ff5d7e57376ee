import { randomBytes } from "node:crypto";
import { mkdtempDisposableSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dayOf, type Grade, grades, type RatingSummary } from "@probity/contract";
import { runImport } from "@probity/mapping";
import { simulate } from "@probity/simulator";
import { importOlistFolder, systemClock } from "../../import/import.store.ts";
import { terminalProgress } from "../../import/progress.store.ts";
import { createKey } from "../../keys/keys.store.ts";
import { readConfig } from "../../platform/config.ts";
import type { Marketplace } from "../../platform/marketplace.ts";
import { ensureMarketplace } from "../../platform/marketplace.store.ts";
import { Pglite } from "../../platform/pglite.ts";
import { createApp, type Engine, ingestAll, openEngine, startWorker } from "../engine.ts";
import { canonicalJson, checkPolicy } from "../../ratings/policy.ts";
import { insertDraft } from "../../ratings/ratings.store.ts";
import { liveOn } from "./demo-life.ts";
import { ledgerSink } from "./import.ts";
import { catchUp } from "./rate.ts";
import { firstKeyScopes, listen, stopSignal } from "./serve.ts";
import { readArgs, wholeNumber } from "./usage.ts";

const usage = `probity demo: a simulated marketplace in memory, rated and served.
  --data DIR          Olist's published files instead of the simulator
  --merchants 400 --orders 12000 --days 270 --seed 7
  --port 7070
  --once              end after the summary instead of serving`;

interface Plan {
  readonly seed: number;
  readonly merchants: number;
  readonly orders: number;
  readonly days: number;
}

/** Rated live as often as an epoch lasts; the days between are computed afterwards and marked so. */
const rateEveryDays = 30;
const historyEveryDays = 7;
const batchEvents = 2_000;

class Bar {
  readonly #label: string;
  readonly #beganMs = performance.now();
  #drawnMs = 0;

  constructor(label: string) {
    this.#label = label;
  }

  draw(share: number, what: string): void {
    const nowMs = performance.now();
    const every = process.stderr.isTTY ? 100 : 5_000;
    if (share < 1 && nowMs - this.#drawnMs < every) return;
    this.#drawnMs = nowMs;
    const seconds = (nowMs - this.#beganMs) / 1_000;
    const left = share > 0 ? (seconds / share) * (1 - share) : 0;
    const filled = Math.round(share * 28);
    const line = `${this.#label} ${"█".repeat(filled)}${"░".repeat(28 - filled)} ${String(Math.round(share * 100)).padStart(3)} %  ${what}  ${share < 1 ? `${left.toFixed(0)} s left` : `${seconds.toFixed(1)} s`}`;
    process.stderr.write(process.stderr.isTTY ? `\r${line}\u001b[K${share >= 1 ? "\n" : ""}` : `${line}\n`);
  }
}

/** Sends the simulated events in order of time and rates every few days, as a live marketplace would. */
async function replay(engine: Engine, market: Marketplace, plan: Plan, endDay: number): Promise<void> {
  const bar = new Bar("Living through it");
  const beginDay = endDay - plan.days;
  let batch: unknown[] = [];
  let events = 0;
  let rateDay = beginDay + 30;
  let writing: Promise<void> = Promise.resolve();
  /** The next batch is simulated and sealed while the last one is written. */
  const flush = async (): Promise<void> => {
    await writing;
    writing = ingestAll(engine, market, batch);
    writing.catch(() => undefined);
    events += batch.length;
    batch = [];
  };
  for (const event of simulate({ ...plan, endDay })) {
    const day = dayOf(Date.parse(event.time));
    if (day >= rateDay) {
      await flush();
      await writing;
      await engine.ratings.run(market);
      rateDay = day + rateEveryDays;
    }
    batch.push(event);
    if (batch.length >= batchEvents) {
      await flush();
      bar.draw(Math.min(0.99, (day - beginDay) / plan.days), `${events} events`);
    }
  }
  await flush();
  await writing;
  await catchUp(engine, market);
  const today = await engine.reader.today(market);
  const weeks = Math.floor((plan.days - 30) / historyEveryDays);
  await engine.ratings.backfill(
    market,
    Array.from({ length: weeks }, (_, week) => today - historyEveryDays * (weeks - week)),
  );
  bar.draw(1, `${events} events`);
}

async function importOlistData(engine: Engine, market: Marketplace, dir: string): Promise<void> {
  await runImport({
    items: importOlistFolder(dir),
    sink: ledgerSink(engine, market),
    clock: systemClock,
    progress: terminalProgress(process.stderr),
    batchEvents,
  });
  await catchUp(engine, market);
  const today = await engine.reader.today(market);
  await engine.ratings.backfill(
    market,
    Array.from({ length: 26 }, (_, index) => today - 7 * (26 - index)),
  );
}

/** A draft to try out: delivery weighs more, the mean of reviews less. */
async function draftDelivery(engine: Engine, market: Marketplace): Promise<void> {
  const today = await engine.reader.today(market);
  const { policy } = await engine.reader.policyOn(market, "merchant", today);
  const moved: Readonly<Record<string, number>> = {
    "dispatch-in-time": 45,
    "delivered-in-time": 40,
    "review-mean": -85,
  };
  const indicators = policy.indicators.map((item) => ({ ...item, points: item.points + (moved[item.id] ?? 0) }));
  const pointsOf = (dimension: string): number =>
    indicators.filter((item) => item.dimension === dimension).reduce((sum, { points }) => sum + points, 0);
  const draft = {
    ...policy,
    title: { en: "Delivery first", zh: "以履约为先" },
    indicators,
    dimensions: policy.dimensions.map((dimension) => ({ ...dimension, points: pointsOf(dimension.id) })),
  };
  const checked = checkPolicy(draft);
  if (!checked.ok) throw new Error(`the demo's draft is not a policy: ${checked.issues[0]?.rule}`);
  await insertDraft(engine.db, market.marketplaceId, checked.id, "merchant", canonicalJson(draft), engine.now());
}

const label = (item: RatingSummary): string => `${item.name ?? item.id} (${item.id})`;

interface Mover {
  readonly subject_no: number;
  readonly id: string;
  readonly name: string | null;
  readonly before: number;
  readonly after: number;
  readonly grade_before: string | null;
  readonly grade_after: string | null;
}

/** Largest changes of score over the last thirty days of history. */
async function movers(engine: Engine, market: Marketplace): Promise<Mover[]> {
  const today = await engine.reader.today(market);
  return engine.db.query<Mover>(
    `SELECT s.subject_no, s.id, s.name, h.score AS before, c.score AS after, h.grade AS grade_before, c.grade AS grade_after
     FROM ratings_current c
     JOIN facts_subject s ON s.marketplace_id = c.marketplace_id AND s.subject_no = c.subject_no
     JOIN LATERAL (SELECT score, grade FROM ratings_history h WHERE h.marketplace_id = c.marketplace_id
       AND h.subject_no = c.subject_no AND h.day <= $2 AND h.status = 'rated' ORDER BY h.day DESC LIMIT 1) h ON true
     WHERE c.marketplace_id = $1 AND c.kind = 'merchant' AND c.status = 'rated'
     ORDER BY abs(c.score - h.score) DESC, s.subject_no LIMIT 6`,
    [market.marketplaceId, today - 28],
  );
}

async function summary(
  engine: Engine,
  market: Marketplace,
): Promise<{ text: string; best: string | undefined; moved: string | undefined }> {
  const { items } = await engine.reader.list(market, { kind: "merchant" }, undefined, 5);
  const counts = await engine.db.query<{ grade: Grade | null; merchants: number }>(
    "SELECT grade, count(*)::integer AS merchants FROM ratings_current WHERE marketplace_id = $1 AND kind = 'merchant' GROUP BY grade",
    [market.marketplaceId],
  );
  const most = Math.max(1, ...counts.map(({ merchants }) => merchants));
  const bars = [...grades, null].map((grade) => {
    const merchants = counts.find((row) => row.grade === grade)?.merchants ?? 0;
    return `  ${(grade ?? "too early").padEnd(9)} ${String(merchants).padStart(4)} ${"▇".repeat(Math.ceil((merchants / most) * 40))}`;
  });
  const moving = await movers(engine, market);
  const lines = moving.map(
    ({ id, name, before, after, grade_before, grade_after }) =>
      `  ${after >= before ? "↑" : "↓"} ${String(before).padStart(4)} → ${String(after).padEnd(4)} ${grade_before ?? "–"} → ${grade_after ?? "–"}  ${name ?? id} (${id})`,
  );
  const top = items
    .slice(0, 3)
    .map((item) => `  ${String(item.score).padStart(4)}  ${(item.grade ?? "–").padEnd(4)} ${label(item)}`);
  return {
    text: ["", "Grades", ...bars, "", "Best", ...top, "", "Moved most in four weeks", ...lines].join("\n"),
    best: items[0]?.id,
    moved: moving.find(({ before, after }) => after < before)?.id ?? moving[0]?.id,
  };
}

function addressText(address: string, token: string, best: string | undefined, moved: string | undefined): string {
  const page = (id: string): string => `${address}/m/${encodeURIComponent(id)}`;
  return [
    "",
    "Look at",
    `  ${address}/console/         the console: look around without a password`,
    `  ${address}/                 all merchants, as the public sees them`,
    ...(best === undefined ? [] : [`  ${page(best)}   the best one, with reasons`]),
    ...(moved === undefined
      ? []
      : [`  ${page(moved)}   the one that fell most: see which indicator, down to the orders`]),
    `  ${address}/how-we-rate      the rules, from the policy in force`,
    `  ${address}/how-we-verify    how reviews are verified, from the model in force`,
    `  ${address}/trust/demo       rules, public log and audit; /verify checks a receipt`,
    `  ${address}/log/demo/checkpoint   the public log; audit it: npm run --silent probity -- audit ${address} --marketplace demo`,
    `  ${address}/openapi.json     the API; key for it: ${token}`,
    ...(best === undefined
      ? []
      : [
          `  curl -H 'Authorization: Bearer ${token}' ${address}/v1/ratings/merchant/${encodeURIComponent(best)}/explanation`,
        ]),
    "",
    "Ctrl-C ends it; nothing is kept.",
    "",
  ].join("\n");
}

export async function demo(args: string[]): Promise<void> {
  const parsed = readArgs(usage, args, {
    data: { type: "string" },
    merchants: { type: "string" },
    orders: { type: "string" },
    days: { type: "string" },
    seed: { type: "string" },
    port: { type: "string" },
    once: { type: "boolean" },
  });
  if (parsed === undefined) return;
  const { values } = parsed;
  // Keys of a log and of credentials that end with the demo.
  using folder = mkdtempDisposableSync(join(tmpdir(), "probity-demo-"));
  const config = readConfig({
    PROBITY_DATA_DIR: folder.path,
    PROBITY_LOG_LEVEL: "warn",
    PROBITY_MASTER_KEY: randomBytes(32).toString("hex"),
    ...(values.port === undefined ? {} : { PROBITY_PORT: values.port }),
    PROBITY_MARKETPLACE: "demo",
  });
  const plan = {
    seed: wholeNumber("seed", values.seed, 7, 0, 2 ** 31),
    merchants: wholeNumber("merchants", values.merchants, 400, 1, 20_000),
    orders: wholeNumber("orders", values.orders, 12_000, 1, 2_000_000),
    days: wholeNumber("days", values.days, 270, 40, 1_500),
  };
  process.stderr.write("Starting an embedded database in memory…\n");
  await using engine = await openEngine(config, { db: new Pglite() });
  const olist = values.data;
  const market = await ensureMarketplace(
    engine.db,
    {
      slug: "demo",
      name: olist === undefined ? "Demo" : "Olist",
      currency: olist === undefined ? "CNY" : "BRL",
      clock: "log",
      isPublic: true,
    },
    engine.now(),
  );
  await engine.ratings.prepare(market);
  if (olist === undefined) await replay(engine, market, plan, dayOf(engine.now()) - 1);
  else await importOlistData(engine, market, olist);
  await draftDelivery(engine, market);
  await engine.publicLog.seal(market);
  const { text, best, moved } = await summary(engine, market);
  process.stdout.write(`${text}\n`);
  if (values.once === true) return;
  const { token } = await createKey(engine.db, market, "demo", firstKeyScopes, engine.now());
  const app = await createApp(engine, { isDemo: true });
  const stopped = stopSignal();
  const address = await listen(app, engine);
  await using _worker = startWorker(engine);
  process.stdout.write(addressText(address, token, best, moved));
  const ended = new AbortController();
  // Olist's year is long past: an event of today would move its clock by years.
  const life = olist === undefined ? liveOn(engine, market, ended.signal) : Promise.resolve();
  await Promise.race([stopped, life.then(() => stopped)]);
  ended.abort();
  await life;
  await app.close();
}
