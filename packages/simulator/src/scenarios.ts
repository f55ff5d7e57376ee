import type { ProbityEvent } from "@probity/contract";
import { complain } from "./after-sales.ts";
import { dayMs } from "./calendar.ts";
import { buyFollowers, emptyPlot, formRing, type Plot } from "./crooks.ts";
import { categories } from "./goods.ts";
import { drawQuality, foundMerchant, type Merchant, type MerchantWish } from "./merchants.ts";
import type { Purchase } from "./order.ts";
import { placeOrder } from "./orders.ts";
import { momentOf } from "./rhythm.ts";
import type { Shopper } from "./shoppers.ts";
import { populate, run } from "./simulate.ts";
import type { Truth, Wording } from "./truth.ts";
import type { World } from "./world.ts";

export interface ScenarioOptions {
  readonly seed?: number;
  /** Ordinary shops of the same category around the shops of interest; 40 unless stated. */
  readonly population?: number;
  readonly endDay?: number;
}

/** How a planted ring works; what is absent is drawn. */
export interface RingScenarioOptions extends ScenarioOptions {
  readonly density?: number;
  readonly camouflage?: number;
  readonly wording?: Wording;
}

/** A case to rate: all its events, the shops of interest by role, the days on which to look at them. */
export interface Scenario<Role extends string = string, Moment extends string = string> {
  readonly events: ProbityEvent[];
  readonly merchants: Readonly<Record<Role, string>>;
  readonly days: Readonly<Record<Moment, number>>;
  readonly truth: Truth;
}

interface Stage {
  readonly world: World;
  readonly plot: Plot;
  /** Day number of a day of the run, 0 the first. */
  at(offset: number): number;
  /** A good shop from the first day, unless wished otherwise; only the script sends it orders. */
  cast(wish?: MerchantWish): Merchant;
  /** Ordinary orders of a day, about `mean` of them, a quarter by people who bought there before. */
  sell(merchant: Merchant, day: number, mean: number, wishes?: Partial<Purchase>): void;
  play<Role extends string, Moment extends string>(
    merchants: Record<Role, Merchant>,
    days: Record<Moment, number>,
    script: (day: number) => void,
  ): Scenario<Role, Moment>;
}

const category = categories[1]!;

function setStage(options: ScenarioOptions, days: number): Stage {
  const merchants = options.population ?? 40;
  const orders = Math.round((merchants * days) / 4);
  const seed = options.seed ?? 1;
  const when = options.endDay === undefined ? {} : { endDay: options.endDay };
  const world = populate(
    { seed, merchants, orders, days, shoppers: 3_000, crooks: false, crises: false, ...when },
    category,
  );
  const plot = emptyPlot();
  const random = world.dice.script;
  const regulars = new Map<Merchant, Shopper[]>();
  const { startDay } = world.settings;
  return {
    world,
    plot,
    at: (offset) => startDay + offset,
    cast(wish = {}) {
      const phases = [{ fromDay: startDay, quality: drawQuality("honest", random) }];
      return foundMerchant(world, {
        kind: "honest",
        category,
        openedDay: startDay,
        phases,
        weight: 0,
        ...wish,
      });
    },
    sell(merchant, day, mean, wishes = {}) {
      const known = regulars.get(merchant) ?? [];
      regulars.set(merchant, known);
      for (let count = random.poisson(mean); count > 0; count -= 1) {
        const returning = known.length > 5 && random.chance(0.25);
        const shopper = returning ? random.pick(known) : world.shoppers.draw(random);
        known.push(shopper);
        placeOrder(world, { merchant, shopper, timeMs: momentOf(day, random), ...wishes });
      }
    },
    play(roles, moments, script) {
      const events = [...run(world, plot, script)];
      const ids = Object.fromEntries(Object.entries<Merchant>(roles).map(([role, merchant]) => [role, merchant.id]));
      return {
        events,
        merchants: ids as Record<keyof typeof roles, string>,
        days: moments,
        truth: world.truth,
      };
    },
  };
}

/** A shop that opened a week ago and has nothing but five stars; beside it a shop with a good year. */
function newcomerFiveStarWeek(options: ScenarioOptions = {}): Scenario<"newcomer" | "established", "opened" | "end"> {
  const stage = setStage(options, 300);
  const opened = stage.at(292);
  const newcomer = stage.cast({ openedDay: opened });
  const established = stage.cast();
  return stage.play({ newcomer, established }, { opened, end: stage.at(299) }, (day) => {
    stage.sell(established, day, 2);
    if (day >= opened && day < opened + 6) stage.sell(newcomer, day, 6, { fate: "kept", stars: 5, swift: true });
  });
}

/** A good shop whose trade rests for half a year and then begins again; beside it one without a rest. */
function seasonalQuietHalfYear(
  options: ScenarioOptions = {},
): Scenario<"seasonal" | "steady", "seasonEnd" | "quietEnd" | "end"> {
  const stage = setStage(options, 430);
  const seasonal = stage.cast();
  const steady = stage.cast();
  const seasonEnd = stage.at(199);
  const quietEnd = stage.at(382);
  return stage.play({ seasonal, steady }, { seasonEnd, quietEnd, end: stage.at(429) }, (day) => {
    stage.sell(steady, day, 2);
    if (day <= seasonEnd || day > quietEnd) stage.sell(seasonal, day, 2);
  });
}

