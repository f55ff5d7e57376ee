import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildInto } from "../../build-console.ts";
import {
  complaintsOf,
  contextOf,
  hasBrowser,
  launch,
  type Shown,
  violations,
  whySkipped,
} from "../ui/browser.fixture.ts";
import { merchantId, openServer, policyOfMerchants, type TestServer } from "./server.fixture.ts";

/** Far longer than any step takes on two busy processors. */
const patienceMs = 15_000;

describe.skipIf(!hasBrowser)(`the console in Chromium (${whySkipped})`, () => {
  let server: TestServer;
  let browser: Browser;
  let folder: string;
  let complaints: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "probity-console-"));
    await buildInto(folder, "index.html");
    browser = await launch();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    server = await openServer(folder);
    complaints = [];
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await server[Symbol.asyncDispose]();
    expect(complaints).toEqual([]);
  });

  async function open(path: string, shown: Shown = {}): Promise<Page> {
    const context = await browser.newContext(contextOf(shown));
    context.setDefaultTimeout(patienceMs);
    const page = await context.newPage();
    complaints = complaintsOf(page);
    await page.goto(`${server.base}${path}`);
    return page;
  }

  const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name });

  test("opens in the browser's language, and a chosen one is kept", async () => {
    const page = await open("/demo/merchants", { locale: "zh-CN" });
    await heading(page, "商家").waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("zh-CN");
    expect(await page.title()).toBe("商家 · Probity 诚信");
    await page.getByRole("button", { name: /账户/ }).click();
    await page.getByRole("menuitemradio", { name: "English" }).click();
    await heading(page, "Merchants").waitFor();
    await page.reload();
    await heading(page, "Merchants").waitFor();
  });

  test("a chosen theme is there before the first paint of the next page", async () => {
    const page = await open("/demo/merchants");
    await page.getByRole("button", { name: /Account/ }).click();
    await page.getByRole("menuitemradio", { name: "Dark" }).click();
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset["theme"])).toBe("dark");
    await page.reload({ waitUntil: "commit" });
    await page.waitForFunction(() => document.body !== null);
    expect(await page.evaluate(() => document.documentElement.dataset["theme"])).toBe("dark");
    await heading(page, "Merchants").waitFor();
  });

  test("the address holds the filters: reload, back and a new tab show the same", async () => {
    const page = await open("/demo/merchants");
    await page.getByRole("combobox", { name: "Grade" }).click();
    await page.getByRole("option", { name: "AAA" }).click();
    await page.waitForURL(/grade=AAA/);
    await page.getByRole("searchbox").fill("merchant 7");
    await page.waitForURL(/q=merchant/);
    await page.reload();
    expect(await page.getByRole("searchbox").inputValue()).toBe("merchant 7");
    expect(await page.getByRole("combobox", { name: "Grade" }).innerText()).toContain("AAA");
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.waitForURL((url) => url.search === "");
    await expect.poll(() => page.getByRole("searchbox").inputValue()).toBe("");
    await page.goto(`${server.base}/demo/merchants?grade=nonsense&sort=evil&q=12`);
    expect(await page.getByRole("searchbox").inputValue()).toBe("12");
  });

  test("a merchant opens by a press and by keyboard, and back returns to the list as it was", async () => {
    const page = await open("/demo/merchants?sort=-score");
    await page.locator("[data-row='0']").focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/merchants/${merchantId}`);
    await page.getByRole("tree").waitFor();
    await page.goBack();
    await page.waitForURL(/sort=-score/);
    await page.getByRole("columnheader", { name: /Score/ }).and(page.locator("[aria-sort=descending]")).waitFor();
  });

  test("more rows come when the end is near, and every request names the marketplace", async () => {
    const page = await open("/demo/merchants");
    await page.getByText("100 of 230").waitFor();
    await page.locator("[data-row='0']").focus();
    for (const count of ["200 of 230", "230 in all"]) {
      await page.keyboard.press("End");
      await page.getByText(count).waitFor();
    }
    const asked = server.state.asked.filter(({ path }) => path.startsWith("/v1/ratings"));
    expect(new Set(asked.map(({ marketplace }) => marketplace))).toEqual(new Set(["demo"]));
  });

  test("a name of 200 signs in mixed scripts with a script in it is shown as a name", async () => {
    for (const narrow of [false, true]) {
      const page = await open("/demo/merchants", { narrow });
      await page.getByText("<script>alert(1)</script>").first().waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    }
  });

  test("keys: G and a letter, slash, question mark and Ctrl-K, but not where one types", async () => {
    const page = await open("/demo/merchants");
    await heading(page, "Merchants").waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("l");
    await heading(page, "Policies").waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("m");
    await heading(page, "Merchants").waitFor();
    await page.keyboard.press("/");
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).type)).toBe("search");
    await page.keyboard.type("gl?");
    expect(await page.getByRole("searchbox").inputValue()).toBe("gl?");
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.locator("h1").click();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    const input = page.getByRole("combobox", { name: "Merchant, page or command…" });
    await input.fill("merchant 17");
    await page.getByRole("option", { name: /Merchant 17\b/ }).waitFor();
    await input.fill("theme: dark");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset["theme"])).toBe("dark");
  });

  test("the skip link comes first and leads to the content", async () => {
    const page = await open("/demo/merchants");
    await heading(page, "Merchants").waitFor();
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to content");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("content");
  });

  test("without a session one signs in and goes on to where one wanted to be", async () => {
    server.state.signedIn = false;
    const page = await open(`/demo/merchants/${merchantId}?tab=history`);
    await heading(page, "Sign in").waitFor();
    await page.getByRole("button", { name: "Sign in" }).click();
    expect(await page.getByRole("alert").count()).toBe(2);
    await page.getByLabel("E-mail").fill("lin@example.org");
    await page.getByLabel("Password").fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByText("E-mail address and password do not fit together.").waitFor();
    await page.getByLabel("Password").fill("correct horse battery");
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/demo/merchants/${merchantId}?tab=history`);
    await page.getByRole("tab", { name: "History", selected: true }).waitFor();
  });

  test("an address to go on to that is no page of ours is not followed", async () => {
    server.state.signedIn = false;
    const page = await open("/sign-in?next=//evil.example/");
    await page.getByLabel("E-mail").fill("lin@example.org");
    await page.getByLabel("Password").fill("correct horse battery");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/console\/demo\//);
  });

  test("a second factor is asked for, and a wrong code can be typed again", async () => {
    Object.assign(server.state, { signedIn: false, secondFactor: true });
    const page = await open("/sign-in");
    await page.getByLabel("E-mail").fill("lin@example.org");
    await page.getByLabel("Password").fill("correct horse battery");
    await page.keyboard.press("Enter");
    await page.getByLabel("Code").fill("000000");
    await page.keyboard.press("Enter");
    await page.getByText("This code does not fit.").waitFor();
    await page.getByLabel("Code").fill("123456");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/console\/demo\//);
  });

  test("first run, invite and visitor each lead in", async () => {
    Object.assign(server.state, { signedIn: false, firstRun: true });
    const first = await open("/");
    await heading(first, "Set up").waitFor();
    await first.getByLabel("Setup code").fill("setup");
    await first.getByLabel("E-mail").fill("lin@example.org");
    await first.getByLabel("Your name").fill("林");
    await first.getByLabel("New password").fill("short");
    await first.getByRole("button", { name: "Make the first admin" }).click();
    await first.getByText("Too short: at least 12 characters.").waitFor();
    await first.getByLabel("New password").fill("correct horse battery");
    await first.keyboard.press("Enter");
    await first.waitForURL(/\/console\/demo\//);

    server.state.signedIn = false;
    const old = await open("/invite#stale");
    await old.getByLabel("Your name").fill("王");
    await old.getByLabel("New password").fill("correct horse battery");
    await old.keyboard.press("Enter");
    await old.getByText("This invite is not valid any more.").waitFor();
    const invited = await open("/invite#good");
    await invited.getByLabel("Your name").fill("王");
    await invited.getByLabel("New password").fill("correct horse battery");
    await invited.keyboard.press("Enter");
    await invited.waitForURL(/\/console\/demo\//);

    Object.assign(server.state, { signedIn: false, visitor: true });
    const visitor = await open("/", { locale: "zh-CN" });
    await visitor.getByRole("button", { name: "随便看看" }).click();
    await visitor.waitForURL(/\/console\/demo\//);
  });

  test("a session that ends in the middle of an edit: one signs in over the page and nothing typed is lost", async () => {
    const page = await open("/demo/ingest?letter=1");
    const editor = page.getByLabel("Event as JSON");
    const typed = '{ "type": "order.shipped", "note": "typed for ten minutes" }';
    await editor.fill(typed);
    server.state.signedIn = false;
    await page.getByRole("button", { name: "Send again" }).click();
    const dialog = page.getByRole("dialog", { name: "Your session has ended" });
    await dialog.getByLabel("E-mail").fill("lin@example.org");
    await dialog.getByLabel("Password").fill("correct horse battery");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "hidden" });
    expect(await editor.inputValue()).toBe(typed);
    await page.getByRole("button", { name: "Send again" }).click();
    await page.getByText("Accepted as ledger 63,041").first().waitFor();
    expect(server.state.asked.findLast(({ path }) => path.endsWith("/replay"))?.body).toEqual({
      event: JSON.parse(typed),
    });
  });

  test("a refused correction says why; broken JSON says where; setting aside can be undone", async () => {
    const page = await open("/demo/ingest?tab=letters");
    await page.getByRole("button", { name: "no such type (1)" }).click();
    const editor = page.getByLabel("Event as JSON");
    await page.getByRole("button", { name: "Send again" }).click();
    await page.getByText("Refused again: unknown type").waitFor();
    await editor.fill('{\n "type": }');
    await page.getByText(/This is not JSON\. Line 2/).waitFor();
    expect(await page.getByRole("button", { name: "Send again" }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "As it came" }).click();
    await page.getByRole("button", { name: "Set aside" }).last().click();
    await expect.poll(() => page.locator("[data-row]").count()).toBe(1);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => page.locator("[data-row]").count()).toBe(2);
    expect(server.state.asked.filter(({ path }) => path.endsWith("/discard"))).toEqual([]);
  });

  test("a lost connection is told, and what is typed stays", async () => {
    const page = await open("/demo/merchants");
    await page.getByText("100 of 230").waitFor();
    await page.context().setOffline(true);
    await page.getByText("There is no connection.").waitFor();
    await page.getByRole("searchbox").fill("typed");
    await page.context().setOffline(false);
    await expect.poll(() => page.getByText("There is no connection.").count()).toBe(0);
    expect(await page.getByRole("searchbox").inputValue()).toBe("typed");
  });

  test("a server that fails is told with another try, which works", async () => {
    const page = await open("/demo/policies");
    await heading(page, "Policies").waitFor();
    server.state.broken = true;
    await page.keyboard.press("g");
    await page.keyboard.press("m");
    await page.getByText("Something went wrong on the server.").waitFor();
    server.state.broken = false;
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("100 of 230").waitFor();
  });

  test("nothing is there: an unknown page, an unknown merchant, another's marketplace", async () => {
    const page = await open("/demo/nothing");
    await page.getByText("This address leads to no page.").waitFor();
    await page.goto(`${server.base}/demo/merchants/${encodeURIComponent("../<b>")}`);
    await page.getByText("There is no ../<b>").waitFor();
    await page.goto(`${server.base}/others/merchants`);
    await page.getByText("others is not one of your marketplaces").waitFor();
  });

  test("another marketplace shows its own, and only what the role may", async () => {
    const page = await open("/demo/merchants");
    await page.getByText("100 of 230").waitFor();
    await page.getByRole("button", { name: /Marketplace: Demo/ }).click();
    await page.getByRole("menuitemradio", { name: "湖畔 Lakeside" }).click();
    await page.waitForURL(/\/console\/lake/);
    await page.goto(`${server.base}/lake/merchants`);
    await page.getByText("No ratings yet").waitFor();
    expect(await page.getByRole("link", { name: "Ingest" }).count()).toBe(0);
    expect(await page.getByText("Merchant 5").count()).toBe(0);
  });

  test("signing out leads to the sign-in page, and back shows nothing", async () => {
    const page = await open("/demo/merchants");
    await page.getByRole("button", { name: /Account/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await heading(page, "Sign in").waitFor();
    await page.goBack();
    await heading(page, "Sign in").waitFor();
    expect(await page.getByText("Merchant 5").count()).toBe(0);
  });

  test("a policy that stands alone has nothing to be compared with, and the page says what to do", async () => {
    const page = await open(`/demo/policies/${policyOfMerchants}`);
    await page.getByRole("link", { name: "What differs" }).click();
    await page.getByText("There is nothing to compare with").waitFor();
    await page.getByText("Change a copy of this one").waitFor();
  });

  test("every curve of a policy opens from its address, and steps back take the title along", async () => {
    const page = await open(`/demo/policies/${policyOfMerchants}/draft?curve=buyers-return`);
    // It begins above nothing, so its first knot can be moved too.
    const first = page.getByRole("slider", { name: /^Knot 1 of 6/ });
    await first.press("ArrowUp");
    expect(await first.getAttribute("aria-valuetext")).toBe("a share of 0% gives 30.1% of the points");
    await page.getByLabel("Title in English").fill("Other");
    await page.getByRole("button", { name: "Undo" }).click();
    expect(await page.getByLabel("Title in English").inputValue()).not.toBe("Other");
    await page.keyboard.press("Control+z");
    expect(await first.getAttribute("aria-valuetext")).toBe("a share of 0% gives 30% of the points");
    await page.getByRole("button", { name: "Redo" }).click();
    expect(await first.getAttribute("aria-valuetext")).toBe("a share of 0% gives 30.1% of the points");
  });

  const pages: readonly string[] = [
    "/demo/merchants",
    `/demo/merchants/${merchantId}`,
    `/demo/merchants/${merchantId}?tab=rules`,
    "/demo/policies",
    `/demo/policies/${policyOfMerchants}`,
    `/demo/policies/${policyOfMerchants}/diff`,
    `/demo/policies/${policyOfMerchants}/draft?curve=as-described`,
    "/demo/ingest?letter=1",
    "/demo/activity",
    "/demo/settings",
    "/demo/nothing",
  ];
  test.each(pages)("axe finds nothing on %s, in both themes and languages, wide and narrow", async (path) => {
    for (const shown of [
      { theme: "light", locale: "en", narrow: true },
      { theme: "dark", locale: "zh-CN" },
    ] as const) {
      const page = await open(path, shown);
      await page.waitForLoadState("networkidle");
      await page.locator("main h1, main p").first().waitFor();
      expect(await violations(page), JSON.stringify(shown)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      await page.context().close();
    }
  });
});
