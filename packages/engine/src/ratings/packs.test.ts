import { type Pack, metricNamed } from "@probity/contract";
import { describe, expect, it } from "vitest";
import { evaluatePack, packs, type SubjectFact } from "./index.ts";

const day = 20_800;
const fact = (metric: string, age: number, n: number, x = 0): SubjectFact => ({
  metric: metricNamed(metric).no,
  day: day - age,
  n,
  x,
});
const packNamed = (id: string): Pack => packs.get(id) as Pack;
const check = (
  id: string,
  name: string,
  facts: readonly SubjectFact[],
): ReturnType<typeof evaluatePack>["checks"][number] => {
  const found = evaluatePack(packNamed(id), facts, day).checks.find((item) => item.id === name);
  if (found === undefined) throw new Error(`no check ${name}`);
  return found;
};

describe("Amazon account health", () => {
  const good = [
    fact("orders", 5, 1_000),
    fact("dispatch-in-time", 5, 1_000, 970),
    fact("tracking-valid", 5, 1_000, 960),
    fact("delivered-in-time", 5, 1_000, 920),
  ];

  it("counts low reviews, lost disputes and charge-backs against orders of 60 days, strictly below 1 %", () => {
    const nine = [
      ...good,
      fact("reviews-low", 30, 4),
      fact("disputes-lost", 59, 3),
      fact("charge-backs", 1, 2),
      fact("charge-backs", 60, 50),
    ];
    expect(check("amazon-account-health", "order-defects", nine)).toMatchObject({
      value: 9_000,
      count: 9,
      opportunities: 1_000,
    });
    expect(evaluatePack(packNamed("amazon-account-health"), nine, day).tier).toBe("healthy");
    const ten = [...nine, fact("reviews-low", 0, 1)];
    expect(check("amazon-account-health", "order-defects", ten).tiers["healthy"]).toEqual({
      threshold: 9_999,
      bound: "max",
      holds: false,
    });
    expect(evaluatePack(packNamed("amazon-account-health"), ten, day).tier).toBe("at-risk");
  });

  it("reads late shipment as what was not in time, in both windows", () => {
    const late = [fact("dispatch-in-time", 3, 100, 96), fact("dispatch-in-time", 20, 100, 100)];
    expect(check("amazon-account-health", "late-10", late)).toMatchObject({
      value: 40_000,
      count: 4,
      tiers: { healthy: { holds: false } },
    });
    expect(check("amazon-account-health", "late-30", late)).toMatchObject({
      value: 20_000,
      count: 4,
      tiers: { healthy: { holds: true } },
    });
  });

  it("has nothing against a merchant of whom nothing is known", () => {
    const answer = evaluatePack(packNamed("amazon-account-health"), [fact("orders", -1, 5)], day);
    expect(answer.tier).toBe("healthy");
    expect(answer.checks.every((item) => item.value === null)).toBe(true);
  });
});

describe("eBay top rated", () => {
  const base = [
    fact("orders", 200, 150),
    fact("orders-kept", 200, 150),
    fact("order-value", 200, 300),
    fact("tracking-valid", 10, 20, 19),
    fact("dispatch-in-time", 200, 150, 146),
  ];

  it("protects the small: rate and count must both be passed to break a check", () => {
    const three = [...base, fact("cancelled-by-merchant", 100, 3)];
    expect(check("ebay-top-rated", "defects", three)).toMatchObject({
      value: 20_000,
      count: 3,
      windowDays: 365,
      tiers: { "top-rated": { holds: true } },
    });
    expect(evaluatePack(packNamed("ebay-top-rated"), three, day).tier).toBe("top-rated");
    const four = [...base, fact("cancelled-by-merchant", 100, 4)];
    expect(evaluatePack(packNamed("ebay-top-rated"), four, day).tier).toBe("above-standard");
    const five = [...base, fact("cancelled-by-merchant", 100, 5)];
    expect(evaluatePack(packNamed("ebay-top-rated"), five, day).tier).toBe("below-standard");
  });

  it("looks at three months where there were 400 sales in them", () => {
    const busy = [
      ...base,
      fact("orders", 10, 400),
      fact("orders-kept", 10, 400),
      fact("cancelled-by-merchant", 100, 50),
    ];
    expect(check("ebay-top-rated", "defects", busy)).toMatchObject({ value: 0, opportunities: 400, windowDays: 90 });
    expect(check("ebay-top-rated", "defects", busy.slice(0, -2))).toMatchObject({ windowDays: 365 });
  });

  it("asks for 100 sales and their value", () => {
    const few = base.map((item) => (item.metric === metricNamed("orders-kept").no ? { ...item, n: 99 } : item));
    expect(evaluatePack(packNamed("ebay-top-rated"), few, day).tier).toBe("above-standard");
  });
});

