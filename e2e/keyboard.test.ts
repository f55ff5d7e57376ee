import type { Browser, BrowserContext, Page, Request } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../packages/console/build-console.ts";
import { chromiumAbsent, type Demo, openBrowser, startDemo } from "./demo.fixture.ts";
import { enterFirst, type Served, startServe } from "./serve.fixture.ts";

const stepsMax = 400;

interface Walk {
  /** What can be pressed or filled in and was never reached, as the start of its markup. */
  readonly missed: readonly string[];
  /** What had the focus and did not show it. */
  readonly unseen: readonly string[];
  readonly steps: number;
}

/**
 * Walks over a page by Tab until it leaves the page. What moves by arrows within (rows, tabs, trees) has one stop, so
 * elements with tabindex -1 are not waited for.
 */
async function walk(page: Page): Promise<Walk> {
  await page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
    const found = new Set<Element>();
    Object.assign(globalThis, { reached: found, unseen: new Set<string>() });
  });
  let steps = 0;
  for (; steps < stepsMax; steps += 1) {
    await page.keyboard.press("Tab");
    const goesOn = await page.evaluate(() => {
      const kept = globalThis as unknown as { reached: Set<Element>; unseen: Set<string>; last?: Element };
      const here = document.activeElement;
      // A date is one field with several stops inside.
      if (here !== null && here === kept.last) return true;
      if (here === null || here === document.body || kept.reached.has(here)) return false;
      kept.last = here;
      kept.reached.add(here);
      const shows = (element: Element | null): boolean => {
        if (element === null) return false;
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
        return (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
      };
      if (!shows(here) && !shows(here.parentElement)) kept.unseen.add(here.outerHTML.slice(0, 160));
      return true;
    });
    if (!goesOn) break;
  }
  const told = await page.evaluate(() => {
    const kept = globalThis as unknown as { reached: Set<Element>; unseen: Set<string> };
    const pressable = document.querySelectorAll<HTMLElement>(
      "a[href], button, input:not([type=hidden]), select, textarea, [role=button], [role=checkbox], [role=radio], [role=combobox], [role=separator][tabindex]",
    );
    const missed = [...pressable].filter((element) => {
      const isOff = element.matches(
        ":disabled, [aria-disabled=true], [data-disabled], [tabindex='-1'], [aria-hidden=true]",
      );
      const { visibility } = getComputedStyle(element);
      const isThere = element.getClientRects().length > 0 && visibility !== "hidden";
      // Of radio buttons one is a stop; arrows lead to the others.
      const { name } = element as HTMLInputElement;
      const isOfGroup = [...kept.reached].some(
        (one) => one.matches("[type=radio]") && (one as HTMLInputElement).name === name,
      );
      return (
        !isOff &&
        !(element.matches("[type=radio]") && isOfGroup) &&
        isThere &&
        !kept.reached.has(element) &&
        element.closest("[inert], [aria-hidden=true]") === null
      );
    });
    return { missed: missed.map((element) => element.outerHTML.slice(0, 200)), unseen: [...kept.unseen] };
  });
  return { ...told, steps };
}

/** Waits until nothing that the page asked for is outstanding, for half a second; the stream of events never ends. */
function answersOf(page: Page): () => Promise<void> {
  const asked = new Set<Request>();
  let stillSinceMs = 0;
  const heard = (request: Request): void => {
    asked.delete(request);
    stillSinceMs = performance.now();
  };
  page.on("request", (request) => {
    if (!new URL(request.url()).pathname.endsWith("/v1/live")) asked.add(request);
  });
  page.on("requestfinished", heard);
  page.on("requestfailed", heard);
  const isStill = (): boolean => asked.size === 0 && performance.now() - stillSinceMs > 500;
  return async () => {
    await expect.poll(isStill, { timeout: 30_000, interval: 50 }).toBe(true);
  };
}

describe.skipIf(chromiumAbsent !== undefined)(
  `every page by keyboard alone${chromiumAbsent === undefined ? "" : `: ${chromiumAbsent}`}`,
  () => {
    let demo: Demo;
    let served: Served;
    let browser: Browser;
    let visitor: BrowserContext;
    let person: BrowserContext;
    let shop = "";
    let policy = "";

    beforeAll(async () => {
      await ensureBuilt();
      [demo, served, browser] = await Promise.all([startDemo(), startServe(), openBrowser()]);
      const looks = { viewport: { width: 1_440, height: 900 }, locale: "en-GB", reducedMotion: "reduce" as const };
      [visitor, person] = [await browser.newContext(looks), await browser.newContext(looks)];
      await visitor.addInitScript(() => localStorage.setItem("probity-tour-left", "1"));
      await visitor.request.post(`${demo.address}/v1/session/visitor`, {
        headers: { origin: demo.address, "sec-fetch-site": "same-origin" },
        data: {},
      });
      await enterFirst(served, person);
      const headers = { authorization: `Bearer ${demo.token}` };
      const ask = async <T>(path: string): Promise<T> =>
        (await (await fetch(`${demo.address}/v1/${path}`, { headers })).json()) as T;
      shop = (await ask<{ items: { id: string }[] }>("ratings/merchant?limit=1")).items[0]?.id ?? "";
      policy = (await ask<{ items: { policy: string }[] }>("policies")).items[0]?.policy ?? "";
    }, 180_000);
    afterAll(async () => {
      await browser?.close();
      demo?.child.kill("SIGTERM");
      await served?.[Symbol.asyncDispose]();
    });

    async function check(context: BrowserContext, url: string): Promise<void> {
      const page = await context.newPage();
      const allAnswered = answersOf(page);
      await page.goto(url);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      await expect.poll(() => page.locator(".animate-pulse").count(), { timeout: 20_000 }).toBe(0);
      await allAnswered();
      const { missed, unseen, steps } = await walk(page);
      expect(steps, "the page holds the keyboard").toBeLessThan(stepsMax);
      expect(steps).toBeGreaterThan(3);
      expect({ missed, unseen }, url).toEqual({ missed: [], unseen: [] });
      await page.close();
    }

    it.each([
      "overview",
      "merchants",
      "products",
      "promoters",
      "merchants/SHOP",
      "merchants/SHOP?open=all",
      "merchants/SHOP?tab=history",
      "merchants/SHOP?tab=rules",
      "merchants/SHOP?tab=card",
      "merchants/SHOP/report",
      "compare/merchants?ids=%5B%22SHOP%22%5D",
      "policies",
      "policies/POLICY",
      "policies/POLICY/draft",
      "policies/POLICY/diff",
      "policies/POLICY/what-if",
      "log?entry=100",
      "settings",
    ])("the demo: %s", async (path) => {
      await check(visitor, `${demo.address}/console/demo/${path.replace("SHOP", shop).replace("POLICY", policy)}`);
    });

    it.each([
      "ingest",
      "ingest?tab=letters",
      "import",
      "activity",
      "settings?section=account",
      "settings?section=people",
      "settings?section=keys",
      "settings?section=marketplaces",
    ])("a clean server: %s", async (path) => {
      await check(person, `${served.address}/console/main/${path}`);
    });

    it("signing in", async () => {
      const nobody = await browser.newContext({ viewport: { width: 1_440, height: 900 }, locale: "en-GB" });
      await check(nobody, `${served.address}/console/sign-in`);
      await nobody.close();
    });
  },
);
