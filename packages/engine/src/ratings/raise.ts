import { type Raise, q32 } from "@probity/contract";
import type { CompiledIndicator, CompiledPolicy } from "./compile.ts";
import { weightAt } from "./decay.ts";
import { million, mulDiv } from "./exact.ts";
import { type PeerQuartiles, peersOf } from "./peers.ts";
import { pointsAt } from "./points.ts";
import { shrunkMean } from "./prior.ts";
import type { IndicatorRating, Rating } from "./ratings.ts";

/** Something that still can be met: an unanswered complaint, a certificate about to expire. */
export interface Obligation {
  readonly indicator: string;
  /** For a level: the metric that would fall; the indicator's first without it. */
  readonly metric?: string;
  /** Opportunities, or units of a level, that stand open. */
  readonly count: number;
  readonly text: { readonly en: string; readonly zh: string };
}

/** How many further kept promises are looked for before the answer is 'not by keeping promises'. */
const keptMax = 100_000;
const changesMax = 3;

const percent = (ppm: number): string => {
  const tenths = Math.floor(ppm / 1_000);
  return `${Math.floor(tenths / 10)}.${tenths % 10}`;
};

/** Mean after `kept` further good and `missed` further bad opportunities of age 0; counts of opportunities. */
function meanAfter(indicator: CompiledIndicator, rating: IndicatorRating, kept: number, missed: number): number {
  const newest = weightAt(indicator.decay, 0);
  const good = rating.x + mulDiv(kept * 1_000, newest, q32);
  const bad = rating.n - rating.x + mulDiv(missed * 1_000, newest, q32);
  return shrunkMean(good, bad, rating.prior.mean, rating.prior.strength);
}

/** Smallest number of further good opportunities that lifts the mean to `to`; null past 100,000 or for a level. */
export function keptUntil(indicator: CompiledIndicator, rating: IndicatorRating, to: number): number | null {
  if (indicator.evidence.kind === "level") return null;
  const reaches = (kept: number): boolean => meanAfter(indicator, rating, kept, 0) >= to;
  if (reaches(0)) return 0;
  if (!reaches(keptMax)) return null;
  let [short, enough] = [0, keptMax];
  while (enough - short > 1) {
    const middle = Math.floor((short + enough) / 2);
    if (reaches(middle)) enough = middle;
    else short = middle;
  }
  return enough;
}

function obligationRaise(indicator: CompiledIndicator, rating: IndicatorRating, open: Obligation): Raise {
  const max = rating.microMax;
  let [met, missed] = [rating.mean, rating.mean];
  const source = indicator.source.evidence;
  if (source.kind === "level") {
    const part = source.parts.find((item) => item.metric === open.metric) ?? source.parts[0];
    missed = Math.max(0, rating.mean - (part?.each ?? 0) * open.count);
  } else {
    met = meanAfter(indicator, rating, open.count, 0);
    missed = meanAfter(indicator, rating, 0, open.count);
  }
  const points = Math.floor((pointsAt(indicator, met, max) - pointsAt(indicator, missed, max)) / million);
  return { indicator: rating.id, kind: "obligation", points, kept: open.count, to: met, text: open.text };
}

function changeTo(
  indicator: CompiledIndicator,
  rating: IndicatorRating,
  kind: "peer" | "target",
  to: number,
): Raise | null {
  // Without a case there is nothing to keep: nobody is advised to collect complaints so as to solve them.
  if (to <= rating.mean || rating.prior.share === million) return null;
  const points = Math.floor((pointsAt(indicator, to, rating.microMax) - rating.microPoints) / million);
  if (points < 1) return null;
  const kept = keptUntil(indicator, rating, to);
  const title = indicator.source.title;
  const goal =
    kind === "peer" ? { en: "the peers' upper quartile", zh: "同类上四分位" } : { en: "the target", zh: "目标" };
  const way =
    kept === null ? { en: "", zh: "" } : { en: `, ${kept} more kept in a row`, zh: `，再连续守约 ${kept} 次` };
  return {
    indicator: rating.id,
    kind,
    points,
    kept,
    to,
    text: {
      en: `${title.en}: from ${percent(rating.mean)} % to ${goal.en} of ${percent(to)} %${way.en}: +${points} points`,
      zh: `${title.zh}：从 ${percent(rating.mean)}% 升至${goal.zh} ${percent(to)}%${way.zh}，+${points} 分`,
    },
  };
}

const byEffect = (a: Raise, b: Raise): number =>
  b.points - a.points || (a.kept ?? Infinity) - (b.kept ?? Infinity) || (a.indicator < b.indicator ? -1 : 1);

/**
 * What would raise a rating: open obligations first, then the three changes with most effect, one for an indicator.
 * Points are gains at the indicator's mean moved alone; neither prior nor anything else is assumed to move.
 */
export function raises(
  compiled: CompiledPolicy,
  rating: Rating,
  peers: PeerQuartiles | null,
  category: string | null,
  open: readonly Obligation[],
): Raise[] {
  const reached = new Map(rating.dimensions.flatMap((item) => item.indicators).map((item) => [item.id, item]));
  const obligations: Raise[] = [];
  const changes: Raise[] = [];
  compiled.indicators.forEach((indicator, place) => {
    const here = reached.get(indicator.source.id);
    if (here === undefined || !here.applies || here.microMax === 0) return;
    for (const item of open) if (item.indicator === here.id) obligations.push(obligationRaise(indicator, here, item));
    const upper = peersOf(peers, category, place)?.upper;
    const found = [
      upper === undefined ? null : changeTo(indicator, here, "peer", upper),
      changeTo(indicator, here, "target", indicator.source.target),
    ].filter((item) => item !== null);
    const [best] = found.sort(byEffect);
    if (best) changes.push(best);
  });
  return [...obligations.sort(byEffect), ...changes.sort(byEffect).slice(0, changesMax)];
}
