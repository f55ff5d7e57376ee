import type { AssessedItem, RingSummary } from "@probity/contract";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../packages/console/build-console.ts";
import { type Desk, openDesk } from "./authenticity.fixture.ts";
import { axeFindings, chromiumAbsent, openBrowser } from "./demo.fixture.ts";

type State = Awaited<ReturnType<BrowserContext["storageState"]>>;
interface Shown {
  readonly locale?: "en-GB" | "zh-CN";
  readonly dark?: boolean;
  readonly width?: number;
}

/** The same flow in both languages: what one reads and presses. */
const spoken = {
  "en-GB": {
    waiting: /([\d,]+)( or more)? waiting/,
    notGenuine: "Decided: not genuine",
    undone: "The decision was taken back",
    bulk: /Decide all that match/,
    match: /([\d,]+) items? match(es)?/,
    decideAll: /^Decide [\d,]+ items?$/,
    decided: /[\d,]+ items? decided/,
    confirm: "Confirm",
    confirmed: "The ring is confirmed",
    reopen: "Open again",
    reopened: "The ring is open again",
    evidence: "Evidence",
    promote: "Put in force",
    rollBack: "Go back to this one",
    inForce: /Model \w+ is in force/,
  },
  "zh-CN": {
    waiting: /([\d,]+) 条(以上)?待裁定/,
    notGenuine: "已裁定：不真实",
    undone: "裁定已撤回",
    bulk: /裁定所有符合条件的/,
    match: /([\d,]+) 条符合条件/,
    decideAll: /^裁定 [\d,]+ 条$/,
    decided: /已裁定 [\d,]+ 条/,
    confirm: "确认",
    confirmed: "团伙已确认",
    reopen: "重新打开",
    reopened: "团伙已重新打开",
    evidence: "证据",
    promote: "启用",
    rollBack: "恢复为此模型",
    inForce: /模型 \w+ 已启用/,
  },
} as const;

