import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createRequire } from "node:module";
import type { TrustCard } from "@probity/contract";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildTrustCard } from "./build.ts";
import { cardHeightPx } from "./card-style.ts";
import { earlyCard, hostileCard, ratedCard, warnedCard } from "./golden/cards.ts";

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
const cards: Record<string, TrustCard> = {
  rated: ratedCard,
  warned: warnedCard,
  early: earlyCard,
  hostile: hostileCard,
};
const link = "Trust in this shop";

function shopPage(query: URLSearchParams): string {
  const attributes = ["lang", "theme"].map((name) => (query.has(name) ? ` ${name}="${query.get(name)}"` : "")).join("");
  const src = query.get("src") ?? "";
  return `<!doctype html><html lang="${query.get("page-lang") ?? "zh-CN"}"><head><meta charset="utf-8"><title>Shop</title><meta name="viewport" content="width=device-width"><script type="module" src="/widgets/trust-card.js"></script><style>body{margin:16px}probity-trust-card:not(:defined){display:block;min-height:${cardHeightPx}px}</style></head><body><main><h1>Towel</h1><probity-trust-card merchant="${query.get("merchant")}" marketplace="lakeside"${src === "" ? "" : ` src="${src}"`}${attributes}><a href="/m/x">${link}</a></probity-trust-card><p id="below">Below the card.</p></main></body></html>`;
}

