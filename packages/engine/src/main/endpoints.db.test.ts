import type { AddressInfo } from "node:net";
import {
  apiKeyScopes,
  type Endpoint,
  type EndpointAnswer,
  endpoints,
  type EndpointName,
  type Explanation,
  grades,
  type History,
  type LedgerStatus,
  type Policy,
  type RatingChanges,
  type RatingSummary,
  type SubjectKind,
  type LogStatus,
  type RatingProof,
  type Receipt,
  type TrustCard,
} from "@probity/contract";
import { simulate } from "@probity/simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { naiveFacts } from "../facts/naive-facts.fixture.ts";
import type { RawEvent } from "../facts/events.fixture.ts";
import { placed } from "../ledger/ledger.fixture.ts";
import { readHead } from "../ledger/ledger.store.ts";
import { databases } from "../platform/databases.fixture.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { defaultPolicies, policyId } from "../ratings/index.ts";
import { catchUp } from "./commands/rate.ts";
import { ingestAll } from "./engine.ts";
import {
  type Answered,
  call,
  isOfAuthenticity,
  isOfCredentials,
  isOfPeople,
  openTestEngine,
  problemOf,
  type TestEngine,
} from "./engine.fixture.ts";

const json = "application/json";
const buyerOf = (events: readonly RawEvent[]): unknown =>
  events.find(({ data }) => data["buyer"] !== undefined)?.data["buyer"];
const sum = (items: readonly { readonly points: number }[]): number =>
  items.reduce((total, { points }) => total + points, 0);

