import { readFile } from "node:fs/promises";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../packages/console/build-console.ts";
import { axeFindings, chromiumAbsent, type Demo, openBrowser, startDemo } from "./demo.fixture.ts";
import { enterFirst, firstPerson, type Served, startServe } from "./serve.fixture.ts";

const skipped = chromiumAbsent === undefined ? "" : `: ${chromiumAbsent}`;

type Theme = "light" | "dark";
interface Look {
  readonly locale?: string;
  readonly width?: number;
  readonly colorScheme?: Theme;
}

async function contextOf(browser: Browser, { locale = "en-US", width = 1_440, colorScheme = "light" }: Look = {}) {
  const context = await browser.newContext({
    viewport: { width, height: width < 500 ? 844 : 900 },
    locale,
    colorScheme,
    acceptDownloads: true,
    bypassCSP: true,
    reducedMotion: "reduce",
  });
  await context.addInitScript(() => localStorage.setItem("probity-tour-left", "1"));
  return context;
}

/** Errors of a page; a session that a test ends itself is none. */
function watch(page: Page, problems: string[]): void {
  page.on("pageerror", (error) => problems.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      problems.push(`${page.url()}: ${message.text()}`);
  });
  page.on("dialog", (dialog) => {
    if (dialog.type() !== "beforeunload") problems.push(`a dialog opened: ${dialog.message()}`);
    void dialog.accept();
  });
}

const looks: readonly Required<Look>[] = [
  { locale: "en-US", width: 1_440, colorScheme: "light" },
  { locale: "zh-CN", width: 390, colorScheme: "dark" },
];

