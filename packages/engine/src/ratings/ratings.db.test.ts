import { limits, type Policy, subjectKinds } from "@probity/contract";
import { simulate } from "@probity/simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freshMarket, openLedger, send, testNowMs } from "../ledger/ledger.fixture.ts";
import type { Ledger } from "../ledger/group-commit.store.ts";
import { databases, type TestDatabase } from "../platform/databases.fixture.ts";
import type { Db } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { defaultPolicies, policyId } from "./index.ts";
import { loadLinkedGrades, loadLinks } from "./links.store.ts";
import { rankOf } from "./peers.store.ts";
import { canonicalJson } from "./policy.ts";
import { RatingsJob } from "./ratings.jobs.ts";
import {
  findSubject,
  insertDraft,
  loadAllSubjects,
  loadCurrent,
  loadEpoch,
  loadEpochs,
  loadPolicies,
  loadPolicy,
} from "./ratings.store.ts";
import { RatingsReader } from "./reader.store.ts";

const events = [...simulate({ seed: 5, merchants: 12, orders: 600, days: 120 })];
const now = (): number => testNowMs;

/** What one process has: a database connection of its own, a job and a reader. */
function openProcess(db: Db, ledger: Ledger): { db: Db; job: RatingsJob; reader: RatingsReader } {
  return { db, job: new RatingsJob({ db, ledger, now }), reader: new RatingsReader(db, now) };
}

async function catchUp(job: RatingsJob, market: Marketplace): Promise<void> {
  while (((await job.run(market))?.rated ?? 0) > 0);
}

