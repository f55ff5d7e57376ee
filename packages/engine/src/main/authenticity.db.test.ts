import {
  type AssessedItem,
  type BulkAnswer,
  type DecisionRecord,
  type Dossier,
  type Endpoint,
  endpoints,
  type ModelReport,
  type ModelSummary,
  problem as problemSchema,
  type RingCase,
  type RingSummary,
} from "@probity/contract";
import { simulateWithTruth, type Truth } from "@probity/simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { event, placed, send, storedFacts } from "../ledger/ledger.fixture.ts";
import { databases } from "../platform/databases.fixture.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { call, isOfAuthenticity, openTestEngine, type TestEngine } from "./engine.fixture.ts";

const plan = { seed: 11, merchants: 24, orders: 2_600, days: 120, endDay: 20_760 };

interface World {
  readonly opened: TestEngine;
  readonly market: Marketplace;
  readonly token: string;
  readonly truth: Truth;
}

async function live(opened: TestEngine): Promise<World> {
  const { market, token } = await opened.enter();
  const { events, truth } = simulateWithTruth(plan);
  await send(opened.engine.ledger, market, [...events]);
  await opened.engine.authenticity.prepare(market);
  await opened.engine.ratings.prepare(market);
  await opened.engine.authenticity.run(market);
  while (((await opened.engine.ratings.run(market))?.rated ?? 0) > 0);
  return { opened, market, token, truth };
}