describe.skipIf(!existsSync(executable))(
  `trust card in Chromium (skipped where ${executable} is missing; set PROBITY_CHROMIUM)`,
  () => {
    let server: Server;
    let browser: Browser;
    let base: string;
    const asked: string[] = [];

    beforeAll(async () => {
      const { code } = await buildTrustCard();
      server = createServer((request, response) => {
        const url = new URL(request.url ?? "/", "http://127.0.0.1");
        const merchant = /^\/v1\/public\/lakeside\/merchants\/(.+)$/.exec(url.pathname)?.[1];
        if (url.pathname === "/widgets/trust-card.js") {
          response.setHeader("content-type", "text/javascript; charset=utf-8");
          response.end(code);
        } else if (merchant !== undefined) {
          asked.push(request.headers.cookie ?? "");
          const card = cards[merchant.replace(/^(slow|held)-/, "")];
          response.statusCode = merchant === "broken" ? 500 : card === undefined && merchant !== "odd" ? 404 : 200;
          response.setHeader("content-type", "application/json; charset=utf-8");
          setTimeout(
            () => response.end(merchant === "odd" ? '{"name":1}' : JSON.stringify(card ?? {})),
            // Held: longer than a busy machine takes to look.
            merchant.startsWith("held-") ? 30_000 : merchant.startsWith("slow-") ? 400 : 0,
          ).unref();
        } else {
          response.setHeader("content-type", "text/html; charset=utf-8");
          // Neither inline script nor inline style in the card's way: 'unsafe-inline' is for the page's own rule.
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

    afterAll(async () => {
      await browser?.close();
      await new Promise((resolve) => server.close(resolve));
    });

    async function open(query: Record<string, string>, options: Parameters<Browser["newPage"]>[0] = {}): Promise<Page> {
      const page = await browser.newPage({ viewport: { width: 420, height: 900 }, ...options });
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

    const text = (page: Page): Promise<string> => page.locator("probity-trust-card section").innerText();

    async function violations(page: Page): Promise<unknown[]> {
      await page.evaluate(axe);
      return page.evaluate(async () => {
        const { axe: runner } = globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { failureSummary: string }[] }[] }> };
        };
        return (await runner.run()).violations.map(({ id, nodes }) => [id, nodes.map((node) => node.failureSummary)]);
      });
    }

    test("says in Chinese what a shopper can expect, and where it comes from", async () => {
      const page = await open({ merchant: "rated" });
      const shown = await text(page);
      for (const part of [
        "清和竹器旗舰店",
        "812 / 1000",
        "有 90% 把握不低于 796",
        "与描述相符的订单",
        "99.3%",
        "共 512",
        "99.99%",
        "账本 1,204,902 条",
      ])
        expect(shown).toContain(part);
      const how = page.getByRole("link", { name: "怎么算的" });
      expect(await how.getAttribute("href")).toBe(`${base}/m/qinghe-bamboo?lang=zh`);
      expect(await page.getByRole("region", { name: "清和竹器旗舰店的信誉" }).count()).toBe(1);
      expect(await page.getByText(link).isVisible()).toBe(false);
      await how.focus();
      expect(await how.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe("solid");
      await page.close();
    });

    test("takes its language from itself, the nearest element, or the browser", async () => {
      for (const [query, locale, part] of [
        [{ lang: "en" }, "zh-CN", "with 90% confidence not below 796"],
        [{ "page-lang": "en" }, "zh-CN", "How is this rated?"],
        [{ "page-lang": "" }, "zh-CN", "怎么算的"],
        [{ "page-lang": "" }, "en-GB", "ledger: 1,204,902"],
      ] as const) {
        const page = await open({ merchant: "rated", ...query }, { locale });
        expect(await text(page)).toContain(part);
        await page.close();
      }
    });

    test("is too early without a grade, and says how much is missing", async () => {
      const page = await open({ merchant: "early", lang: "en" });
      const shown = await text(page);
      for (const part of ["Too early to grade", "kept orders in a year", "8 of 20", "6 of 10"])
        expect(shown).toContain(part);
      expect(shown).not.toContain("663");
      await page.close();
    });

    test.each(["slow-rated", "slow-warned", "slow-early"])(
      "%s moves nothing when its data arrives",
      async (merchant) => {
        for (const [lang, width] of [
          ["zh", 420],
          ["en", 352],
          ["en", 1_024],
        ] as const) {
          const page = await open({ merchant, lang }, { viewport: { width, height: 900 } });
          const before = await page.locator("#below").boundingBox();
          await page.locator("probity-trust-card section").waitFor();
          await page.waitForTimeout(150);
          const after = await page.locator("#below").boundingBox();
          expect(after?.y, `${merchant} ${lang} ${width}`).toBe(before?.y);
          expect(await page.evaluate(() => (globalThis as unknown as { shifts: number[] }).shifts)).toEqual([]);
          expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
          await page.close();
        }
      },
      60_000,
    );

    test.each([
      ["broken", ""],
      ["missing", ""],
      ["odd", ""],
      ["rated", "http://127.0.0.1:9"],
    ])("keeps the link where the answer for %s %s is no card", async (merchant, src) => {
      const page = await open(src === "" ? { merchant } : { merchant, src });
      await page.waitForFunction(
        () => document.querySelector("probity-trust-card")?.shadowRoot?.querySelector(".card") === null,
      );
      expect(await page.getByRole("link", { name: link }).isVisible()).toBe(true);
      await page.close();
    });

    test("shows the link while it waits, and without script", async () => {
      const waiting = await open({ merchant: "held-rated" });
      await expect.poll(() => waiting.getByRole("link", { name: link }).isVisible()).toBe(true);
      await waiting.close();
      const plain = await open({ merchant: "rated" }, { javaScriptEnabled: false });
      expect(await plain.getByText(link).isVisible()).toBe(true);
      await plain.close();
    });

    test("shows hostile data as text, keeps its own lines, and follows no script link", async () => {
      const page = await open({ merchant: "hostile", lang: "en" });
      expect(await text(page)).toContain("<script>window.broken=1</script>");
      expect(
        await page.evaluate(() => [
          (globalThis as { broken?: number }).broken,
          document.querySelector("probity-trust-card")?.shadowRoot?.querySelectorAll("script,img,a").length,
        ]),
      ).toEqual([null, 0].map((value) => value ?? undefined));
      const name = page.locator("probity-trust-card .name");
      expect(await name.evaluate((element) => getComputedStyle(element).unicodeBidi)).toBe("isolate");
      expect((await name.boundingBox())?.height).toBeLessThan(30);
      await page.close();
    });

    test.each(["light", "dark"] as const)(
      "axe finds nothing in %s, by setting and by attribute",
      async (theme) => {
        for (const merchant of ["rated", "warned", "early"]) {
          const bySetting = await open({ merchant, lang: "en", "page-lang": "en" }, { colorScheme: theme });
          await text(bySetting);
          expect(await violations(bySetting), merchant).toEqual([]);
          await bySetting.close();
        }
        const byAttribute = await open(
          { merchant: "warned", theme },
          { colorScheme: theme === "dark" ? "light" : "dark" },
        );
        const paper = await byAttribute
          .locator("probity-trust-card section")
          .evaluate((element) => getComputedStyle(element).backgroundColor);
        expect(paper).toBe(theme === "dark" ? "rgb(25, 30, 28)" : "rgb(255, 255, 255)");
        expect(await violations(byAttribute)).toEqual([]);
        await byAttribute.close();
      },
      60_000,
    );

    test("asks again when the merchant changes, and sends no cookie", async () => {
      const page = await open({ merchant: "rated", lang: "en" });
      await text(page);
      await page.evaluate(() => {
        document.cookie = "cart=1";
        document.querySelector("probity-trust-card")?.setAttribute("merchant", "early");
      });
      await page.getByText("Too early to grade").waitFor();
      expect(asked.at(-1)).toBe("");
      await page.close();
    });
  },
);
