import type { ProbityEvent } from "@probity/contract";
import { planCrises, stumble } from "./crises.ts";
import { emptyPlot, planCrooks, playCrooks, type Plot } from "./crooks.ts";
import type { Category } from "./goods.ts";
import { foundMerchants, inspectListings, openShop } from "./merchants.ts";
import { placeOrder } from "./orders.ts";
import { business, momentOf, shareOut } from "./rhythm.ts";
import { foundPromoters, mingle, promote } from "./social.ts";
import type { Truth } from "./truth.ts";
import { askQuestions } from "./voice.ts";
import { emptyWorld, isOpen, Market, type SimulationOptions, type World } from "./world.ts";

export interface Simulation {
  /** In order of time; drawn one day ahead at most. */
  readonly events: Generator<ProbityEvent, void>;
  /** Whole once the events are exhausted. */
  readonly truth: Truth;
}

/** The events of a seeded marketplace in order of time: the same options, the same events. */
export function simulate(options: SimulationOptions): Generator<ProbityEvent, void> {
  return simulateWithTruth(options).events;
}

/** The events with the truth beside them. */
export function simulateWithTruth(options: SimulationOptions): Simulation {
  const world = populate(options);
  const plot = world.settings.crooks ? planCrooks(world) : emptyPlot();
  return { events: run(world, plot), truth: world.truth };
}

/** The truth of a whole run, its events thrown away. */
export function truthOf(options: SimulationOptions): Truth {
  const { events, truth } = simulateWithTruth(options);
  while (events.next().done !== true);
  return truth;
}

/** A world with its ordinary inhabitants; all shops of one category if one is given. */
export function populate(options: SimulationOptions, only?: Category): World {
  const world = emptyWorld(options);
  foundMerchants(world, world.settings.merchants, only);
  foundPromoters(world);
  if (world.settings.crises) planCrises(world);
  return world;
}

/** Lets the days go by. A script adds its own deeds to a day before the ordinary ones. */
export function* run(world: World, plot: Plot, script?: (day: number) => void): Generator<ProbityEvent, void> {
  const { startDay, endDay, days, orders } = world.settings;
  const market = new Market(world.merchants);
  const busy = Array.from({ length: days }, (_, index) => business(startDay + index, startDay, days));
  const quotas = shareOut(Math.max(0, orders - plot.orders), busy);
  for (let day = startDay; day <= endDay; day += 1) {
    const quota = quotas[day - startDay]!;
    for (const merchant of world.openings.take(day)) openShop(world, merchant);
    script?.(day);
    trade(world, market, day, quota);
    playCrooks(world, plot, market, day);
    promote(world, day, quota);
    mingle(world, day, quota);
    askQuestions(world, day, quota);
    inspectListings(world, day);
    stumble(world, day);
    yield* world.calendar.drain();
  }
}

function trade(world: World, market: Market, day: number, quota: number): void {
  const random = world.dice.market;
  let left = quota;
  for (const { merchant, shopper, referral, promoter, fake } of world.invitations.take(day)) {
    if (left === 0 || !isOpen(merchant, day)) continue;
    const fate = fake !== undefined && random.chance(0.7) ? { fate: "changed-mind" as const } : {};
    placeOrder(world, {
      merchant,
      shopper,
      timeMs: momentOf(day, random),
      referral,
      promoter,
      fake,
      ...fate,
    });
    left -= 1;
  }
  for (; left > 0; left -= 1) {
    const shopper = world.shoppers.draw(random);
    const merchant = market.choose(shopper, day, random);
    placeOrder(world, { merchant, shopper, timeMs: momentOf(day, random) });
  }
}
