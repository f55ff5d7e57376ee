import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axeFindings, chromiumAbsent, type Demo, openBrowser, startDemo } from "./demo.fixture.ts";

type Theme = "light" | "dark";

/** The console as a visitor of the demo meets it: by mouse and keyboard, in both languages, wide and narrow. */
describe.skipIf(chromiumAbsent !== undefined)(
  `the console${chromiumAbsent === undefined ? "" : `: ${chromiumAbsent}`}`,
  () => {
    let demo: Demo;
    let browser: Browser;
    let problems: string[] = [];
    let weakest: { id: string; name: string };
    let draft: string;

    /** A page of somebody who looks around; the tour is left, as by who has seen it. */
    async function enter(locale = "en-US", width = 1440, colorScheme: Theme = "light", tour = false): Promise<Page> {
      const context = await browser.newContext({
        viewport: { width, height: width < 500 ? 844 : 900 },
        locale,
        colorScheme,
        bypassCSP: true,
      });
      if (!tour) await context.addInitScript(() => localStorage.setItem("probity-tour-left", "1"));
      const page = await context.newPage();
      page.on("console", (message) => {
        if (message.type() === "error") problems.push(`${page.url()}: ${message.text()}`);
      });
      page.on("pageerror", (error) => problems.push(`${page.url()}: ${error.message}`));
      await page.goto(`${demo.address}/console/`);
      await page.getByRole("button", { name: /Look around|四处看看|看看/ }).click();
      await page.waitForURL(/\/console\/demo\/overview/);
      await page.getByRole("heading", { level: 1, name: /Overview|总览/ }).waitFor();
      return page;
    }
    const to = async (page: Page, path: string): Promise<void> => {
      await page.goto(`${demo.address}/console/demo/${path}`);
      await page.locator("h1").waitFor();
    };
    const api = async <A>(path: string): Promise<A> =>
      (await (await fetch(demo.address + path, { headers: { authorization: `Bearer ${demo.token}` } })).json()) as A;

    beforeAll(async () => {
      demo = await startDemo();
      browser = await openBrowser();
      const { items } = await api<{ items: (typeof weakest)[] }>("/v1/ratings/merchant?status=rated&limit=200");
      weakest = items.at(-1) as typeof weakest;
      const policies = await api<{ items: { policy: string; state: string }[] }>("/v1/policies");
      draft = (policies.items.find(({ state }) => state === "draft") as { policy: string }).policy;
    });
    afterAll(async () => {
      await browser?.close();
      demo?.child.kill("SIGTERM");
    });

    it("leads a visitor through five stops, which can be left", async () => {
      problems = [];
      const page = await enter("en-US", 1440, "light", true);
      const tour = page.getByRole("complementary", { name: "Guided tour" });
      await tour.getByRole("button", { name: "Begin" }).click();
      const seen: string[] = [];
      for (let stop = 1; stop <= 5; stop += 1) {
        await tour.getByText(`${stop} of 5`).waitFor();
        await page.waitForTimeout(300);
        seen.push(new URL(page.url()).pathname.replace(/^\/console\/demo\//, "").replace(/\/.*/, ""));
        await tour.getByRole("button", { name: stop === 5 ? "Done" : "Next" }).click();
      }
      expect(seen).toEqual(["merchants", "policies", "merchants", "overview", "merchants"]);
      await tour.waitFor({ state: "detached" });
      await page.reload();
      await page.locator("h1").waitFor();
      expect(await tour.count()).toBe(0);
      expect(problems).toEqual([]);
      await page.context().close();
    });

    it("tells what changed, and follows events as they come in", async () => {
      const page = await enter();
      await page.getByRole("heading", { name: "Largest moves" }).waitFor();
      const size = async (): Promise<number> => {
        const text = await page.getByText(/events in the ledger/).innerText();
        return Number(/([\d,]+) events/.exec(text)?.[1]?.replaceAll(",", ""));
      };
      const before = await size();
      await expect.poll(size, { timeout: 30_000, interval: 500 }).toBeGreaterThan(before);
      await page.getByRole("radio", { name: "90 days ago" }).check({ force: true });
      await page.waitForURL(/days=/);
      await page.reload();
      expect(await page.getByRole("radio", { name: "90 days ago" }).isChecked()).toBe(true);
      await page.context().close();
    });

    it("finds a merchant by name and opens the score into its events, by keyboard, in both languages", async () => {
      for (const [locale, word] of [
        ["en-US", "Merchants"],
        ["zh-CN", "商家"],
      ] as const) {
        const page = await enter(locale);
        await page.keyboard.press("g");
        await page.keyboard.press("m");
        await page.getByRole("heading", { level: 1, name: word }).waitFor();
        await page.keyboard.press("/");
        await page.keyboard.type(weakest.name);
        const link = page.getByRole("link", { name: weakest.name }).first();
        await link.waitFor();
        await page.waitForURL(/q=/);
        await link.press("Enter");
        await page.getByRole("heading", { level: 1, name: weakest.name }).waitFor();
        const tree = page.getByRole("tree").first();
        const first = tree.getByRole("treeitem").first();
        await first.focus();
        await page.keyboard.press("ArrowRight");
        await expect.poll(() => first.getAttribute("aria-expanded")).toBe("true");
        await page.goBack();
        await page.waitForURL(/q=/);
        await page.context().close();
      }
    });

    it("tries a draft out and shows who would move", async () => {
      const page = await enter();
      await to(page, `policies/${draft}/what-if`);
      await page.getByText(/subjects on/).waitFor();
      expect(await page.getByRole("table").count()).toBeGreaterThan(0);
      expect(await page.getByRole("button", { name: "Announce" }).count()).toBe(0);
      await page.context().close();
    });

    it("has nothing for axe to find, and fits, on every page in both themes", async () => {
      const pages = [
        "overview",
        "merchants",
        `merchants/${weakest.id}`,
        `merchants/${weakest.id}?tab=history`,
        `merchants/${weakest.id}?tab=rules`,
        `merchants/${weakest.id}?tab=card`,
        "products",
        "promoters",
        "policies",
        `policies/${draft}`,
        `policies/${draft}/what-if`,
        "settings",
        "merchants/nobody",
      ];
      for (const [locale, theme, width] of [
        ["en-US", "light", 1440],
        ["zh-CN", "dark", 390],
      ] as const) {
        const page = await enter(locale, width, theme);
        for (const path of pages) {
          await to(page, path);
          await page.waitForTimeout(900);
          expect([path, ...(await axeFindings(page))]).toEqual([path]);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          expect([path, wide]).toEqual([path, width]);
        }
        await page.context().close();
      }
    }, 300_000);
  },
);
