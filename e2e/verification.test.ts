import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { AssessedItem, AuthenticitySummary, ReviewNote, Verification } from "@probity/contract";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axeFindings, chromiumAbsent, type Demo, openBrowser, startDemo } from "./demo.fixture.ts";

/** How reviews are verified, as a shopper meets it: the page, a merchant's page, a note on another site. */
describe.skipIf(chromiumAbsent !== undefined)(
  `verification in the open${chromiumAbsent === undefined ? "" : `: ${chromiumAbsent}`}`,
  () => {
    let demo: Demo;
    let browser: Browser;
    let doubted: AssessedItem;

    const read = async <T>(path: string): Promise<T> => {
      const answer = await fetch(demo.address + path, { headers: { authorization: `Bearer ${demo.token}` } });
      expect([path, answer.status]).toEqual([path, 200]);
      return (await answer.json()) as T;
    };
    const open = async (path: string, width = 1440, colorScheme: "light" | "dark" = "light"): Promise<Page> => {
      const page = await browser.newPage({ viewport: { width, height: 844 }, colorScheme, bypassCSP: true });
      await page.goto(demo.address + path);
      return page;
    };
    const verification = (): Promise<Verification> => read<Verification>("/v1/public/demo/verification");

    beforeAll(async () => {
      demo = await startDemo();
      browser = await openBrowser();
      const { items } = await read<{ items: AssessedItem[] }>(
        "/v1/authenticity/queue?kind=review&reliabilityMax=299&limit=1",
      );
      doubted = items[0] as AssessedItem;
    });

    afterAll(async () => {
      await browser?.close();
      demo?.child.kill("SIGTERM");
    });

    it("says what is looked at, what does not count and by which model, in both languages", async () => {
      for (const lang of ["en", "zh"]) {
        // The demo lives: what is counted may move between the two readings.
        const agrees = async (): Promise<boolean> => {
          const { summary, model } = await verification();
          const text = await (await fetch(`${demo.address}/how-we-verify?lang=${lang}`)).text();
          const counts = [summary.reviews, summary.reviewsNotCounted].map((one) => one.toLocaleString("en"));
          return [...counts, model].every((part) => text.includes(part));
        };
        await expect.poll(agrees, { timeout: 20_000 }).toBe(true);
      }
      const { summary, reasons } = await verification();
      expect(summary.reviewsNotCounted).toBeGreaterThan(0);
      const page = await open("/how-we-verify?lang=en");
      expect(await page.locator(".looked li").count()).toBe(reasons.filter(({ weight }) => weight > 0).length);
      expect(await page.getByRole("heading", { name: "Is criticism played down?" }).isVisible()).toBe(true);
      await page.close();
    });

    it("is one click from the index, from the rules and from a merchant's page", async () => {
      for (const path of ["/", "/how-we-rate", `/m/${doubted.merchant}`]) {
        const page = await open(`${path}?lang=en`);
        await page.getByRole("main").getByRole("link", { name: "How we verify reviews" }).click();
        expect(await page.locator("h1").innerText()).toBe("How we verify reviews");
        await page.close();
      }
    });

    it("has nothing for axe to find and fits 390 pixels, in both themes", async () => {
      for (const [width, scheme] of [
        [1440, "light"],
        [390, "dark"],
      ] as const) {
        const page = await open("/how-we-verify?lang=zh", width, scheme);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        expect(await axeFindings(page)).toEqual([]);
        await page.close();
      }
    });

    it("tells on a merchant's page how many reviews do not count", async () => {
      const agrees = async (): Promise<boolean> => {
        const { reviews, reviewsNotCounted } = await read<AuthenticitySummary>(
          `/v1/authenticity/merchant/${doubted.merchant}/summary`,
        );
        const text = await (await fetch(`${demo.address}/m/${doubted.merchant}?lang=zh`)).text();
        return reviewsNotCounted > 0 && text.includes(`${reviews} 条评价中，${reviewsNotCounted} 条不计入`);
      };
      await expect.poll(agrees, { timeout: 20_000 }).toBe(true);
    });

    it("puts notes on another site's page, and answers an unchanged one with 304", async () => {
      const path = `/v1/public/demo/merchants/${doubted.merchant}/reviews/${doubted.id}`;
      const first = await fetch(demo.address + path);
      const note = (await first.json()) as ReviewNote;
      expect([first.headers.get("access-control-allow-origin"), note.weight]).toEqual(["*", 0]);
      const again = await fetch(demo.address + path, {
        headers: { "if-none-match": String(first.headers.get("etag")) },
      });
      expect(again.status).toBe(304);
      const tag = (review: string): string =>
        `<probity-review-note src="${demo.address}" marketplace="demo" merchant="${doubted.merchant}" review="${review}"></probity-review-note>`;
      const host: Server = createServer((_request, response) => {
        response.setHeader("content-type", "text/html; charset=utf-8");
        response.end(`<!doctype html><html lang="en"><body>${tag(doubted.id)}${tag("nothing")}${tag(doubted.id)}
          <script type="module" src="${demo.address}/widgets/review-note.js"></script></body></html>`);
      });
      host.listen(0, "127.0.0.1");
      await once(host, "listening");
      const page = await browser.newPage({ locale: "en-US" });
      const asked: string[] = [];
      page.on("request", (request) => {
        if (request.url().includes("/reviews/")) asked.push(request.url());
      });
      await page.goto(`http://127.0.0.1:${(host.address() as AddressInfo).port}/`);
      const notes = page.locator("probity-review-note");
      for (const place of [0, 2]) await notes.nth(place).getByText("Does not count in ratings").waitFor();
      await notes.nth(1).waitFor({ state: "hidden" });
      expect(asked).toHaveLength(2);
      await notes.first().getByRole("link", { name: "How we verify" }).click();
      expect(await page.locator("h1").innerText()).toBe("How we verify reviews");
      await page.close();
      host.close();
    });
  },
);
