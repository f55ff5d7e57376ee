import { type EndpointAnswer, type EndpointName, endpoints } from "@probity/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { databases } from "../platform/databases.fixture.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { type Asked, Browser, join, setUp } from "./browser.fixture.ts";
import { openTestEngine, problemOf, type TestEngine } from "./engine.fixture.ts";

describe.each(databases.map((database) => [database.name, database] as const))(
  "marketplaces on %s",
  (_name, database) => {
    if (database.absent !== undefined) {
      test.skip(`skipped: ${database.absent}`, () => undefined);
      return;
    }
    let house: TestEngine;
    let market: Marketplace;
    let admin: Browser;

    beforeAll(async () => {
      house = await openTestEngine(database);
      ({ market } = await house.enter());
      admin = await setUp(house, "first@shop.example");
      admin.market = market.slug;
    }, 120_000);
    afterAll(() => house[Symbol.asyncDispose]());

    async function ok<N extends EndpointName>(
      browser: Browser,
      name: N,
      parts: Asked = {},
    ): Promise<EndpointAnswer<N>> {
      const answer = await browser.ask(name, parts);
      if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${answer.text}`);
      return endpoints[name].answer.parse(answer.json) as EndpointAnswer<N>;
    }
    const refused = async (browser: Browser, body: object): Promise<string> =>
      problemOf(await browser.ask("createMarketplace", { body }))
        .type.split("/")
        .at(-1) as string;

    test("an admin makes another marketplace, with its own clock and currency, and is its admin", async () => {
      const wanted = { slug: "past-sales", name: "往年 Past", currency: "BRL", clock: "log" };
      expect(await ok(admin, "createMarketplace", { body: wanted })).toEqual({ slug: "past-sales" });
      const told = await ok(admin, "readSession");
      expect(told.marketplaces.find(({ slug }) => slug === "past-sales")).toMatchObject({
        ...wanted,
        role: "admin",
      });
      // It can be used at once: its policies are there, its ledger says who made it, and nobody else is in it.
      const there = new Browser(house.app);
      for (const [name, value] of admin.cookies) there.cookies.set(name, value);
      there.market = "past-sales";
      const policies = await ok(there, "listPolicies");
      expect(policies.items.map(({ state }) => state)).toContain("in-force");
      const acts = await ok(there, "listActivity");
      expect(acts.items.at(-1)).toMatchObject({ act: "marketplace-created", object: "past-sales", after: "BRL, log" });
      const { items } = await ok(there, "listPeople");
      expect(items.length).toBe(1);
      for (const [body, code] of [
        [wanted, "marketplace-taken"],
        [{ ...wanted, slug: market.slug }, "marketplace-taken"],
        [{ ...wanted, slug: "Upper Case" }, "request-invalid"],
        [{ ...wanted, slug: "" }, "request-invalid"],
        [{ ...wanted, slug: "free", currency: "XXZ" }, "request-invalid"],
        [{ ...wanted, slug: "free", name: "two\nlines" }, "request-invalid"],
        [{ ...wanted, slug: "free", clock: "moon" }, "request-invalid"],
      ] as const)
        expect(await refused(admin, body), JSON.stringify(body)).toBe(code);
      const { engine } = house;
      const setRoles = (roles: string | null) =>
        engine.db.query("UPDATE people_person SET oidc_roles = $1 WHERE email = 'first@shop.example'", [roles]);
      await setRoles(`{"${market.slug}":"admin"}`);
      expect(await refused(admin, { ...wanted, slug: "free" })).toBe("scope-missing");
      await setRoles(null);
      const operator = await join(house, market, "operator", "operator@shop.example");
      const body = { ...wanted, slug: "free" };
      expect(await refused(operator, body)).toBe("scope-missing");
      expect(await refused(new Browser(house.app, market), body)).toBe("session-missing");
    });
  },
);
