import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildInto } from "../../build-console.ts";
import { merchantId, openServer, type TestServer } from "../shell/server.fixture.ts";
import {
  complaintsOf,
  contextOf,
  hasBrowser,
  launch,
  type Shown,
  violations,
  whySkipped,
} from "../ui/browser.fixture.ts";

const patienceMs = 15_000;

describe.skipIf(!hasBrowser)(`lists, comparisons and reports in Chromium (${whySkipped})`, () => {
  let server: TestServer;
  let browser: Browser;
  let folder: string;
  let complaints: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "probity-lists-"));
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
    const context = await browser.newContext({ ...contextOf(shown), acceptDownloads: true });
    context.setDefaultTimeout(patienceMs);
    const page = await context.newPage();
    complaints = complaintsOf(page);
    await page.goto(`${server.base}${path}`);
    return page;
  }

  test("every row is written to the file, not only those that are loaded, in the list's order", async () => {
    const page = await open("/demo/merchants");
    await page.getByText("100 of 230").waitFor();
    await page.getByRole("button", { name: "Score", exact: true }).click();
    await page.getByRole("button", { name: "Score", exact: true }).click();
    await page.waitForURL(/sort=score/);
    await expect.poll(() => page.locator("[data-row='0']").innerText()).toContain("671");
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "CSV" }).click(),
    ]);
    const lines = (await readFile(await file.path(), "utf8")).trimEnd().split("\r\n");
    expect(lines.length).toBe(231);
    expect(lines[1]).toContain("671");
    expect(lines.at(-1)).toContain("900");
    await page.getByText("230 rows written to a file").waitFor();
  });

  test("a file that cannot be written whole is not written, and says so", async () => {
    const page = await open("/demo/merchants");
    await page.getByText("100 of 230").waitFor();
    server.state.broken = true;
    let downloads = 0;
    page.on("download", () => (downloads += 1));
    await page.getByRole("button", { name: "CSV" }).click();
    await page.getByText("no file was written").waitFor();
    expect(downloads).toBe(0);
    server.state.broken = false;
  });

  test("a slow server: the page says that it waits, takes what is typed, and the last word wins", async () => {
    const page = await open("/demo/policies");
    await page.getByRole("heading", { level: 1, name: "Policies" }).waitFor();
    // The answer to the first word comes long after the answer to the second.
    server.state.delayMs = ({ pathname, searchParams }) =>
      pathname === "/v1/ratings/merchant" ? (searchParams.get("q") === "merchant 1" ? 6_000 : 1_200) : 0;
    await page.getByRole("link", { name: "Merchants", exact: true }).click();
    await page.getByRole("status", { name: "Loading" }).first().waitFor();
    expect(await page.getByRole("searchbox").isEnabled()).toBe(true);
    await page.getByText("100 of 230").waitFor();
    await page.getByRole("searchbox").fill("merchant 1");
    await page.waitForURL(/q=merchant(\+|%20)1$/);
    await page.getByRole("searchbox").fill("merchant 17");
    await page.waitForURL(/q=merchant(\+|%20)17$/);
    await expect.poll(() => page.getByRole("grid").getAttribute("aria-rowcount"), { timeout: 10_000 }).toBe("12");
    await page.waitForTimeout(6_500);
    expect(await page.getByRole("grid").getAttribute("aria-rowcount")).toBe("12");
    expect(await page.getByRole("searchbox").inputValue()).toBe("merchant 17");
  });

  test("up to four are picked by keyboard and stand beside each other; the address holds them", async () => {
    const page = await open("/demo/merchants");
    await page.getByText("100 of 230").waitFor();
    await page.locator("[data-row='0']").focus();
    await page.keyboard.press("x");
    await page.getByText("Choose one more to compare").waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("x");
    await page.getByText("2 chosen").waitFor();
    await page.getByRole("link", { name: "Compare", exact: true }).click();
    await page.waitForURL(/compare\/merchants/);
    await page.getByRole("columnheader", { name: /Merchant 3/ }).waitFor();
    expect(await page.getByRole("columnheader").count()).toBe(3);
    expect(await page.getByRole("row", { name: /Score/ }).first().innerText()).toContain("897");
    expect(await violations(page)).toEqual([]);
    await page.reload();
    await page.getByRole("searchbox", { name: "Name or id" }).fill("merchant 17");
    await page
      .getByRole("button", { name: /Merchant 17/ })
      .first()
      .click();
    await page.getByRole("columnheader", { name: /Merchant 17/ }).waitFor();
    await page.getByRole("button", { name: /Take .*Merchant 3 out/ }).click();
    await expect.poll(() => page.getByRole("columnheader").count()).toBe(3);
    await page.getByRole("checkbox", { name: "Only what differs" }).click();
    await page.waitForURL(/differences=true/);
    await page.getByRole("main").getByRole("link", { name: "Merchants", exact: true }).click();
    await page.getByText("2 chosen").waitFor();
    const missing = await open("/demo/compare/merchants?ids=%5B%22nobody%22%5D");
    await missing.getByText("nobody is not there").waitFor();
    const none = await open("/demo/compare/merchants");
    await none.getByText("Nothing to compare yet").waitFor();
    expect((await open("/demo/compare/nonsense")).url()).toContain("nonsense");
  });

  test("a view is saved under a name, opened, replaced, deleted and brought back, and kept with the browser", async () => {
    const page = await open("/demo/merchants?grade=AAA&sort=-orders");
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByText("No view is saved yet").waitFor();
    await page.getByRole("textbox", { name: "Name of the view" }).fill("  最好 best ");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "最好 best" }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.goto(`${server.base}/demo/merchants`);
    await page.getByText("100 of 230").waitFor();
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("link", { name: "最好 best" }).click();
    await page.waitForURL(/grade=AAA.*sort=-orders|sort=-orders.*grade=AAA/);
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("textbox", { name: "Name of the view" }).fill("最好 best");
    await page.getByText("saving replaces it").waitFor();
    await page.getByRole("button", { name: "Delete view 最好 best" }).click();
    await page.getByText("No view is saved yet").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Undo" }).click();
    await page.reload();
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("link", { name: "最好 best" }).waitFor();
    // Another marketplace has views of its own.
    await page.goto(`${server.base}/lake/merchants`);
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByText("No view is saved yet").waitFor();
  });

  test("what is open of the reasons stands in the address; reload and a new tab show the same", async () => {
    const page = await open(`/demo/merchants/${merchantId}`);
    await page.getByRole("tree").waitFor();
    const items = page.getByRole("treeitem");
    const shut = await items.count();
    await items.first().focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForURL(/open=/);
    await expect.poll(() => items.count()).toBeGreaterThan(shut);
    expect(await items.first().evaluate((item) => item === document.activeElement)).toBe(true);
    const some = await items.count();
    await page.reload();
    await page.getByRole("tree").waitFor();
    await expect.poll(() => items.count()).toBe(some);
    await page.getByRole("button", { name: "Close all" }).click();
    await page.getByRole("button", { name: "Open all" }).click();
    await page.waitForURL(/open=all/);
    await page.goto(`${server.base}/demo/merchants/${merchantId}?open=%5B%22no-such%22%2C7%5D`);
    await expect.poll(() => items.count()).toBe(shut);
  });

  test("what stands in the browser's store is not believed", async () => {
    const page = await open("/demo/merchants");
    for (const kept of ["{", "7", '[null, {"name": 1}, {"name": "x", "search": {"sort": "evil", "q": "ok"}}]']) {
      await page.evaluate((text) => localStorage.setItem("probity-views-demo-merchants", text), kept);
      await page.reload();
      await page.getByRole("button", { name: "Views" }).click();
      await page.getByRole("heading", { name: "Views" }).waitFor();
    }
    await page.getByRole("link", { name: "x", exact: true }).click();
    await page.waitForURL((url) => url.searchParams.get("q") === "ok" && !url.searchParams.has("sort"));
  });

  test.each([
    ["en", "light", false],
    ["zh-CN", "dark", true],
  ] as const)(
    "the report in %s, %s, narrow %s: every number of the page, printable, copied with its tables",
    async (locale, theme, narrow) => {
      const page = await open(`/demo/merchants/${merchantId}/report`, { locale, theme, narrow });
      const sheet = page.locator("article");
      await sheet.waitFor();
      const text = await sheet.innerText();
      for (const part of [merchantId, "1,000", "%"]) expect(text).toContain(part);
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      await page.emulateMedia({ media: "print" });
      expect(await page.getByRole("button", { name: locale === "en" ? "Print" : "打印" }).isVisible()).toBe(false);
      expect(await sheet.isVisible()).toBe(true);
      await page.emulateMedia({ media: "screen" });
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await page.getByRole("button", { name: locale === "en" ? "Copy" : "复制" }).click();
      await page.getByText(locale === "en" ? "Report copied" : "已复制报告").waitFor();
      const copied = await page.evaluate(async () => {
        const [item] = await navigator.clipboard.read();
        return (await item?.getType("text/html"))?.text() ?? "";
      });
      expect(copied).toContain("<table");
      expect(copied).not.toContain("<script");
    },
  );
});
