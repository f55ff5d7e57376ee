import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { RatingProof, Receipt } from "@probity/contract";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ensureBuilt } from "../packages/console/build-console.ts";
import { axeFindings, chromiumAbsent, type Demo, openBrowser, startDemo } from "./demo.fixture.ts";

/** Both languages, both themes, wide and narrow, in as few pages as that takes. */
const looks = [
  { lang: "en", locale: "en-GB", colorScheme: "light", width: 390 },
  { lang: "zh", locale: "zh-CN", colorScheme: "dark", width: 1_440 },
] as const;
type Look = (typeof looks)[number];

/** The public log, as an operator, an outsider and a shopper on another site meet it. */
describe.skipIf(chromiumAbsent !== undefined)(
  `the log in the open${chromiumAbsent === undefined ? "" : `: ${chromiumAbsent}`}`,
  () => {
    let demo: Demo;
    let browser: Browser;
    let receipt: Receipt;
    let merchant: string;
    const contexts = new Map<Look, BrowserContext>();

    const read = async <T>(path: string): Promise<T> => {
      const answer = await fetch(demo.address + path, { headers: { authorization: `Bearer ${demo.token}` } });
      expect([path, answer.status]).toEqual([path, 200]);
      return (await answer.json()) as T;
    };
    const open = async (look: Look, path: string): Promise<Page> => {
      const page = await (contexts.get(look) as BrowserContext).newPage();
      await page.goto(demo.address + path);
      return page;
    };
    /** Nothing for axe and nothing to scroll sideways; closes the page. */
    const finish = async (page: Page, { width }: Look): Promise<void> => {
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect(await axeFindings(page)).toEqual([]);
      await page.close();
    };

    beforeAll(async () => {
      await ensureBuilt();
      demo = await startDemo();
      browser = await openBrowser();
      for (const look of looks) {
        const context = await browser.newContext({
          locale: look.locale,
          colorScheme: look.colorScheme,
          viewport: { width: look.width, height: 844 },
          bypassCSP: true,
          reducedMotion: "reduce",
        });
        await context.addInitScript(() => localStorage.setItem("probity-tour-left", "1"));
        await context.request.post(`${demo.address}/v1/session/visitor`, {
          headers: { origin: demo.address, "sec-fetch-site": "same-origin" },
          data: {},
        });
        contexts.set(look, context);
      }
      // The first checkpoint comes within seconds of the first entries.
      const published = async (): Promise<void> =>
        expect((await fetch(`${demo.address}/log/demo/checkpoint`)).ok).toBe(true);
      await vi.waitFor(published, { timeout: 60_000, interval: 500 });
      receipt = await read<Receipt>("/v1/events/100/receipt");
      merchant = (await read<{ items: { id: string }[] }>("/v1/ratings/merchant?limit=1")).items[0]?.id ?? "";
    });

    afterAll(async () => {
      await browser?.close();
      demo?.child.kill("SIGTERM");
    });

    it("shows how the log fares, and checks an entry in the browser", async () => {
      for (const look of looks) {
        const page = await open(look, "/console/demo/log?entry=100");
        await page.getByText(look.lang === "en" ? "Everything agrees" : "全部相符").waitFor();
        const text = await page.getByRole("main").innerText();
        for (const part of ["listing.published", `${demo.address}/log/demo/trust-policy`, "probity audit"])
          expect(text).toContain(part);
        // Visitors may look; who may read entries is not theirs to change.
        expect(await page.locator("section[aria-labelledby=audience-title] button").count()).toBe(0);
        await finish(page, look);
      }
    });

    it("checks a merchant's published rating on its page", async () => {
      const look = looks[1];
      const page = await open(look, `/console/demo/merchants/${merchant}`);
      await page.getByText("已由你的浏览器核对").waitFor();
      const { line } = await read<RatingProof>(`/v1/public/demo/merchants/${merchant}/proof`);
      const [, , score] = JSON.parse(line) as [string, string, number];
      expect(await page.locator("section[aria-labelledby=rating-check-title]").innerText()).toContain(String(score));
      await page.close();
    });

    it("says in public which rules hold, where the log stands and how to audit it", async () => {
      for (const look of looks) {
        const page = await open(look, `/m/${merchant}?lang=${look.lang}`);
        await page
          .locator("footer")
          .getByRole("link", { name: look.lang === "en" ? "Trust and audit" : "信任与审计" })
          .click();
        await page.waitForURL(/\/trust\/demo/);
        const text = await page.getByRole("main").innerText();
        for (const part of [`${demo.address} \\`, "--marketplace demo --policy trust-policy.txt"])
          expect(text).toContain(part);
        const rules = page.locator("#rules ~ ul a").first();
        const policy = await rules.innerText();
        const answer = await fetch(demo.address + (await rules.getAttribute("href")));
        expect([answer.status, policy]).toEqual([200, expect.stringMatching(/^[0-9a-f]{64}$/)]);
        await finish(page, look);
      }
    });

    it("finds a right receipt right and a tampered one wrong, on a page that uploads nothing", async () => {
      for (const look of looks) {
        const page = await open(look, `/verify?lang=${look.lang}`);
        const sent: string[] = [];
        page.on("request", (request) => {
          if (request.method() !== "GET") sent.push(request.url());
        });
        const choose = (text: string) =>
          page
            .locator("#receipt")
            .setInputFiles({ name: receipt.fileName, mimeType: "text/plain", buffer: Buffer.from(text) });
        await page.locator("#own").click();
        await page.locator("#own-warning").waitFor();
        await choose(receipt.receipt);
        await page.getByRole("heading", { name: look.lang === "en" ? "The receipt holds" : "回执成立" }).waitFor();
        expect(await page.locator("#finding").innerText()).toContain("/data/merchant");
        await choose(receipt.receipt.replace("index 100", "index 101"));
        await page.getByRole("heading", { name: look.lang === "en" ? "does not hold" : "回执不成立" }).waitFor();
        expect(sent).toEqual([]);
        await finish(page, look);
      }
    });

    it("lets a shopper's browser check the rating on another site's card, by that site's keys", async () => {
      const policy = await (await fetch(`${demo.address}/log/demo/trust-policy`)).text();
      const host = createServer((request, response) => {
        response.setHeader("content-type", `text/${request.url === "/keys" ? "plain" : "html"}; charset=utf-8`);
        response.end(
          request.url === "/keys"
            ? policy
            : `<!doctype html><html lang="zh"><body>
          <probity-trust-card src="${demo.address}" marketplace="demo" merchant="${merchant}" check log-policy="/keys"></probity-trust-card>
          <script type="module" src="${demo.address}/widgets/trust-card.js"></script></body></html>`,
        );
      });
      host.listen(0, "127.0.0.1");
      await once(host, "listening");
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(host.address() as AddressInfo).port}/`);
      await page.locator("probity-trust-card .check[data-state=right]").waitFor();
      const told = await page.locator("probity-trust-card .check").innerText();
      expect(told).toMatch(/^已由您的浏览器核对，账本规模 [\d,]+/);
      expect(told).not.toContain("自报");
      await page.close();
      host.close();
    });
  },
);
