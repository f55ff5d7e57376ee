import type { AssessedKind, ProbityEvent } from "@probity/contract";
import { mix32 } from "@probity/kernels/sketch/mix";
import { scenarios, simulateWithTruth, type Truth } from "@probity/simulator";
import {
  type FirstLook,
  firstDoubts,
  firstLook,
  type Judges,
  secondLook,
  type Tables,
} from "../../authenticity/assess-market.ts";
import { type BookIds, EvidenceBook } from "../../authenticity/evidence-book.ts";
import { emptyOrders, emptyReviews, type MarketEvidence, signaturePlaces } from "../../authenticity/evidence.ts";
import { type Lesson, learnDefaults, learnJudge, type LearnOptions, type Learnt } from "../../authenticity/learn.ts";
import { emptySignature, type WordReader } from "../../authenticity/text-marks.ts";

/** A simulated marketplace as evidence, with the truth beside it. */
export interface SimulatedMarket {
  readonly evidence: MarketEvidence;
  readonly ids: BookIds;
  readonly truth: Truth;
}

export interface SimulatedPlan {
  readonly seed: number;
  readonly merchants: number;
  readonly orders: number;
  readonly days: number;
  readonly shoppers?: number;
  readonly crooks: boolean;
}

function keep(
  { events, truth }: { readonly events: Iterable<ProbityEvent>; readonly truth: Truth },
  reader: WordReader,
): SimulatedMarket {
  const book = new EvidenceBook(reader);
  for (const { type, time, data } of events) book.take({ type, timeMs: Date.parse(time), data, sealed: {} });
  return { ...book.columns(), truth };
}

/** Lives through a plan and keeps the evidence. */
export function simulateEvidence(plan: SimulatedPlan, reader: WordReader): SimulatedMarket {
  return keep(simulateWithTruth(plan), reader);
}

/** A small marketplace in which a good shop is badly spoken of within days. */
export function smearedEvidence(seed: number, reader: WordReader): SimulatedMarket {
  return keep(scenarios.competitorAttack({ seed, population: 25 }), reader);
}

/** What a platform may not tell. */
export type Untold = "sharing" | "handling" | "words" | "all";

/** The same marketplace on a platform that tells less: nothing of who shares what, of hand-over, of words, or of all these. */
export function tellingLess(market: SimulatedMarket, untold: Untold): SimulatedMarket {
  const { orders, reviews } = market.evidence;
  const hides = (what: Untold): boolean => untold === what || untold === "all";
  const [noOrders, noReviews] = [emptyOrders(orders.count), emptyReviews(reviews.count)];
  const signature = new Uint32Array(reviews.signature.length);
  for (let review = 0; review < reviews.count; review += 1) signature.set(emptySignature, review * signaturePlaces);
  return {
    ...market,
    evidence: {
      ...market.evidence,
      orders: {
        ...orders,
        ...(hides("sharing") ? { device: noOrders.device, payer: noOrders.payer, address: noOrders.address } : {}),
        ...(hides("handling") ? { confirmed: noOrders.confirmed, tracking: noOrders.tracking } : {}),
      },
      reviews: {
        ...reviews,
        ...(hides("words")
          ? {
              chars: noReviews.chars,
              signature,
              sentiment: noReviews.sentiment,
              incentiveWords: noReviews.incentiveWords,
              declared: noReviews.declared,
            }
          : {}),
      },
    },
  };
}

/**
 * The same marketplace with visitors who only look and follow: a share of its genuine follows is by accounts that do nothing
 * else. An account without a footprint is no bought one.
 */
export function withOnlookers(market: SimulatedMarket, share: number, seed: number): SimulatedMarket {
  const { follows, people } = market.evidence;
  const truth = truthOf(market, "follow");
  const ids = [...market.ids.people];
  const user = follows.user.map((who, row) => {
    if (truth[row] !== 0 || mix32(row, seed) / 2 ** 32 >= share) return who;
    return ids.push(`onlooker-${row}`) - 1;
  });
  const active = follows.active.map((is, row) => ((user[row] as number) >= people ? 0 : is));
  return {
    ...market,
    ids: { ...market.ids, people: ids },
    evidence: { ...market.evidence, people: ids.length, follows: { ...follows, user, active } },
  };
}

