import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axeFindings, chromiumAbsent, type Demo, openBrowser, startDemo } from "./demo.fixture.ts";

/** The served demo as a person meets it: command line, API and pages in headless Chromium. */
describe.skipIf(chromiumAbsent !== undefined)(
  `the demo${chromiumAbsent === undefined ? "" : `: ${chromiumAbsent}`}`,
  () => {
    let demo: Demo;
    let browser: Browser;
    let shop: { id: string; name: string };
    const problems: string[] = [];

    const open = async (
      path: string,
      locale: string,
      width = 1440,
      colorScheme: "light" | "dark" = "light",
    ): Promise<Page> => {
      const page = await browser.newPage({ viewport: { width, height: 900 }, locale, colorScheme });
      page.on("console", (message) => {
        if (message.type() === "error") problems.push(`${path}: ${message.text()}`);
      });
      page.on("pageerror", (error) => problems.push(`${path}: ${error.message}`));
      await page.goto(demo.address + path);
      return page;
    };
    const read = async (path: string): Promise<Record<string, unknown>> => {
      const answer = await fetch(demo.address + path, { headers: { authorization: `Bearer ${demo.token}` } });
      expect(answer.status).toBe(200);
      return (await answer.json()) as Record<string, unknown>;
    };

    /** The shop's score at this moment: the demo lives, and any of its events may move it. */
    const scoreNow = async (): Promise<number> =>
      ((await read(`/v1/ratings/merchant/${shop.id}`)) as { score: number }).score;

    beforeAll(async () => {
      demo = await startDemo();
      browser = await openBrowser();
      const { items } = (await read("/v1/ratings/merchant?status=rated&limit=1")) as { items: (typeof shop)[] };
      shop = items[0] as typeof shop;
    });

    afterAll(async () => {
      await browser?.close();
      demo?.child.kill("SIGTERM");
    });

    it("prints grades, movers and addresses", () => {
      for (const words of ["Grades", "Best", "Moved most", "/how-we-rate", "/openapi.json"])
        expect(demo.output).toContain(words);
    });

    it("lists merchants, finds one by name and opens it, in both languages", async () => {
      for (const [locale, heading] of [
        ["en-US", /Merchants/],
        ["zh-CN", /商家/],
      ] as const) {
        const page = await open("/", locale);
        expect(await page.locator("h1").innerText()).toMatch(heading);
        await page.locator('input[name="q"]').fill(shop.name);
        await page.keyboard.press("Enter");
        await page.getByRole("link", { name: shop.name }).first().click();
        expect(await page.locator("h1").innerText()).toBe(shop.name);
        const tellsScore = async (): Promise<boolean> => {
          await page.reload();
          return (await page.locator("header.merchant").innerText()).includes(String(await scoreNow()));
        };
        await expect.poll(tellsScore, { timeout: 20_000 }).toBe(true);
        await page.close();
      }
    });

    it("shows a score that opens into its indicators and events, and adds up", async () => {
      const page = await open(`/m/${shop.id}?lang=en`, "en-US");
      const indicator = page.locator("details#review-mean");
      expect(await page.locator("details").count()).toBeGreaterThan(15);
      await indicator.locator("summary").first().click();
      expect(await indicator.getAttribute("open")).not.toBeNull();
      expect(await indicator.innerText()).toMatch(/Reviews by reliability/);
      const explanation = (await read(`/v1/ratings/merchant/${shop.id}/explanation`)) as {
        rating: { score: number };
        dimensions: { points: number; indicators: { points: number }[] }[];
      };
      const sum = explanation.dimensions.reduce((total, { points }) => total + points, 0);
      expect(sum).toBe(explanation.rating.score);
      for (const { points, indicators } of explanation.dimensions) {
        expect(indicators.reduce((total, item) => total + item.points, 0)).toBe(points);
      }
      await page.close();
    });

    it("is readable without script, has Open Graph, and fits 390 pixels in both themes", async () => {
      for (const path of ["/", `/m/${shop.id}`, "/how-we-rate"]) {
        const text = await (await fetch(demo.address + path)).text();
        expect(text).toContain('property="og:title"');
        for (const scheme of ["light", "dark"] as const) {
          const page = await open(path, "zh-CN", 390, scheme);
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
          await page.close();
        }
      }
    });

    it("has nothing for axe to find", async () => {
      for (const path of ["/", `/m/${shop.id}`, "/how-we-rate", "/m/nobody"]) {
        const page = await browser.newPage({ locale: "en-US", bypassCSP: true });
        await page.goto(demo.address + path);
        expect([path, ...(await axeFindings(page))]).toEqual([path]);
        await page.close();
      }
    });

    it("puts the trust card on another site's page", async () => {
      const host: Server = createServer((_request, response) => {
        response.setHeader("content-type", "text/html; charset=utf-8");
        response.end(`<!doctype html><html lang="en"><body>
        <probity-trust-card src="${demo.address}" marketplace="demo" merchant="${shop.id}"><a href="${demo.address}/m/${shop.id}">rating</a></probity-trust-card>
        <probity-trust-card src="${demo.address}" marketplace="demo" merchant="nobody"><a href="${demo.address}/m">all ratings</a></probity-trust-card>
        <script type="module" src="${demo.address}/widgets/trust-card.js"></script></body></html>`);
      });
      host.listen(0, "127.0.0.1");
      await once(host, "listening");
      const page = await browser.newPage({ locale: "en-US" });
      await page.goto(`http://127.0.0.1:${(host.address() as AddressInfo).port}/`);
      const cards = page.locator("probity-trust-card");
      const showsScore = async (): Promise<boolean> => {
        await page.reload();
        await cards.first().getByText("1000").waitFor();
        const text = await cards.first().evaluate((card) => card.shadowRoot?.textContent ?? "");
        return text.includes(String(await scoreNow()));
      };
      await expect.poll(showsScore, { timeout: 20_000, interval: 500 }).toBe(true);
      expect(await cards.nth(1).getByRole("link", { name: "all ratings" }).isVisible()).toBe(true);
      await page.close();
      host.close();
    });

    it("shows an event as soon as the worker has rated it", async () => {
      const before = (await read(`/v1/facts/merchant/${shop.id}?metric=complaints&limit=10000`)) as {
        rows: { n: number }[];
      };
      const scoreBefore = await scoreNow();
      const now = new Date().toISOString();
      const events = [1, 2, 3].map((number) => ({
        specversion: "1.0",
        id: `complaint-${number}`,
        source: "urn:e2e",
        type: "complaint.opened",
        time: now,
        data: { complaint: `e2e-${number}`, merchant: shop.id, buyer: `e2e-buyer-${number}`, about: "service" },
      }));
      const answer = await fetch(`${demo.address}/v1/events`, {
        method: "POST",
        headers: { authorization: `Bearer ${demo.token}`, "content-type": "application/cloudevents-batch+json" },
        body: JSON.stringify(events),
      });
      expect(await answer.json()).toMatchObject({ accepted: 3, rejected: 0 });
      const total = (rows: { n: number }[]): number => rows.reduce((sum, { n }) => sum + n, 0);
      const after = (await read(`/v1/facts/merchant/${shop.id}?metric=complaints&limit=10000`)) as {
        rows: { n: number }[];
      };
      expect(total(after.rows)).toBe(total(before.rows) + 3);
      await expect
        .poll(
          async () =>
            ((await read(`/v1/ratings/merchant?q=${encodeURIComponent(shop.id)}`)) as { items: { score: number }[] })
              .items[0]?.score,
          { timeout: 60_000, interval: 500 },
        )
        .toBeLessThan(scoreBefore);
    });

    it("answers an unchanged card with 304", async () => {
      const url = `${demo.address}/v1/public/demo/merchants/${shop.id}`;
      const statuses = async (): Promise<number[]> => {
        const first = await fetch(url);
        const again = await fetch(url, { headers: { "if-none-match": String(first.headers.get("etag")) } });
        return [first.status, again.status];
      };
      // The demo lives: the shop may be rated anew between the two.
      await expect.poll(statuses, { timeout: 20_000, interval: 500 }).toEqual([200, 304]);
    });

    it("ends in order at SIGTERM, and no page complained", async () => {
      const ended = once(demo.child, "exit");
      demo.child.kill("SIGTERM");
      expect((await ended)[0]).toBe(0);
      expect(problems.filter((text) => !text.includes("404"))).toEqual([]);
    });
  },
);
