import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildReviewNote } from "./build.ts";
import { hostileNote, notes } from "./golden/notes.ts";
import { noteHeightPx } from "./note-style.ts";

const executable = process.env["PROBITY_CHROMIUM"] ?? "/usr/bin/chromium";
const browserFlags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const link = "About our reviews";

/** A page of reviews with a note under each; `gapPx` lies before the last one. */
function shopPage(query: URLSearchParams): string {
  const attributes = ["lang", "theme"].map((name) => (query.has(name) ? ` ${name}="${query.get(name)}"` : "")).join("");
  const reviews = (query.get("reviews") ?? "").split(",");
  const items = reviews.map(
    (review, place) =>
      `<li${place === reviews.length - 1 ? ` style="margin-top:${query.get("gap") ?? 0}px"` : ""}><p>Soft and thick.</p><probity-review-note merchant="qinghe" marketplace="lakeside" review="${review}"${attributes}>${query.get("inside") ?? ""}</probity-review-note></li>`,
  );
  return `<!doctype html><html lang="${query.get("page-lang") ?? "zh-CN"}"><head><meta charset="utf-8"><title>Shop</title><meta name="viewport" content="width=device-width"><script type="module" src="/widgets/review-note.js"></script><style>body{margin:16px}probity-review-note:not(:defined){display:block;min-height:${noteHeightPx}px}@media(prefers-color-scheme:dark){html{color-scheme:dark;background:#121614}}</style></head><body><main><h1>Towel</h1><ul>${items.join("")}</ul><p id="below">Below.</p></main></body></html>`;
}

