import { readFile } from "node:fs/promises";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../packages/console/build-console.ts";
import { axeFindings, chromiumAbsent, openBrowser } from "./demo.fixture.ts";
import { courierSource, type Marketed, openMarketplace, send, shopSource } from "./ingest.fixture.ts";

type State = Awaited<ReturnType<BrowserContext["storageState"]>>;

const review = (id: string, type = "review.posted") => ({
  specversion: "1.0",
  id,
  source: shopSource,
  type,
  time: new Date(Date.now() - 1_000).toISOString(),
  data: { review: id, merchant: "m-1", buyer: `b-${id}`, product: "p-1", stars: 5 },
});

/** What comes in, told while it comes; in a marketplace that is empty and in one that has lived. */
describe.skipIf(chromiumAbsent !== undefined)(
  `what comes in${chromiumAbsent === undefined ? "" : `: ${chromiumAbsent}`}`,
  () => {
    let browser: Browser;
    let market: Marketed;
    let state: State;
    const problems: string[] = [];

    async function signUp({ address, setupCode }: Marketed): Promise<State> {
      const context = await browser.newContext();
      const answer = await context.request.post(`${address}/v1/session/first-run`, {
        headers: { origin: address },
        data: { setupCode, name: "林 Lin", email: "lin@example.org", password: "correct horse battery" },
      });
      expect(answer.status()).toBe(200);
      const signedIn = await context.storageState();
      await context.close();
      return signedIn;
    }

    async function open(
      path: string,
      shown: { readonly locale?: string; readonly dark?: boolean; readonly width?: number } = {},
      at: { readonly address: string; readonly state: State } = { address: market.address, state },
    ): Promise<Page> {
      const width = shown.width ?? 1_440;
      const context = await browser.newContext({
        storageState: at.state,
        locale: shown.locale ?? "en-GB",
        colorScheme: shown.dark === true ? "dark" : "light",
        viewport: { width, height: width < 500 ? 844 : 900 },
        bypassCSP: true,
        acceptDownloads: true,
      });
      context.setDefaultTimeout(30_000);
      const page = await context.newPage();
      page.on("console", (message) => {
        if (message.type() === "error") problems.push(message.text());
      });
      page.on("pageerror", (error) => problems.push(error.message));
      await page.goto(`${at.address}/console/main/${path}`);
      await page.locator("h1").waitFor();
      return page;
    }
    /** The figure of a name, with what stands below it. */
    const figure = (page: Page, name: string) =>
      page.locator("dl > div").filter({ has: page.locator("dt", { hasText: name }) });

    beforeAll(async () => {
      await ensureBuilt();
      browser = await openBrowser();
      market = await openMarketplace(true);
      state = await signUp(market);
    });
    afterAll(async () => {
      await browser?.close();
      await market?.[Symbol.asyncDispose]();
      expect(problems).toEqual([]);
    });

    it("leads from an empty ledger to the first event, and shows it without being asked", async () => {
      await using empty = await openMarketplace(false);
      const own = { address: empty.address, state: await signUp(empty) };
      const page = await open("ingest", {}, own);
      await page.getByText("Nothing has come in yet").waitFor();
      expect(await axeFindings(page)).toEqual([]);
      const keys = page.getByRole("link", { name: "API keys and a first event" });
      expect(await keys.getAttribute("href")).toContain("settings?section=keys");
      expect(await page.getByRole("link", { name: "Import a file" }).getAttribute("href")).toContain("/main/import");
      await send(empty, [review("r-1"), review("r-2"), review("r-1"), review("r-3", "review.poste")]);
      await figure(page, "Last hour").waitFor();
      await page.getByRole("tab", { name: "Rejected events (1)" }).waitFor();
      await expect.poll(() => figure(page, "Ratings").innerText(), { timeout: 60_000 }).toContain("up to date");
      expect(await page.getByRole("grid", { name: "Sources" }).innerText()).toContain(shopSource);
      await page.context().close();
    });

    it("tells the rate, the verdicts, who is silent and when keys were used, live", async () => {
      const page = await open("ingest");
      await page.getByRole("img", { name: /accepted and \d+ rejected since/ }).waitFor();
      expect(await figure(page, "Last 24 hours").innerText()).toMatch(/9[\d.]+% accepted, [\d.]+% rejected/);
      const courier = page.getByRole("row").filter({ hasText: courierSource });
      expect(await courier.innerText()).toMatch(/silent for [78] hours/);
      expect(await page.getByRole("row").filter({ hasText: shopSource }).innerText()).not.toContain("silent");
      const keys = page.getByRole("grid", { name: "API keys" });
      expect(await keys.getByRole("row").filter({ hasText: "courier" }).innerText()).toContain("never used");
      const size = async (): Promise<number> =>
        Number(/[\d,]+/.exec(await figure(page, "Ledger").locator("dd").first().innerText())?.[0].replaceAll(",", ""));
      const before = await size();
      await send(market, [review("live-1"), review("live-2")]);
      await expect.poll(size, { timeout: 30_000 }).toBeGreaterThanOrEqual(before + 2);
      await page.context().close();
    });

    it("keeps period and tab in the address; the chart is a table and a file too", async () => {
      const page = await open("ingest");
      await page.getByRole("radio", { name: "7 days" }).check({ force: true });
      await page.waitForURL(/span=week/);
      await page.getByRole("radio", { name: "Table" }).check({ force: true });
      await expect.poll(() => page.getByRole("table").getByRole("row").count()).toBe(57);
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("region", { name: "Accepted and rejected" }).getByRole("button", { name: "CSV" }).press("Enter"),
      ]);
      const lines = (await readFile(await file.path(), "utf8")).trimEnd().split("\r\n");
      expect([file.suggestedFilename(), lines.length]).toEqual(["ingest-week.csv", 57]);
      await page.getByRole("tab", { name: "What comes in" }).focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Enter");
      await page.waitForURL(/tab=letters/);
      await page.locator("[data-row]").first().getByRole("button").click();
      await page.waitForURL(/letter=/);
      await page.reload();
      await page.getByLabel("Event as JSON").waitFor();
      await page.getByRole("radio", { name: "Set aside" }).check({ force: true });
      await page.waitForURL(/state=discarded/);
      await page.goto(page.url().replace(/\?.*/, "?state=replayed"));
      await page.getByText("Nothing was sent again").waitFor();
      await page.goBack();
      await page.context().close();
    });

    it("has nothing for axe to find, and fits, in both languages and themes", async () => {
      for (const shown of [
        { locale: "en-GB", width: 1_440 },
        { locale: "zh-CN", width: 390, dark: true },
        { locale: "zh-CN", width: 1_440, dark: true },
        { locale: "en-GB", width: 390 },
      ] as const) {
        for (const path of ["ingest", "ingest?span=month", "ingest?tab=letters"]) {
          const page = await open(path, shown);
          await page
            .locator(path.includes("letters") ? "[data-row], li" : "[role=img]")
            .first()
            .waitFor();
          await page.waitForTimeout(600);
          expect([path, ...(await axeFindings(page))]).toEqual([path]);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          expect([path, wide]).toEqual([path, shown.width]);
          await page.context().close();
        }
      }
    }, 200_000);
  },
);
