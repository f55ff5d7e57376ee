import type { AddressInfo } from "node:net";
import { endpoints, type Session } from "@probity/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { databases } from "../platform/databases.fixture.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { Browser } from "./browser.fixture.ts";
import { type Answered, openTestEngine, problemOf, type TestEngine } from "./engine.fixture.ts";

const own = { headers: { host: "localhost:7070" }, from: "127.0.0.1" };

describe.each(databases.map((database) => [database.name, database] as const))("visitors on %s", (_name, database) => {
  if (database.absent !== undefined) {
    test.skip(`skipped: ${database.absent}`, () => undefined);
    return;
  }
  let house: TestEngine;
  let market: Marketplace;
  const local = { PROBITY_PUBLIC_URL: "http://127.0.0.1:7070" };

  beforeAll(async () => {
    house = await openTestEngine(database, { env: local, isDemo: true });
    ({ market } = await house.enter());
  }, 120_000);
  afterAll(() => house[Symbol.asyncDispose]());

  const codeOf = (answer: Answered): string => problemOf(answer).type.split("/").at(-1) as string;
  const session = (answer: Answered): Session => endpoints.readSession.answer.parse(answer.json);

  test("look around in the demo, read-only", async () => {
    const visitor = new Browser(house.app, market);
    expect(session(await visitor.ask("readSession", own)).signIn).toMatchObject({ visitor: true, firstRun: true });
    expect((await visitor.ask("signInVisitor", own)).json).toEqual({ next: "done" });
    const told = session(await visitor.ask("readSession", own));
    expect(told.person).toMatchObject({ isVisitor: true, email: null });
    expect(told.signIn.firstRun).toBe(true);
    expect(told.marketplaces.map(({ slug, role }) => [slug, role])).toEqual([[market.slug, "viewer"]]);
    expect((await visitor.ask("listPolicies", own)).status).toBe(200);
    for (const name of [
      "listPeople",
      "listKeys",
      "listActivity",
      "listDeadLetters",
      "draftPolicy",
      "createKey",
    ] as const)
      expect(codeOf(await visitor.ask(name, own)), name).toBe("scope-missing");
    const password = "correct horse battery";
    const change = { ...own, body: { password, newPassword: password } };
    expect(codeOf(await visitor.ask("changePassword", change))).toBe("scope-missing");
    expect(codeOf(await visitor.ask("enrolSecondFactor", { ...own, body: { password } }))).toBe("scope-missing");
  });

  test("see no other visitor, and cookies over plain HTTP are not Secure", async () => {
    const [one, two] = [new Browser(house.app, market), new Browser(house.app, market)];
    for (const visitor of [one, two]) await visitor.ask("signInVisitor", own);
    expect(((await one.ask("listSessions", own)).json as { items: unknown[] }).items).toHaveLength(1);
    expect([...one.attributes.entries()].flat().join()).toMatch(/^probity\.session_token,(?!.*Secure)/);
  });

  test("are turned away from elsewhere: another address, another name of the machine, a proxy", async () => {
    const elsewhere = [
      { ...own, from: "10.0.0.9" },
      { ...own, from: "::ffff:10.0.0.9" },
      { from: "127.0.0.1", headers: { host: "rebound.example:7070" } },
      { from: "127.0.0.1", headers: { host: "trust.example" } },
      { from: "127.0.0.1", headers: { ...own.headers, "x-forwarded-for": "127.0.0.1" } },
      { from: "127.0.0.1", headers: { ...own.headers, forwarded: "for=127.0.0.1" } },
    ];
    for (const asked of elsewhere) {
      const visitor = new Browser(house.app, market);
      expect(codeOf(await visitor.ask("signInVisitor", asked)), JSON.stringify(asked)).toBe("visitor-refused");
      expect(session(await visitor.ask("readSession", asked)).signIn.visitor).toBe(false);
    }
    const foreign = { ...own, headers: { ...own.headers, "sec-fetch-site": "cross-site" } };
    expect(codeOf(await new Browser(house.app).ask("signInVisitor", foreign))).toBe("origin-foreign");
  });

  test("are let in by the demo alone, and only where it listens on the machine itself", async () => {
    await using serve = await openTestEngine(database, { env: local });
    expect(codeOf(await new Browser(serve.app).ask("signInVisitor", own))).toBe("visitor-refused");
    await using open = await openTestEngine(database, { env: { ...local, PROBITY_HOST: "0.0.0.0" }, isDemo: true });
    expect(codeOf(await new Browser(open.app).ask("signInVisitor", own))).toBe("visitor-refused");
  });

  test("come in over a real connection", async () => {
    await using served = await openTestEngine(database, { env: local, isDemo: true });
    await served.app.listen({ host: "127.0.0.1", port: 0 });
    const url = `http://127.0.0.1:${(served.app.server.address() as AddressInfo).port}`;
    const answer = await fetch(`${url}/v1/session/visitor`, {
      method: "POST",
      headers: { origin: url, "content-type": "application/json" },
      body: "{}",
    });
    expect([answer.status, await answer.json()]).toEqual([200, { next: "done" }]);
    expect(answer.headers.getSetCookie().join()).toMatch(/^probity\.session_token=.*HttpOnly/);
  });
});
