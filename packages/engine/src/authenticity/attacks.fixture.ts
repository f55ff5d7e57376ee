import type { AssessedKind } from "@probity/contract";
import type { Scenario } from "@probity/simulator";
import type { RawEvent } from "../facts/events.fixture.ts";
import { tell } from "../ratings/story.fixture.ts";
import { assessMarket, type Judges, type MarketAssessment } from "./assess-market.ts";
import { defaultModel } from "./default-model.ts";
import { type BookIds, EvidenceBook } from "./evidence-book.ts";
import { readModelFile } from "./judge-file.ts";
import { genuineFrom, weightOf } from "./judge.ts";
import { defaultWordReader } from "./word-reader.ts";

/** The model that comes with the package. */
export function defaultJudges(): Judges {
  return readModelFile(defaultModel);
}

export interface JudgedEvents {
  readonly assessment: MarketAssessment;
  readonly ids: BookIds;
  readonly verdicts: readonly RawEvent[];
}

/** Judges a marketplace's events and says so in events of the platform. */
export function judgeEvents(events: readonly RawEvent[], judges: Judges): JudgedEvents {
  const book = new EvidenceBook(defaultWordReader());
  for (const { type, time, data } of events) book.take({ type, timeMs: Date.parse(time), data, sealed: {} });
  const { evidence, ids } = book.columns();
  const assessment = assessMarket(evidence, judges);
  const time = (events.at(-1) as RawEvent).time;
  const verdicts: RawEvent[] = [];
  const say = (type: string, data: Readonly<Record<string, unknown>>): void => {
    const id = `verdict-${verdicts.length}`;
    verdicts.push({
      specversion: "1.0",
      id,
      source: "urn:verdicts",
      type,
      time,
      data: { ...data, model: "default", reasons: [] },
    });
  };
  const of = (kind: AssessedKind): Int32Array => assessment.reliability[kind];
  ids.reviews.forEach(([merchant, review], row) => {
    const reliability = weightOf(of("review")[row] as number);
    if (reliability < 1_000) say("reliability.assessed", { merchant, review, reliability });
  });
  ids.orders.forEach(([merchant, order], row) => {
    const reliability = of("order")[row] as number;
    if (reliability < genuineFrom) say("order.assessed", { merchant, order, reliability });
  });
  ids.follows.forEach(([target, user], row) => {
    const reliability = of("follow")[row] as number;
    const kind = target.startsWith("r") ? "promoter" : "merchant";
    if (reliability < genuineFrom) say("follow.assessed", { kind, followed: target.slice(1), user, reliability });
  });
  return { assessment, ids, verdicts };
}

/** The events as they would be without anything staged. */
export function withoutCrooks({ events, truth }: Scenario): RawEvent[] {
  return events.filter(({ type, data }) => {
    const { order, review, user, followed } = data as Readonly<Record<string, string | undefined>>;
    if (type === "user.followed" || type === "user.unfollowed") return !truth.followers.has(`${user} ${followed}`);
    return !truth.orders.has(order ?? "") && !truth.reviews.has(review ?? "");
  });
}

/** What a planted attack does to ratings; scores in points of 1,000. */
export interface AttackEffect {
  /** By how much it moves the score of whom it is for, or against, if all is believed; mean over those shops. */
  readonly without: number;
  /** The same once everything was judged. */
  readonly with: number;
  /** Mean share of score that other merchants lose against a market without crooks or judges; the greatest of one. */
  readonly honestLoss: number;
  readonly honestLossMax: number;
  readonly judged: JudgedEvents;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Rates on a day, by what is known on that day: as believed, as judged, and as it would be without the attack. */
export function attackEffect(
  scenario: Scenario,
  subjects: readonly string[],
  day: number,
  judges: Judges,
): AttackEffect {
  const until = new Date((day + 1) * 86_400_000).toISOString();
  const known: RawEvent[] = scenario.events.filter(({ time }) => time < until);
  const judged = judgeEvents(known, judges);
  const stories = {
    clean: tell(withoutCrooks({ ...scenario, events: known as Scenario["events"] })),
    believed: tell(known),
    judged: tell([...known, ...judged.verdicts]),
  };
  const gains = subjects.map((merchant) => {
    const clean = stories.clean.rate(merchant, day).score;
    return [
      stories.believed.rate(merchant, day).score - clean,
      stories.judged.rate(merchant, day).score - clean,
    ] as const;
  });
  const others = [...scenario.truth.merchants.keys()].filter((merchant) => !subjects.includes(merchant));
  const losses = others.map((merchant) => {
    const [clean, assessed] = [stories.clean.rate(merchant, day).score, stories.judged.rate(merchant, day).score];
    return clean === 0 ? 0 : (clean - assessed) / clean;
  });
  return {
    without: mean(gains.map(([without]) => without)),
    with: mean(gains.map(([, left]) => left)),
    honestLoss: mean(losses),
    honestLossMax: Math.max(...losses),
    judged,
  };
}