/** 1 not genuine, 0 genuine, −1 neither: an ordinary purchase of a ring's member, say, teaches nothing. */
export function truthOf({ ids, truth }: SimulatedMarket, kind: AssessedKind): Int8Array {
  switch (kind) {
    case "order":
      return Int8Array.from(ids.orders, ([, order]) => {
        const role = truth.orders.get(order)?.role;
        return role === undefined ? 0 : role === "brushing" || role === "farm" ? 1 : -1;
      });
    case "review":
      return Int8Array.from(ids.reviews, ([, review]) => {
        const attack = truth.reviews.get(review)?.attack;
        if (attack === undefined) return 0;
        return attack === "camouflage" || attack === "commission" || attack === "malicious-return" ? -1 : 1;
      });
    case "follow":
      return Int8Array.from(ids.follows, ([target, user]) =>
        truth.followers.has(`${user} ${target.slice(1)}`) ? 1 : 0,
      );
  }
}

/** Rows with a truth, grouped by merchant or target so that no ring stands on both sides of a split. */
export function lessonOf(market: SimulatedMarket, tables: Tables, kind: AssessedKind, groupBase: number): Lesson {
  const truth = truthOf(market, kind);
  const { orders, reviews, follows } = market.evidence;
  const owner = { order: orders.merchant, review: reviews.merchant, follow: follows.target }[kind];
  const rows = Int32Array.from(truth.keys()).filter((row) => truth[row] !== -1);
  return {
    table: tables[kind],
    rows,
    labels: Uint8Array.from(rows, (row) => truth[row] as number),
    groups: rows.map((row) => groupBase + (owner[row] as number)),
    ...(kind === "review" ? { strata: Uint8Array.from(rows, (row) => reviews.stars[row] as number) } : {}),
  };
}

const kinds: readonly AssessedKind[] = ["review", "order", "follow"];
const groupsPerMarket = 100_000;

function learnAll(
  markets: readonly SimulatedMarket[],
  tables: readonly Tables[],
  options: LearnOptions,
): Record<AssessedKind, Learnt> {
  const of = (kind: AssessedKind): Learnt =>
    learnJudge(
      markets.map((market, place) => lessonOf(market, tables[place] as Tables, kind, place * groupsPerMarket)),
      options,
    );
  return { review: of("review"), order: of("order"), follow: of("follow") };
}

export const judgesOf = (learnt: Readonly<Record<AssessedKind, Learnt>>): Judges => ({
  review: learnt.review.judge,
  order: learnt.order.judge,
  follow: learnt.follow.judge,
});

/**
 * Learns all kinds' judges from simulated markets. What hindsight adds to the columns of one half comes from judges that
 * learned the other half, so that nothing is judged by who has seen its label.
 */
export function learnFromSimulation(
  markets: readonly SimulatedMarket[],
  say: (text: string) => void,
  options: LearnOptions = learnDefaults,
): Record<AssessedKind, Learnt> {
  const looks: FirstLook[] = markets.map(({ evidence }) => firstLook(evidence));
  say(`columns of ${markets.length} markets`);
  const half = (which: number): Judges => {
    const places = [...markets.keys()].filter((place) => place % 2 === which);
    return judgesOf(
      learnAll(
        places.map((place) => markets[place] as SimulatedMarket),
        places.map((place) => (looks[place] as FirstLook).tables),
        { ...options, model: { ...options.model, bags: 2, pairsMax: 0 } },
      ),
    );
  };
  const halves = [half(1), half(0)] as const;
  say("first judges");
  const tables = markets.map(({ evidence }, place) => {
    const look = looks[place] as FirstLook;
    return secondLook(evidence, look, firstDoubts(look, halves[place % 2] as Judges)).tables;
  });
  say("hindsight");
  for (const kind of kinds) say(`${kind}: ${tables.reduce((sum, own) => sum + own[kind].rows, 0)} rows`);
  return learnAll(markets, tables, options);
}
