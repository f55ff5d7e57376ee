import { readdirSync } from "node:fs";
import type { Explanation, Session } from "@probity/contract";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../packages/console/build-console.ts";
import { axeFindings, chromiumAbsent, openBrowser } from "./demo.fixture.ts";
import { enterFirst, type Served, startServe } from "./serve.fixture.ts";

/** The published layout of Olist, ten orders of it; `PROBITY_OLIST` names a folder with more. */
const folder =
  process.env["PROBITY_OLIST"] ?? new URL("../packages/mapping/src/golden/olist", import.meta.url).pathname;
const files = readdirSync(folder)
  .filter((name) => /^(olist_(customers|order_|orders|products|sellers)|product_category).*\.csv$/.test(name))
  .map((name) => `${folder}/${name}`);

/** From a clean `serve` to somebody else's past data, rated, without the command line. */
describe.skipIf(chromiumAbsent !== undefined)(
  `Olist in the browser${chromiumAbsent === undefined ? "" : `: ${chromiumAbsent}`}`,
  () => {
    let served: Served;
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;
    let merchant = "";
    const problems: string[] = [];

    beforeAll(async () => {
      await ensureBuilt();
      served = await startServe();
      browser = await openBrowser();
      context = await browser.newContext({
        locale: "en-GB",
        bypassCSP: true,
        viewport: { width: 1_440, height: 900 },
        reducedMotion: "reduce",
      });
      context.setDefaultTimeout(30_000);
      context.on("weberror", (error) => problems.push(error.error().message));
      await enterFirst(served, context);
      page = await context.newPage();
    });
    afterAll(async () => {
      await browser?.close();
      await served?.[Symbol.asyncDispose]();
      expect(problems).toEqual([]);
    });

    const open = async (path: string, heading: string | RegExp, on = page): Promise<void> => {
      await on.goto(`${served.address}/console/olist/${path}`);
      await on.getByRole("heading", { level: 1, name: heading }).waitFor();
    };

    const ask = async <T>(path: string): Promise<T> => {
      const headers = { "probity-marketplace": "olist" };
      return (await (await context.request.get(`${served.address}/v1/${path}`, { headers })).json()) as T;
    };

    async function oneWithEvents(): Promise<string> {
      const { items } = await ask<{ items: { id: string }[] }>("ratings/merchant");
      for (const { id } of items) {
        const { dimensions } = await ask<Explanation>(`ratings/merchant/${id}/explanation`);
        if (dimensions.some(({ indicators }) => indicators.some(({ events }) => events.length > 0))) return id;
      }
      throw new Error("no merchant of the sample missed anything");
    }

    it("a marketplace is made that lives in the past and counts in reais; its files are dropped and rated", async () => {
      await page.goto(`${served.address}/console/main/settings?section=marketplaces`);
      await page.getByLabel("Name", { exact: true }).fill("Olist");
      await page.getByLabel("Short name").fill("olist");
      await page.getByRole("radio", { name: "The newest event" }).press("Space");
      const currency = page.getByRole("combobox", { name: /Currency/ });
      await currency.click();
      // The list must be open, and have found what was typed, before it is chosen.
      await page.getByRole("listbox").waitFor();
      await page.keyboard.type("BRL");
      await page.locator("[role=option][data-highlighted]", { hasText: "BRL" }).waitFor();
      await page.keyboard.press("Enter");
      await currency.getByText("BRL").waitFor();
      await page.getByRole("button", { name: "Make the marketplace" }).click();
      await page.waitForURL(/\/console\/olist\/import$/);
      const chooser = page.waitForEvent("filechooser");
      // The browser must have heard that the dialog is the test's before it is asked for.
      await page.evaluate(() => document.hasFocus());
      await page.getByRole("button", { name: "Choose files" }).click();
      await (await chooser).setFiles(files);
      await page.getByText(/published files of Olist/).waitFor();
      await page.getByRole("button", { name: "Import", exact: true }).click();
      await page.getByRole("heading", { name: "Imported" }).waitFor({ timeout: 300_000 });
      expect(await page.getByText(/Ratings are as of today/).count()).toBe(0);
      await page.getByRole("link", { name: "See the merchants" }).click();
      await page.locator("[data-row='0']").waitFor({ timeout: 90_000 });
    }, 420_000);

    it("a merchant's score opens into the events it was made of, by keyboard alone", async () => {
      await open("merchants", "Merchants");
      await page.locator("[data-row='0']").focus();
      await page.keyboard.press("Enter");
      await page.getByRole("tree").waitFor();
      // Of those who missed something: what was kept is counted, and not told one by one.
      merchant = await oneWithEvents();
      await open(`merchants/${merchant}`, "Seller");
      await page.getByRole("button", { name: "Open all" }).focus();
      await page.keyboard.press("Enter");
      const place = page.getByRole("link", { name: /ledger \d/ }).first();
      await place.focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/events\/\d+$/);
      await page
        .getByText(/review\.posted|order\.|listing\.|merchant\./)
        .first()
        .waitFor();
      await page.goBack();
      await page.getByRole("tree").waitFor();
    });

    it("its orders are counted in reais and its days are those of its events", async () => {
      const rating = await ask<{ day: string; score: number }>(`ratings/merchant/${merchant}`);
      expect(rating.day < "2019-01-01").toBe(true);
      expect(rating.score).toBeGreaterThan(0);
      const session = await ask<Session>("session");
      expect(session.marketplaces.find(({ slug }) => slug === "olist")).toMatchObject({
        currency: "BRL",
        clock: "log",
      });
    });

    it.each([
      ["en-GB", "light", 1_440],
      ["zh-CN", "dark", 390],
    ] as const)(
      "every page stands on it in %s, %s, %i wide; axe finds nothing",
      async (locale, colorScheme, width) => {
        const other = await browser.newContext({
          storageState: await context.storageState(),
          locale,
          colorScheme,
          bypassCSP: true,
          viewport: { width, height: 900 },
          reducedMotion: "reduce",
        });
        other.setDefaultTimeout(30_000);
        other.on("weberror", (error) => problems.push(error.error().message));
        const shown = await other.newPage();
        const isEnglish = locale === "en-GB";
        for (const [path, english, chinese] of [
          ["overview", "Overview", "总览"],
          ["merchants", "Merchants", "商家"],
          [`merchants/${merchant}`, "Seller", "Seller"],
          [`merchants/${merchant}?tab=history`, "Seller", "Seller"],
          [`merchants/${merchant}?tab=rules`, "Seller", "Seller"],
          [`merchants/${merchant}/report`, "Report", "报告"],
          [`compare/merchants?ids=%5B%22${merchant}%22%5D`, "Compare merchants", "对比商家"],
          ["products", "Products", "商品"],
          ["policies", "Policies", "规则"],
          ["ingest", "Ingest", "数据接入"],
          ["activity", "Activity", "操作记录"],
        ] as const) {
          await open(path, new RegExp(isEnglish ? english : chinese, "i"), shown);
          await expect.poll(() => shown.locator(".animate-pulse").count(), { timeout: 20_000 }).toBe(0);
          expect(await axeFindings(shown), path).toEqual([]);
          const over = await shown.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          expect(over, path).toBeLessThanOrEqual(0);
        }
        await other.close();
      },
      240_000,
    );

    it("another marketplace shows nothing of it", async () => {
      await page.goto(`${served.address}/console/main/merchants/${merchant}`);
      await page.getByRole("heading", { name: new RegExp(`There is no|${merchant}`) }).waitFor();
      expect(await page.getByRole("tree").count()).toBe(0);
    });
  },
);
