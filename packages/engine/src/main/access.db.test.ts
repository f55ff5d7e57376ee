import {
  type ApiKeyScope,
  apiKeyScopes,
  type Endpoint,
  type EndpointName,
  endpoints,
  type EndpointScope,
  roles,
  roleScopes,
} from "@probity/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ingestAll } from "./engine.ts";
import { makeInvite } from "../people/people.store.ts";
import { databases } from "../platform/databases.fixture.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { placed } from "../ledger/ledger.fixture.ts";
import { Browser, join } from "./browser.fixture.ts";
import { type Answered, call, openTestEngine, problemOf, type TestEngine } from "./engine.fixture.ts";
import { catchUp } from "./commands/rate.ts";

const table = Object.entries(endpoints as Record<EndpointName, Endpoint>) as [EndpointName, Endpoint][];
const scopeOf = (scope: EndpointScope): ApiKeyScope | undefined => apiKeyScopes.find((known) => known === scope);

/** Who asks, and what the contract says that they may do. */
interface Caller {
  readonly name: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly isPerson: boolean;
  ask(name: EndpointName, marketplace: string): Promise<Answered>;
}

const codeOf = (answer: Answered): string =>
  answer.status < 400 ? "let in" : (problemOf(answer).type.split("/").at(-1) as string);

/** What is answered where the door was passed, and the request then found wanting or fulfilled. */
const behindTheDoor = new Set([
  "let in",
  "request-invalid",
  "policy-invalid",
  "body-not-json",
  "content-type",
  "event-rejected",
  "not-found",
]);

/** The same harmless request for everybody: nothing that it names is there. */
function requestOf({ path, body }: Endpoint): { url: string; body: string } {
  const parts: Readonly<Record<string, string>> = {
    kind: "merchant",
    seq: "999999999",
    policy: "0".repeat(64),
    deadLetter: "999999999",
    key: "0".repeat(18),
    marketplace: "nowhere",
  };
  const url = path.replaceAll(/\{(\w+)\}/g, (_whole, part: string) => parts[part] ?? "nobody");
  // What would succeed with an empty body is sent one that no schema takes.
  return { url, body: body === undefined || body === "events" ? "{}" : '{"not":"a field"}' };
}

/** What a list cannot be asked without. */
const queries: Partial<Record<EndpointName, string>> = { readChanges: "since=2026-01-01", watchLedger: "seconds=1" };

