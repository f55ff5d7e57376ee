import { gzipSync } from "node:zlib";
import {
  admit,
  type DeadLetter,
  ingestAnswer,
  type IngestAnswer,
  limits,
  type Policy,
  type Problem,
} from "@probity/contract";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { drawSeed } from "../facts/seed.fixture.ts";
import { digestOf, event, placed, testNowMs } from "../ledger/ledger.fixture.ts";
import { databases } from "../platform/databases.fixture.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { defaultPolicies } from "../ratings/index.ts";
import { type Answered, call, openTestEngine, problemOf, type Sent, type TestEngine } from "./engine.fixture.ts";

const seed = drawSeed("bad input");
const json = "application/json";
const ndjson = "application/x-ndjson";
const good = placed("good");
const without = (field: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(good).filter(([name]) => name !== field));
const at = (ms: number): string => new Date(ms).toISOString();
const nested = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;

const refusals: readonly (readonly [what: string, event: unknown, code: string, path: string])[] = [
  ["an unknown type", { ...good, type: "order.teleported" }, "type-unknown", "/type"],
  ["a type of Object.prototype", { ...good, type: "constructor" }, "type-unknown", "/type"],
  ["a type with NUL", { ...good, type: "order\u0000placed" }, "type-unknown", "/type"],
  ["a type of the engine's own", event("x", "policy.published", {}), "type-reserved", "/type"],
  ["a source of the engine's own", { ...good, source: "urn:probity:main" }, "source-reserved", "/source"],
  ["an amount in another unit (decimal)", placed("x", { amount: 12.5 }), "data-invalid", "/data/amount"],
  ["an amount in another unit (text)", placed("x", { amount: "1000" }), "data-invalid", "/data/amount"],
  ["an amount beyond every order", placed("x", { amount: 1e15 }), "data-invalid", "/data/amount"],
  ["negative money", placed("x", { amount: -1 }), "data-invalid", "/data/amount"],
  [
    "negative money of an item",
    placed("x", { items: [{ product: "p", quantity: 1, amount: -5 }] }),
    "data-invalid",
    "/data/items/0/amount",
  ],
  ["an unknown currency", placed("x", { currency: "XXQ" }), "data-invalid", "/data/currency"],
  ["a currency in lower case", placed("x", { currency: "cny" }), "data-invalid", "/data/currency"],
  [
    "a time ahead by more than five minutes",
    { ...good, time: at(testNowMs + limits.futureToleranceMs + 1) },
    "time-in-future",
    "/time",
  ],
  ["a time before 2000", { ...good, time: "1999-12-31T23:59:59Z" }, "time-too-early", "/time"],
  ["a day that does not exist", { ...good, time: "2026-02-30T10:00:00Z" }, "envelope-invalid", "/time"],
  ["a time without offset", { ...good, time: "2026-02-03T10:00:00" }, "envelope-invalid", "/time"],
  ["a text of 2 MB", placed("x", { shipTo: "x".repeat(2_000_000) }), "event-too-large", ""],
  ["a note that is too long", placed("x", { shipTo: "x".repeat(501) }), "data-invalid", "/data/shipTo"],
  ["an id that is too long", placed("x", { buyer: "b".repeat(129) }), "data-invalid", "/data/buyer"],
  ["an id with a control character", placed("x", { buyer: "b\u001f1" }), "data-invalid", "/data/buyer"],
  ["an id with a lone surrogate", placed("x", { buyer: "b\ud800" }), "data-invalid", "/data/buyer"],
  ["a field that the schema lacks", placed("x", { discount: 5 }), "data-invalid", "/data/discount"],
  ["a field whose name has NUL", placed("x", { "dis\u0000count": 5 }), "data-invalid", "/data/discount"],
  ["an extension that is a list", placed("x", { "x-tags": ["a"] }), "extension-invalid", "/data/x-tags"],
  ["an extension that is a fraction", placed("x", { "x-rate": 0.5 }), "extension-invalid", "/data/x-rate"],
  ["a missing id", without("id"), "envelope-invalid", "/id"],
  ["missing data", without("data"), "envelope-invalid", "/data"],
  ["data that is a list", { ...good, data: [] }, "envelope-invalid", "/data"],
  ["an attribute that CloudEvents lacks", { ...good, extra: 1 }, "envelope-invalid", ""],
  ["another version", { ...good, specversion: "0.3" }, "envelope-invalid", "/specversion"],
  ["null", null, "envelope-invalid", ""],
  ["a number", 7, "envelope-invalid", ""],
  ["a text", "order.placed", "envelope-invalid", ""],
  ["an event nested too deeply", placed("x", { items: JSON.parse(nested(100)) as unknown }), "too-deep", ""],
];