/** Moderators at their desk, over a marketplace that was judged with rings planted in it. */
describe.skipIf(chromiumAbsent !== undefined)(
  `the desk of authenticity${chromiumAbsent === undefined ? "" : `: ${chromiumAbsent}`}`,
  () => {
    let browser: Browser;
    let desk: Desk;
    let state: State;
    const problems: string[] = [];

    beforeAll(async () => {
      await ensureBuilt();
      browser = await openBrowser();
      desk = await openDesk();
      const context = await browser.newContext();
      const answer = await context.request.post(`${desk.address}/v1/session/first-run`, {
        headers: { origin: desk.address },
        data: {
          setupCode: desk.setupCode,
          name: "林 Lin",
          email: "lin@example.org",
          password: "correct horse battery",
        },
      });
      expect(answer.status()).toBe(200);
      state = await context.storageState();
      await context.close();
    });
    afterAll(async () => {
      await browser?.close();
      await desk?.[Symbol.asyncDispose]();
      expect(problems).toEqual([]);
    });

    async function open(path: string, { locale = "en-GB", dark = false, width = 1_440 }: Shown = {}): Promise<Page> {
      const context = await browser.newContext({
        storageState: state,
        locale,
        colorScheme: dark ? "dark" : "light",
        viewport: { width, height: width < 500 ? 844 : 900 },
        bypassCSP: true,
        reducedMotion: "reduce",
      });
      context.setDefaultTimeout(30_000);
      const page = await context.newPage();
      page.on("console", (message) => {
        if (message.type() === "error") problems.push(`${path}: ${message.text()}`);
      });
      page.on("pageerror", (error) => problems.push(`${path}: ${error.message}`));
      await page.goto(`${desk.address}/console/main/${path}`);
      await page.locator("h1").waitFor();
      return page;
    }

    async function api<A>(path: string): Promise<A> {
      const context = await browser.newContext({ storageState: state });
      const answer = await context.request.get(desk.address + path, { headers: { "probity-marketplace": "main" } });
      expect([path, answer.status()]).toEqual([path, 200]);
      const body = (await answer.json()) as A;
      await context.close();
      return body;
    }
    const queue = async (query: string): Promise<readonly AssessedItem[]> =>
      (await api<{ items: AssessedItem[] }>(`/v1/authenticity/queue?${query}`)).items;
    const numberIn = (text: string, pattern: RegExp): number =>
      Number(pattern.exec(text)?.[1]?.replaceAll(",", "") ?? Number.NaN);

    it.each(["en-GB", "zh-CN"] as const)(
      "empties the queue by keys, takes back, and decides on all that match (%s)",
      async (locale) => {
        const words = spoken[locale];
        const page = await open("authenticity", { locale });
        const [first] = await queue("limit=1");
        const waiting = async (): Promise<number> =>
          numberIn(await page.getByText(words.waiting).first().innerText(), words.waiting);
        const before = await waiting();
        await page.keyboard.press("j");
        await expect.poll(() => page.locator("[data-at]").textContent()).toContain(first?.merchantName ?? "");
        await page.keyboard.press("n");
        await page.getByText(words.notGenuine).first().waitFor();
        expect((await queue("limit=1"))[0]?.id).not.toBe(first?.id);
        if (before < 1_000) await expect.poll(waiting).toBe(before - 1);
        await page.keyboard.press("z");
        await page.getByText(words.undone).first().waitFor();
        const own = `kind=${first?.kind ?? ""}&merchant=${first?.merchant ?? ""}&user=${first?.user ?? ""}&limit=200`;
        await expect.poll(async () => (await queue(own)).some(({ id }) => id === first?.id)).toBe(true);
        const [doubted] = await queue("kind=review&reliabilityMax=499&limit=1");
        const narrowed = `kind=review&merchant=${doubted?.merchant ?? ""}`;
        await page.goto(`${desk.address}/console/main/authenticity?${narrowed}&level=lower`);
        await page.getByRole("button", { name: words.bulk }).click();
        const dialog = page.getByRole("dialog");
        const matching = numberIn(await dialog.getByText(words.match).innerText(), words.match);
        expect(matching).toBeGreaterThan(0);
        await dialog.getByRole("button", { name: words.decideAll }).click();
        await page.getByText(words.decided).first().waitFor();
        expect(await queue(`${narrowed}&reliabilityMax=499`)).toEqual([]);
        const { items } = await api<{ items: { decision: string; undone: boolean }[] }>(
          "/v1/authenticity/decisions?limit=1",
        );
        const context = await browser.newContext({ storageState: state });
        await context.request.post(`${desk.address}/v1/authenticity/decisions/${items[0]?.decision ?? ""}/undo`, {
          headers: { "probity-marketplace": "main", origin: desk.address },
          data: {},
        });
        await context.close();
        await page.context().close();
      },
    );

    it("shows the evidence of a review so that it adds up, and leads on to its account and ring", async () => {
      const [item] = await queue("kind=review&limit=1");
      const page = await open(`authenticity/review/${item?.merchant ?? ""}/${item?.id ?? ""}`);
      const why = page.getByRole("list", { name: "Why" });
      await why.waitFor();
      const shares = (await why.getByRole("listitem").allInnerTexts()).map((text) =>
        Number(/[−+]?[\d.]+(?=%|\n|$)/.exec(text.split("\n")[1] ?? "")?.[0].replace("−", "-") ?? 0),
      );
      const [base = 0, ...rest] = shares;
      expect(base + rest.slice(0, -1).reduce((sum, one) => sum + one, 0)).toBeCloseTo(rest.at(-1) ?? 0, 1);
      await page
        .getByRole("link", { name: `account ${item?.user ?? ""}` })
        .first()
        .click();
      await page.getByRole("heading", { level: 1, name: `Account ${item?.user ?? ""}` }).waitFor();
      await page.context().close();
    });

    it.each(["en-GB", "zh-CN"] as const)(
      "confirms a ring and opens it again, its graph beside it (%s)",
      async (locale) => {
        const words = spoken[locale];
        const { items } = await api<{ items: RingSummary[] }>("/v1/authenticity/rings");
        const ring = items.find(({ state: stands }) => stands === "open") as RingSummary;
        const page = await open("authenticity/rings", { locale });
        await page.locator(`a[href$="/rings/${ring.ring}"]`).first().click();
        await page.getByRole("region", { name: words.evidence }).getByRole("row").nth(2).waitFor();
        await page.locator("canvas[data-done]").waitFor({ timeout: 60_000 });
        await page.getByRole("button", { name: words.confirm, exact: true }).click();
        await page.getByText(words.confirmed).first().waitFor();
        expect((await api<{ summary: RingSummary }>(`/v1/authenticity/rings/${ring.ring}`)).summary.state).toBe(
          "confirmed",
        );
        await page.getByRole("button", { name: words.reopen, exact: true }).click();
        await page.getByText(words.reopened).first().waitFor();
        await page.context().close();
      },
    );

    it.each(["en-GB", "zh-CN"] as const)("puts a model in force and the one before back (%s)", async (locale) => {
      const words = spoken[locale];
      const page = await open(`authenticity/models/${desk.candidate}`, { locale });
      const promote = page.getByRole("button", {
        name: locale === "en-GB" ? words.promote : words.promote,
        exact: true,
      });
      // In the second language it is a model that was in force before.
      const act = (await promote.count()) > 0 ? words.promote : words.rollBack;
      await page.getByRole("button", { name: act, exact: true }).click();
      await page.getByRole("dialog").getByRole("button", { name: act, exact: true }).click();
      await page.getByText(words.inForce).first().waitFor();
      const { items } = await api<{ items: { model: string; state: string }[] }>("/v1/authenticity/models");
      expect(items.find(({ model }) => model === desk.candidate)?.state).toBe("in-force");
      const shipped = items.find(({ state: stands }) => stands === "retired")?.model ?? "";
      await page.goto(`${desk.address}/console/main/authenticity/models/${shipped}`);
      await page.getByRole("button", { name: words.rollBack, exact: true }).click();
      await page.getByRole("dialog").getByRole("button", { name: words.rollBack, exact: true }).click();
      await page.getByText(words.inForce).first().waitFor();
      await page.context().close();
    });

    it("leaves a trace of each act, in words", async () => {
      const page = await open("activity");
      for (const act of [
        "decided what is genuine",
        "took a decision back",
        "decided on a ring",
        "put a model in force",
      ])
        await page.getByRole("grid").getByText(act).first().waitFor();
      await page.context().close();
    });

    it("has nothing for axe to find, and fits, in both languages and themes", async () => {
      const { items } = await api<{ items: RingSummary[] }>("/v1/authenticity/rings");
      const [item] = await queue("kind=review&limit=1");
      const paths = [
        "authenticity",
        `authenticity/review/${item?.merchant ?? ""}/${item?.id ?? ""}`,
        "authenticity/rings",
        `authenticity/rings/${items[0]?.ring ?? ""}`,
        `authenticity/users/${item?.user ?? ""}`,
        "authenticity/models",
        `authenticity/models/${desk.candidate}`,
        "authenticity/agreement",
        `merchants/${item?.merchant ?? ""}`,
      ];
      for (const shown of [
        { locale: "en-GB", width: 1_440 },
        { locale: "zh-CN", width: 390, dark: true },
      ] as const) {
        for (const path of paths) {
          const page = await open(path, shown);
          // The stream of what comes in never rests: what is asked for is there when nothing says that it loads.
          await expect.poll(() => page.getByRole("status", { name: /Loading|载入|加载/ }).count()).toBe(0);
          await page.waitForTimeout(600);
          expect([path, ...(await axeFindings(page))]).toEqual([path]);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          expect([path, wide]).toEqual([path, shown.width]);
          await page.context().close();
        }
      }
    }, 300_000);
  },
);