/** Nothing for axe, and nothing wider than the window. */
async function isFit(page: Page, width: number): Promise<void> {
  expect([page.url(), ...(await axeFindings(page))]).toEqual([page.url()]);
  expect([page.url(), await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([page.url(), width]);
}

interface Listed {
  readonly policy: string;
  readonly state: string;
  readonly subject: string;
  readonly title: { readonly en: string };
}

async function listed(address: string, key: string): Promise<readonly Listed[]> {
  const answer = await fetch(`${address}/v1/policies`, { headers: { authorization: `Bearer ${key}` } });
  return ((await answer.json()) as { items: Listed[] }).items;
}

const merchantPolicy = (items: readonly Listed[], state: string): string =>
  (items.find((one) => one.subject === "merchant" && one.state === state) as Listed).policy;

describe.skipIf(chromiumAbsent !== undefined)(`policies, read by a visitor${skipped}`, () => {
  let demo: Demo;
  let browser: Browser;
  let draft: string;
  let inForce: string;
  const problems: string[] = [];

  async function enter(look: Look = {}): Promise<Page> {
    const context = await contextOf(browser, look);
    const page = await context.newPage();
    watch(page, problems);
    await page.goto(`${demo.address}/console/`);
    await page.getByRole("button", { name: /Look around|看看/ }).click();
    await page.waitForURL(/\/console\/demo\/overview/);
    return page;
  }
  const to = async (page: Page, path: string): Promise<void> => {
    await page.goto(`${demo.address}/console/demo/policies/${path}`);
    await page.locator("h1").waitFor();
  };

  beforeAll(async () => {
    await ensureBuilt();
    demo = await startDemo();
    browser = await openBrowser();
    const items = await listed(demo.address, demo.token);
    [draft, inForce] = [merchantPolicy(items, "draft"), merchantPolicy(items, "in-force")];
  });
  afterAll(async () => {
    await browser?.close();
    demo?.child.kill("SIGTERM");
    expect(problems).toEqual([]);
  });

  it("tells what differs from the policy in force, in both languages", async () => {
    for (const [locale, words] of [
      ["en-US", ["Weights", "Dispatched in time", "22 indicators are the same", "The title in English", "−85"]],
      ["zh-CN", ["分值", "按时发货", "22 项指标没有变", "英文名称", "−85"]],
    ] as const) {
      const page = await enter({ locale });
      await to(page, draft);
      await page.getByRole("link", { name: /^(What differs|对比)$/ }).click();
      await page.waitForURL(new RegExp(`${draft}/diff$`));
      for (const word of words) await page.getByText(word, { exact: false }).first().waitFor();
      await page.context().close();
    }
  });

  it("keeps what is compared in the address: chosen, swapped, gone back to, opened anew", async () => {
    const page = await enter();
    await to(page, `${draft}/diff`);
    await page
      .getByRole("row", { name: /Dispatched in time/ })
      .getByText("+45")
      .waitFor();
    await page.getByRole("button", { name: "Swap" }).click();
    await page.waitForURL(new RegExp(`${inForce}/diff\\?with=${draft}$`));
    await page
      .getByRole("row", { name: /Dispatched in time/ })
      .getByText("−45")
      .waitFor();
    await page.reload();
    await page
      .getByRole("row", { name: /Dispatched in time/ })
      .getByText("−45")
      .waitFor();
    await page.goBack();
    await page
      .getByRole("row", { name: /Dispatched in time/ })
      .getByText("+45")
      .waitFor();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy as JSON" }).click();
    await page.getByText("Copied as JSON").waitFor();
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download both" }).click();
    const text = await readFile(await (await saved).path(), "utf8");
    const both = JSON.parse(text) as { was: { policy: string }; is: { policy: string }; changes: unknown[] };
    expect([both.was.policy, both.is.policy]).toEqual([inForce, draft]);
    expect(both.changes.length).toBeGreaterThan(4);
    await to(page, `${draft}/diff?with=${draft}`);
    await page.getByText("Nothing differs").waitFor();
    await to(page, `${draft}/diff?with=${"0".repeat(63)}a`);
    await page.getByText("There is no such policy").waitFor();
    await page.context().close();
  });

  it("shows a what-if for the large, the small and the new", async () => {
    const page = await enter();
    await to(page, `${draft}/what-if`);
    await page.getByRole("heading", { name: "By size" }).waitFor();
    await page.getByRole("radio", { name: /^Large/ }).check({ force: true });
    await page.waitForURL(/size=large/);
    const sum = page.getByRole("heading", { name: /^Large: \d+ subjects/ });
    await sum.waitFor();
    const subjects = Number(/\d+/.exec(await sum.innerText())?.[0]);
    const cells = await page.locator("section[aria-labelledby=what-if-migration-title] td").allInnerTexts();
    expect(cells.reduce((total, cell) => total + Number(cell), 0)).toBe(subjects);
    await page.reload();
    await sum.waitFor();
    expect(await page.getByRole("radio", { name: /^Large/ }).isChecked()).toBe(true);
    await page.goBack();
    await page.getByRole("radio", { name: /^All/, checked: true }).waitFor();
    await page.getByRole("link", { name: "What differs" }).click();
    await page.waitForURL(new RegExp(`with=${inForce}`));
    await page.context().close();
  });

  it("lets a visitor look and says why nothing can be changed; axe finds nothing, and it fits", async () => {
    for (const look of looks) {
      const page = await enter(look);
      for (const path of [draft, `${draft}/diff`, `${draft}/what-if?size=small`, `${inForce}/draft`]) {
        await to(page, path);
        await page.waitForTimeout(900);
        await isFit(page, look.width);
      }
      await page.getByText(/not save any|不能保存/).waitFor();
      await page.context().close();
    }
  }, 240_000);
});

describe.skipIf(chromiumAbsent !== undefined)(`policies, changed${skipped}`, () => {
  let served: Served;
  let browser: Browser;
  let inForce: string;
  const problems: string[] = [];

  async function enter(look: Look = {}): Promise<BrowserContext> {
    const context = await contextOf(browser, look);
    const answer = await context.request.post(`${served.address}/v1/session`, {
      headers: { origin: served.address, "sec-fetch-site": "same-origin" },
      data: { email: firstPerson.email, password: firstPerson.password },
    });
    expect(answer.status(), await answer.text()).toBe(200);
    return context;
  }
  const pathOf = (path: string): string => `${served.address}/console/main/policies/${path}`;
  async function open(context: BrowserContext, path = `${inForce}/draft`): Promise<Page> {
    const page = await context.newPage();
    watch(page, problems);
    await page.goto(pathOf(path));
    await page.locator("h1").waitFor();
    return page;
  }
  const titles = async (): Promise<string[]> =>
    (await listed(served.address, served.key)).map(({ title }) => title.en).toSorted();

  beforeAll(async () => {
    await ensureBuilt();
    served = await startServe();
    browser = await openBrowser();
    const context = await browser.newContext();
    await enterFirst(served, context);
    await context.close();
    inForce = merchantPolicy(await listed(served.address, served.key), "in-force");
  });
  afterAll(async () => {
    await browser?.close();
    await served?.[Symbol.asyncDispose]();
    expect(problems).toEqual([]);
  });

  /** Presses Tab until what has the focus is called so. */
  async function tabTo(page: Page, name: RegExp): Promise<void> {
    for (let press = 0; press < 250; press += 1) {
      await page.keyboard.press("Tab");
      const found = await page.evaluate(() => {
        const here = document.activeElement;
        const label = here instanceof HTMLInputElement ? here.labels?.[0]?.textContent : here?.textContent;
        return here?.getAttribute("aria-label") ?? label ?? "";
      });
      if (name.test(found.trim())) return;
    }
    throw new Error(`Tab does not lead to ${name}`);
  }

  it("a curve is changed by keyboard alone, saved, tried out and announced", async () => {
    const context = await enter();
    const page = await open(context);
    await tabTo(page, /^Curve.*As described/);
    await page.keyboard.press("Enter");
    await page.waitForURL(/curve=as-described/);
    const knot = page.getByRole("slider", { name: "Knot 3 of 6, As described" });
    await knot.waitFor();
    await tabTo(page, /^Knot 3 of 6/);
    await page.keyboard.press("Shift+ArrowUp");
    await page.keyboard.press("ArrowLeft");
    const text = (): Promise<string | null> => knot.getAttribute("aria-valuetext");
    expect(await text()).toBe("a share of 94.9% gives 41% of the points");
    await page.keyboard.press("Control+z");
    expect(await text()).toBe("a share of 95% gives 40% of the points");
    await page.keyboard.press("Control+Shift+z");
    expect(await text()).toBe("a share of 94.9% gives 41% of the points");
    await tabTo(page, /^Share of knot 3/);
    await page.keyboard.press("Control+a");
    await page.keyboard.type("80");
    await page.getByText("It must be more than in the row above.").waitFor();
    await page.getByText("Open these and mend what is marked: As described").waitFor();
    await page.keyboard.press("Control+z");
    expect(await page.getByText("It must be more than in the row above.").count()).toBe(0);
    expect(await page.getByLabel("Share of knot 3 of As described, in per cent").inputValue()).toBe("94.9");
    await tabTo(page, /^Title in English/);
    await page.keyboard.press("Control+a");
    await page.keyboard.type("Curved");
    await tabTo(page, /^Save and try out/);
    await page.keyboard.press("Enter");
    await page.waitForURL(/what-if/);
    await page.getByText("0 subjects on").waitFor();
    await tabTo(page, /^What differs/);
    await page.keyboard.press("Enter");
    await page.getByRole("img", { name: "As described: points by share" }).waitFor();
    await page.goBack();
    await tabTo(page, /^Announce/);
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await tabTo(page, /^Announce/);
    await page.keyboard.press("Enter");
    await page.getByText(/Announced; it holds from/).waitFor();
    await context.close();
  }, 180_000);

  it("unsaved changes outlive a reload and leaving; they can be discarded, and that taken back", async () => {
    const context = await enter();
    const page = await open(context);
    const title = page.getByLabel("Title in English");
    await title.fill("Typed for ten minutes");
    await page.reload();
    await page.getByText(/Your unsaved changes of \d\d:\d\d were restored/).waitFor();
    expect(await title.inputValue()).toBe("Typed for ten minutes");
    await page.getByRole("button", { name: "Discard them" }).click();
    expect(await title.inputValue()).toBe("Merchants: starting policy");
    await page.getByRole("button", { name: "Undo" }).last().click();
    await expect.poll(() => title.inputValue()).toBe("Typed for ten minutes");
    await page.getByRole("link", { name: "Merchants: starting policy" }).click();
    await page.getByText(/they wait here as long as this tab is open/).waitFor();
    await page.getByRole("link", { name: "Change a copy" }).click();
    await page.getByText(/were restored/).waitFor();
    await page.getByRole("button", { name: "Start again" }).click();
    await page.reload();
    await title.waitFor();
    expect(await page.getByText(/were restored/).count()).toBe(0);
    await context.close();
  });

  it("a session that ends meanwhile takes nothing along", async () => {
    const context = await enter();
    const page = await open(context);
    await page.getByLabel("Title in English").fill("Outlives a session");
    await context.clearCookies();
    await page.getByRole("button", { name: "Save and try out" }).click();
    const dialog = page.getByRole("dialog", { name: "Your session has ended" });
    await dialog.getByLabel("E-mail").fill(firstPerson.email);
    await dialog.getByLabel("Password").fill(firstPerson.password);
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "hidden" });
    expect(await page.getByLabel("Title in English").inputValue()).toBe("Outlives a session");
    await page.getByRole("button", { name: "Save and try out" }).click();
    await page.waitForURL(/what-if/);
    expect(await titles()).toContain("Outlives a session");
    await context.close();
  });

  it("two who save drafts of the same policy lose nothing and learn of each other", async () => {
    const [one, other] = [await enter(), await enter()];
    const [mine, theirs] = [await open(one), await open(other)];
    await mine.getByLabel("Title in English").fill("Mine");
    await theirs.getByLabel("Title in English").fill("Theirs");
    await theirs.getByRole("button", { name: "Save and try out" }).click();
    await theirs.waitForURL(/what-if/);
    await mine.getByRole("button", { name: "Save and try out" }).click();
    const dialog = mine.getByRole("dialog", { name: "Somebody saved another draft" });
    await dialog.getByText(/another draft of this policy was saved/).waitFor();
    expect(await axeFindings(mine)).toEqual([]);
    expect(await titles()).not.toContain("Mine");
    await dialog.getByRole("button", { name: "Go on editing" }).click();
    await dialog.waitFor({ state: "hidden" });
    expect(await mine.getByLabel("Title in English").inputValue()).toBe("Mine");
    // Of that one they know now; of the next they do not.
    await theirs.goto(pathOf(`${inForce}/draft`));
    await theirs.getByLabel("Title in English").fill("Theirs again");
    await theirs.getByRole("button", { name: "Save and try out" }).click();
    await theirs.waitForURL(/what-if/);
    await mine.reload();
    await mine.getByText(/were restored/).waitFor();
    await mine.getByRole("button", { name: "Save and try out" }).click();
    const beside = one.waitForEvent("page");
    await dialog.getByRole("button", { name: "Save mine and see the differences" }).click();
    const differences = await beside;
    await differences.getByText("was “Theirs again”").waitFor();
    await differences.getByText("is “Mine”").waitFor();
    await mine.waitForURL(/what-if/);
    expect(await titles()).toEqual(expect.arrayContaining(["Mine", "Theirs", "Theirs again"]));
    await one.close();
    await other.close();
  }, 180_000);

  it("has nothing for axe to find while one edits, and fits, in both themes", async () => {
    for (const look of looks) {
      const context = await enter(look);
      const page = await open(context, `${inForce}/draft?curve=as-described`);
      const knot = page.getByRole("slider").nth(1);
      await knot.focus();
      await page.keyboard.press("Shift+ArrowUp");
      await page.locator("li[data-row='2'] input").first().fill("10");
      await page.locator("li[data-row='2'] [role=alert]").waitFor();
      await isFit(page, look.width);
      await context.close();
    }
  });
});
