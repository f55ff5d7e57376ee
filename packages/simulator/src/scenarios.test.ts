import { eventDefinition, type EventData, type ProbityEvent } from "@probity/contract";
import { describe, expect, test } from "vitest";
import { scenarios, type Scenario } from "./index.ts";

const dayOf = (event: ProbityEvent): number => Math.floor(Date.parse(event.time) / 86_400_000);

function about<T extends ProbityEvent["type"]>(
  scenario: Scenario,
  merchant: string,
  type: T,
): (EventData<T> & { day: number })[] {
  return scenario.events
    .filter((event) => event.type === type && (event.data as { merchant?: string }).merchant === merchant)
    .map((event) => ({ ...(event.data as EventData<T>), day: dayOf(event) }));
}

describe("every scenario", () => {
  test.each(Object.entries(scenarios))("%s fits the contract inside its population", (_, build) => {
    const scenario: Scenario = build({ seed: 5 });
    const ids = new Set<string>();
    let latest = "";
    for (const event of scenario.events) {
      expect(eventDefinition(event.type)!.data.safeParse(event.data).success).toBe(true);
      expect(event.time >= latest).toBe(true);
      latest = event.time;
      ids.add(event.id);
    }
    expect(ids.size).toBe(scenario.events.length);
    expect(scenario.truth.merchants.size).toBeGreaterThanOrEqual(41);
    const categories = new Set([...scenario.truth.merchants.values()].map((merchant) => merchant.category));
    expect(categories.size).toBe(1);
    const last = dayOf(scenario.events.at(-1)!);
    for (const day of Object.values(scenario.days)) expect(day).toBeLessThanOrEqual(last);
    for (const id of Object.values(scenario.merchants)) expect(scenario.truth.merchants.has(id)).toBe(true);
  });

  test("is repeated by its seed and sized by its population", () => {
    const twice = [scenarios.furiousBuyer({ seed: 9 }), scenarios.furiousBuyer({ seed: 9 })];
    expect(twice[0]!.events).toEqual(twice[1]!.events);
    const few = scenarios.furiousBuyer({ seed: 9, population: 10, endDay: 20_100 });
    expect(few.truth.merchants.size).toBe(12);
    expect(few.days.end).toBe(20_100);
  });
});

describe("its story", () => {
  test("newcomerFiveStarWeek: nothing but five stars within the week", () => {
    const scenario = scenarios.newcomerFiveStarWeek();
    const reviews = about(scenario, scenario.merchants.newcomer, "review.posted");
    expect(reviews.length).toBeGreaterThan(15);
    expect(reviews.every((review) => review.stars === 5 && review.day >= scenario.days.opened)).toBe(true);
    expect(about(scenario, scenario.merchants.established, "order.placed").length).toBeGreaterThan(400);
  });

  test("seasonalQuietHalfYear: no order for half a year, trade before and after", () => {
    const scenario = scenarios.seasonalQuietHalfYear();
    const { seasonEnd, quietEnd } = scenario.days;
    const days = about(scenario, scenario.merchants.seasonal, "order.placed").map((order) => order.day);
    expect(quietEnd - seasonEnd).toBeGreaterThanOrEqual(180);
    expect(days.filter((day) => day > seasonEnd && day <= quietEnd)).toEqual([]);
    expect(days.filter((day) => day <= seasonEnd).length).toBeGreaterThan(300);
    expect(days.filter((day) => day > quietEnd).length).toBeGreaterThan(50);
  });

  test("furiousBuyer: twelve orders, one-star reviews and complaints of one buyer", () => {
    const scenario = scenarios.furiousBuyer();
    const { target } = scenario.merchants;
    const mine = <T extends { buyer: string }>(items: T[]): T[] =>
      items.filter((item) => item.buyer === scenario.buyer);
    expect(mine(about(scenario, target, "order.placed"))).toHaveLength(12);
    const reviews = mine(about(scenario, target, "review.posted"));
    expect(reviews).toHaveLength(12);
    expect(reviews.every((review) => review.stars === 1)).toBe(true);
    expect(mine(about(scenario, target, "complaint.opened"))).toHaveLength(12);
  });

  test("competitorAttack: a hundred one-star reviews of fresh buyers", () => {
    const scenario = scenarios.competitorAttack();
    const { target } = scenario.merchants;
    const smears = about(scenario, target, "review.posted").filter((review) =>
      scenario.truth.reviews.has(review.review),
    );
    expect(smears).toHaveLength(100);
    expect(new Set(smears.map((review) => review.buyer)).size).toBe(100);
    expect(smears.every((review) => review.stars === 1 && review.day > scenario.days.before)).toBe(true);
    const orders = about(scenario, target, "order.placed").filter((order) => scenario.truth.orders.has(order.order));
    expect(Math.max(...orders.map((order) => order.day)) - Math.min(...orders.map((order) => order.day))).toBeLessThan(
      5,
    );
  });

  test("whitewashing: trouble begins when the shop is sold", () => {
    const scenario = scenarios.whitewashing();
    const { before } = scenario.days;
    const disputes = about(scenario, scenario.merchants.sold, "dispute.opened").map((each) => each.day);
    expect(disputes.filter((day) => day > before).length).toBeGreaterThan(
      5 * disputes.filter((day) => day <= before).length,
    );
  });

  test("exitScam: small kept orders, then large disputes lost", () => {
    const scenario = scenarios.exitScam();
    const { scammer } = scenario.merchants;
    const opened = new Map(about(scenario, scammer, "dispute.opened").map((each) => [each.dispute, each]));
    const lost = about(scenario, scammer, "dispute.decided").filter((each) => each.fault === "merchant");
    expect(lost).toHaveLength(8);
    for (const each of lost) expect(opened.get(each.dispute)!.amount).toBeGreaterThanOrEqual(1_500_000);
    expect(Math.max(...lost.map((each) => each.day))).toBeLessThanOrEqual(scenario.days.after);
    const small = about(scenario, scammer, "order.placed").filter((order) => order.day <= scenario.days.before);
    expect(small.length).toBeGreaterThan(350);
    expect(Math.max(...small.map((order) => order.amount))).toBeLessThanOrEqual(2_500);
  });

  test("reopenedUnderNewName: closed, opened under a new id, linked", () => {
    const scenario = scenarios.reopenedUnderNewName();
    const { closed, reopened, newcomer } = scenario.merchants;
    const { closedDay, linkedDay } = scenario.days;
    expect(about(scenario, closed, "order.placed").every((order) => order.day < closedDay)).toBe(true);
    expect(about(scenario, closed, "merchant.suspended")).toHaveLength(1);
    const links = scenario.events.filter((event) => event.type === "merchant.linked");
    expect(links).toHaveLength(1);
    expect(links[0]!.data).toMatchObject({ merchant: reopened, to: closed, holds: true });
    expect(dayOf(links[0]!)).toBe(linkedDay);
    expect(about(scenario, newcomer, "order.placed").length).toBeGreaterThan(50);
  });
});