/** Without what stands for a NUL, however it is told. */
const plain = (text: string | undefined): string | undefined =>
  text?.replaceAll("\\u0000", "").replaceAll(/[\0\u2400\ufffd]/g, "");

/** Events whose JSON says something that `JSON.stringify` would not. */
const polluted: readonly (readonly [what: string, body: string, path: string])[] = [
  [
    "__proto__ in the data",
    JSON.stringify(good).replace('"data":{', '"data":{"__proto__":{"amount":1},'),
    "/data/__proto__",
  ],
  [
    "constructor in the data",
    JSON.stringify(good).replace('"data":{', '"data":{"constructor":{"prototype":{"x":1}},'),
    "/data/constructor",
  ],
  [
    "all data behind __proto__",
    JSON.stringify(good).replace('"data":{', '"data":{"__proto__":{').replace(/\}$/, "}}"),
    "/data",
  ],
  [
    "__proto__ in the envelope",
    JSON.stringify(good).replace('{"specversion"', '{"__proto__":{"type":"x"},"specversion"'),
    "",
  ],
];

describe.each(databases.map((database) => [database.name, database] as const))("bad input on %s", (_name, database) => {
  if (database.absent !== undefined) {
    test.skip(`skipped: ${database.absent}`, () => undefined);
    return;
  }
  let house: TestEngine;
  let market: Marketplace;
  let token: string;
  let before: string;
  beforeAll(async () => {
    house = await openTestEngine(database);
  }, 60_000);
  afterAll(() => house[Symbol.asyncDispose]());
  beforeEach(async () => {
    ({ market, token } = await house.enter());
    before = await digestOf(house.engine.db, market);
  });

  const post = (body: string | Buffer, more: Partial<Sent> = {}): Promise<Answered> =>
    call(house.app, { url: "/v1/events", token, body, type: json, ...more });
  const letters = async (): Promise<DeadLetter[]> =>
    ((await call(house.app, { url: "/v1/dead-letters?limit=200", token })).json as { items: DeadLetter[] }).items;
  const isUntouched = async (): Promise<void> => expect(await digestOf(house.engine.db, market)).toBe(before);

  async function expectProblem(answer: Answered, code: string, status: number): Promise<Problem> {
    const problem = problemOf(answer);
    expect([problem.type, problem.status]).toEqual([`https://probity.dev/problems/${code}`, status]);
    await isUntouched();
    return problem;
  }

  describe("one event", () => {
    test.each(refusals)("%s", async (_what, bad, code, path) => {
      const problem = await expectProblem(await post(JSON.stringify(bad)), "event-rejected", 422);
      expect(plain(problem.errors?.[0]?.path)).toBe(path);
      expect(problem.errors?.[0]?.rule).toMatch(new RegExp(`^${code}: .`));
      const [letter, ...others] = await letters();
      expect(others).toEqual([]);
      expect(letter).toMatchObject({ code, state: "open", seq: null, body: JSON.parse(JSON.stringify(bad)) });
      expect(plain(letter?.path)).toBe(path);
      expect(problem.errors?.[1]?.rule).toBe(`dead-letter: ${letter?.deadLetter}`);
      expect(letter?.message).not.toBe("");
    });

    test.each(polluted)("%s", async (_what, body, path) => {
      const problem = await expectProblem(await post(body), "event-rejected", 422);
      expect(problem.errors?.[0]?.path.startsWith(path)).toBe(true);
      expect(({} as Record<string, unknown>)["amount"] ?? ({} as Record<string, unknown>)["x"]).toBeUndefined();
      expect(await letters()).toHaveLength(1);
    });

    test("JSON of 100,000 levels", async () => {
      for (const body of [nested(100_000), `{"specversion":"1.0","data":${nested(100_000)}}`]) {
        const problem = await expectProblem(await post(body), "event-rejected", 422);
        expect(problem.errors?.[0]?.rule).toMatch(/^too-deep: /);
      }
      const kept = await letters();
      expect(kept).toHaveLength(2);
      expect(kept.every(({ code }) => code === "too-deep")).toBe(true);
    });

    test("nested too deeply is kept as it came", async () => {
      const body = nested(3_000);
      await expectProblem(await post(`{"specversion":"1.0","data":${nested(100_000)}}`), "event-rejected", 422);
      expect(JSON.stringify((await letters())[0]?.body)).toContain(body);
    });
  });

  describe("a body", () => {
    test("that is not JSON, or empty", async () => {
      for (const body of ["", "{", "order", '{"a":1}}', "{'a':1}", "NaN", "\ufeff"])
        await expectProblem(await post(body), "body-not-json", 400);
      expect(await letters()).toEqual([]);
    });

    test("with broken UTF-8", async () => {
      const text = Buffer.from(JSON.stringify(good));
      text[text.indexOf("urn:shop")] = 0xff;
      await expectProblem(await post(text), "body-not-utf8", 400);
      await expectProblem(await post(Buffer.from([0xc3, 0x28])), "body-not-utf8", 400);
    });

    test("with gzip that is truncated, not gzip at all, a bomb, or another encoding", async () => {
      const packed = gzipSync(JSON.stringify(good));
      const gzip = { headers: { "content-encoding": "gzip" } };
      await expectProblem(await post(packed.subarray(0, packed.length - 9), gzip), "body-encoding", 400);
      await expectProblem(await post(JSON.stringify(good), gzip), "body-encoding", 400);
      const bomb = gzipSync(Buffer.alloc(200_000_000, 0x20));
      expect(bomb.length).toBeLessThan(250_000);
      await expectProblem(await post(bomb, gzip), "body-too-large", 413);
      await expectProblem(await post(packed, { headers: { "content-encoding": "br" } }), "content-type", 415);
      expect((await post(packed, gzip)).status).toBe(200);
    });

    test("that is too large", async () => {
      await expectProblem(await post(Buffer.alloc(limits.bodyBytes + 1, 0x20)), "body-too-large", 413);
    });

    test("of another content type, or of none", async () => {
      for (const type of ["text/plain", "application/xml", "application/", "multipart/form-data; boundary=x", ""]) {
        await expectProblem(
          await call(house.app, {
            url: "/v1/events",
            token,
            body: JSON.stringify(good),
            headers: { "content-type": type },
          }),
          "content-type",
          415,
        );
      }
    });

    test("with more events than a batch may have", async () => {
      const many = Array.from({ length: limits.batchEvents + 1 }, (_, no) => ({ id: no }));
      await expectProblem(await post(JSON.stringify(many)), "batch-too-large", 413);
      await expectProblem(
        await post(many.map((item) => JSON.stringify(item)).join("\n"), { type: ndjson }),
        "batch-too-large",
        413,
      );
      expect(await letters()).toEqual([]);
    });

    test("in CloudEvents binary mode that holds more than one event's data", async () => {
      const headers = {
        "ce-specversion": "1.0",
        "ce-id": "b",
        "ce-source": "urn:shop",
        "ce-type": "order.placed",
        "ce-time": good.time,
      };
      const problem = await expectProblem(
        await post(JSON.stringify([good.data, good.data]), { headers }),
        "event-rejected",
        422,
      );
      expect(problem.errors?.[0]?.path).toBe("/data");
      expect((await post(JSON.stringify(good.data), { headers })).json).toMatchObject({ accepted: 1 });
    });
  });

  test("NDJSON: good lines are written, each bad one is told and kept", async () => {
    const [one, two] = [placed("n1"), placed("n2")];
    const broken = Buffer.concat([Buffer.from('{"id":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    const long = JSON.stringify(placed("long", { shipTo: "x".repeat(2_000_000) }));
    const parts = [
      JSON.stringify(one),
      "{not json",
      broken,
      "",
      long,
      nested(20_000),
      JSON.stringify({ ...good, type: "no.such" }),
      `${JSON.stringify(two)}\r`,
    ];
    const body = Buffer.concat(parts.flatMap((part) => [Buffer.from(part), Buffer.from("\n")]));
    const answer = await post(body, { type: ndjson });
    expect(answer.status).toBe(200);
    const told = ingestAnswer.parse(answer.json);
    expect([told.accepted, told.duplicates, told.rejected]).toEqual([2, 0, 5]);
    expect(told.verdicts.map((verdict) => (verdict.verdict === "rejected" ? verdict.code : verdict.verdict))).toEqual([
      "accepted",
      "not-json",
      "not-utf8",
      "event-too-large",
      "too-deep",
      "type-unknown",
      "accepted",
    ]);
    const kept = new Map((await letters()).map((letter) => [letter.code, letter.body]));
    expect(kept.get("not-json")).toBe("{not json");
    expect(kept.get("not-utf8")).toBe('{"id":"\u00ff"}');
    expect(JSON.stringify(kept.get("event-too-large"))).toBe(long);
    expect(kept.get("type-unknown")).toMatchObject({ type: "no.such" });
    expect(kept.has("too-deep")).toBe(true);
  });

  test("a batch of one is answered like a batch: the verdict names the field", async () => {
    const answer = await post(JSON.stringify([placed("x", { amount: -1 }), good]));
    expect(answer.status).toBe(200);
    expect((answer.json as IngestAnswer).verdicts).toMatchObject([
      { verdict: "rejected", path: "/data/amount" },
      { verdict: "accepted" },
    ]);
  });

  describe("a key", () => {
    test("missing, malformed, unknown, revoked", async () => {
      const body = JSON.stringify(good);
      for (const headers of [{}, { authorization: "Basic abc" }, { authorization: "Bearer " }]) {
        const answer = await call(house.app, { url: "/v1/events", body, type: json, headers });
        await expectProblem(answer, "key-missing", 401);
        expect(answer.headers["www-authenticate"]).toMatch(/^Bearer/);
      }
      const forged = `${token.slice(0, -4)}AAAA`;
      for (const other of ["nonsense", forged, `${token}A`, "pk_' OR 1=1 --"])
        await expectProblem(await post(body, { token: other }), "key-unknown", 401);
    });

    test("without the scope, or of another marketplace", async () => {
      const reader = await house.key(market, ["events:read", "ratings:read"]);
      expect(
        (await expectProblem(await post(JSON.stringify(good), { token: reader }), "scope-missing", 403)).detail,
      ).toContain("events:write");
      const other = await house.enter();
      const headers = { "probity-marketplace": market.slug };
      await expectProblem(
        await post(JSON.stringify(good), { token: other.token, headers }),
        "marketplace-foreign",
        403,
      );
      await isUntouched();
      expect((await post(JSON.stringify(good), { headers })).status).toBe(200);
    });

    test("of another marketplace reads nothing of this one", async () => {
      await post(JSON.stringify([good, { ...good, id: "bad", type: "no.such" }]));
      const stranger = await house.enter();
      const [letter] = await letters();
      const foreign = { token: stranger.token };
      expect((await call(house.app, { url: "/v1/events/0", ...foreign })).status).toBe(404);
      expect((await call(house.app, { url: "/v1/dead-letters", ...foreign })).json).toMatchObject({ items: [] });
      expect(
        (
          await call(house.app, {
            url: `/v1/dead-letters/${letter?.deadLetter}/discard`,
            body: "{}",
            type: json,
            ...foreign,
          })
        ).status,
      ).toBe(404);
      expect(
        (
          await call(house.app, {
            url: `/v1/dead-letters/${letter?.deadLetter}/replay`,
            body: "{}",
            type: json,
            ...foreign,
          })
        ).status,
      ).toBe(404);
      expect((await call(house.app, { url: "/v1/facts/merchant/m1", ...foreign })).status).toBe(404);
      expect((await call(house.app, { url: "/v1/ratings/merchant", ...foreign })).json).toMatchObject({ items: [] });
    });
  });

  describe("a policy", () => {
    const base = defaultPolicies.merchant;
    const changed = (change: (policy: Policy) => void): Policy => {
      const copy = structuredClone(base);
      change(copy);
      return copy;
    };
    const wrong: readonly (readonly [string, unknown, string, RegExp])[] = [
      [
        "whose dimensions do not add up",
        changed((item) => void ((item.dimensions[0] as { points: number }).points += 1)),
        "/body/dimensions",
        /add up to 1000/,
      ],
      [
        "whose indicators do not add up",
        changed((item) => void ((item.indicators[0] as { points: number }).points -= 1)),
        "/body/dimensions/0/points",
        /sum of its indicators/,
      ],
      [
        "whose table falls",
        changed((item) =>
          (item.indicators[0] as { table: [number, number][] }).table.splice(
            0,
            99,
            [0, 500],
            [500_000, 400],
            [1_000_000, 1_000],
          ),
        ),
        "/body/indicators/0/table/1",
        /monotone/,
      ],
      [
        "whose decay rises",
        changed(
          (item) =>
            void ((
              Object.values(item.decays).find(({ weights }) => weights.length > 9) as { weights: number[] }
            ).weights[5] = 2 ** 32),
        ),
        "/body/decays",
        /monotone/,
      ],
      [
        "that names an unknown metric",
        changed(
          (item) =>
            void ((item.indicators[0] as { evidence: unknown }).evidence = {
              kind: "share",
              of: ["luck"],
              good: "x",
              less: [],
              against: [],
            }),
        ),
        "/body/indicators/0/evidence/of/0",
        /metric/,
      ],
      [
        "that names an unpublished metric",
        changed((item) => void ((item.floor.conditions[0] as { metric: string }).metric = "gmv")),
        "floor.conditions.0.metric",
        /published/,
      ],
      [
        "whose grades do not fall",
        changed((item) => void ((item.grades[1] as { min: number }).min = 1_000)),
        "/body/grades/1",
        /fall strictly/,
      ],
      ["with a field too many", { ...base, bonus: 1 }, "/body", /./],
      ["that is empty", {}, "/body/format", /./],
    ];
    test.each(wrong)("%s", async (_what, body, path, rule) => {
      const answer = await call(house.app, { url: "/v1/policies", token, body: JSON.stringify(body), type: json });
      const problem = await expectProblem(answer, "policy-invalid", 422);
      const found = problem.errors?.find((item) => item.path.startsWith(path));
      expect(`${JSON.stringify(problem.errors?.slice(0, 3))} ${found?.rule}`).toMatch(rule);
      expect(found).toBeDefined();
      expect((await call(house.app, { url: "/v1/policies", token })).json).toEqual({ items: [] });
    });

    test("with a poisoned prototype", async () => {
      const body = `{"__proto__":{"format":"x"},${JSON.stringify(base).slice(1)}`;
      const answer = await call(house.app, { url: "/v1/policies", token, body, type: json });
      expect(answer.status).toBe(400);
      problemOf(answer);
    });
  });

  describe("a request", () => {
    test.each([
      ["/v1/nothing", 404],
      ["/v1/events/99999", 404],
      ["/v1/events/-1", 400],
      ["/v1/events/1e400", 400],
      ["/v1/events/9007199254740993", 400],
      ["/v1/facts/merchant/none", 404],
      ["/v1/facts/shop/m1", 400],
      ["/v1/facts/merchant/%00", 400],
      ["/v1/facts/merchant/%FF", 400],
      [`/v1/facts/merchant/${"m".repeat(129)}`, 400],
      ["/v1/facts/merchant/m1?metric=luck", 400],
      ["/v1/facts/merchant/m1?metric=constructor", 400],
      ["/v1/facts/merchant/m1?from=2026-02-30", 400],
      ["/v1/facts/merchant/m1?limit=0", 400],
      ["/v1/facts/merchant/m1?limit=1e9", 400],
      ["/v1/facts/merchant/m1?cursor=99999.999999", 400],
      ["/v1/facts/merchant/m1?cursor=x", 400],
      ["/v1/ratings/merchant?limit=201", 400],
      ["/v1/ratings/merchant?grade=E", 400],
      ["/v1/ratings/merchant?cursor=999999999.cmF0ZWQgOTk5OQ", 200],
      ["/v1/ratings/merchant?cursor='", 400],
      ["/v1/ratings/merchant?q=%00", 400],
      ["/v1/ratings/merchant?q=%25_\\", 200],
      ["/v1/ratings/merchant?category=%00", 400],
      ["/v1/ratings/merchant/none", 404],
      ["/v1/ratings/merchant/none/explanation", 404],
      ["/v1/ratings/merchant/none/history", 404],
      ["/v1/ratings/merchant/none/packs", 404],
      ["/v1/ratings/merchant/m1?on=yesterday", 400],
      ["/v1/dead-letters?state=lost", 400],
      ["/v1/dead-letters?cursor=x", 400],
      ["/v1/dead-letters?cursor=1e400", 400],
      ["/v1/policies/abc", 400],
      [`/v1/policies/${"0".repeat(64)}`, 404],
      ["/v1/public/none/merchants/m1", 404],
      ["/v1/public/%00/merchants/m1", 400],
    ])("%s gives %i", async (url, status) => {
      await post(JSON.stringify(good));
      const answer = await call(house.app, { url, token });
      expect(`${answer.status} ${answer.status === status ? "" : answer.text}`).toBe(`${status} `);
      if (status !== 200) problemOf(answer);
    });

    test.each([
      ["/?q=%00", 200],
      ["/?category=%00", 200],
      ["/?cursor=%00", 400],
      ["/m/none", 404],
      ["/m/%00", 404],
      ["/at/none", 404],
      ["/at/%00", 404],
    ])("page %s gives at most %i, never a failure of ours", async (url) => {
      const answer = await call(house.app, {
        url: url.startsWith("/at") ? url : `/at/${market.slug}${url === "/" ? "" : url.replace(/^\/\?/, "?")}`,
      });
      expect(`${answer.status} ${url}`).toMatch(/^(200|400|404) /);
      expect(answer.text).toContain("<html");
    });

    test.each([
      ["/v1/dead-letters/1/replay", "{}", 404],
      ["/v1/dead-letters/999999999999999999/replay", "{}", 404],
      ["/v1/dead-letters/x/replay", "{}", 400],
      ["/v1/dead-letters/1/discard", "[]", 400],
      ["/v1/dead-letters/1/replay", '{"event":7}', 400],
      ["/v1/dead-letters/1/replay", "{", 400],
      ["/v1/dead-letters/1/replay", '{"__proto__":{}}', 400],
      [`/v1/policies/${"0".repeat(64)}/simulate`, "{}", 404],
      [`/v1/policies/${"0".repeat(64)}/publish`, '{"noticeDays":7}', 404],
      [`/v1/policies/${"0".repeat(64)}/publish`, '{"noticeDays":8}', 400],
    ])("POST %s %s gives %i", async (url, body, status) => {
      const answer = await call(house.app, { url, token, body, type: json });
      expect(`${answer.status} ${answer.status === status ? "" : answer.text}`).toBe(`${status} `);
      problemOf(answer);
    });

    test("by a method that is not offered", async () => {
      for (const method of ["PUT", "DELETE", "GET"] as const)
        problemOf(await call(house.app, { method, url: "/v1/events", token }));
    });
  });

  describe("dead letters", () => {
    test("are listed newest first by pages, corrected and replayed, replayed as they were, discarded", async () => {
      await post(JSON.stringify(Array.from({ length: 5 }, (_, no) => placed(`l${no}`, { amount: -no - 1 }))));
      const first = (await call(house.app, { url: "/v1/dead-letters?limit=3", token })).json as {
        items: DeadLetter[];
        nextCursor: string;
      };
      const rest = (await call(house.app, { url: `/v1/dead-letters?limit=3&cursor=${first.nextCursor}`, token }))
        .json as { items: DeadLetter[]; nextCursor: null };
      expect([...first.items, ...rest.items].map(({ body }) => (body as { id: string }).id)).toEqual(
        [4, 3, 2, 1, 0].map((no) => placed(`l${no}`).id),
      );
      expect(rest.nextCursor).toBeNull();
      const [four, three, two] = first.items as [DeadLetter, DeadLetter, DeadLetter];
      const act = (letter: DeadLetter, verb: string, body: unknown): Promise<Answered> =>
        call(house.app, {
          url: `/v1/dead-letters/${letter.deadLetter}/${verb}`,
          token,
          body: JSON.stringify(body),
          type: json,
        });
      expect((await act(four, "replay", { event: placed("l4") })).json).toMatchObject({
        accepted: 1,
        verdicts: [{ verdict: "accepted", seq: 0 }],
      });
      problemOf(await act(four, "replay", {}));
      expect((await act(four, "replay", {})).status).toBe(409);
      expect((await act(three, "replay", {})).json).toMatchObject({
        rejected: 1,
        verdicts: [{ code: "data-invalid", path: "/data/amount" }],
      });
      expect((await act(three, "replay", { event: placed("l4") })).json).toMatchObject({
        duplicates: 1,
        verdicts: [{ seq: 0 }],
      });
      expect((await act(two, "discard", {})).json).toMatchObject({ state: "discarded", deadLetter: two.deadLetter });
      expect((await act(two, "discard", {})).status).toBe(409);
      expect((await letters()).map(({ deadLetter }) => deadLetter)).toEqual(
        rest.items.map(({ deadLetter }) => deadLetter),
      );
      const replayed = (await call(house.app, { url: "/v1/dead-letters?state=replayed", token })).json as {
        items: DeadLetter[];
      };
      expect(replayed.items.map(({ deadLetter, seq }) => [deadLetter, seq])).toEqual([
        [four.deadLetter, 0],
        [three.deadLetter, 0],
      ]);
    });
  });

  describe("anything at all", () => {
    const types = fc.constantFrom(
      json,
      ndjson,
      "application/cloudevents+json",
      "application/cloudevents-batch+json",
      "text/plain",
    );
    const broken = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()).map((data) => ({ ...good, data })),
      fc
        .record({ field: fc.constantFrom(...Object.keys(good)), value: fc.jsonValue() })
        .map(({ field, value }) => ({ ...good, [field]: value })),
      fc
        .record({ field: fc.constantFrom(...Object.keys(good.data)), value: fc.jsonValue() })
        .map(({ field, value }) => placed("fuzz", { [field]: value })),
      fc.string({ unit: "binary" }).map((type) => ({ ...good, type })),
    );

    test("is judged and never thrown at", () => {
      fc.assert(
        fc.property(fc.oneof(fc.anything(), broken), (value) => {
          const admission = admit(value, testNowMs);
          expect(Object.keys(admission)).toHaveLength(1);
          if ("refused" in admission)
            expect([admission.refused.code, admission.refused.message].every((text) => text.length > 0)).toBe(true);
        }),
        { seed, numRuns: 1_000 },
      );
    });

    test("over HTTP never ends in a failure of ours: random JSON", async () => {
      await fc.assert(
        fc.asyncProperty(fc.oneof(broken, fc.array(broken, { maxLength: 4 })), types, async (value, type) => {
          const answer = await post(JSON.stringify(value), { type });
          expect(`${answer.status} ${answer.status < 500 ? "" : answer.text}`).toMatch(/^(200|400|413|415|422) $/);
          if (answer.status !== 200) problemOf(answer);
        }),
        { seed, numRuns: 250 },
      );
    });

    test("over HTTP never ends in a failure of ours: random bytes", async () => {
      const encodings = fc.constantFrom<Record<string, string>>(
        {},
        { "content-encoding": "gzip" },
        { "content-encoding": "identity" },
      );
      const bytes = fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.uint8Array({ maxLength: 300 }).map((raw) => new Uint8Array(gzipSync(raw))),
        fc.string({ unit: "binary" }).map((text) => new TextEncoder().encode(text)),
      );
      await fc.assert(
        fc.asyncProperty(bytes, types, encodings, async (body, type, headers) => {
          const answer = await post(Buffer.from(body), { type, headers });
          expect(`${answer.status} ${answer.status < 500 ? "" : answer.text}`).toMatch(/^(200|400|413|415|422) $/);
        }),
        { seed, numRuns: 250 },
      );
    });
  });
});