describe.skipIf(!existsSync(executable))(
  `review note in Chromium (skipped where ${executable} is missing; set PROBITY_CHROMIUM)`,
  () => {
    let server: Server;
    let browser: Browser;
    let base: string;
    const asked: { review: string; cookie: string }[] = [];
    const gone: string[] = [];
    const failsOnce = new Set<string>();

    beforeAll(async () => {
      const { code } = await buildReviewNote();
      server = createServer((request, response) => {
        const url = new URL(request.url ?? "/", "http://127.0.0.1");
        const review = /^\/v1\/public\/lakeside\/merchants\/qinghe\/reviews\/(.+)$/.exec(url.pathname)?.[1];
        if (url.pathname === "/widgets/review-note.js") {
          response.setHeader("content-type", "text/javascript; charset=utf-8");
          response.end(code);
        } else if (review !== undefined) {
          asked.push({ review, cookie: request.headers.cookie ?? "" });
          response.on("close", () => response.writableFinished || gone.push(review));
          const note = review === "hostile" ? hostileNote : notes[review.replace("slow-", "")];
          const odd = review === "odd";
          const broken = review === "broken" || failsOnce.delete(review);
          response.statusCode = broken ? 500 : note === undefined && !odd ? 404 : 200;
          response.setHeader("content-type", "application/json; charset=utf-8");
          setTimeout(
            () => response.end(odd ? '{"weight":"1"}' : JSON.stringify(note ?? {})),
            review.startsWith("slow-") ? 500 : 0,
          );
        } else {
          response.setHeader("content-type", "text/html; charset=utf-8");
          response.setHeader(
            "content-security-policy",
            "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src http:",
          );
          response.end(shopPage(url.searchParams));
        }
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      browser = await chromium.launch({ executablePath: executable, args: browserFlags });
    }, 60_000);

    beforeEach(() => {
      asked.length = 0;
      gone.length = 0;
    });

    afterAll(async () => {
      await browser?.close();
      await new Promise((resolve) => server.close(resolve));
    });

    async function open(query: Record<string, string>, options: Parameters<Browser["newPage"]>[0] = {}): Promise<Page> {
      const page = await browser.newPage({ viewport: { width: 800, height: 900 }, ...options });
      await page.addInitScript(() => {
        const shifts: number[] = [];
        Object.assign(globalThis, { shifts });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value);
        }).observe({ type: "layout-shift", buffered: true });
      });
      await page.goto(`${base}/shop?${new URLSearchParams(query)}`);
      return page;
    }

    const lines = async (page: Page): Promise<string[]> => {
      await page.locator("probity-review-note p a").last().waitFor();
      const texts = await page.locator("probity-review-note p").allInnerTexts();
      return texts.map((text) => text.replaceAll("\u00a0", " "));
    };

    async function violations(page: Page): Promise<unknown[]> {
      await page.evaluate(axe);
      return page.evaluate(async () => {
        const { axe: runner } = globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { failureSummary: string }[] }[] }> };
        };
        return (await runner.run()).violations.map(({ id, nodes }) => [id, nodes.map((node) => node.failureSummary)]);
      });
    }

    test.each([
      [
        "zh",
        [
          "已核实购买 · 收货 12 天后评价 · 怎样核实",
          "已核实购买 · 收货当天评价 · 怎样核实",
          "已核实购买 · 收货 1 天后评价 · 怎样核实",
          "已核实下单，评价前没有收货记录 · 怎样核实",
          "未核实购买 · 怎样核实",
          "已核实购买 · 收货 12 天后评价 · 作者因写评价得到了好处 · 怎样核实",
          "已核实购买 · 收货 12 天后评价 · 在评级中按 40% 计入：文字与其他评价高度相似 · 怎样核实",
          "未核实购买 · 不计入评级：疑似协同的账号群体 · 怎样核实",
          "已核实购买 · 收货 12 天后评价 · 作者因写评价得到了好处 · 在评级中按 1% 计入：与其他账号共用设备、付款或地址 · 怎样核实",
          "已核实购买 · 收货 12 天后评价 · 不计入评级：经人工审核 · 怎样核实",
          "已核实购买 · 收货 12 天后评价 · 不计入评级：由平台认定 · 怎样核实",
        ],
      ],
      [
        "en",
        [
          "Verified purchase · 12 days after delivery · How we verify",
          "Verified purchase · on the day of delivery · How we verify",
          "Verified purchase · 1 day after delivery · How we verify",
          "Verified order, no delivery on record before the review · How we verify",
          "Purchase not verified · How we verify",
          "Verified purchase · 12 days after delivery · The author received something for this review · How we verify",
          "Verified purchase · 12 days after delivery · Counts 40% in ratings: near-duplicate text · How we verify",
          "Purchase not verified · Does not count in ratings: looks like a group that acts together · How we verify",
          "Verified purchase · 12 days after delivery · The author received something for this review · Counts 1% in ratings: device, payer or address shared with other accounts · How we verify",
          "Verified purchase · 12 days after delivery · Does not count in ratings: a moderator decided so · How we verify",
          "Verified purchase · 12 days after delivery · Does not count in ratings: the platform decided so · How we verify",
        ],
      ],
    ])("says in %s what is known of each review", async (lang, told) => {
      const page = await open({ reviews: Object.keys(notes).join(","), lang });
      expect(await lines(page)).toEqual(told);
      const how = page.locator("probity-review-note a").first();
      expect(await how.getAttribute("href")).toBe(`${base}/at/lakeside/how-we-verify?lang=${lang}`);
      await how.focus();
      expect(await how.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe("solid");
      await page.close();
    });

    test("takes its language from itself, the nearest element, or the browser", async () => {
      for (const [query, locale, part] of [
        [{ lang: "en" }, "zh-CN", "12 days after delivery"],
        [{ "page-lang": "en" }, "zh-CN", "12 days after delivery"],
        [{ "page-lang": "" }, "zh-CN", "收货 12 天后评价"],
        [{ "page-lang": "" }, "en-GB", "12 days after delivery"],
      ] as const) {
        const page = await open({ reviews: "bought", ...query }, { locale });
        expect((await lines(page))[0]).toContain(part);
        await page.close();
      }
    });

    test("many notes are one script and one request for each review, without a cookie", async () => {
      const page = await open({ reviews: "bought,copied,bought,bought,copied", lang: "en" });
      expect(await lines(page)).toHaveLength(5);
      expect(asked.map(({ review }) => review).sort()).toEqual(["bought", "copied"]);
      await page.evaluate(() => {
        document.cookie = "cart=1";
        const list = document.querySelector("ul") as HTMLElement;
        list.append(...[...list.children].map((item) => item.cloneNode(true)));
      });
      await page.waitForFunction(
        () =>
          [...document.querySelectorAll("probity-review-note")].filter((note) => note.shadowRoot?.querySelector("p a"))
            .length === 10,
      );
      expect(asked).toHaveLength(2);
      await page.evaluate(() => document.querySelector("probity-review-note")?.setAttribute("review", "ring"));
      await page.getByText("looks like a group that acts together").waitFor();
      expect(asked.map(({ review, cookie }) => review + cookie).at(-1)).toBe("ring");
      await page.close();
    });

    test("asks when it comes near to what is seen, not before", async () => {
      const page = await open({ reviews: "bought,copied", gap: "6000", lang: "en" });
      await page.locator("probity-review-note p a").first().waitFor();
      await page.waitForTimeout(200);
      expect(asked.map(({ review }) => review)).toEqual(["bought"]);
      await page.locator("#below").scrollIntoViewIfNeeded();
      await page.getByText("near-duplicate text").waitFor();
      await page.close();
    });

    test("a note that leaves the page takes its request along, unless another waits for it", async () => {
      const page = await open({ reviews: "slow-bought,slow-copied,slow-bought", lang: "en" });
      await expect.poll(() => asked.length).toBe(2);
      await page.evaluate(() => {
        const [first, second] = document.querySelectorAll("li");
        first?.remove();
        second?.remove();
      });
      await page.getByText("12 days after delivery").waitFor();
      await expect.poll(() => gone).toEqual(["slow-copied"]);
      await page.close();
    });

    test("a review that is not known leaves nothing behind", async () => {
      const page = await open({ reviews: "missing", lang: "en", inside: link });
      const note = page.locator("probity-review-note");
      await note.waitFor({ state: "hidden" });
      expect([await note.boundingBox(), await page.getByText(link).isVisible()]).toEqual([null, false]);
      await page.evaluate(() => document.querySelector("probity-review-note")?.setAttribute("review", "bought"));
      await page.getByText("12 days after delivery").waitFor();
      await page.close();
    });

    test.each(["broken", "odd"])("where the answer is %s it says so, or shows what stands in it", async (review) => {
      const plain = await open({ reviews: review, lang: "en" });
      await plain.getByText("cannot be read now").waitFor();
      expect(await violations(plain)).toEqual([]);
      await plain.close();
      const filled = await open({ reviews: review, lang: "en", inside: link });
      await filled.waitForFunction(() => document.querySelector("probity-review-note")?.shadowRoot?.querySelector("p"));
      expect(await filled.getByText(link).isVisible()).toBe(true);
      expect(await filled.getByText("cannot be read now").isVisible()).toBe(false);
      await filled.close();
    });

    test("a failure is not kept: the next note asks again", async () => {
      failsOnce.add("bought");
      const page = await open({ reviews: "bought", lang: "en" });
      await page.getByText("cannot be read now").waitFor();
      await page.evaluate(() => {
        const list = document.querySelector("ul") as HTMLElement;
        list.append(list.children[0]?.cloneNode(true) as Node);
      });
      await page.getByText("12 days after delivery").waitFor();
      expect(asked).toHaveLength(2);
      await page.close();
    });

    test("shows what stands in it while it waits, and without script", async () => {
      const waiting = await open({ reviews: "slow-bought", inside: link });
      expect(await waiting.getByText(link).isVisible()).toBe(true);
      await waiting.close();
      const plain = await open({ reviews: "bought", inside: link }, { javaScriptEnabled: false });
      expect(await plain.getByText(link).isVisible()).toBe(true);
      await plain.close();
    });

    test("a line that fits moves nothing when it arrives", async () => {
      for (const [lang, width] of [
        ["zh", 390],
        ["en", 800],
      ] as const) {
        const page = await open({ reviews: "slow-bought,slow-unverified", lang }, { viewport: { width, height: 900 } });
        const before = await page.locator("#below").boundingBox();
        await lines(page);
        expect((await page.locator("#below").boundingBox())?.y, lang).toBe(before?.y);
        expect(await page.evaluate(() => (globalThis as unknown as { shifts: number[] }).shifts)).toEqual([]);
        await page.close();
      }
    });

    test("shows hostile data as text and invents nothing from it", async () => {
      const page = await open({ reviews: "hostile", lang: "en" });
      await page.locator("probity-review-note p a").waitFor();
      expect(
        await page.evaluate(() => [
          (globalThis as { broken?: number }).broken ?? null,
          document.querySelector("probity-review-note")?.shadowRoot?.querySelectorAll("img,script").length,
        ]),
      ).toEqual([null, 0]);
      expect((await lines(page))[0]).toBe("Purchase not verified · Counts 1% in ratings · How we verify");
      await page.close();
    });

    test.each(["light", "dark"] as const)(
      "axe finds nothing in %s, wide and narrow, by setting and by attribute",
      async (theme) => {
        for (const width of [390, 1440]) {
          const page = await open(
            { reviews: Object.keys(notes).join(","), lang: "en", "page-lang": "en" },
            { colorScheme: theme, viewport: { width, height: 844 } },
          );
          await lines(page);
          expect(await violations(page), String(width)).toEqual([]);
          expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
          await page.close();
        }
        const byAttribute = await open(
          { reviews: "copied,ring", theme },
          { colorScheme: theme === "dark" ? "light" : "dark" },
        );
        await lines(byAttribute);
        const paper = await byAttribute
          .locator("probity-review-note p")
          .first()
          .evaluate((element) => getComputedStyle(element).backgroundColor);
        expect(paper).toBe(theme === "dark" ? "rgb(25, 30, 28)" : "rgb(255, 255, 255)");
        await byAttribute.close();
      },
      60_000,
    );
  },
);