describe("Etsy, Taobao and a Trustpilot-like score", () => {
  it("Etsy: replies, punctuality, tracking, stars, orders, value", () => {
    const star = [
      fact("tickets-answered-24h", 5, 20, 19),
      fact("tickets-answered-48h", 5, 20, 20),
      fact("dispatch-in-time", 5, 20, 19),
      fact("tracking-valid", 5, 20, 20),
      fact("review-stars", 5, 10_000, 9_500),
      fact("orders", 5, 5),
      fact("order-value", 5, 30),
    ];
    expect(evaluatePack(packNamed("etsy-star-seller"), star, day).tier).toBe("star-seller");
    const slow = star.map((item) =>
      item.metric === metricNamed("tickets-answered-24h").no ? { ...item, x: 18 } : item,
    );
    expect(evaluatePack(packNamed("etsy-star-seller"), slow, day).tier).toBe("standard");
    const low = [...slow, fact("reviews", 5, 30), fact("reviews-low", 5, 5)];
    expect(evaluatePack(packNamed("etsy-star-seller"), low, day).tier).toBe("below-minimum");
  });

  it("Taobao: the least of three means over six months", () => {
    const stars = [
      fact("stars-described", 5, 10_000, 9_600),
      fact("stars-service", 5, 10_000, 9_500),
      fact("stars-logistics", 5, 10_000, 9_400),
      fact("stars-logistics", 180, 90_000, 0),
    ];
    const answer = evaluatePack(packNamed("taobao-dsr"), stars, day);
    expect(answer.tier).toBe("usual");
    expect(answer.checks.map((item) => item.value)).toEqual([960_000, 950_000, 940_000]);
  });

  it("Trustpilot-like: seven reviews of 3.5 stars are added, and reviews weigh by age", () => {
    expect(check("trustpilot-like", "stars", [])).toMatchObject({ value: 625_000, opportunities: 7 });
    // 7 × 0.625 + 7 × 1 of 14.
    expect(check("trustpilot-like", "stars", [fact("review-stars", 0, 7_000, 7_000)])).toMatchObject({
      value: 812_500,
      opportunities: 14,
    });
    // 14 reviews of half weight count like 7.
    expect(check("trustpilot-like", "stars", [fact("review-stars", 180, 14_000, 14_000)])).toMatchObject({
      value: 812_500,
      opportunities: 14,
    });
  });
});

it("a check may be spared by the number of distinct buyers, or passed over below a volume", () => {
  const amazon = packNamed("amazon-account-health");
  const [first] = amazon.checks;
  if (first === undefined) throw new Error("no check");
  const spared: Pack = { ...amazon, checks: [{ ...first, tiers: { healthy: { max: 0, unlessBuyers: 3 } } }] };
  const facts = [fact("orders", 1, 10), fact("charge-backs", 1, 4), fact("buyers-harmed", 1, 2)];
  expect(evaluatePack(spared, facts, day).tier).toBe("healthy");
  expect(evaluatePack(spared, [...facts, fact("buyers-harmed", 2, 1)], day).tier).toBe("at-risk");
  const few: Pack = { ...amazon, checks: [{ ...first, minOpportunities: 11 }] };
  expect(evaluatePack(few, facts, day).tier).toBe("healthy");
  expect(evaluatePack(few, [...facts, fact("orders", 1, 1)], day).tier).toBe("at-risk");
});