describe.each(databases.map((database) => [database.name, database] as const))("access on %s", (_name, database) => {
  if (database.absent !== undefined) {
    test.skip(`skipped: ${database.absent}`, () => undefined);
    return;
  }
  let house: TestEngine;
  let own: Marketplace;
  let foreign: Marketplace;
  const callers: Caller[] = [];

  function person(name: string, scopes: readonly ApiKeyScope[], browser: Browser): Caller {
    return {
      name,
      scopes,
      isPerson: true,
      ask(endpoint, marketplace) {
        const { method } = endpoints[endpoint];
        const { url, body } = requestOf(endpoints[endpoint]);
        // Cookies that an answer takes away or renews are not kept: every request is the same person's.
        const fresh = new Browser(house.app);
        for (const [cookie, value] of browser.cookies) fresh.cookies.set(cookie, value);
        fresh.market = marketplace;
        return fresh.fetch(method, url, { body, from: browser.address });
      },
    };
  }

  function key(name: string, scopes: readonly ApiKeyScope[], token: string | undefined): Caller {
    return {
      name,
      scopes,
      isPerson: false,
      ask(endpoint, marketplace) {
        const { method } = endpoints[endpoint];
        const { url, body } = requestOf(endpoints[endpoint]);
        return call(house.app, {
          method,
          url,
          headers: { "probity-marketplace": marketplace },
          ...(token === undefined ? {} : { token }),
          ...(method === "POST" ? { body, type: "application/json" } : {}),
        });
      },
    };
  }

  beforeAll(async () => {
    house = await openTestEngine(database, { isDemo: true });
    ({ market: own } = await house.enter());
    const visitor = new Browser(house.app, own);
    const let_in = await visitor.ask("signInVisitor", { headers: { host: "localhost:7070" }, from: "127.0.0.1" });
    if (let_in.status !== 200) throw new Error(`no visitor was let in: ${let_in.text}`);
    ({ market: foreign } = await house.enter());
    callers.push(key("nobody", [], undefined));
    callers.push(person("the visitor", roleScopes.viewer, visitor));
    for (const role of roles)
      callers.push(person(`the ${role}`, roleScopes[role], await join(house, own, role, `${role}@own.example`)));
    for (const scope of apiKeyScopes) callers.push(key(`a key for ${scope}`, [scope], await house.key(own, [scope])));
    for (const market of [own, foreign]) {
      await ingestAll(house.engine, market, [placed(`order-of-${market.slug}`)]);
      await house.engine.publicLog.seal(market);
    }
  }, 120_000);
  afterAll(() => house[Symbol.asyncDispose]());

  /** What the contract's table says about a caller in the own marketplace. */
  function expected(caller: Caller, scope: EndpointScope): string | undefined {
    const isNobody = caller.name === "nobody";
    if (scope === null || scope === "session") return undefined;
    if (scope === "person") return caller.isPerson ? undefined : "session-missing";
    if (isNobody) return "key-missing";
    return caller.scopes.includes(scope) ? undefined : "scope-missing";
  }

  test.each(table)("%s: every caller in the own and in a foreign marketplace", async (name, { scope, method }) => {
    const wrong: string[] = [];
    for (const caller of callers) {
      const want = expected(caller, scope);
      const answered = codeOf(await caller.ask(name, own.slug));
      // Sessions are about a browser: a program without the browser's word on its origin is turned away.
      const isProgram = !caller.isPerson && scope === "session" && method === "POST";
      const fits = isProgram
        ? answered === "origin-foreign"
        : want === undefined
          ? behindTheDoor.has(answered) || (scope === "session" && answered === "visitor-refused")
          : answered === want;
      if (!fits) wrong.push(`${caller.name}: ${answered}, not ${want ?? "let in"}`);
      if (scopeOf(scope) === undefined || caller.name === "nobody") continue;
      for (const slug of [foreign.slug, "nowhere"]) {
        const abroad = codeOf(await caller.ask(name, slug));
        if (abroad !== "marketplace-foreign") wrong.push(`${caller.name} in ${slug}: ${abroad}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test("every right is somebody's, every role is different, and admins have all", () => {
    // Below /log, where auditors read, stand addresses that are no endpoints of the API.
    const used = new Set([...table.flatMap(([, { scope }]) => scopeOf(scope) ?? []), "log:open"]);
    expect([...used].sort()).toEqual([...apiKeyScopes].sort());
    expect(new Set(roles.map((role) => [...roleScopes[role]].sort().join())).size).toBe(roles.length);
    expect([...roleScopes.admin].sort()).toEqual([...apiKeyScopes].sort());
    const changing = apiKeyScopes.filter((scope) => /:(write|erase|publish|decide|models)$/.test(scope));
    for (const role of ["viewer", "auditor"] as const)
      expect(roleScopes[role].filter((scope) => changing.includes(scope))).toEqual([]);
    const posts = table.filter(([, { method, scope }]) => method === "POST" && scopeOf(scope) !== undefined);
    // A what-if only reads; that it leaves a reader's draft as it was is tried below. A draft of a review is not kept.
    expect(posts.filter(([, { scope }]) => !changing.includes(scope as ApiKeyScope)).map(([name]) => name)).toEqual([
      "simulatePolicy",
      "assessReview",
    ]);
  });

  test("whoever may only read tries a draft out and leaves it a draft", async () => {
    await catchUp(house.engine, own);
    const [first] = (await house.engine.db.query<{ body: string }>(
      "SELECT body FROM ratings_policy WHERE marketplace_id = $1 AND subject = 'merchant' LIMIT 1",
      [own.marketplaceId],
    )) as [{ body: string }];
    const draft = { ...(JSON.parse(first.body) as object), categorySubjectsMin: 9 };
    const writer = await house.key(own, ["policies:write", "ratings:read"]);
    const reader = await house.key(own, ["ratings:read"]);
    const post = async (token: string, url: string, body: unknown): Promise<Answered> =>
      call(house.app, { method: "POST", url, token, type: "application/json", body: JSON.stringify(body) });
    const { policy } = (await post(writer, "/v1/policies", draft)).json as { policy: string };
    const stateAfter = async (token: string): Promise<string> => {
      expect((await post(token, `/v1/policies/${policy}/simulate`, {})).status).toBe(200);
      const read = await call(house.app, { url: `/v1/policies/${policy}/content`, token: reader });
      return (read.json as { record: { state: string } }).record.state;
    };
    expect(await stateAfter(reader)).toBe("draft");
    expect(await stateAfter(writer)).toBe("simulated");
  });

  test("a second marketplace's data never shows, in no list and by no id", async () => {
    for (const market of [own, foreign]) await catchUp(house.engine, market);
    const theirs = await join(house, foreign, "admin", "boss@foreign.example");
    const { invite } = await makeInvite(
      house.engine.db,
      foreign,
      { email: "guest@foreign.example", role: "viewer" },
      Date.now(),
    );
    const made = await theirs.ask("createKey", { body: { label: "foreign till", scopes: ["events:write"] } });
    const { key: theirKey } = (made.json as { key: { key: string } }).key;
    await call(house.app, {
      url: "/v1/events",
      token: await house.key(foreign, ["events:write"]),
      type: "application/json",
      body: JSON.stringify([{ from: "foreign" }, { from: "foreign" }]),
    });
    const letters = (await theirs.ask("listDeadLetters")).json as { items: { deadLetter: string }[] };
    const theirId = ((await theirs.ask("readSession")).json as { person: { id: string } }).person.id;
    const boss = new Browser(house.app, own);
    await boss.ask("signIn", { body: { email: "admin@own.example", password: "correct horse battery" } });

    const lists = table.filter(
      ([, { method, path, scope }]) => method === "GET" && scopeOf(scope) !== undefined && !/\{(?!kind)/.test(path),
    );
    expect(lists.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        "listDeadLetters",
        "listRatings",
        "listPolicies",
        "listPeople",
        "listKeys",
        "listActivity",
      ]),
    );
    const secrets = ["foreign", theirId, theirKey, invite.invite];
    for (const [name] of lists) {
      const query = queries[name];
      const answer = await boss.ask(name, {
        params: { kind: "merchant" },
        ...(query === undefined ? {} : { query }),
      });
      expect(answer.status, name).toBe(200);
      const shown = secrets.filter((secret) => answer.text.includes(secret));
      expect(shown, name).toEqual([]);
    }
    const attempts: [EndpointName, Record<string, string>, unknown][] = [
      ["discardDeadLetter", { deadLetter: letters.items[0]!.deadLetter }, {}],
      ["replayDeadLetter", { deadLetter: letters.items[0]!.deadLetter }, {}],
      ["setRole", { person: theirId }, { role: "viewer" }],
      ["removePerson", { person: theirId }, {}],
      ["withdrawInvite", { invite: invite.invite }, {}],
      ["rotateKey", { key: theirKey }, {}],
      ["revokeKey", { key: theirKey }, {}],
    ];
    for (const [name, params, body] of attempts) {
      expect(codeOf(await boss.ask(name, { params, body })), name).toBe("not-found");
    }
    expect((await theirs.ask("listPeople")).text).toContain("boss@foreign.example");
  });
});