describe.each(databases)("authenticity on $name", (database) => {
  let world: World;

  beforeAll(async () => {
    if (database.absent !== undefined) return;
    world = await live(await openTestEngine(database));
  }, 240_000);

  afterAll(async () => {
    await world?.opened[Symbol.asyncDispose]();
  });

  const it = test.skipIf(database.absent !== undefined);
  const asked = new Set<string>();
  /** Notes which endpoint an address is of. */
  const note = (method: string, url: string): void => {
    const path = url.split("?")[0] as string;
    for (const [name, endpoint] of Object.entries(endpoints as Record<string, Endpoint>)) {
      const pattern = new RegExp(`^${endpoint.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
      if (endpoint.method === method && pattern.test(path)) asked.add(name);
    }
  };
  const get = async <T>(url: string): Promise<T> => {
    note("GET", url);
    const answer = await call(world.opened.app, { url, token: world.token });
    expect([url, answer.status, answer.text.slice(0, 300)]).toEqual([url, 200, expect.anything()]);
    return answer.json as T;
  };
  const post = (url: string, body: unknown) => {
    note("POST", url);
    return call(world.opened.app, { url, token: world.token, body: JSON.stringify(body), type: "application/json" });
  };
  const posted = async <T>(url: string, body: unknown): Promise<T> => {
    const answer = await post(url, body);
    expect([url, answer.status, answer.text.slice(0, 300)]).toEqual([url, 200, expect.anything()]);
    return answer.json as T;
  };
  const query = <Row extends object>(sql: string): Promise<Row[]> =>
    world.opened.engine.db.query<Row>(sql, [world.market.marketplaceId]);

  it("finds what is planted, tells the ledger, and publishes nothing but the model", async () => {
    const rows = await query<{ kind: string; id: string; weight: number }>(
      `SELECT v.kind, r.id, v.weight FROM authenticity_verdict v JOIN authenticity_review r
         ON r.marketplace_id = v.marketplace_id AND r.review_no = v.no WHERE v.marketplace_id = $1 AND v.kind = 'review'`,
    );
    const fakes = rows.filter(({ id }) => world.truth.reviews.has(id));
    const genuine = rows.filter(({ id }) => !world.truth.reviews.has(id));
    expect(fakes.filter(({ weight }) => weight < 1_000).length).toBeGreaterThan(0.5 * fakes.length);
    expect(genuine.filter(({ weight }) => weight < 1_000).length).toBeLessThan(0.02 * genuine.length);
    const told = await query<{ entry: string; body: string }>(
      "SELECT entry, body FROM ledger_event WHERE marketplace_id = $1 AND type IN ('reliability.assessed', 'order.assessed', 'follow.assessed')",
    );
    expect(told.length).toBeGreaterThan(20);
    for (const { entry } of told) {
      const { p } = JSON.parse(entry) as { p: Record<string, unknown> };
      expect(Object.keys(p)).toEqual(["model"]);
    }
    const facts = await storedFacts(world.opened.engine.db, world.market);
    const sum = (metric: string): number =>
      [...facts].reduce(
        (total, [key, [n]]) => (key.startsWith("m") && key.includes(`|${metric}|`) ? total + n : total),
        0,
      );
    const untold = await query<{ n: number }>(
      "SELECT count(*)::integer AS n FROM authenticity_verdict WHERE marketplace_id = $1 AND weight <> told_weight",
    );
    expect(untold[0]?.n).toBe(0);
    expect(sum("reviews-not-counted")).toBe(
      rows.filter(({ weight }) => weight === 0).length - (await removedOf(query)),
    );
    expect(sum("orders-not-counted")).toBeGreaterThan(0);
  });

  it("is idempotent: a run over what is known moves nothing", async () => {
    const before = await query(
      "SELECT kind, no, reliability, version FROM authenticity_verdict WHERE marketplace_id = $1 ORDER BY kind, no",
    );
    const run = await world.opened.engine.authenticity.run(world.market);
    expect(run).toMatchObject({ judged: 0, told: 0 });
    const after = await query(
      "SELECT kind, no, reliability, version FROM authenticity_verdict WHERE marketplace_id = $1 ORDER BY kind, no",
    );
    expect(after).toEqual(before);
  });

  it("gives every reason its points: they add up to the reliability, in the queue's order by effect", async () => {
    const queue = await get<{ items: AssessedItem[]; nextCursor: string | null; waiting: number }>(
      "/v1/authenticity/queue?limit=20",
    );
    expect(queue.items.length).toBe(20);
    const effects = queue.items.map(({ effect }) => effect);
    expect(effects).toEqual(effects.toSorted((a, b) => b - a));
    for (const { kind, merchant, id } of queue.items.slice(0, 8)) {
      const path = { review: "reviews", order: "orders", follow: "follows" }[kind];
      const { assessment } = await get<Dossier>(`/v1/authenticity/${path}/${merchant}/${id}`);
      const sum = assessment.reasons.reduce((total, { points }) => total + points, assessment.base);
      expect(sum).toBe(assessment.reliability);
      expect(assessment.reasons.length).toBeGreaterThan(0);
    }
    const next = await get<{ items: AssessedItem[] }>(
      `/v1/authenticity/queue?limit=20&cursor=${encodeURIComponent(queue.nextCursor ?? "")}`,
    );
    const key = ({ kind, merchant, id }: AssessedItem): string => `${kind} ${merchant} ${id}`;
    const seen = new Set(queue.items.map(key));
    expect(next.items.filter((item) => seen.has(key(item)))).toEqual([]);
    for (const order of ["uncertain", "newest", "second-look"])
      await get(`/v1/authenticity/queue?order=${order}&limit=5`);
  });

  it("judges a review as it comes in, and again with hindsight; both are kept", async () => {
    const { engine } = world.opened;
    const day = 20_761;
    const merchant = [...world.truth.merchants.keys()][0] as string;
    const before = await engine.authenticity.follow(world.market);
    await send(engine.ledger, world.market, [
      placed("live-o1", { merchant, buyer: "live-b1", device: "d-live", shipTo: "somewhere" }, day),
      event("live-d1", "order.delivered", { order: "live-o1", merchant }, day + 1),
      event(
        "live-r1",
        "review.posted",
        {
          review: "live-v1",
          merchant,
          buyer: "live-b1",
          order: "live-o1",
          stars: 4,
          text: "质量不错，物流也快，会再来的。",
        },
        day + 2,
      ),
    ]);
    const run = await engine.authenticity.follow(world.market);
    expect(run.judged).toBe(1);
    expect(before.judged).toBe(0);
    const dossier = await get<Dossier>(`/v1/authenticity/reviews/${merchant}/live-v1`);
    expect(dossier.assessment.by).toBe("live");
    expect(dossier.words).toEqual({ title: null, text: "质量不错，物流也快，会再来的。" });
    expect(dossier.reading?.language).toBe("zh");
    expect(dossier.item.weight).toBe(1_000);
    await send(engine.ledger, world.market, [placed("live-o2", { merchant, buyer: "live-b1" }, day + 10)]);
    expect(await engine.authenticity.run(world.market)).toMatchObject({ whole: true });
    const again = await get<Dossier>(`/v1/authenticity/reviews/${merchant}/live-v1`);
    expect([again.assessment.by, again.versions.map(({ by }) => by)]).toEqual(["batch", ["live"]]);
    const line = await get(`/v1/public/${world.market.slug}/merchants/${merchant}/reviews/live-v1`);
    expect(line).toMatchObject({ verified: "delivered", daysAfterDelivery: 1, incentive: false, weight: 1_000 });
  });

  it("judges what comes in and tells what is decided while everything is judged again", async () => {
    const { authenticity, ledger } = world.opened.engine;
    const merchant = [...world.truth.merchants.keys()][0] as string;
    await send(ledger, world.market, [
      placed("while-o1", { merchant, buyer: "while-b1" }, 20_772),
      event("while-r1", "review.posted", { review: "while-v1", merchant, buyer: "while-b1", stars: 5 }, 20_772),
    ]);
    let isOver = false;
    const whole = authenticity.run(world.market).then((run) => {
      isOver = true;
      return run;
    });
    // Behind the catching up with which the run begins.
    await authenticity.follow(world.market);
    const edit = { review: "while-v1", merchant, buyer: "while-b1", stars: 2, text: "It broke after a week." };
    await send(ledger, world.market, [event("while-r2", "review.edited", edit, 20_773)]);
    const live = await authenticity.follow(world.market);
    await authenticity.tell(world.market);
    expect([live.judged, isOver]).toEqual([1, false]);
    expect(await whole).toMatchObject({ whole: true });
    const { assessment } = await get<Dossier>(`/v1/authenticity/reviews/${merchant}/while-v1`);
    expect(assessment.by).toBe("live");
  });

  it("judges a draft and keeps nothing of it", async () => {
    const merchant = [...world.truth.merchants.keys()][0] as string;
    const count = async (): Promise<unknown> =>
      query(
        "SELECT (SELECT count(*) FROM authenticity_review WHERE marketplace_id = $1) AS r, (SELECT count(*) FROM facts_subject WHERE marketplace_id = $1) AS s",
      );
    const before = await count();
    for (const draft of [
      { merchant, buyer: "new-buyer", stars: 5, text: "好评返现五元，加微信领取红包，五星好评截图即可。" },
      { merchant: "nobody", buyer: "nobody", stars: 1 },
      { merchant, buyer: "new-buyer", stars: 5, text: "😀" },
      { merchant, buyer: "new-buyer", stars: 5, text: "" },
      { merchant, buyer: "new-buyer", stars: 5, text: "x".repeat(10_000) },
    ]) {
      const answer = await posted<{ reliability: number; base: number; reasons: { points: number }[] }>(
        "/v1/authenticity/assess",
        draft,
      );
      expect(answer.reasons.reduce((sum, { points }) => sum + points, answer.base)).toBe(answer.reliability);
    }
    expect(await count()).toEqual(before);
  });

  it("decides, keeps what stood before, and takes back", async () => {
    const { items } = await get<{ items: AssessedItem[] }>("/v1/authenticity/queue?kind=review&limit=1");
    const [item] = items as [AssessedItem];
    const path = `/v1/authenticity/reviews/${item.merchant}/${item.id}`;
    const first = await get<Dossier>(path);
    const record = await posted<DecisionRecord>("/v1/authenticity/decisions", {
      items: [{ kind: "review", merchant: item.merchant, id: item.id }],
      decision: first.item.weight === 0 ? "genuine" : "not-genuine",
    });
    const decided = await get<Dossier>(path);
    expect(decided.item).toMatchObject({ by: "decided", weight: first.item.weight === 0 ? 1_000 : 0 });
    expect(decided.versions[0]).toMatchObject({ reliability: first.item.reliability, by: first.item.by });
    const facts = await query<{ state: string }>(
      `SELECT state FROM facts_entity WHERE marketplace_id = $1 AND kind = 'review' AND id = '${item.merchant}' || chr(31) || '${item.id}'`,
    );
    expect(JSON.parse(facts[0]?.state ?? "{}")).toMatchObject({
      assessed: { d: { reliability: decided.item.weight } },
    });
    // What a person decided is not judged again by the model.
    await world.opened.engine.authenticity.run(world.market);
    expect((await get<Dossier>(path)).item.by).toBe("decided");
    await posted(`/v1/authenticity/decisions/${record.decision}/undo`, {});
    const undone = await get<Dossier>(path);
    expect(undone.item).toMatchObject({ reliability: first.item.reliability, weight: first.item.weight });
    expect(undone.assessment.reasons).toEqual(first.assessment.reasons);
    const again = await post(`/v1/authenticity/decisions/${record.decision}/undo`, {});
    expect(problemSchema.parse(again.json).type).toContain("decision-state");
    const missing = await post("/v1/authenticity/decisions", {
      items: [{ kind: "review", merchant: item.merchant, id: "no-such" }],
      decision: "genuine",
    });
    expect([missing.status, missing.text]).toEqual([404, expect.stringContaining("no-such")]);
  });

  it("previews a decision in bulk and refuses it when the selection has changed", async () => {
    const { items } = await get<{ items: AssessedItem[] }>("/v1/authenticity/queue?kind=review&limit=30");
    const merchant = items.find(({ weight }) => weight === 0)?.merchant ?? (items[0] as AssessedItem).merchant;
    const filter = { kind: "review", merchant, reliabilityMax: 300 };
    const preview = await posted<BulkAnswer>("/v1/authenticity/bulk", { filter, decision: "genuine" });
    expect(preview.record).toBeNull();
    expect(preview.items).toBeGreaterThan(0);
    const wrong = await post("/v1/authenticity/bulk", { filter, decision: "genuine", expected: preview.items + 1 });
    expect(problemSchema.parse(wrong.json).type).toContain("selection-changed");
    const done = await posted<BulkAnswer>("/v1/authenticity/bulk", {
      filter,
      decision: "genuine",
      expected: preview.items,
    });
    expect(done.record?.items).toBe(preview.items);
    while (((await world.opened.engine.ratings.run(world.market))?.rated ?? 0) > 0);
    const [effect] = preview.effects;
    if (effect !== undefined) {
      const rating = await get<{ score: number }>(`/v1/ratings/merchant/${effect.merchant}`);
      expect(Math.abs(rating.score - effect.after)).toBeLessThanOrEqual(
        Math.max(8, Math.abs(effect.after - effect.before) / 2),
      );
    }
    await posted(`/v1/authenticity/decisions/${done.record?.decision ?? ""}/undo`, {});
  });

  it("shows rings as cases, confirms, reopens and dismisses them", async () => {
    const { items } = await get<{ items: RingSummary[] }>("/v1/authenticity/rings");
    expect(items.length).toBeGreaterThan(0);
    const [ring] = items as [RingSummary];
    const found = await get<RingCase>(`/v1/authenticity/rings/${ring.ring}`);
    expect(found.nodes.filter(({ kind }) => kind === "user").length).toBe(ring.members);
    for (const { from, to } of found.edges) expect(Math.max(from, to)).toBeLessThan(found.nodes.length);
    expect(found.disproof.length).toBeGreaterThan(0);
    const members = found.nodes.flatMap(({ kind, id }) => (kind === "user" ? [id] : []));
    const planted = [...world.truth.rings.values()].some(
      (truth) => members.filter((member) => truth.members.includes(member)).length > 0.8 * members.length,
    );
    expect(planted).toBe(true);
    const confirmed = await posted<RingSummary>(`/v1/authenticity/rings/${ring.ring}/decide`, {
      decision: "confirmed",
    });
    expect(confirmed.state).toBe("confirmed");
    const twice = await post(`/v1/authenticity/rings/${ring.ring}/decide`, { decision: "confirmed" });
    expect(twice.status).toBe(409);
    await posted(`/v1/authenticity/rings/${ring.ring}/decide`, { decision: "reopened" });
    const dismissed = await posted<RingSummary>(`/v1/authenticity/rings/${ring.ring}/decide`, {
      decision: "dismissed",
    });
    expect(dismissed.state).toBe("dismissed");
    const of = await get<{ items: AssessedItem[] }>(`/v1/authenticity/queue?ring=${ring.ring}`);
    expect(of.items).toEqual([]);
    await posted(`/v1/authenticity/rings/${ring.ring}/decide`, { decision: "reopened" });
    expect((await call(world.opened.app, { url: "/v1/authenticity/rings/999999", token: world.token })).status).toBe(
      404,
    );
  });

  it("measures agreement by second looks of somebody else", async () => {
    const other = await world.opened.key(world.market, ["authenticity:read", "authenticity:decide"]);
    const { items } = await get<{ items: AssessedItem[] }>("/v1/authenticity/queue?kind=review&limit=60");
    const decisions: DecisionRecord[] = [];
    for (const [place, { kind, merchant, id }] of items.entries())
      decisions.push(
        await posted<DecisionRecord>("/v1/authenticity/decisions", {
          items: [{ kind, merchant, id }],
          decision: place % 2 === 0 ? "genuine" : "not-genuine",
        }),
      );
    const asked = await call(world.opened.app, {
      url: "/v1/authenticity/queue?order=second-look&limit=50",
      token: other,
    });
    const sample = (asked.json as { items: AssessedItem[] }).items;
    expect(sample.length).toBeGreaterThan(3);
    expect(sample.every(({ by }) => by === "batch")).toBe(true);
    expect((await get<{ items: AssessedItem[] }>("/v1/authenticity/queue?order=second-look")).items).toEqual([]);
    for (const { kind, merchant, id } of sample) {
      const place = items.findIndex((item) => item.id === id && item.merchant === merchant);
      await call(world.opened.app, {
        url: "/v1/authenticity/decisions",
        token: other,
        type: "application/json",
        body: JSON.stringify({
          items: [{ kind, merchant, id }],
          decision: place % 2 === 0 ? "genuine" : "not-genuine",
          secondLook: true,
        }),
      });
    }
    const agreement = await get<{ pairs: number; agreed: number; kappa: number | null }>("/v1/authenticity/agreement");
    expect(agreement).toMatchObject({ pairs: sample.length, agreed: sample.length });
    for (const { decision } of decisions) await posted(`/v1/authenticity/decisions/${decision}/undo`, {});
    expect(await get("/v1/authenticity/agreement")).toMatchObject({ pairs: 0, kappa: null });
  }, 120_000);

  it("learns from labels in a job, promotes what passed, and goes back", async () => {
    const early = await post("/v1/authenticity/models", {});
    expect(problemSchema.parse(early.json).type).toContain("labels-missing");
    const lines = await query<{ merchant: string; id: string }>(
      `SELECT s.id AS merchant, r.id FROM authenticity_verdict v JOIN authenticity_review r ON r.marketplace_id = v.marketplace_id AND r.review_no = v.no
       JOIN facts_subject s ON s.marketplace_id = v.marketplace_id AND s.subject_no = v.owner_no
       WHERE v.marketplace_id = $1 AND v.kind = 'review' AND v.judged_by = 'batch' ORDER BY v.reliability, v.no`,
    );
    const fakes = lines.filter(({ id }) => world.truth.reviews.has(id)).slice(0, 60);
    const genuine = lines.filter(({ id }) => !world.truth.reviews.has(id)).slice(0, 90);
    expect([fakes.length, genuine.length]).toEqual([60, 90]);
    const records: DecisionRecord[] = [];
    for (const [items, decision] of [
      [fakes, "not-genuine"],
      [genuine, "genuine"],
    ] as const)
      records.push(
        await posted<DecisionRecord>("/v1/authenticity/decisions", {
          items: items.map((item) => ({ kind: "review", ...item })),
          decision,
        }),
      );
    await posted("/v1/authenticity/models", {});
    await world.opened.engine.authenticity.run(world.market);
    const list = await get<{ items: ModelSummary[]; training: boolean; failure: string | null }>(
      "/v1/authenticity/models",
    );
    expect(list).toMatchObject({ training: false, failure: null });
    const trained = list.items.find(({ origin }) => origin === "trained") as ModelSummary;
    const shipped = list.items.find(({ origin }) => origin === "shipped") as ModelSummary;
    const report = await get<ModelReport>(`/v1/authenticity/models/${trained.model}`);
    const part = report.parts.find(({ kind, stage }) => kind === "review" && stage === "batch");
    expect(part?.auc).toBeGreaterThan(0.7);
    expect(report.suite.length).toBeGreaterThan(0);
    expect(report.curves.length).toBeGreaterThan(20);
    if (trained.passed) {
      await posted(`/v1/authenticity/models/${trained.model}/promote`, {});
      await world.opened.engine.authenticity.run(world.market);
      const models = await query<{ model: string }>(
        "SELECT DISTINCT model FROM authenticity_verdict WHERE marketplace_id = $1 AND judged_by = 'batch'",
      );
      expect(models.map(({ model }) => model)).toContain(trained.model);
      await posted(`/v1/authenticity/models/${shipped.model}/promote`, {});
    } else {
      expect((await post(`/v1/authenticity/models/${trained.model}/promote`, {})).status).toBe(409);
    }
    expect((await post(`/v1/authenticity/models/${"0".repeat(64)}/promote`, {})).status).toBe(404);
    for (const { decision } of records) await posted(`/v1/authenticity/decisions/${decision}/undo`, {});
  }, 180_000);

  it("takes the platform's own word over the model's, and an appeal to the top of the queue", async () => {
    const { engine } = world.opened;
    const { items } = await get<{ items: AssessedItem[] }>("/v1/authenticity/queue?kind=review&limit=5");
    const [one, two] = items as [AssessedItem, AssessedItem];
    await send(engine.ledger, world.market, [
      event(
        "told-1",
        "reliability.assessed",
        { review: one.id, merchant: one.merchant, reliability: 250, model: "own", reasons: [] },
        20_762,
      ),
      event(
        "appeal-1",
        "review.appealed",
        { review: two.id, merchant: two.merchant, buyer: two.user, text: "I did buy it." },
        20_762,
      ),
    ]);
    await engine.authenticity.run(world.market);
    expect((await get<Dossier>(`/v1/authenticity/reviews/${one.merchant}/${one.id}`)).item).toMatchObject({
      by: "platform",
      weight: 250,
    });
    const queue = await get<{ items: AssessedItem[] }>("/v1/authenticity/queue?limit=1");
    expect(queue.items[0]).toMatchObject({ id: two.id, appealed: true });
    expect((await get<Dossier>(`/v1/authenticity/reviews/${two.merchant}/${two.id}`)).appeal?.text).toBe(
      "I did buy it.",
    );
  });

  it("tells subjects and accounts, audits itself, and says in the open how it verifies", async () => {
    const merchant = [...world.truth.rings.values()][0]?.targets[0] as string;
    const summary = await get<{ reviews: number; reviewsNotCounted: number; reasons: { items: number }[] }>(
      `/v1/authenticity/merchant/${merchant}/summary`,
    );
    expect(summary.reviews).toBeGreaterThan(0);
    const member = [...world.truth.orders.keys()].length;
    expect(member).toBeGreaterThan(0);
    const [person] = await query<{ id: string }>(
      "SELECT id FROM authenticity_person WHERE marketplace_id = $1 ORDER BY person_no LIMIT 1",
    );
    const record = await get<{ user: string; orders: number }>(`/v1/authenticity/users/${person?.id ?? ""}`);
    expect(record.user).toBe(person?.id);
    const audit = await get<{ verdict: string; reviews: number }>("/v1/authenticity/audit");
    expect(audit.reviews).toBeGreaterThan(100);
    expect(await get(`/v1/public/${world.market.slug}/verification`)).toMatchObject({
      deletes: false,
      fullFrom: 600,
      noneBelow: 300,
    });
  });

  it("keeps marketplaces apart", async () => {
    const other = await world.opened.enter();
    await world.opened.engine.authenticity.prepare(other.market);
    const { items } = await get<{ items: AssessedItem[] }>("/v1/authenticity/queue?limit=1");
    const [item] = items as [AssessedItem];
    for (const url of [
      `/v1/authenticity/reviews/${item.merchant}/${item.id}`,
      `/v1/authenticity/users/${item.user}`,
      "/v1/authenticity/rings/0",
    ])
      expect([url, (await call(world.opened.app, { url, token: other.token })).status]).toEqual([url, 404]);
    const queue = await call(world.opened.app, { url: "/v1/authenticity/queue", token: other.token });
    expect(queue.json).toMatchObject({ items: [], waiting: 0 });
    const denied = await world.opened.key(world.market, ["ratings:read"]);
    expect((await call(world.opened.app, { url: "/v1/authenticity/queue", token: denied })).status).toBe(403);
  });

  it("refuses what is not asked for in the right form", async () => {
    for (const url of [
      "/v1/authenticity/queue?cursor=nonsense",
      "/v1/authenticity/queue?reason=bad-luck",
      "/v1/authenticity/queue?reliabilityMax=2000",
      "/v1/authenticity/rings?cursor=-1",
      "/v1/authenticity/decisions?cursor=x",
    ])
      expect([url, (await call(world.opened.app, { url, token: world.token })).status]).toEqual([url, 400]);
    expect((await post("/v1/authenticity/decisions", { items: [], decision: "genuine" })).status).toBe(400);
  });

  it("asks every endpoint of authenticity", async () => {
    const [follow] = await query<{ owner: string; id: string }>(
      `SELECT s.id AS owner, p.id FROM authenticity_verdict v JOIN facts_subject s ON s.marketplace_id = v.marketplace_id AND s.subject_no = v.owner_no
       JOIN authenticity_person p ON p.marketplace_id = v.marketplace_id AND p.person_no = v.person_no
       WHERE v.marketplace_id = $1 AND v.kind = 'follow' LIMIT 1`,
    );
    const dossier = await get<Dossier>(`/v1/authenticity/follows/${follow?.owner ?? ""}/${follow?.id ?? ""}`);
    expect(dossier).toMatchObject({ words: null, order: null, nearDuplicates: [] });
    const [order] = await query<{ owner: string; id: string }>(
      `SELECT s.id AS owner, o.id FROM authenticity_order o JOIN facts_subject s ON s.marketplace_id = o.marketplace_id AND s.subject_no = o.merchant_no
       WHERE o.marketplace_id = $1 AND o.placed_s IS NOT NULL LIMIT 1`,
    );
    const staged = await get<Dossier>(`/v1/authenticity/orders/${order?.owner ?? ""}/${order?.id ?? ""}`);
    expect(staged.order?.order).toBe(order?.id);
    expect((await get<{ items: DecisionRecord[] }>("/v1/authenticity/decisions?limit=2")).items).toHaveLength(2);
    const all = Object.entries(endpoints as Record<string, Endpoint>).filter(([, { path }]) => isOfAuthenticity(path));
    expect(all.flatMap(([name]) => (asked.has(name) ? [] : [name]))).toEqual([]);
  });
});

/** Reviews of weight 0 that were taken away as well count as removed. */
async function removedOf(query: <Row extends object>(sql: string) => Promise<Row[]>): Promise<number> {
  const [row] = await query<{ n: number }>(
    `SELECT count(*)::integer AS n FROM authenticity_verdict v JOIN authenticity_review r ON r.marketplace_id = v.marketplace_id
       AND r.review_no = v.no WHERE v.marketplace_id = $1 AND v.kind = 'review' AND v.weight = 0 AND r.removed`,
  );
  return row?.n ?? 0;
}
