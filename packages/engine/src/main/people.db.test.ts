import { type Endpoint, type EndpointName, endpoints, type Session } from "@probity/contract";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { makeSetupCode } from "../people/people.store.ts";
import { databases } from "../platform/databases.fixture.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { defaultPolicies, policyId } from "../ratings/index.ts";
import { authenticatorCode, type Asked, Browser, goodPassword, join, setUp } from "./browser.fixture.ts";
import { type Answered, call, isOfPeople, openTestEngine, problemOf, type TestEngine } from "./engine.fixture.ts";

const codeOf = (answer: Answered): string => problemOf(answer).type.split("/").at(-1) as string;
const minuteMs = 60_000;

describe.each(databases.map((database) => [database.name, database] as const))("people on %s", (_name, database) => {
  if (database.absent !== undefined) {
    test.skip(`skipped: ${database.absent}`, () => undefined);
    return;
  }
  let house: TestEngine;
  let market: Marketplace;
  let other: Marketplace;
  let admin: Browser;
  const asked = new Set<EndpointName>();
  let people = 0;
  const newEmail = (): string => `person-${(people += 1)}@shop.example`;

  beforeAll(async () => {
    house = await openTestEngine(database);
    ({ market } = await house.enter());
    await setUp(house, "first@shop.example");
    ({ market: other } = await house.enter());
  }, 120_000);
  afterAll(() => house[Symbol.asyncDispose]());
  // Some tests live through weeks, after which older sessions are gone.
  beforeEach(async () => {
    admin = await signedIn("first@shop.example");
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Another time of day, for the house and the library alike. */
  const travel = (ms: number): void => {
    const at = Date.now() + ms;
    vi.useFakeTimers({ toFake: ["Date"], now: at });
  };

  /** Asks and reads the answer by its schema. */
  async function ok<A>(browser: Browser, name: EndpointName, parts: Asked = {}): Promise<A> {
    asked.add(name);
    const answer = await browser.ask(name, parts);
    if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${answer.text}`);
    return endpoints[name].answer.parse(answer.json) as A;
  }

  const refused = async (browser: Browser, name: EndpointName, parts: Asked = {}): Promise<string> =>
    codeOf(await browser.ask(name, parts));
  const session = (browser: Browser): Promise<Session> => ok(browser, "readSession");
  const signIn = (email: string, password: string = goodPassword, from?: string): [Browser, Promise<Answered>] => {
    const browser = new Browser(house.app, market);
    return [browser, browser.ask("signIn", { body: { email, password }, ...(from === undefined ? {} : { from }) })];
  };
  async function signedIn(email: string, password?: string): Promise<Browser> {
    const [browser, answer] = signIn(email, password);
    expect((await answer).json).toEqual({ next: "done" });
    return browser;
  }

  test("the first person is made once, by the setup code, and is admin", async () => {
    asked.add("setUpFirstPerson");
    const told = await session(admin);
    expect(told).toMatchObject({
      person: { name: "First", email: "first@shop.example", isVisitor: false },
      signIn: { firstRun: false, oidc: null, visitor: false },
      secondFactor: false,
    });
    expect(told.marketplaces).toEqual([
      {
        slug: market.slug,
        name: market.name,
        currency: market.currency,
        clock: market.clock,
        role: "admin",
        scopes: expect.arrayContaining(["people:write"]) as unknown,
      },
    ]);
    expect(await makeSetupCode(house.engine.db, Date.now())).toBeUndefined();
    const body = { setupCode: "guessed", name: "Second", email: newEmail(), password: goodPassword };
    expect(await refused(new Browser(house.app), "setUpFirstPerson", { body })).toBe("setup-refused");
  });

  test("cookies are HttpOnly, SameSite=Lax and, over https, Secure; nothing of a session is cached", async () => {
    const name = "__Secure-probity.session_token";
    expect([...admin.cookies.keys()]).toEqual([name]);
    expect(admin.attributes.get(name)?.split("; ").sort()).toEqual(
      ["HttpOnly", "Max-Age=43200", "Path=/", "SameSite=Lax", "Secure"].sort(),
    );
    const answer = await admin.ask("readSession");
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
  });

  test("nobody is signed in without a cookie, or with a made-up or changed one", async () => {
    const stranger = new Browser(house.app, market);
    expect((await session(stranger)).person).toBeNull();
    expect(await refused(stranger, "listPeople")).toBe("key-missing");
    expect(await refused(stranger, "listSessions")).toBe("session-missing");
    const [name, value] = [...admin.cookies][0] as [string, string];
    for (const made of [
      "x",
      "x.y",
      `${value}x`,
      value.replace(/^./, (sign) => (sign === "a" ? "b" : "a")),
      "%00",
      "",
    ]) {
      const forger = new Browser(house.app, market);
      forger.cookies.set(name, made);
      expect(await refused(forger, "listPeople"), made).toBe("session-missing");
      expect((await session(forger)).person).toBeNull();
    }
  });

  test("wrong passwords lock for a quarter of an hour, the account as well as the address, known or not", async () => {
    const email = newEmail();
    await join(house, market, "viewer", email);
    const wrong = async (address: string, from: string): Promise<string> => {
      const [, answer] = signIn(address, "not the password", from);
      const told = await answer;
      if (told.status === 429) expect(Number(told.headers["retry-after"])).toBeGreaterThan(890);
      return `${codeOf(told)} ${problemOf(told).detail}`;
    };
    const known: string[] = [];
    const unknown: string[] = [];
    for (let turn = 1; turn <= 6; turn += 1) {
      known.push(await wrong(email, `192.0.2.${turn}`));
      unknown.push(await wrong("nobody@shop.example", `192.0.2.${turn + 100}`));
    }
    expect(known.map((line) => line.split(" ")[0])).toEqual([
      ...Array<string>(5).fill("sign-in-refused"),
      "sign-in-locked",
    ]);
    expect(unknown).toEqual(known);
    expect((await signIn(email, goodPassword, "192.0.2.50")[1]).status).toBe(429);
    for (let turn = 1; turn <= 5; turn += 1) await wrong(newEmail(), "2001:db8:7:7::1");
    expect(await wrong(newEmail(), "2001:db8:7:7:8::2")).toMatch(/^sign-in-locked/);
    travel(15 * minuteMs + 1_000);
    await signedIn(email);
  });

  test("a right password in between ends the row, and many at once do not slip through", async () => {
    const email = newEmail();
    await join(house, market, "viewer", email);
    for (let turn = 1; turn <= 9; turn += 1) {
      if (turn === 5) await signedIn(email);
      else expect((await signIn(email, "not the password")[1]).status).toBe(401);
    }
    await signedIn(email);
    const many = await Promise.all(Array.from({ length: 12 }, () => signIn(email, "not the password")[1]));
    expect(many.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(many.filter(({ status }) => status === 429)).toHaveLength(7);
  });

  test("sessions are listed with address and browser, and end when they are revoked", async () => {
    const email = newEmail();
    const first = await join(house, market, "viewer", email);
    const second = await signedIn(email);
    interface Listed {
      items: { session: string; current: boolean; address: string; agent: string }[];
    }
    const { items } = await ok<Listed>(first, "listSessions");
    expect(items.map(({ current, address, agent }) => ({ current, address, agent }))).toEqual(
      expect.arrayContaining([
        { current: true, address: first.address, agent: "Mozilla/5.0 (test)" },
        { current: false, address: second.address, agent: "Mozilla/5.0 (test)" },
      ]),
    );
    const theirs = items.find(({ current }) => !current)!.session;
    const params = { session: theirs };
    expect(await refused(admin, "revokeSession", { params })).toBe("not-found");
    await ok(first, "revokeSession", { params });
    expect(await refused(first, "revokeSession", { params })).toBe("not-found");
    const cookies = new Map(second.cookies);
    expect(await refused(second, "listSessions")).toBe("session-missing");
    expect(second.cookies.size).toBe(0);
    for (const [name, value] of cookies) second.cookies.set(name, value);
    expect(await refused(second, "listRatings", { params: { kind: "merchant" } })).toBe("session-missing");
    expect((await ok<Listed>(first, "listSessions")).items).toHaveLength(1);
  });

  test("a session ends when it lies idle for twelve hours, and after thirty days whatever is done", async () => {
    const browser = await join(house, market, "viewer", newEmail());
    for (let hours = 0; hours < 33; hours += 11) {
      travel(11 * 60 * minuteMs);
      expect((await session(browser)).person).not.toBeNull();
    }
    travel(12 * 60 * minuteMs + 1_000);
    expect((await session(browser)).person).toBeNull();
    const old = await join(house, market, "viewer", newEmail());
    const { id } = (await session(old)).person!;
    const begun = async (daysAgo: number): Promise<void> => {
      await house.engine.db.query("UPDATE people_session SET created_ms = $2 WHERE user_id = $1", [
        id,
        Date.now() - daysAgo * 24 * 60 * minuteMs,
      ]);
    };
    await begun(29.9);
    expect((await session(old)).person).not.toBeNull();
    await begun(30);
    expect((await session(old)).person).toBeNull();
    await begun(0);
    expect((await session(old)).person).toBeNull();
  });

  test("signing in again ends the session before it", async () => {
    const email = newEmail();
    const browser = await join(house, market, "viewer", email);
    const before = new Map(browser.cookies);
    await ok(browser, "signIn", { body: { email, password: goodPassword } });
    const old = new Browser(house.app, market);
    for (const [name, value] of before) old.cookies.set(name, value);
    expect((await session(old)).person).toBeNull();
    expect((await session(browser)).person?.email).toBe(email);
  });

  test("signing out ends the session on the server, and signing out twice is nothing", async () => {
    const browser = await join(house, market, "viewer", newEmail());
    const before = new Map(browser.cookies);
    await ok(browser, "signOut");
    expect(browser.cookies.size).toBe(0);
    for (const [name, value] of before) browser.cookies.set(name, value);
    expect((await session(browser)).person).toBeNull();
    await ok(browser, "signOut");
  });

  test("a password is changed with the old one; other sessions end", async () => {
    const email = newEmail();
    const first = await join(house, market, "viewer", email);
    const second = await signedIn(email);
    const next = "another horse 电池 battery";
    const body = { password: "not the password", newPassword: next };
    expect(await refused(second, "changePassword", { body })).toBe("sign-in-refused");
    expect(await refused(second, "changePassword", { body: { password: goodPassword, newPassword: "short" } })).toBe(
      "request-invalid",
    );
    await ok(second, "changePassword", { body: { password: goodPassword, newPassword: next } });
    expect((await session(second)).person?.email).toBe(email);
    expect((await session(first)).person).toBeNull();
    expect((await signIn(email)[1]).status).toBe(401);
    await signedIn(email, next);
  });

  test("requests from another site are refused: foreign origin, none, forms, no marketplace", async () => {
    const body = { label: "x", scopes: ["ratings:read"] };
    const foreign: Record<string, string>[] = [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "none" },
      { "sec-fetch-site": "cross-site", origin: "https://trust.example" },
    ];
    for (const headers of foreign) {
      expect(await refused(admin, "createKey", { body, headers }), JSON.stringify(headers)).toBe("origin-foreign");
      expect(await refused(admin, "signOut", { headers })).toBe("origin-foreign");
      expect(await refused(admin, "signIn", { body: { email: "a@b.example", password: "x" }, headers })).toBe(
        "origin-foreign",
      );
    }
    const old = async (headers: Record<string, string>): Promise<number> => {
      const cookie = [...admin.cookies].map((pair) => pair.join("=")).join("; ");
      const answer = await house.app.inject({
        method: "POST",
        url: "/v1/keys",
        headers: {
          host: "trust.example",
          cookie,
          "content-type": "application/json",
          "probity-marketplace": market.slug,
          ...headers,
        },
        payload: JSON.stringify(body),
      });
      return answer.statusCode;
    };
    expect(await old({})).toBe(403);
    expect(await old({ origin: "https://evil.example" })).toBe(403);
    expect(await old({ origin: "null" })).toBe(403);
    expect(await old({ origin: "https://trust.example:8443" })).toBe(403);
    expect(await old({ origin: "https://trust.example.evil.example" })).toBe(403);
    expect(await old({ origin: "https://trust.example" })).toBe(200);
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
      const headers = { "content-type": type };
      expect(await refused(admin, "signOut", { headers }), type).toBe("content-type");
      expect(await refused(admin, "revokeSession", { params: { session: "a" }, headers })).toBe("content-type");
    }
    const nowhere = new Browser(house.app);
    for (const [name, value] of admin.cookies) nowhere.cookies.set(name, value);
    expect(await refused(nowhere, "createKey", { body })).toBe("marketplace-missing");
    expect(await refused(nowhere, "listKeys")).toBe("marketplace-missing");
    expect((await session(admin)).person?.name).toBe("First");
  });

  test("an invite works once and for a week; one who has an account joins with its password", async () => {
    const email = newEmail();
    interface Invited {
      invite: { invite: string };
      link: string;
    }
    const invite = async (address: string): Promise<{ id: string; token: string }> => {
      const told = await ok<Invited>(admin, "invitePerson", { body: { email: address, role: "analyst" } });
      const [page, token = ""] = told.link.split("#");
      expect(page).toBe("https://trust.example/console/invite");
      return { id: told.invite.invite, token };
    };
    const accept = (token: string, password = goodPassword): Promise<Answered> =>
      new Browser(house.app, market).ask("acceptInvite", { body: { token, name: "Ana", password } });
    const replaced = await invite(email);
    const { token } = await invite(email.toUpperCase());
    expect(codeOf(await accept(replaced.token))).toBe("invite-refused");
    expect(codeOf(await accept(token, "short"))).toBe("request-invalid");
    asked.add("acceptInvite");
    expect((await accept(token)).json).toEqual({ next: "done" });
    expect(codeOf(await accept(token))).toBe("invite-refused");
    expect(codeOf(await accept("x"))).toBe("invite-refused");
    const withdrawn = await invite(newEmail());
    await ok(admin, "withdrawInvite", { params: { invite: withdrawn.id } });
    expect(await refused(admin, "withdrawInvite", { params: { invite: withdrawn.id } })).toBe("not-found");
    expect(codeOf(await accept(withdrawn.token))).toBe("invite-refused");
    const late = await invite(newEmail());
    travel(7 * 24 * 60 * minuteMs + 1_000);
    expect(codeOf(await accept(late.token))).toBe("invite-refused");
    vi.useRealTimers();
    const foreign = await join(house, other, "operator", newEmail());
    const theirs = (await session(foreign)).person!.email!;
    const again = await invite(theirs);
    expect(codeOf(await accept(again.token, "not the password"))).toBe("sign-in-refused");
    expect((await accept(again.token)).json).toEqual({ next: "done" });
    expect((await session(foreign)).marketplaces.map(({ slug, role }) => [slug, role])).toEqual([
      [market.slug, "analyst"],
      [other.slug, "operator"],
    ]);
  });

  test("roles are set and taken away; the last admin stays; without any role an account ends", async () => {
    interface Listed {
      items: { person: string; email: string; role: string; name: string }[];
      invites: { email: string }[];
    }
    const email = newEmail();
    const browser = await join(house, market, "viewer", email);
    const find = async (address: string) =>
      (await ok<Listed>(admin, "listPeople")).items.find((item) => item.email === address)!;
    const { person } = await find(email);
    const setRole = (role: string, by = admin): Promise<Answered> =>
      by.ask("setRole", { params: { person }, body: { role } });
    asked.add("setRole");
    expect((await setRole("moderator")).json).toMatchObject({ person, role: "moderator" });
    expect((await session(browser)).marketplaces[0]?.role).toBe("moderator");
    expect(codeOf(await setRole("king"))).toBe("request-invalid");
    expect(codeOf(await setRole("admin", browser))).toBe("scope-missing");
    const first = (await find("first@shop.example")).person;
    expect(await refused(admin, "setRole", { params: { person: first }, body: { role: "viewer" } })).toBe("last-admin");
    expect(await refused(admin, "removePerson", { params: { person: first } })).toBe("last-admin");
    expect(await refused(admin, "removePerson", { params: { person: "nobody" } })).toBe("not-found");
    await ok(admin, "removePerson", { params: { person } });
    expect(await refused(admin, "removePerson", { params: { person } })).toBe("not-found");
    expect((await session(browser)).person).toBeNull();
    expect((await signIn(email)[1]).status).toBe(401);
    const key = await house.key(market, ["people:read", "people:write"]);
    const byKey = await call(house.app, {
      url: `/v1/people/${first}/role`,
      token: key,
      type: "application/json",
      body: JSON.stringify({ role: "viewer" }),
    });
    expect(codeOf(byKey)).toBe("scope-missing");
  });

  test("two admins who take each other's role away at once leave one", async () => {
    const { market: shared } = await house.enter();
    const one = await join(house, shared, "admin", newEmail());
    const two = await join(house, shared, "admin", newEmail());
    const ids = [(await session(one)).person!.id, (await session(two)).person!.id];
    const answers = await Promise.all([
      one.ask("removePerson", { params: { person: ids[1]! } }),
      two.ask("removePerson", { params: { person: ids[0]! } }),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test("keys are made, rotated and revoked by people, within their own rights; the secret is shown once", async () => {
    interface Made {
      key: { key: string; label: string; scopes: string[]; revokedAt: string | null };
      token: string;
    }
    const works = async (token: string): Promise<boolean> =>
      (await call(house.app, { url: "/v1/ratings/merchant", token })).status === 200;
    const label = '<script>alert(1)</script> "密钥"';
    const { key, token } = await ok<Made>(admin, "createKey", { body: { label, scopes: ["ratings:read"] } });
    expect(key).toMatchObject({ label, scopes: ["ratings:read"], revokedAt: null });
    expect(await works(token)).toBe(true);
    const listed = await admin.ask("listKeys");
    asked.add("listKeys");
    expect(listed.text).not.toContain(token);
    expect(endpoints.listKeys.answer.parse(listed.json).items).toContainEqual({
      ...key,
      lastUsedAt: expect.any(String) as string,
    });
    const rotated = await ok<Made>(admin, "rotateKey", { params: { key: key.key }, body: { overlapHours: 1 } });
    expect(rotated.key).toMatchObject({ label, scopes: ["ratings:read"], revokedAt: null });
    expect([await works(token), await works(rotated.token)]).toEqual([true, true]);
    expect(await refused(admin, "rotateKey", { params: { key: key.key } })).toBe("not-found");
    await ok(admin, "revokeKey", { params: { key: rotated.key.key } });
    expect(await refused(admin, "revokeKey", { params: { key: rotated.key.key } })).toBe("not-found");
    const foreign = await join(house, other, "admin", newEmail());
    expect(await refused(foreign, "revokeKey", { params: { key: key.key } })).toBe("not-found");
    expect(await refused(foreign, "rotateKey", { params: { key: key.key } })).toBe("not-found");
    const operator = await join(house, market, "operator", newEmail());
    expect(await refused(operator, "createKey", { body: { label: "", scopes: ["people:write"] } })).toBe(
      "scope-missing",
    );
    const big = await ok<Made>(admin, "createKey", { body: { label: "", scopes: ["people:write"] } });
    expect(await refused(operator, "rotateKey", { params: { key: big.key.key } })).toBe("scope-missing");
    await ok(operator, "revokeKey", { params: { key: big.key.key } });
    for (const scopes of [[], ["all"], ["ratings:read", "ratings:read"]])
      expect(await refused(admin, "createKey", { body: { label: "", scopes } })).toBe("request-invalid");
  });

  interface Enrolled {
    uri: string;
    secret: string;
    recoveryCodes: string[];
  }
  async function enrol(browser: Browser): Promise<Enrolled> {
    const enrolled = await ok<Enrolled>(browser, "enrolSecondFactor", { body: { password: goodPassword } });
    const code = authenticatorCode(enrolled.secret, Date.now());
    await ok(browser, "confirmSecondFactor", { body: { code } });
    return enrolled;
  }

  test("a second factor is asked for once it is confirmed; no code works twice", async () => {
    const email = newEmail();
    const browser = await join(house, market, "viewer", email);
    expect(await refused(browser, "enrolSecondFactor", { body: { password: "not the password" } })).toBe(
      "sign-in-refused",
    );
    expect(await refused(browser, "confirmSecondFactor", { body: { code: "123456" } })).toBe("second-factor-state");
    expect(await refused(browser, "removeSecondFactor", { body: { password: goodPassword } })).toBe(
      "second-factor-state",
    );
    const begun = await ok<Enrolled>(browser, "enrolSecondFactor", { body: { password: goodPassword } });
    expect(begun.uri).toMatch(/^otpauth:\/\/totp\/Probity/);
    expect(new Set(begun.recoveryCodes).size).toBe(10);
    await signedIn(email);
    expect(await refused(browser, "confirmSecondFactor", { body: { code: "000000" } })).toBe("code-refused");
    const { secret, recoveryCodes } = await enrol(browser);
    expect((await session(browser)).secondFactor).toBe(true);
    expect(await refused(browser, "enrolSecondFactor", { body: { password: goodPassword } })).toBe(
      "second-factor-state",
    );

    const begin = async (): Promise<Browser> => {
      const [next, answer] = signIn(email);
      expect((await answer).json).toEqual({ next: "second-factor" });
      expect((await session(next)).person).toBeNull();
      expect(await refused(next, "listPeople")).toBe("key-missing");
      return next;
    };
    const finish = (next: Browser, code: string): Promise<Answered> =>
      next.ask("signInSecondFactor", { body: { code } });
    asked.add("signInSecondFactor").add("signIn");
    const used = authenticatorCode(secret, Date.now());
    expect(codeOf(await finish(await begin(), used))).toBe("code-refused");
    travel(minuteMs);
    const code = authenticatorCode(secret, Date.now());
    const one = await begin();
    expect(codeOf(await finish(one, "000000"))).toBe("code-refused");
    expect((await finish(one, `${code.slice(0, 3)} ${code.slice(3)}`)).json).toEqual({ next: "done" });
    expect((await session(one)).person?.email).toBe(email);
    const two = await begin();
    expect(codeOf(await finish(two, code))).toBe("code-refused");
    expect((await session(two)).person).toBeNull();

    const three = await begin();
    expect((await finish(three, recoveryCodes[0]!)).json).toEqual({ next: "done" });
    expect(codeOf(await finish(await begin(), recoveryCodes[0]!))).toBe("code-refused");
    expect((await finish(await begin(), recoveryCodes[1]!)).json).toEqual({ next: "done" });
    expect(codeOf(await finish(new Browser(house.app), recoveryCodes[2]!))).toBe("session-missing");

    expect(await refused(three, "removeSecondFactor", { body: { password: "not the password" } })).toBe(
      "sign-in-refused",
    );
    await ok(three, "removeSecondFactor", { body: { password: goodPassword } });
    expect((await session(three)).secondFactor).toBe(false);
    await signedIn(email);
  });

  test("wrong codes lock, and the step between password and code ends after ten minutes", async () => {
    const email = newEmail();
    const { secret } = await enrol(await join(house, market, "viewer", email));
    travel(minuteMs);
    const [late, answer] = signIn(email);
    await answer;
    travel(11 * minuteMs);
    const body = { code: authenticatorCode(secret, Date.now()) };
    expect(await refused(late, "signInSecondFactor", { body })).toBe("session-missing");
    const statuses: string[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      const [next, begun] = signIn(email);
      await begun;
      statuses.push(await refused(next, "signInSecondFactor", { body: { code: "000000" } }));
    }
    expect(statuses).toEqual([...Array<string>(5).fill("code-refused"), "sign-in-locked"]);
    const [next, begun] = signIn(email);
    await begun;
    expect(await refused(next, "signInSecondFactor", { body: { code: authenticatorCode(secret, Date.now()) } })).toBe(
      "sign-in-locked",
    );
  });

  test("a second factor is another person's neither by cookie nor by code", async () => {
    const [mine, theirs] = [newEmail(), newEmail()];
    const own = await enrol(await join(house, market, "viewer", mine));
    const victim = await enrol(await join(house, market, "admin", theirs));
    travel(minuteMs);
    const [browser, answer] = signIn(theirs);
    await answer;
    const body = { code: authenticatorCode(own.secret, Date.now()) };
    expect(await refused(browser, "signInSecondFactor", { body })).toBe("code-refused");
    const signedInMine = new Browser(house.app, market);
    await signedInMine.ask("signIn", { body: { email: mine, password: goodPassword } });
    await signedInMine.ask("signInSecondFactor", { body: { code: own.recoveryCodes[0] } });
    await signedInMine.ask("signIn", { body: { email: theirs, password: goodPassword } });
    const right = { code: authenticatorCode(victim.secret, Date.now()) };
    expect((await signedInMine.ask("signInSecondFactor", { body: right })).status).toBe(200);
    expect((await session(signedInMine)).person?.email).toBe(theirs);
  });

  test("names in any script, long or hostile, come back as they were; addresses are one in any case", async () => {
    const names = [
      "<script>alert(document.cookie)</script>",
      "'; DROP TABLE people_person; --",
      "商家 تاجر 売り手 Ωμέγα ".repeat(9).slice(0, 200),
      "\u202egnp.exe",
      "a\u0301".repeat(100),
      "$1 %s {{7*7}} \\u0000",
    ];
    for (const name of names) {
      const email = newEmail();
      interface Invited {
        link: string;
      }
      const { link } = await ok<Invited>(admin, "invitePerson", { body: { email, role: "viewer" } });
      const browser = new Browser(house.app, market);
      const body = { token: link.split("#")[1], name, password: goodPassword };
      expect((await browser.ask("acceptInvite", { body })).status, name).toBe(200);
      expect((await session(browser)).person?.name).toBe(name);
      const listed = await admin.ask("listPeople");
      expect(String(listed.headers["content-type"])).toContain("application/json");
      expect(endpoints.listPeople.answer.parse(listed.json).items.map((item) => item.name)).toContain(name);
      await signedIn(email.toUpperCase());
    }
    const { link } = await ok<{ link: string }>(admin, "invitePerson", { body: { email: newEmail(), role: "viewer" } });
    const token = link.split("#")[1];
    for (const name of ["", "x".repeat(201), "a\nb", "a\u0000b", "\ud800"]) {
      const body = { token, name, password: goodPassword };
      expect(await refused(new Browser(house.app), "acceptInvite", { body })).toBe("request-invalid");
    }
    for (const email of ["", "x", "x@", `${"x".repeat(250)}@a.example`, "a b@c.example", "a@b.example\u0000", 7, null])
      expect(await refused(admin, "invitePerson", { body: { email, role: "viewer" } }), String(email)).toBe(
        "request-invalid",
      );
    for (const body of [
      {},
      [],
      null,
      '"x"',
      { email: "a@b.example" },
      { email: "a@b.example", password: "x", more: 1 },
    ])
      expect(await refused(new Browser(house.app), "signIn", { body })).toBe("request-invalid");
    expect(await refused(new Browser(house.app), "signIn", { body: "{" })).toBe("body-not-json");
    const long = { email: "a@b.example", password: "x".repeat(201) };
    expect(await refused(new Browser(house.app), "signIn", { body: long })).toBe("request-invalid");
  });

  test("a proxy's word on an address is taken only where it is trusted", async () => {
    await using behind = await openTestEngine(database, { env: { PROBITY_TRUSTED_PROXIES: "10.9.0.0/16" } });
    const { market: own } = await behind.enter();
    await join(behind, own, "viewer", "proxied@shop.example");
    const addressOf = async (from: string): Promise<unknown> => {
      const browser = new Browser(behind.app, own);
      const headers = { "x-forwarded-for": "203.0.113.5" };
      const body = { email: "proxied@shop.example", password: goodPassword };
      expect((await browser.ask("signIn", { body, from, headers })).status).toBe(200);
      const { items } = (await browser.ask("listSessions")).json as { items: { current: boolean; address: string }[] };
      return items.find(({ current }) => current)?.address;
    };
    expect(await addressOf("10.9.1.1")).toBe("203.0.113.5");
    expect(await addressOf("10.8.1.1")).toBe("10.8.1.1");
  }, 60_000);

  test("what people and keys did stands in the ledger, without names, and is listed with them", async () => {
    const { market: own } = await house.enter();
    const boss = await join(house, own, "admin", newEmail());
    const email = newEmail();
    const mate = await join(house, own, "viewer", email);
    const [bossId, mateId] = [(await session(boss)).person!.id, (await session(mate)).person!.id];
    await ok(boss, "setRole", { params: { person: mateId }, body: { role: "auditor" } });
    await ok(boss, "createKey", { body: { label: "till", scopes: ["events:write", "letters:read"] } });
    const key = await house.key(own, ["events:write"]);
    const refusedEvent = await call(house.app, {
      url: "/v1/events",
      token: key,
      type: "application/json",
      body: "[{},{}]",
    });
    const [{ deadLetter }] = (refusedEvent.json as { verdicts: [{ deadLetter: string }] }).verdicts;
    await boss.ask("discardDeadLetter", { params: { deadLetter } });
    const strict = structuredClone(defaultPolicies.merchant);
    strict.grades[0]!.min = 990;
    await boss.ask("draftPolicy", { body: strict });
    await ok(mate, "signOut");
    await ok(boss, "removePerson", { params: { person: mateId } });
    interface Listed {
      items: { seq: number; by: string; who: string; name: string | null; act: string; object: string }[];
      nextCursor: string | null;
    }
    const all = await ok<Listed>(boss, "listActivity");
    expect(all.items.map(({ act, who }) => [act, who === bossId ? "boss" : who === mateId ? "mate" : who])).toEqual([
      ["person-removed", "boss"],
      ["signed-out", "mate"],
      ["policy-drafted", "boss"],
      ["dead-letter-discarded", "boss"],
      ["key-created", "boss"],
      ["role-set", "boss"],
      ["signed-in", "mate"],
      ["person-joined", "mate"],
      ["signed-in", "boss"],
      ["person-joined", "boss"],
    ]);
    expect(all.items.find(({ act }) => act === "role-set")).toMatchObject({
      by: "person",
      name: "admin 诚",
      object: mateId,
      objectName: null,
      before: "viewer",
      after: "auditor",
    });
    expect(all.items[2]).toMatchObject({ object: policyId(strict), before: null, after: "draft" });
    expect(all.items[4]).toMatchObject({ objectName: "till", after: "events:write,letters:read" });
    const paged: number[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: Listed = await ok(boss, "listActivity", {
        query: `limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`,
      });
      paged.push(...page.items.map(({ seq }) => seq));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(all.items.map(({ seq }) => seq));
    const keysOnly = await ok<Listed>(boss, "listActivity", { query: "act=key-created" });
    expect(keysOnly.items.map(({ act }) => act)).toEqual(["key-created"]);
    expect(await refused(boss, "listActivity", { query: "cursor=x" })).toBe("request-invalid");
    const written = await house.engine.db.query<{ body: string; entry: string }>(
      "SELECT body, entry FROM ledger_event WHERE marketplace_id = $1 AND type = 'person.acted'",
      [own.marketplaceId],
    );
    expect(written).toHaveLength(all.items.length);
    const text = JSON.stringify(written);
    for (const secret of ["诚", email, "shop.example", "till"]) expect(text).not.toContain(secret);
  });

  test("none of these endpoints was forgotten", () => {
    const elsewhere = new Set(["startOidc", "finishOidc", "signInVisitor", "createMarketplace"]);
    const all = Object.entries(endpoints as Record<string, Endpoint>).filter(([, { path }]) => isOfPeople(path));
    expect(all.length).toBeGreaterThan(20);
    const missing = all.filter(([name]) => !asked.has(name as EndpointName) && !elsewhere.has(name));
    expect(missing.map(([name]) => name)).toEqual([]);
  });
});
