import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
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
import { type LogState, newLog, serveLog } from "./log.fixture.ts";

/** Far longer than any step takes on two busy processors. */
const patienceMs = 15_000;

describe.skipIf(!hasBrowser)(`the public log in Chromium (${whySkipped})`, () => {
  let server: TestServer;
  let log: LogState;
  let browser: Browser;
  let folder: string;
  let complaints: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "probity-log-"));
    await buildInto(folder, "index.html");
    browser = await launch();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    server = await openServer(folder);
    log = await newLog();
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
    await serveLog(page, log);
    await page.goto(`${server.base}${path}`);
    return page;
  }
  const card = (page: Page, name: string | RegExp) => page.getByRole("region", { name });

  test("tells how far it is, who vouches for it, and what an outsider types", async () => {
    const page = await open("/demo/log");
    await card(page, "Newest checkpoint").getByText(log.log.root).waitFor();
    const main = await page.getByRole("main").innerText();
    for (const part of [
      "1 entry to come",
      "2 entries behind",
      "1 of 2 witnesses have cosigned",
      "not on the newest checkpoint",
      "A witness that you run yourself is a demonstration",
      "waits for witnesses",
      log.log.verifierKey,
      "https://trust.example/log/demo/trust-policy",
      "probity audit https://trust.example \\\n  --marketplace demo --policy trust-policy.txt",
      "auditors/python/probity_audit.py",
      "quorum w1",
    ])
      expect(main).toContain(part);
    await page.keyboard.press("g");
    await page.keyboard.press("m");
    await page.getByRole("heading", { level: 1, name: "Merchants" }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("b");
    await page.getByRole("heading", { level: 1, name: "Public log" }).waitFor();
  });

  test("an entry is looked up by its number and its proof checked here; the address keeps it", async () => {
    const page = await open("/demo/log");
    const entry = card(page, "Look up an entry");
    const number = entry.getByLabel("Number of the entry");
    await number.fill("two");
    await number.press("Enter");
    await entry.getByText("Type a whole number from 0.").waitFor();
    await number.fill("1,000");
    await number.press("Enter");
    await entry.getByText("numbers from 0 to 6").waitFor();
    await number.fill("2");
    await number.press("Enter");
    await page.waitForURL(/entry=2/);
    await entry.getByText("Everything agrees").waitFor();
    const text = await entry.innerText();
    for (const part of [
      "order.placed",
      "review-stars",
      "+1,000",
      "/data/order",
      "o-1",
      "20 digests",
      `The checkpoint is signed by ${log.log.origin}.`,
      "Cosigned by w1 (",
      `Entry 2 leads to the root ${log.log.root.slice(0, 12)}… of 7 entries.`,
      "they come from this very server",
    ])
      expect(text).toContain(part);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      entry.getByRole("button", { name: "Download the receipt" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("demo-2.tlog-proof");
    expect(await readFile(await download.path(), "utf8")).toBe(log.receipt);
    await page.reload();
    await entry.getByText("Everything agrees").waitFor();
    await page.goto(`${server.base}/demo/log?entry=7`);
    await entry.getByText("stands in no published checkpoint yet").waitFor();
    await page.goto(`${server.base}/demo/log?entry=nonsense`);
    expect(await number.inputValue()).toBe("");
  });

  test("a proof that does not hold names the step and the reason", async () => {
    log.receipt = log.receipt.replace("index 2", "index 3");
    const page = await open("/demo/log?entry=2");
    const entry = card(page, "Look up an entry");
    await entry.getByText("It does not agree").waitFor();
    await entry.getByText("the entry does not stand at place 3").waitFor();
    expect(await entry.getByText("not reached").count()).toBe(1);
    expect(await entry.getByText("o-1").count()).toBe(0);
  });

  test("who may read entries is changed after a question, and only by whom it is given to", async () => {
    const page = await open("/demo/log");
    const audience = card(page, "Who may read entries");
    await audience.getByRole("button", { name: "Give to auditors only" }).press("Enter");
    const dialog = page.getByRole("dialog", { name: "Give entries to auditors only?" });
    await dialog.getByRole("button", { name: "Cancel" }).click();
    expect(log.asked).toEqual([]);
    await audience.getByRole("button", { name: "Give to auditors only" }).click();
    log.refusesAudience = true;
    await dialog.getByRole("button", { name: "Give to auditors only" }).click();
    await dialog.getByRole("alert").waitFor();
    log.refusesAudience = false;
    await dialog.getByRole("button", { name: "Give to auditors only" }).click();
    await page.getByText("Entries are for auditors only").first().waitFor();
    await audience.getByRole("button", { name: "Publish to everybody" }).waitFor();
    await page.getByText("--policy trust-policy.txt --key KEY").first().waitFor();
    expect(log.asked).toEqual([{ audience: "auditors" }, { audience: "auditors" }]);
    await page.goto(`${server.base}/lake/log`);
    await audience.getByText("Holders of an API key").waitFor();
    expect(await audience.getByRole("button").count()).toBe(0);
  });

  test("without a log, without a checkpoint, without witnesses, and with a server that fails", async () => {
    const { status } = log;
    log.status = null;
    const page = await open("/demo/log");
    await page.getByText("The public log has not begun").waitFor();
    if (status !== null)
      log.status = { ...status, published: null, checkpoints: [], witnesses: [], quorum: "none", integrated: 0 };
    await page.reload();
    await page.getByText("No checkpoint is published yet.").waitFor();
    await page.getByText("No witness is asked for.").waitFor();
    await page.route("**/v1/log", (route) => route.fulfill({ status: 500, json: {} }));
    await page.reload();
    await page.getByRole("button", { name: "Try again" }).waitFor();
  });

  test("a merchant's rating is checked on its page: right, published otherwise, wrong, not yet", async () => {
    const page = await open(`/demo/merchants/${merchantId}`);
    const check = card(page, "Check this rating");
    await check.getByText("checked by your browser against log size 7").waitFor();
    expect(await check.innerText()).toContain("As published on 26 Nov 2026, from the first 3 entries of the log");
    expect(await check.innerText()).toContain("This page shows another computation");
    await check.getByText("What was checked, and what it does not prove").click();
    await check.getByText("Line 3 of 5 leads to the root that entry 4 publishes.").waitFor();
    await check.getByText("Recompute it from outside").click();
    await check.getByText("probity audit https://trust.example").waitFor();
    log.rating = { ...log.log.rating, line: log.log.rating.line.replace("812", "912") };
    await page.reload();
    await check.getByText("the rating does not stand at place 2 under the published root").waitFor();
    log.rating = null;
    await page.reload();
    await check.getByText("There is no proof of this rating yet").waitFor();
  });

  test("axe finds nothing, in both themes and languages, wide and narrow", async () => {
    for (const shown of [
      { theme: "light", locale: "en", narrow: true },
      { theme: "dark", locale: "zh-CN" },
    ] as const) {
      const page = await open("/demo/log?entry=2", shown);
      await page.getByText(shown.locale === "en" ? "Everything agrees" : "全部相符").waitFor();
      for (const item of await page.locator("main summary").all()) await item.click();
      expect(await violations(page), JSON.stringify(shown)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      await page.context().close();
    }
  });
});