/** One buyer who orders twelve times in a fortnight from a good shop, gives one star and complains each time. */
function furiousBuyer(
  options: ScenarioOptions = {},
): Scenario<"target" | "untouched", "before" | "after" | "end"> & { readonly buyer: string } {
  const stage = setStage(options, 300);
  const { world } = stage;
  const target = stage.cast();
  const untouched = stage.cast();
  const buyer = world.shoppers.enroll();
  const first = stage.at(240);
  const days = { before: first - 1, after: stage.at(285), end: stage.at(299) };
  const scenario = stage.play({ target, untouched }, days, (day) => {
    stage.sell(target, day, 2);
    stage.sell(untouched, day, 2);
    if (day < first || day >= first + 12) return;
    const timeMs = momentOf(day, world.dice.script);
    const order = placeOrder(world, {
      merchant: target,
      shopper: buyer,
      timeMs,
      fate: "kept",
      stars: 1,
    });
    complain(world, order, timeMs + 12 * dayMs, "service");
  });
  return { ...scenario, buyer: buyer.id };
}

/** A hundred one-star orders of fresh buyers in five days against a good shop. */
function competitorAttack(
  options: ScenarioOptions = {},
): Scenario<"target" | "untouched" | "competitor", "before" | "after" | "end"> {
  const stage = setStage(options, 300);
  const target = stage.cast();
  const untouched = stage.cast();
  const competitor = stage.world.merchants[0]!;
  const fromDay = stage.at(240);
  const orders = 100;
  formRing(
    stage.world,
    stage.plot,
    { kind: "bad-mouthing", targets: [target], orders, fromDay, toDay: fromDay + 4 },
    orders,
  );
  const days = { before: fromDay - 1, after: stage.at(270), end: stage.at(299) };
  return stage.play({ target, untouched, competitor }, days, (day) => {
    stage.sell(target, day, 2);
    stage.sell(untouched, day, 2);
  });
}

const ringDays = 300;
const ringFrom = 200;
const ringTo = 255;

/** What a ring works for: a sloppy shop that sells a little from the first day. */
function castSloppy(stage: Stage): Merchant {
  const phases = [{ fromDay: stage.at(0), quality: drawQuality("sloppy", stage.world.dice.script) }];
  return stage.cast({ kind: "sloppy", phases });
}

/** Plants a ring that praises its clients over eight weeks and lets an untouched shop trade beside them. */
function stageRing<Role extends string>(
  stage: Stage,
  clients: Record<Role, Merchant>,
  orders: number,
  { density, camouflage, wording }: RingScenarioOptions,
): Scenario<Role | "untouched", "before" | "after" | "end"> {
  const untouched = stage.cast();
  const targets = Object.values<Merchant>(clients);
  const wish = {
    kind: targets.length > 1 ? "farm" : "brushing",
    targets,
    orders,
    fromDay: stage.at(ringFrom),
    toDay: stage.at(ringTo),
    ...(density === undefined ? {} : { density }),
    ...(camouflage === undefined ? {} : { camouflage }),
    ...(wording === undefined ? {} : { wording }),
  } as const;
  formRing(stage.world, stage.plot, wish, 4 * orders);
  const days = { before: stage.at(ringFrom - 1), after: stage.at(ringTo + 15), end: stage.at(ringDays - 1) };
  const roles = { ...clients, untouched } as Record<Role | "untouched", Merchant>;
  return stage.play(roles, days, (day) => {
    for (const shop of [...targets, untouched]) stage.sell(shop, day, 1.5);
  });
}

/** A sloppy shop has 160 orders staged and praised in eight weeks. */
function brushingRing(options: RingScenarioOptions = {}): Scenario<"client" | "untouched", "before" | "after" | "end"> {
  const stage = setStage(options, ringDays);
  return stageRing(stage, { client: castSloppy(stage) }, 160, options);
}

/** A farm stages and praises 300 orders for three sloppy shops in eight weeks. */
function reviewFarm(
  options: RingScenarioOptions = {},
): Scenario<"client" | "second" | "third" | "untouched", "before" | "after" | "end"> {
  const stage = setStage(options, ringDays);
  const clients = { client: castSloppy(stage), second: castSloppy(stage), third: castSloppy(stage) };
  return stageRing(stage, clients, 300, options);
}

/** A sloppy shop buys some hundred followers within days. */
function boughtFollowers(options: ScenarioOptions = {}): Scenario<"client" | "untouched", "before" | "after" | "end"> {
  const stage = setStage(options, ringDays);
  const client = castSloppy(stage);
  const untouched = stage.cast();
  buyFollowers(stage.world, stage.plot, client, { count: 300, fromDay: stage.at(ringFrom) });
  const days = { before: stage.at(ringFrom - 1), after: stage.at(ringFrom + 15), end: stage.at(ringDays - 1) };
  return stage.play({ client, untouched }, days, (day) => {
    for (const shop of [client, untouched]) stage.sell(shop, day, 1.5);
  });
}

