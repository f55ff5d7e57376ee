import { dayText, type Explanation, type SubjectKind, subjectKinds } from "@probity/contract";
import { readConfig } from "../../platform/config.ts";
import type { Marketplace } from "../../platform/marketplace.ts";
import { findMarketplace } from "../../platform/marketplace.store.ts";
import { type Engine, openEngine } from "../engine.ts";
import { readArgs, UsageError, wholeNumber } from "./usage.ts";

const usage = `probity rate [--marketplace M] [--backfill DAYS]   rate everything that has changed; with --backfill also past days
probity rate KIND ID [--on YYYY-MM-DD] [--json]     explain one rating (KIND: ${subjectKinds.join(", ")})`;

/** Runs the jobs until verdicts and ratings have caught up with the ledger. */
export async function catchUp(engine: Engine, market: Marketplace): Promise<number> {
  await engine.authenticity.prepare(market);
  await engine.authenticity.run(market);
  await engine.ratings.prepare(market);
  let rated = 0;
  for (;;) {
    const run = await engine.ratings.run(market);
    if (run === undefined || run.rated === 0) return rated;
    rated += run.rated;
    if (run.whole) return rated;
  }
}

const percent = (ppm: number): string => `${(ppm / 10_000).toFixed(1)} %`;

/** The explanation as a tree of text that adds up. */
export function explanationText(explanation: Explanation): string {
  const { rating } = explanation;
  const head = `${rating.name ?? rating.id}  ${rating.grade ?? "too early"}  ${rating.score}/1000, with 90 % confidence not below ${rating.bound}  (${rating.day}, log ${rating.logSize}, epoch ${rating.epoch})`;
  const dimensions = explanation.dimensions.flatMap((dimension) => [
    `  ${String(dimension.points).padStart(4)} / ${dimension.max}  ${dimension.title.en}`,
    ...dimension.indicators.map((item) =>
      item.applies
        ? `      ${String(item.points).padStart(4)} / ${item.max}  ${item.title.en}: ${percent(item.mean)} (${percent(item.low)}–${percent(item.high)}), ${item.sample} seen, prior ${percent(item.prior.share)}`
        : `           –  ${item.title.en}: ${item.whyNot?.en ?? "does not apply"}`,
    ),
  ]);
  const raise = explanation.raise.map((item) => `  +${item.points}  ${item.text.en}`);
  const caps = explanation.caps.map((cap) => `  capped at ${cap.cap} until ${cap.until}: ${cap.title.en}`);
  return [head, ...caps, ...dimensions, "What would raise it:", ...raise, `Policy ${rating.policy}`, ""].join("\n");
}

export async function rate(args: string[]): Promise<void> {
  const parsed = readArgs(usage, args, {
    marketplace: { type: "string" },
    backfill: { type: "string" },
    on: { type: "string" },
    json: { type: "boolean" },
  });
  if (parsed === undefined) return;
  const { values, words } = parsed;
  await using engine = await openEngine(readConfig({ PROBITY_LOG_LEVEL: "warn", ...process.env }));
  const slug = values.marketplace ?? engine.config.marketplace;
  const market = await findMarketplace(engine.db, slug);
  if (market === undefined) throw new UsageError(`There is no marketplace ${slug}; send or import events first`);
  const [kind, id] = words;
  if (kind === undefined) {
    const rated = await catchUp(engine, market);
    const today = await engine.reader.today(market);
    const days = wholeNumber("backfill", values.backfill, 0, 0, 3_650);
    await engine.ratings.backfill(
      market,
      Array.from({ length: days }, (_, index) => today - days + index),
    );
    process.stdout.write(
      `${rated} ratings as of ${dayText(today)}${days > 0 ? `, ${days} past days computed afterwards` : ""}\n`,
    );
    return;
  }
  if (!(subjectKinds as readonly string[]).includes(kind) || id === undefined) throw new UsageError(usage);
  await catchUp(engine, market);
  const explanation = await engine.reader.explain(market, kind as SubjectKind, id, values.on);
  process.stdout.write(
    values.json === true ? `${JSON.stringify(explanation, null, 2)}\n` : explanationText(explanation),
  );
}
