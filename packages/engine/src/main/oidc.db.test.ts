import { generateKeyPairSync } from "node:crypto";
import { endpoints, type Session } from "@probity/contract";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { databases } from "../platform/databases.fixture.ts";
import { ensureMarketplace } from "../platform/marketplace.store.ts";
import { Browser, join } from "./browser.fixture.ts";
import { openTestEngine, problemOf, type TestEngine } from "./engine.fixture.ts";
import { OidcProvider } from "./oidc-provider.fixture.ts";

const refusedAt = "/console/sign-in?problem=oidc-refused";

describe.each(databases.map((database) => [database.name, database] as const))(
  "signing in through an identity provider on %s",
  (_name, database) => {
    if (database.absent !== undefined) {
      test.skip(`skipped: ${database.absent}`, () => undefined);
      return;
    }
    let provider: OidcProvider;
    let house: TestEngine;
    let persons = 0;

    const environment = (): Record<string, string> => ({
      PROBITY_OIDC_ISSUER: provider.issuer,
      PROBITY_OIDC_CLIENT_ID: provider.clientId,
      PROBITY_OIDC_CLIENT_SECRET: provider.clientSecret,
      PROBITY_OIDC_LABEL: "Staff",
      PROBITY_OIDC_ROLES: "trust-admins=one/admin,risk=one/analyst,risk=two/viewer",
    });

    beforeAll(async () => {
      provider = await new OidcProvider().open();
      house = await openTestEngine(database, { env: environment() });
      for (const slug of ["one", "two", "three"]) {
        const wanted = { slug, name: slug, currency: "CNY", clock: "wall", isPublic: true } as const;
        await ensureMarketplace(house.engine.db, wanted, Date.now());
      }
    }, 120_000);
    afterAll(async () => {
      await house[Symbol.asyncDispose]();
      await provider[Symbol.asyncDispose]();
    });
    beforeEach(() => {
      provider.setRight();
      persons += 1;
      provider.claims = {
        sub: `subject-${persons}`,
        email: `person-${persons}@staff.example`,
        email_verified: true,
        name: "Ω 人 <b>",
        groups: ["risk"],
      };
    });

    const session = async (browser: Browser): Promise<Session> =>
      endpoints.readSession.answer.parse((await browser.ask("readSession")).json);
    const rolesOf = async (browser: Browser): Promise<string[]> =>
      (await session(browser)).marketplaces.map(({ slug, role }) => `${slug} ${role}`);

    /** Leaves for the provider; its address. */
    async function leave(browser: Browser, returnTo = "/console/merchants?sort=score"): Promise<string> {
      const answer = await browser.ask("startOidc", { query: `returnTo=${encodeURIComponent(returnTo)}` });
      expect(answer.status).toBe(302);
      return String(answer.headers["location"]);
    }

    /** Comes back from the provider, as a navigation from another site does; where the browser is sent on to. */
    async function comeBack(browser: Browser, address: string): Promise<string> {
      const { origin, pathname, search } = new URL(address);
      expect(origin + pathname).toBe("https://trust.example/v1/session/oidc/finish");
      const answer = await browser.fetch("GET", pathname + search, { headers: { "sec-fetch-site": "cross-site" } });
      expect(answer.status).toBe(302);
      return String(answer.headers["location"]);
    }

    async function enter(browser = new Browser(house.app)): Promise<[Browser, string]> {
      return [browser, await comeBack(browser, provider.authorise(await leave(browser)))];
    }

    test("gives the roles that the claims are mapped to, and comes back to where it began", async () => {
      const [browser, place] = await enter();
      expect(place).toBe("/console/merchants?sort=score");
      const told = await session(browser);
      expect(told.person).toMatchObject({ name: "Ω 人 <b>", email: `person-${persons}@staff.example` });
      expect(told.signIn.oidc).toEqual({ label: "Staff" });
      expect(await rolesOf(browser)).toEqual(["one analyst", "two viewer"]);
      browser.market = "three";
      expect(problemOf(await browser.ask("listPolicies")).status).toBe(403);
      const [row] = await house.engine.db.query<{ tokens: number }>(
        "SELECT count(coalesce(access_token, refresh_token, id_token))::integer AS tokens FROM people_account",
      );
      expect(row?.tokens).toBe(0);
    });

    test("takes the roles anew at every sign-in; whoever has none left is refused and forgotten", async () => {
      const [first] = await enter();
      provider.claims = { ...provider.claims, groups: ["trust-admins", "risk"] };
      const [second] = await enter();
      expect((await session(second)).person?.id).toBe((await session(first)).person?.id);
      expect(await rolesOf(second)).toEqual(["one admin", "two viewer"]);
      provider.claims = { ...provider.claims, groups: "trust-admins" };
      expect(await rolesOf((await enter())[0])).toEqual(["one admin"]);
      for (const groups of [[], ["strangers"], undefined, null, { risk: true }]) {
        provider.claims = { ...provider.claims, groups };
        const [third, place] = await enter();
        expect(place).toBe(`${refusedAt}&reason=no-role`);
        expect((await session(third)).person).toBeNull();
      }
      expect((await session(first)).person).toBeNull();
      const left = await house.engine.db.query("SELECT 1 FROM people_person WHERE email = $1", [
        provider.claims["email"],
      ]);
      expect(left).toEqual([]);
    });

    test("refuses what is forged: another key, issuer, audience, nonce, an expired token, a replayed code", async () => {
      const past = Math.floor(Date.now() / 1_000) - 3_600;
      const wrongs: [string, () => void][] = [
        ["another key", () => (provider.signer = generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey)],
        ["another issuer", () => (provider.forged = { iss: "https://evil.example" })],
        ["another audience", () => (provider.forged = { aud: "another client" })],
        ["another nonce", () => (provider.forged = { nonce: "guessed" })],
        ["no nonce", () => (provider.forged = { nonce: undefined })],
        ["an old token", () => (provider.forged = { iat: past - 300, exp: past })],
        ["no subject", () => (provider.forged = { sub: undefined })],
        ["no address", () => (provider.forged = { email: undefined })],
      ];
      for (const [what, forge] of wrongs) {
        provider.setRight();
        forge();
        const [browser, place] = await enter();
        expect(place, what).toBe(refusedAt);
        expect((await session(browser)).person, what).toBeNull();
      }
      provider.setRight();
      const browser = new Browser(house.app);
      const address = provider.authorise(await leave(browser));
      expect(await comeBack(browser, address)).toBe("/console/merchants?sort=score");
      expect(await comeBack(browser, address)).toBe(refusedAt);
    });

    test("binds the way to the browser that went it: no other finishes it, no state is made up", async () => {
      const browser = new Browser(house.app);
      const address = provider.authorise(await leave(browser));
      const victim = new Browser(house.app);
      expect(await comeBack(victim, address)).toBe(refusedAt);
      expect((await session(victim)).person).toBeNull();
      const finish = "https://trust.example/v1/session/oidc/finish";
      for (const query of ["", "?code=x", "?state=x", "?code=x&state=y", "?error=access_denied", "?error=a&state=b"])
        expect(await comeBack(new Browser(house.app), `${finish}${query}`), query).toBe(refusedAt);
      const denied = new Browser(house.app);
      const state = new URL(await leave(denied)).searchParams.get("state") ?? "";
      expect(await comeBack(denied, `${finish}?error=access_denied&state=${state}`)).toBe(refusedAt);
    });

    test("never takes over a local account of the same address, and gives none a password", async () => {
      const market = (await session((await enter())[0])).marketplaces[0]!;
      const one = { ...market, marketplaceId: 0, clock: "wall" as const, isPublic: true };
      const [row] = await house.engine.db.query<{ marketplace_id: number }>(
        "SELECT marketplace_id FROM marketplace WHERE slug = 'one'",
      );
      const local = await join(house, { ...one, marketplaceId: row!.marketplace_id }, "admin", "local@staff.example");
      provider.claims = { ...provider.claims, sub: "thief", email: "local@staff.example", groups: ["trust-admins"] };
      const [browser, place] = await enter();
      expect(place).toBe(refusedAt);
      expect((await session(browser)).person).toBeNull();
      expect((await session(local)).person?.email).toBe("local@staff.example");
      provider.claims = { ...provider.claims, sub: "staff", email: "staff@staff.example" };
      const [staff] = await enter();
      const enrol = await staff.ask("enrolSecondFactor", { body: { password: "whatever it is" } });
      expect(problemOf(enrol).type).toMatch(/second-factor-state$/);
      local.market = "one";
      const invited = await local.ask("invitePerson", { body: { email: "staff@staff.example", role: "viewer" } });
      const token = (invited.json as { link: string }).link.split("#")[1];
      const accept = await new Browser(house.app).ask("acceptInvite", {
        body: { token, name: "x", password: "correct horse battery" },
      });
      expect(problemOf(accept).type).toMatch(/invite-refused$/);
    });

    test("leads nowhere else: foreign addresses are refused", async () => {
      for (const returnTo of ["https://evil.example/", "//evil.example/", "/\\evil.example", "evil", "/a\nb", ""]) {
        const answer = await new Browser(house.app).ask("startOidc", {
          query: `returnTo=${encodeURIComponent(returnTo)}`,
        });
        expect(problemOf(answer).type, returnTo).toMatch(/request-invalid$/);
      }
    });

    test("is not there where none is set up; one that is down is told and tried again", async () => {
      await using plain = await openTestEngine(database);
      expect((await new Browser(plain.app).ask("startOidc")).status).toBe(404);
      expect((await new Browser(plain.app).ask("finishOidc")).status).toBe(404);
      const gone = await new OidcProvider().open();
      const env = { ...environment(), PROBITY_OIDC_ISSUER: gone.issuer };
      await gone[Symbol.asyncDispose]();
      await using down = await openTestEngine(database, { env });
      const answer = await new Browser(down.app).ask("startOidc");
      expect(problemOf(answer).type).toMatch(/oidc-refused$/);
      expect((await new Browser(down.app).ask("readSession")).status).toBe(200);
    }, 60_000);
  },
);