/** A good old shop that is sold and left to rot; beside it one that stays good. */
function whitewashing(options: ScenarioOptions = {}): Scenario<"sold" | "kept", "before" | "monthAfter" | "end"> {
  const stage = setStage(options, 420);
  const { script } = stage.world.dice;
  const soldDay = stage.at(300);
  const phases = [
    { fromDay: stage.at(0), quality: drawQuality("honest", script) },
    { fromDay: soldDay, quality: drawQuality("fraudulent", script) },
  ];
  const sold = stage.cast({ kind: "failing", phases });
  const kept = stage.cast();
  const days = { before: soldDay - 1, monthAfter: soldDay + 30, end: stage.at(419) };
  return stage.play({ sold, kept }, days, (day) => {
    stage.sell(sold, day, 2);
    stage.sell(kept, day, 2);
  });
}

/** Hundreds of small kept orders, then eight large ones that are never sent: each ends as a dispute lost. */
function exitScam(options: ScenarioOptions = {}): Scenario<"scammer" | "honest", "before" | "after" | "end"> {
  const stage = setStage(options, 300);
  const { world } = stage;
  const { script } = world.dice;
  const fraudDay = stage.at(240);
  const phases = [
    { fromDay: stage.at(0), quality: drawQuality("honest", script) },
    { fromDay: fraudDay, quality: drawQuality("vanishing", script) },
  ];
  const scammer = stage.cast({ kind: "fraudulent", phases });
  const honest = stage.cast();
  const days = { before: fraudDay - 1, after: stage.at(285), end: stage.at(299) };
  return stage.play({ scammer, honest }, days, (day) => {
    stage.sell(honest, day, 2);
    if (day < fraudDay) stage.sell(scammer, day, 2, { amount: script.integer(900, 2_500), fate: "kept" });
    if (day < fraudDay || day >= fraudDay + 8) return;
    const shopper = world.shoppers.draw(script);
    const amount = script.integer(1_500_000, 3_000_000);
    placeOrder(world, {
      merchant: scammer,
      shopper,
      timeMs: momentOf(day, script),
      amount,
      fate: "never-sent",
    });
  });
}

/** A bad shop closes and opens again under another name, linked to the old; beside it a newcomer without a past. */
function reopenedUnderNewName(
  options: ScenarioOptions = {},
): Scenario<"closed" | "reopened" | "newcomer", "closedDay" | "linkedDay" | "end"> {
  const stage = setStage(options, 330);
  const { world } = stage;
  const closedDay = stage.at(250);
  const openedDay = closedDay + 5;
  const linkedDay = openedDay + 10;
  const phases = [{ fromDay: stage.at(0), quality: drawQuality("fraudulent", world.dice.script) }];
  const closed = stage.cast({ kind: "fraudulent", phases });
  const reopened = stage.cast({ kind: "fraudulent", openedDay });
  const newcomer = stage.cast({ openedDay });
  closed.closedDay = closedDay;
  return stage.play({ closed, reopened, newcomer }, { closedDay, linkedDay, end: stage.at(329) }, (day) => {
    if (day < closedDay) stage.sell(closed, day, 2);
    if (day >= openedDay) stage.sell(reopened, day, 1.5);
    if (day >= openedDay) stage.sell(newcomer, day, 1.5);
    const noonMs = day * dayMs + dayMs / 2;
    if (day === closedDay) {
      world.calendar.add(noonMs, "merchant.suspended", {
        merchant: closed.id,
        reason: "closed by its owner",
      });
    }
    if (day !== linkedDay) return;
    const evidence = [
      "the same person behind both licences",
      "the same account for payouts",
      "the same return address",
    ];
    world.calendar.add(noonMs, "merchant.linked", {
      merchant: reopened.id,
      to: closed.id,
      evidence,
      holds: true,
    });
  });
}

/** The cases that a rating must withstand, by name. */
export const scenarios: {
  readonly newcomerFiveStarWeek: typeof newcomerFiveStarWeek;
  readonly seasonalQuietHalfYear: typeof seasonalQuietHalfYear;
  readonly furiousBuyer: typeof furiousBuyer;
  readonly competitorAttack: typeof competitorAttack;
  readonly brushingRing: typeof brushingRing;
  readonly reviewFarm: typeof reviewFarm;
  readonly boughtFollowers: typeof boughtFollowers;
  readonly whitewashing: typeof whitewashing;
  readonly exitScam: typeof exitScam;
  readonly reopenedUnderNewName: typeof reopenedUnderNewName;
} = {
  newcomerFiveStarWeek,
  seasonalQuietHalfYear,
  furiousBuyer,
  competitorAttack,
  brushingRing,
  reviewFarm,
  boughtFollowers,
  whitewashing,
  exitScam,
  reopenedUnderNewName,
};