describe.each(databases.map((database) => [database.name, database] as const))("ratings on %s", (name, database) => {
  if (database.absent !== undefined) {
    test.skip(`skipped: ${database.absent}`, () => undefined);
    return;
  }
  let opened: TestDatabase;
  let ledger: Ledger;
  let market: Marketplace;
  let merchants: string[];
  /** PGlite has one connection: its processes share it. */
  const another = (): Db => (name === "PostgreSQL" ? opened.reconnect() : opened.db);

  beforeAll(async () => {
    opened = await database.open();
    ledger = openLedger(opened.db);
    market = await freshMarket(opened.db);
    await send(ledger, market, events);
    const { job } = openProcess(opened.db, ledger);
    await job.prepare(market);
    await catchUp(job, market);
    const rows = await opened.db.query<{ id: string }>(
      "SELECT id FROM facts_subject WHERE marketplace_id = $1 AND kind = 'm' ORDER BY subject_no",
      [market.marketplaceId],
    );
    merchants = rows.map(({ id }) => id);
  }, 120_000);
  afterAll(async () => {
    await ledger[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
  });

  test("a summary is the explanation's, and what the job stored", async () => {
    const { reader } = openProcess(another(), ledger);
    const { items } = await reader.list(market, { kind: "merchant" }, undefined, 100);
    expect(items.map(({ id }) => id).toSorted()).toEqual(merchants.toSorted());
    for (const listed of items) {
      const summary = await reader.read(market, "merchant", listed.id);
      expect(summary).toEqual((await reader.explain(market, "merchant", listed.id)).rating);
      expect(summary).toEqual({ ...listed, logSize: summary.logSize });
    }
  });

  test("the job rates what an event touches as the reader does", async () => {
    const { job, reader } = openProcess(another(), ledger);
    const merchant = merchants[0] as string;
    const today = await reader.today(market);
    const time = new Date(today * 86_400_000 + 86_399_000).toISOString();
    const orders = Array.from({ length: 40 }, (_, no) => ({
      specversion: "1.0",
      id: `touch-${no}`,
      source: "urn:test",
      type: "order.placed",
      time,
      data: {
        order: `touch-${no}`,
        merchant: merchants[no % 3] as string,
        buyer: `buyer-${no}`,
        amount: 100,
        currency: "CNY",
        items: [{ product: `touched-${no}`, quantity: 1, amount: 100 }],
      },
    }));
    expect(await send(ledger, market, orders)).toMatchObject(orders.map(() => ({ verdict: "accepted" })));
    const run = await job.run(market);
    // Forty products and three merchants: more than are read at once.
    expect(run).toMatchObject({ whole: false, rated: 43 });
    const { items } = await reader.list(market, { kind: "merchant" }, undefined, 100);
    for (const listed of items) {
      const summary = await reader.read(market, "merchant", listed.id);
      expect({ ...listed, logSize: 0 }).toEqual({ ...summary, logSize: 0 });
    }
    // Of each kind the log has a policy, an epoch and the ratings published in it.
    const acts = 3 * subjectKinds.length;
    expect(items.find(({ id }) => id === merchant)?.logSize).toBe(events.length + acts + orders.length);
  });

  test("a marketplace that was rated before its data came is rated by what is usual in it once they are there", async () => {
    const own = await freshMarket(opened.db);
    const { job, reader } = openProcess(opened.db, ledger);
    await job.prepare(own);
    await send(ledger, own, events.slice(0, 3));
    await catchUp(job, own);
    const empty = await loadEpoch(opened.db, own.marketplaceId, "merchant", 100_000);
    // Less than twenty events and less than a tenth end no epoch.
    await send(ledger, own, events.slice(3, 10));
    expect(await job.run(own)).toMatchObject({ whole: false, epochs: [] });
    await send(ledger, own, events.slice(10));
    await catchUp(job, own);
    const filled = await loadEpoch(opened.db, own.marketplaceId, "merchant", 100_000);
    expect(filled?.epoch).toBe((empty?.epoch ?? 0) + 1);
    expect(filled?.logSize).toBeGreaterThan(events.length);
    const { items } = await reader.list(own, { kind: "merchant", status: "rated" }, undefined, 100);
    expect(items.length).toBeGreaterThan(3);
    for (const { id, score } of items) {
      const told = await reader.explain(own, "merchant", id);
      expect(score).toBeGreaterThan(0);
      expect(
        told.dimensions.flatMap(({ indicators }) => indicators).filter(({ applies }) => applies).length,
      ).toBeGreaterThan(5);
    }
    // Steady from here: beginning an epoch does not begin the next.
    expect(await job.run(own)).toMatchObject({ whole: false, epochs: [] });
  });

  test("what another process puts in force is in force here at once", async () => {
    const here = openProcess(another(), ledger);
    const there = openProcess(another(), ledger);
    const merchant = merchants[1] as string;
    const before = await here.reader.explain(market, "merchant", merchant);
    const day = await here.reader.today(market);
    const policy: Policy = { ...defaultPolicies.merchant, name: "stricter" };
    const id = policyId(policy);
    await insertDraft(there.db, market.marketplaceId, id, "merchant", canonicalJson(policy), testNowMs);
    expect((await loadPolicy(here.db, market.marketplaceId, id))?.state).toBe("draft");
    expect(await there.job.publish(market, id, "draft", day, 0)).toBe(true);
    expect((await loadPolicy(here.db, market.marketplaceId, id))?.state).toBe("published");
    expect(await there.job.run(market)).toMatchObject({ whole: true, epochs: ["merchant"] });

    const after = await here.reader.explain(market, "merchant", merchant);
    expect(after.rating).toMatchObject({ policy: id, epoch: before.rating.epoch + 1 });
    expect(after).toEqual(await openProcess(another(), ledger).reader.explain(market, "merchant", merchant));
    expect((await here.reader.list(market, { kind: "merchant" }, undefined, 1)).items[0]?.policy).toBe(id);
    expect(await here.job.run(market)).toMatchObject({ whole: false, epochs: [] });
    const stored = await loadPolicies(here.db, market.marketplaceId);
    expect(stored.map(({ policyId: each, state, policy: body }) => [each, state, policyId(body)])).toEqual(
      expect.arrayContaining([
        [id, "in-force", id],
        [policyId(defaultPolicies.merchant), "superseded", policyId(defaultPolicies.merchant)],
      ]),
    );
  });

  test("between a policy's day and the job's run the old one goes on; days before it keep theirs", async () => {
    const mine = await freshMarket(opened.db);
    await send(ledger, mine, events);
    const { db, job, reader } = openProcess(opened.db, ledger);
    await job.prepare(mine);
    await catchUp(job, mine);
    const today = await reader.today(mine);
    const old = await reader.policyOn(mine, "merchant", today);
    const next: Policy = { ...old.policy, categorySubjectsMin: old.policy.categorySubjectsMin + 1 };
    const id = policyId(next);
    await insertDraft(db, mine.marketplaceId, id, "merchant", canonicalJson(next), now());
    expect(await job.publish(mine, id, "draft", today, 7)).toBe(true);
    const [merchant] = merchants as [string];
    expect((await reader.explain(mine, "merchant", merchant)).rating.policy).toBe(old.policyId);
    expect((await reader.read(mine, "merchant", merchant)).policy).toBe(old.policyId);
    await catchUp(job, mine);
    expect((await reader.explain(mine, "merchant", merchant)).rating.policy).toBe(id);
    const past = new Date((today - 10) * 86_400_000).toISOString().slice(0, 10);
    expect((await reader.explain(mine, "merchant", merchant, past)).rating.day).toBe(past);
    await job.backfill(mine, [today - 10, today - 5]);
    const { points } = await reader.history(mine, "merchant", merchant);
    expect(points.map(({ day }) => day)).toEqual(expect.arrayContaining([past]));
  });

  test("what-ifs take turns, and few may wait", async () => {
    const { reader } = openProcess(opened.db, ledger);
    const policy = await reader.policyOn(market, "merchant", await reader.today(market));
    const asked = Array.from({ length: limits.whatIfsWaiting + 2 }, () =>
      reader.whatIf(market, policy.policyId, undefined, undefined).then(
        ({ up, down }) => [up, down],
        (error: unknown) => (error as { code: string }).code,
      ),
    );
    const answers = await Promise.all(asked);
    expect(answers.slice(0, limits.whatIfsWaiting)).toEqual(answers.slice(0, limits.whatIfsWaiting).map(() => [0, 0]));
    expect(answers.slice(limits.whatIfsWaiting)).toEqual(["queue-full", "queue-full"]);
    // Who comes later finds the queue free again.
    expect((await reader.whatIf(market, policy.policyId, undefined, undefined)).up).toBe(0);
  });

  test("ranks and medians are those of the database, whichever process rated last", async () => {
    const reader = openProcess(another(), ledger);
    const writer = openProcess(another(), ledger);
    const { db } = reader;
    for (let round = 0; round < 2; round += 1) {
      for (const category of [
        null,
        "none",
        ...new Set((await loadAllSubjects(db, market.marketplaceId)).map((s) => s.category)),
      ]) {
        for (const score of [0, 400, 640, 700, 1_000]) {
          const [row] = await db.query<{ above: number; of: number; median: number | null }>(
            `SELECT count(*) FILTER (WHERE c.score > $3)::integer AS above, count(*)::integer AS of,
               percentile_disc(0.5) WITHIN GROUP (ORDER BY c.score)::integer AS median
             FROM ratings_current c JOIN facts_subject s USING (marketplace_id, subject_no)
             WHERE c.marketplace_id = $1 AND c.kind = 'merchant' AND c.status = 'rated' AND ($2::text IS NULL OR s.category = $2)`,
            [market.marketplaceId, category, score],
          );
          expect(await rankOf(db, market.marketplaceId, "merchant", category, score)).toEqual({
            rank: (row?.above ?? 0) + 1,
            of: row?.of,
            median: row?.median ?? 0,
          });
        }
      }
      // Another day: everybody is rated anew, by the other process.
      const days = (await reader.reader.today(market)) + 30;
      const time = new Date(days * 86_400_000).toISOString();
      const data = { merchant: merchants[0], name: "Renamed", category: "renamed" };
      await send(ledger, market, [
        { specversion: "1.0", id: `later-${round}`, source: "urn:test", type: "merchant.registered", time, data },
      ]);
      expect(await writer.job.run(market)).toMatchObject({ whole: true });
    }
  });

  test("epochs in force on a day are those that a plain look-up gives", async () => {
    const { db } = openProcess(another(), ledger);
    const rows = await db.query<{ subject: string; epoch: number; day: number; priors: string }>(
      "SELECT subject, epoch, day, priors FROM ratings_epoch WHERE marketplace_id = $1 ORDER BY epoch",
      [market.marketplaceId],
    );
    const firstDay = Math.min(...rows.map(({ day }) => day));
    for (let day = firstDay - 2; day < firstDay + 4; day += 1) {
      const epochs = await loadEpochs(db, market.marketplaceId, day);
      for (const kind of subjectKinds) {
        const mine = rows.filter(({ subject }) => subject === kind);
        const wanted = mine.findLast((row) => row.day <= day) ?? mine[0];
        expect(epochs.get(kind)).toMatchObject({ epoch: wanted?.epoch, priors: JSON.parse(wanted?.priors ?? "") });
        expect(await loadEpoch(db, market.marketplaceId, kind, day)).toEqual(epochs.get(kind));
      }
    }
  });

  test("grades of linked identities are those of the links that hold", async () => {
    const { db, reader } = openProcess(another(), ledger);
    const [a, b, c, d] = merchants as [string, string, string, string];
    const time = new Date((await reader.today(market)) * 86_400_000 + 86_399_500).toISOString();
    const links: [string, string, boolean][] = [
      [a, b, true],
      [c, a, true],
      [a, c, true],
      [a, d, false],
      [b, "nobody-yet", true],
    ];
    const sent = links.map(([merchant, to, holds], no) => ({
      specversion: "1.0",
      id: `link-${no}`,
      source: "urn:test",
      type: "merchant.linked",
      time,
      data: { merchant, to, evidence: ["same licence"], holds },
    }));
    expect(await send(ledger, market, sent)).toMatchObject(sent.map(() => ({ verdict: "accepted" })));
    const all = await loadLinks(db, market.marketplaceId);
    const asked = [...merchants, "nobody-yet", "unknown"];
    const near = await loadLinkedGrades(db, market.marketplaceId, asked);
    for (const merchant of asked) {
      const others = new Set(
        all.flatMap(([one, other]) => (one === merchant ? [other] : other === merchant ? [one] : [])),
      );
      const naive = await Promise.all(
        [...others].map(async (id) => {
          const subject = await findSubject(db, market.marketplaceId, "merchant", id);
          const current = subject && (await loadCurrent(db, market.marketplaceId, subject.no));
          return { id, grade: current?.own_grade ?? null };
        }),
      );
      const byId = (list: readonly { id: string }[]) => list.toSorted((one, other) => (one.id < other.id ? -1 : 1));
      expect(byId(near.get(merchant) ?? [])).toEqual(byId(naive));
    }
    expect(
      near
        .get(a)
        ?.map(({ id }) => id)
        .toSorted(),
    ).toEqual([b, c].toSorted());
    const { linked } = await reader.explain(market, "merchant", a);
    expect(linked.map(({ id }) => id).toSorted()).toEqual([b, c].toSorted());
    expect(await loadLinkedGrades(db, market.marketplaceId, [])).toEqual(new Map());
  });
});