describe.each(databases.map((database) => [database.name, database] as const))(
  "every endpoint on %s",
  (_name, database) => {
    if (database.absent !== undefined) {
      test.skip(`skipped: ${database.absent}`, () => undefined);
      return;
    }
    let house: TestEngine;
    let market: Marketplace;
    let token: string;
    const events = [...simulate({ seed: 11, merchants: 25, orders: 1_200, days: 150 })] as unknown as RawEvent[];
    const asked = new Set<EndpointName>();

    /** Calls an endpoint by its name and reads the answer by its schema. */
    async function ask<A>(
      name: EndpointName,
      parts: Readonly<Record<string, string>> = {},
      more: { query?: string; body?: unknown; headers?: Record<string, string> } = {},
    ): Promise<A> {
      asked.add(name);
      const { method, path, answer: schema }: Endpoint = endpoints[name];
      const url = path.replaceAll(/\{(\w+)\}/g, (_whole, part: string) => encodeURIComponent(parts[part] ?? ""));
      const answer = await call(house.app, {
        method,
        url: `${url}${more.query === undefined ? "" : `?${more.query}`}`,
        token,
        ...(method === "POST" ? { body: JSON.stringify(more.body ?? {}), type: json } : {}),
        headers: more.headers ?? {},
      });
      if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${answer.text}`);
      expect(answer.headers["content-type"]).toMatch(/^application\/json/);
      return schema.parse(answer.json) as A;
    }

    interface Page<T> {
      readonly items: T[];
      readonly nextCursor: string | null;
    }

    /** All pages of a list, a few rows at a time. */
    async function pages<T>(name: EndpointName, parts: Readonly<Record<string, string>>, query: string): Promise<T[]> {
      const items: T[] = [];
      let cursor: string | null = null;
      do {
        const page: Page<T> = await ask(name, parts, {
          query: `${query}${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
        });
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return items;
    }

    beforeAll(async () => {
      house = await openTestEngine(database);
      ({ market, token } = await house.enter());
      const half = events.findIndex((event) => event.time > events[Math.floor(events.length * 0.6)]!.time);
      await ingestAll(house.engine, market, events.slice(0, half));
      await catchUp(house.engine, market);
      await ingestAll(house.engine, market, events.slice(half));
      await catchUp(house.engine, market);
    }, 120_000);
    afterAll(() => house[Symbol.asyncDispose]());

    const list = (kind: SubjectKind = "merchant"): Promise<RatingSummary[]> =>
      pages("listRatings", { kind }, "limit=7");
    const bestRated = async (): Promise<RatingSummary> => (await list()).find(({ status }) => status === "rated")!;

    test("listRatings: best score first, each once, in pages; filters; every kind", async () => {
      const all = await list();
      expect(all).toHaveLength(25);
      expect(new Set(all.map(({ id }) => id)).size).toBe(25);
      const rated = all.filter(({ status }) => status === "rated");
      expect(rated.map(({ score }) => score)).toEqual(rated.map(({ score }) => score).sort((a, b) => b - a));
      for (const item of rated) {
        expect(sum(item.dimensions)).toBe(item.score);
        expect(item.dimensions.reduce((total, { max }) => total + max, 0)).toBe(1_000);
        expect(item.bound <= item.score && item.grade !== null).toBe(true);
      }
      const { grade, category, name } = rated[0]!;
      expect(
        (await pages<RatingSummary>("listRatings", { kind: "merchant" }, `grade=${grade}`)).map(({ id }) => id).sort(),
      ).toEqual(
        rated
          .filter((item) => item.grade === grade)
          .map(({ id }) => id)
          .sort(),
      );
      const inCategory = await pages<RatingSummary>(
        "listRatings",
        { kind: "merchant" },
        `category=${encodeURIComponent(category!)}`,
      );
      expect(inCategory.map(({ id }) => id).sort()).toEqual(
        all
          .filter((item) => item.category === category)
          .map(({ id }) => id)
          .sort(),
      );
      const found = await pages<RatingSummary>("listRatings", { kind: "merchant" }, `q=${encodeURIComponent(name!)}`);
      expect(found.map((item) => item.name)).toContain(name);
      expect(await pages("listRatings", { kind: "merchant" }, "status=too-early")).toHaveLength(
        all.length - rated.length,
      );
      for (const kind of ["product", "promoter"] as const) expect((await list(kind)).length).toBeGreaterThan(0);
    });

    test("explainRating: inspections as they stand in the ledger, newest first, none from later", async () => {
      const told = await Promise.all(
        (await list()).map(({ id }) => ask<Explanation>("explainRating", { kind: "merchant", id })),
      );
      const { rating, inspections } = told.toSorted((a, b) => b.inspections.length - a.inspections.length)[0]!;
      expect(inspections.length).toBeGreaterThan(1);
      expect(inspections.map(({ day }) => day)).toEqual(
        inspections
          .map(({ day }) => day)
          .toSorted()
          .toReversed(),
      );
      for (const { id, day, product, authority, passed, events } of inspections) {
        const stored = await ask<{ event: object }>("readEvent", { seq: String(events.at(-1)) });
        expect(JSON.stringify(stored)).toContain(day);
        for (const part of [id, product, authority, `"passed":${passed}`, rating.id])
          expect(JSON.stringify(stored)).toContain(part);
      }
      const before = new Date(Date.parse(inspections[0]!.day) - 86_400_000).toISOString().slice(0, 10);
      const then = await ask<Explanation>(
        "explainRating",
        { kind: "merchant", id: rating.id },
        { query: `on=${before}` },
      );
      expect(then.inspections).toEqual(inspections.filter(({ day }) => day <= before));
    });

    test("listCategories: everybody in one category, counted", async () => {
      const all = await list();
      const { items } = await ask<EndpointAnswer<"listCategories">>("listCategories", { kind: "merchant" });
      const counted = new Map(items.map(({ category, subjects, rated }) => [category, [subjects, rated]]));
      for (const category of new Set(all.map((item) => item.category))) {
        const inside = all.filter((item) => item.category === category);
        const rated = inside.filter(({ status }) => status === "rated").length;
        expect(counted.get(category)).toEqual([inside.length, rated]);
      }
      expect(items.reduce((total, { subjects }) => total + subjects, 0)).toBe(all.length);
    });

    test("readRating and explainRating: points add up exactly, whole and read alike, past days too", async () => {
      for (const kind of ["merchant", "product", "promoter"] as const) {
        for (const item of (await list(kind)).slice(0, 12)) {
          const told = await ask<Explanation>("explainRating", { kind, id: item.id });
          expect(await ask("readRating", { kind, id: item.id })).toEqual(told.rating);
          expect({ ...told.rating, logSize: 0 }).toEqual({ ...item, logSize: 0 });
          expect([sum(told.dimensions), told.dimensions.reduce((total, { max }) => total + max, 0)]).toEqual([
            told.rating.score,
            1_000,
          ]);
          for (const dimension of told.dimensions) {
            expect(sum(dimension.indicators)).toBe(dimension.points);
            for (const { points, max, low, mean, high } of dimension.indicators)
              expect(points <= max && low <= mean && mean <= high).toBe(true);
          }
        }
      }
      const { id, day } = await bestRated();
      const past = new Date(Date.parse(day) - 40 * 86_400_000).toISOString().slice(0, 10);
      const was = await ask<Explanation>("explainRating", { kind: "merchant", id }, { query: `on=${past}` });
      expect(was.rating.day).toBe(past);
      expect(sum(was.dimensions)).toBe(was.rating.score);
      expect(
        was.dimensions
          .flatMap(({ indicators }) => indicators.flatMap((item) => item.events))
          .every((reason) => reason.day <= past),
      ).toBe(true);
    });

    test("an explanation leads to the events behind it", async () => {
      const { id } = await bestRated();
      const told = await ask<Explanation>("explainRating", { kind: "merchant", id });
      const seqs = told.dimensions.flatMap(({ indicators }) =>
        indicators.flatMap((item) => item.events.flatMap((reason) => reason.events)),
      );
      expect(seqs.length).toBeGreaterThan(0);
      for (const seq of seqs.slice(0, 5)) {
        const stored = await ask<{ seq: number; data: { merchant?: string } }>("readEvent", { seq: String(seq) });
        expect([stored.seq, stored.data.merchant]).toEqual([seq, id]);
      }
    });

    test("readHistory and readPacks", async () => {
      const { id, day, score } = await bestRated();
      const { points, markers } = await ask<{ points: { day: string; score: number }[]; markers: unknown[] }>(
        "readHistory",
        { kind: "merchant", id },
      );
      expect(points.at(-1)).toMatchObject({ day, score });
      expect(points.map((point) => point.day)).toEqual([...new Set(points.map((point) => point.day))].sort());
      expect(markers.length).toBeLessThan(points.length);
      expect(
        (await ask<{ points: unknown[] }>("readHistory", { kind: "merchant", id }, { query: `from=${day}` })).points,
      ).toHaveLength(1);
      const packs = (await ask<{ items: { pack: string }[] }>("readPacks", { kind: "merchant", id })).items;
      expect(packs.map(({ pack }) => pack.split("-")[0]).sort()).toEqual(
        expect.arrayContaining(["amazon", "ebay", "etsy", "taobao"]),
      );
    });

    test("readChanges: what each subject's own history says, added up; reasons are differences of explanations", async () => {
      const now = await list();
      const { day } = now[0]!;
      const histories = new Map<string, History["points"]>();
      for (const { id } of now) histories.set(id, (await ask<History>("readHistory", { kind: "merchant", id })).points);
      const since = [...histories.values()]
        .flat()
        .map((point) => point.day)
        .sort()[0]!;
      expect(since < day).toBe(true);
      const told = await ask<RatingChanges>("readChanges", { kind: "merchant" }, { query: `since=${since}` });
      expect([told.since, told.day]).toEqual([since, day]);
      const then = new Map(
        [...histories].flatMap(([id, points]) =>
          points
            .filter((point) => point.day <= since)
            .slice(-1)
            .map((point) => [id, point]),
        ),
      );
      expect(then.size).toBeGreaterThan(5);
      const pairs = now.flatMap((item) => (then.has(item.id) ? [`${then.get(item.id)!.grade} ${item.grade}`] : []));
      const count = (wanted: string): number => pairs.filter((pair) => pair === wanted).length;
      expect(new Map(told.migration.map(({ from, to, subjects }) => [`${from} ${to}`, subjects]))).toEqual(
        new Map(pairs.map((pair) => [pair, count(pair)])),
      );
      for (const row of told.grades) {
        expect(row.after).toBe(now.filter(({ grade }) => grade === row.grade).length);
        expect(row.before).toBe([...then.values()].filter(({ grade }) => grade === row.grade).length);
      }
      const moved = now
        .filter(
          ({ id, status, score }) =>
            status === "rated" && then.get(id)?.status === "rated" && then.get(id)?.score !== score,
        )
        .map(({ id, score }) => [id, Math.abs(score - then.get(id)!.score)] as const)
        .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
        .slice(0, 20);
      expect(told.movers.map(({ id }) => id)).toEqual(moved.map(([id]) => id));
      expect(told.freshness.reduce((total, { subjects }) => total + subjects, 0)).toBe(now.length);
      const points = (of: Explanation): Map<string, number> =>
        new Map(of.dimensions.flatMap(({ indicators }) => indicators.map((item) => [item.id, item.points])));
      for (const { id, reasons } of told.movers.slice(0, 3)) {
        const [before, after] = [
          points(await ask<Explanation>("explainRating", { kind: "merchant", id }, { query: `on=${since}` })),
          points(await ask<Explanation>("explainRating", { kind: "merchant", id })),
        ];
        const largest = Math.max(...[...after].map(([key, value]) => Math.abs(value - before.get(key)!)));
        expect(Math.abs(reasons[0]!.points)).toBe(largest);
        const [whole] = [told.movers.find((item) => item.id === id)!];
        const score = async (on?: string): Promise<number> =>
          (
            await ask<Explanation>(
              "explainRating",
              { kind: "merchant", id },
              on === undefined ? {} : { query: `on=${on}` },
            )
          ).rating.score;
        expect(whole.later).toBe(whole.after.score - whole.before.score - ((await score()) - (await score(since))));
        for (const reason of reasons) expect(reason.points).toBe(after.get(reason.id)! - before.get(reason.id)!);
      }
    });

    test("readFacts: pages of the very facts of the raw events; unpublished ones for the key's holder", async () => {
      const { id } = await bestRated();
      interface Row {
        metric: string;
        day: string;
        n: number;
        x: number;
      }
      const rows: Row[] = [];
      let cursor: string | null = "";
      while (cursor !== null) {
        const page: { rows: Row[]; nextCursor: string | null } = await ask(
          "readFacts",
          { kind: "merchant", id },
          { query: `limit=50${cursor === "" ? "" : `&cursor=${cursor}`}` },
        );
        expect(page.rows.length).toBeLessThanOrEqual(50);
        rows.push(...page.rows);
        cursor = page.nextCursor;
      }
      // What the engine itself has judged is in the facts as well.
      const judged = await house.engine.db.query<{ id: string; source: string; type: string; body: string }>(
        "SELECT id, source, type, body FROM ledger_event WHERE marketplace_id = $1 AND type LIKE '%.assessed'",
        [market.marketplaceId],
      );
      const own = judged.map(({ body, ...event }) => ({
        specversion: "1.0" as const,
        ...event,
        ...(JSON.parse(body) as { time: string; data: Record<string, unknown> }),
      }));
      const expected = [...naiveFacts([...events, ...own], market.currency)]
        .filter(([key]) => key.startsWith(`m${id}|`))
        .map(([key, pair]) => `${key.split("|").slice(1).join("|")} ${pair}`);
      expect(rows.map((row) => `${row.metric}|${Date.parse(row.day) / 86_400_000} ${row.n},${row.x}`).sort()).toEqual(
        expected.sort(),
      );
      const days = rows.filter(({ metric }) => metric === "gmv").map((row) => row.day);
      const some = await ask<{ rows: Row[] }>(
        "readFacts",
        { kind: "merchant", id },
        { query: `metric=gmv&from=${days[1]}&to=${days[3]}` },
      );
      expect(some.rows.map((row) => row.day)).toEqual(days.slice(1, 4));
      const bins = await ask<{ rows: Row[] }>("readFacts", { kind: "merchant", id }, { query: "metric=delivery-time" });
      expect(bins.rows.length > 0 && bins.rows.every(({ metric }) => metric.startsWith("delivery-time/"))).toBe(true);
    });

    test("listMetrics, readEvent, ingest, dead letters", async () => {
      expect((await ask<{ items: unknown[] }>("listMetrics")).items.length).toBeGreaterThan(40);
      const at = events.findIndex(({ type }) => type === "review.posted" || type === "ticket.opened");
      const stored = await ask<{ id: string; sealed: string[]; data: object }>("readEvent", {
        seq: String(await seqOfEvent(events[at]!)),
      });
      expect(stored.id).toBe(events[at]?.id);
      expect(stored.sealed.every((field) => !(field in stored.data))).toBe(true);
      const told = await ask<{ rejected: number; verdicts: { deadLetter?: string }[] }>(
        "ingest",
        {},
        { body: [placed("bad", { amount: -1 }), placed("worse", { amount: -2 })] },
      );
      expect(told.rejected).toBe(2);
      const letters = await pages<{ deadLetter: string }>("listDeadLetters", {}, "limit=1");
      expect(letters.map(({ deadLetter }) => deadLetter)).toEqual(
        told.verdicts.map(({ deadLetter }) => deadLetter).reverse(),
      );
      await ask("replayDeadLetter", { deadLetter: letters[0]!.deadLetter });
      await ask("discardDeadLetter", { deadLetter: letters[1]!.deadLetter });
    });

    test("readLedger: sources and hours add up to the size", async () => {
      const mine = await house.enter();
      const read = async (): Promise<LedgerStatus> =>
        endpoints.readLedger.answer.parse(
          (await call(house.app, { method: "GET", url: "/v1/ledger", token: mine.token })).json,
        );
      asked.add("readLedger");
      expect(await read()).toEqual({
        size: 0,
        newestAt: null,
        receivedAt: null,
        lettersOpen: 0,
        sources: [],
        hours: [],
      });
      const other = events.slice(0, 30).map((event) => ({ ...event, source: "urn:other" }));
      await ingestAll(house.engine, mine.market, [...events.slice(0, 70), ...other, ...events.slice(0, 5)]);
      const bad = JSON.stringify([placed("bad", { amount: -1 })]);
      await call(house.app, { method: "POST", url: "/v1/events", token: mine.token, body: bad, type: json });
      const status = await read();
      const newest = (sent: readonly RawEvent[]): string =>
        new Date(Math.max(...sent.map(({ time }) => Date.parse(time)))).toISOString();
      const bySource = new Map(
        status.sources.map(({ source, events: count, newestAt }) => [source, [count, newestAt]]),
      );
      const expected = new Map<string, RawEvent[]>();
      for (const event of [...events.slice(0, 70), ...other])
        expected.set(event.source, [...(expected.get(event.source) ?? []), event]);
      expect(bySource).toEqual(new Map([...expected].map(([source, sent]) => [source, [sent.length, newest(sent)]])));
      expect([status.size, status.lettersOpen]).toEqual([100, 1]);
      expect(status.newestAt).toBe(newest(events.slice(0, 70)));
      expect(status.hours.reduce((total, { accepted }) => total + accepted, 0)).toBe(100);
      expect(status.hours.reduce((total, { rejected }) => total + rejected, 0)).toBe(1);
    });

    test("watchLedger: a notice at once, another when events have come and been rated, then the end", async () => {
      asked.add("watchLedger");
      const mine = await house.enter();
      await house.app.listen({ port: 0, host: "127.0.0.1" });
      const { port } = house.app.server.address() as AddressInfo;
      const answer = await fetch(`http://127.0.0.1:${port}/v1/live?seconds=4`, {
        headers: { authorization: `Bearer ${mine.token}` },
      });
      expect(answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
      await ingestAll(house.engine, mine.market, events.slice(0, 40));
      await catchUp(house.engine, mine.market);
      const notices = (await answer.text())
        .split("\n\n")
        .filter((block) => block.startsWith("data: "))
        .map((block) => endpoints.watchLedger.answer.parse(JSON.parse(block.slice(6))));
      expect(notices.length).toBeGreaterThan(1);
      const { size } = await readHead(house.engine.db, mine.market.marketplaceId);
      expect(notices.at(-1)?.size).toBe(size);
      // The job's own acts stand behind the events that it has followed.
      expect(notices.at(-1)?.ratedSize).toBeGreaterThanOrEqual(40);
      expect(notices.map((notice) => notice.size)).toEqual(notices.map((notice) => notice.size).sort((a, b) => a - b));
    });

    async function seqOfEvent(event: RawEvent): Promise<number> {
      const [row] = await house.engine.db.query<{ seq: number }>(
        "SELECT seq FROM ledger_event WHERE marketplace_id = $1 AND id = $2",
        [market.marketplaceId, event.id],
      );
      return row!.seq;
    }

    test("a policy's life: draft, simulated, published with notice; in force when its day has come", async () => {
      const mine = await house.enter();
      const act = async (name: EndpointName, policy: string, body?: unknown): Promise<Answered> => {
        asked.add(name);
        const { method, path }: Endpoint = endpoints[name];
        return call(house.app, {
          method,
          url: path.replace("{policy}", policy),
          token: mine.token,
          ...(body === undefined ? {} : { body: JSON.stringify(body), type: json }),
        });
      };
      await ingestAll(house.engine, mine.market, events.slice(0, 900));
      await catchUp(house.engine, mine.market);
      const strict: Policy = structuredClone(defaultPolicies.merchant);
      strict.grades.forEach((item) => {
        if (item.min > 0) item.min = Math.min(999, item.min + 5);
      });
      const id = policyId(strict);
      const drafted = endpoints.draftPolicy.answer.parse((await act("draftPolicy", "", strict)).json);
      expect([drafted.policy, drafted.state]).toEqual([id, "draft"]);
      expect((await act("draftPolicy", "", strict)).json).toEqual(drafted);
      expect(problemOf(await act("publishPolicy", id, { noticeDays: 7 })).status).toBe(409);
      expect((await act("readPolicy", id)).status).toBe(404);
      // A draft is for its own marketplace alone.
      expect(endpoints.readPolicyContent.answer.parse((await act("readPolicyContent", id)).json).policy).toEqual(
        strict,
      );
      const foreign = { method: "GET", url: `/v1/policies/${id}/content`, token } as const;
      expect((await call(house.app, foreign)).status).toBe(404);
      const whatIf = endpoints.simulatePolicy.answer.parse((await act("simulatePolicy", id, {})).json);
      expect([whatIf.after, whatIf.before, whatIf.subjects]).toEqual([
        id,
        policyId(defaultPolicies.merchant),
        whatIf.migration.flat().reduce((a, b) => a + b, 0),
      ]);
      expect(whatIf.migration).toHaveLength(whatIf.grades.length);
      expect(whatIf.up).toBe(0);
      const published = endpoints.publishPolicy.answer.parse((await act("publishPolicy", id, { noticeDays: 7 })).json);
      expect([published.state, published.noticeDays]).toEqual(["published", 7]);
      expect((await act("publishPolicy", id, { noticeDays: 7 })).status).toBe(409);
      expect(endpoints.readPolicy.answer.parse((await act("readPolicy", id)).json).policy).toEqual(strict);
      const states = async (): Promise<Map<string, string>> =>
        new Map(
          endpoints.listPolicies.answer
            .parse((await act("listPolicies", "")).json)
            .items.map(({ policy, state }) => [policy, state]),
        );
      expect((await states()).get(id)).toBe("published");
      const acts = await house.engine.db.query<{ entry: string }>(
        "SELECT entry FROM ledger_event WHERE marketplace_id = $1 AND type = 'policy.published' ORDER BY seq DESC LIMIT 1",
        [mine.market.marketplaceId],
      );
      expect(JSON.parse(acts[0]!.entry)).toMatchObject({ p: { policy: id, kind: "merchant", noticeDays: 7 } });
      const effective = Date.parse(published.effectiveDay!);
      await ingestAll(house.engine, mine.market, [
        { ...placed("day"), id: "day-before", time: new Date(effective - 1_000).toISOString() },
      ]);
      await catchUp(house.engine, mine.market);
      expect((await states()).get(id)).toBe("published");
      await ingestAll(house.engine, mine.market, [
        { ...placed("day"), id: "the-day", time: new Date(effective + 1_000).toISOString() },
      ]);
      await catchUp(house.engine, mine.market);
      expect([(await states()).get(id), (await states()).get(policyId(defaultPolicies.merchant))]).toEqual([
        "in-force",
        "superseded",
      ]);
      const rated = (await call(house.app, { url: "/v1/ratings/merchant?limit=1", token: mine.token }))
        .json as Page<RatingSummary>;
      expect(rated.items[0]?.policy).toBe(id);
    });

    test("readTrustCard: public, tagged, answers 304; hidden for a private marketplace", async () => {
      const { id, score } = await bestRated();
      const card = await ask<TrustCard>("readTrustCard", { marketplace: market.slug, id });
      expect([card.merchant, card.score]).toEqual([id, score]);
      const url = `/v1/public/${market.slug}/merchants/${id}`;
      const first = await call(house.app, { url });
      expect([first.status, first.headers["access-control-allow-origin"]]).toEqual([200, "*"]);
      const etag = String(first.headers["etag"]);
      const again = await call(house.app, { url, headers: { "if-none-match": etag } });
      expect([again.status, again.text, again.headers["etag"]]).toEqual([304, "", etag]);
      expect((await call(house.app, { url, headers: { "if-none-match": '"other"' } })).status).toBe(200);
      await house.engine.db.query("UPDATE marketplace SET is_public = false WHERE marketplace_id = $1", [
        market.marketplaceId,
      ]);
      const hidden = [await call(house.app, { url }), await call(house.app, { url: `/at/${market.slug}/m/${id}` })];
      await house.engine.db.query("UPDATE marketplace SET is_public = true WHERE marketplace_id = $1", [
        market.marketplaceId,
      ]);
      expect(hidden.map(({ status }) => status)).toEqual([404, 404]);
    });

    test("readLog, readReceipt, readRatingProof: the log's state, an event's place in it, a rating's", async () => {
      const url = "/v1/log";
      expect(problemOf(await call(house.app, { url, token })).type).toMatch(/log-state$/);
      await house.engine.publicLog.seal(market);
      const { entries, published, shards, audience } = await ask<LogStatus>("readLog");
      expect([published?.size, shards.length, audience]).toEqual([entries, 1, "public"]);
      expect(await ask("setLogAudience", {}, { body: { audience: "public" } })).toEqual({ audience: "public" });
      const { receipt, size } = await ask<Receipt>("readReceipt", { seq: "5" });
      expect([receipt.startsWith("c2sp.org/tlog-proof@v1\n"), size]).toEqual([true, entries]);
      const late = await call(house.app, { url: `/v1/events/${entries}/receipt`, token });
      expect(late.status).toBe(404);
      const { id } = await bestRated();
      const proof = await ask<RatingProof>("readRatingProof", { marketplace: market.slug, merchant: id });
      expect(JSON.parse(proof.line)).toContain("rated");
      const nobody = await call(house.app, { url: `/v1/public/${market.slug}/merchants/nobody/proof` });
      expect(problemOf(nobody).status).toBe(404);
      const taken = await ask("erasePerson", {}, { body: { person: String(buyerOf(events)) } });
      expect(taken).toMatchObject({ deadLetters: 0 });
    });

    test("pages and operations answer", async () => {
      const { id } = await bestRated();
      for (const url of [
        `/at/${market.slug}`,
        `/at/${market.slug}/m/${id}`,
        `/at/${market.slug}/how-we-rate`,
        `/at/${market.slug}?lang=zh-CN&grade=${grades[3]}`,
        `/trust/${market.slug}`,
        `/verify?log=${market.slug}`,
        "/verify?log=nobody%00",
      ]) {
        const page = await call(house.app, { url });
        expect([page.status, String(page.headers["content-type"])]).toEqual([200, "text/html; charset=utf-8"]);
      }
      expect((await call(house.app, { url: "/trust/nobody" })).status).toBe(404);
      for (const url of ["/healthz", "/readyz", "/metrics", "/openapi.json"])
        expect((await call(house.app, { url })).status).toBe(200);
      const metrics = (await call(house.app, { url: "/metrics" })).text;
      expect(metrics).toMatch(new RegExp(`probity_ratings_lag_events\\{marketplace="${market.slug}"\\} \\d+`));
    });

    const keyed = Object.entries(endpoints as Record<string, Endpoint>).flatMap(([name, { method, path, scope }]) => {
      const own = apiKeyScopes.find((known) => known === scope);
      return own === undefined ? [] : [[name, { method, path, scope: own }] as const];
    });
    test.each(keyed)("%s needs a key, and its scope alone", async (_endpoint, { method, path, scope }) => {
      const url = path.replaceAll(
        /\{(\w+)\}/g,
        (_whole, part: string) =>
          ({ kind: "merchant", seq: "0", policy: "0".repeat(64), deadLetter: "1" })[part] ?? "m1",
      );
      const sent = { method, url, ...(method === "POST" ? { body: "{}", type: json } : {}) };
      expect(problemOf(await call(house.app, sent)).status).toBe(401);
      const others = await house.key(
        market,
        apiKeyScopes.filter((other) => other !== scope),
      );
      const refused = problemOf(await call(house.app, { ...sent, token: others }));
      expect([refused.status, refused.type]).toEqual([403, "https://probity.dev/problems/scope-missing"]);
      const own = await house.key(market, [scope]);
      expect([200, 400, 404, 409, 422]).toContain((await call(house.app, { ...sent, token: own })).status);
    });

    test("none was forgotten", () => {
      const all = Object.entries(endpoints as Record<string, Endpoint>);
      expect(
        all.filter(
          ([name, { path }]) =>
            !isOfPeople(path) && !isOfAuthenticity(path) && !isOfCredentials(path) && !asked.has(name as EndpointName),
        ),
      ).toEqual([]);
    });
  },
);
