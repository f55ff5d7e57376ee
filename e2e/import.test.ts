import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../packages/console/build-console.ts";
import { enterFirst, type Served, startServe } from "./serve.fixture.ts";

/** From a clean `serve` to the ratings of one's own file, in headless Chromium. */
const executablePath = process.env["PROBITY_CHROMIUM"] ?? "/usr/bin/chromium";
const isRequired = process.env["PROBITY_REQUIRE_ALL"] === "1";
const absent = existsSync(executablePath) || isRequired ? undefined : `no Chromium at ${executablePath}`;
const olist = new URL("../packages/mapping/src/golden/olist/", import.meta.url).pathname;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const slug = "main";

/** Two-byte characters of GB18030, the other way round. */
function gb18030(text: string): Buffer {
  const decoder = new TextDecoder("gb18030");
  const bytes = new Map<string, number[]>();
  for (let lead = 0xb0; lead <= 0xf7; lead++) {
    for (let trail = 0xa1; trail <= 0xfe; trail++) {
      bytes.set(decoder.decode(new Uint8Array([lead, trail])), [lead, trail]);
    }
  }
  return Buffer.from([...text].flatMap((sign) => bytes.get(sign) ?? [...Buffer.from(sign)]));
}

const day = (at: number): string => `2026-0${1 + (at % 9)}-${String(1 + (at % 28)).padStart(2, "0")}`;
const script = "<img src=x onerror=alert(1)>";

/** Orders of three shops as a Chinese export has them; every 100th amount is none, one line is cut. */
function chineseOrders(count: number): string {
  const lines = Array.from({ length: count }, (_, at) => {
    const amount = at % 100 === 99 ? "不明" : "128.50";
    const title = at === 5 ? script : `竹席 ${at % 4}`;
    const from = day(at);
    return `T${at},买家${at % 40},${amount},${at % 20 === 3 ? "交易关闭" : "交易成功"},${from} 10:00:00,${from} 10:05:00,${title},1,S${at % 3},${from} 18:00:00,${from} 20:00:00`;
  });
  lines.splice(50, 0, "T-cut,买家");
  return `订单编号,买家会员名,买家实际支付金额,订单状态,订单创建时间,订单付款时间,宝贝标题,宝贝总数量,店铺Id,发货时间,确认收货时间\n${lines.join("\n")}\n`;
}

const englishOrders = (count: number): string =>
  `order_id,shop_id,user_id,sku,quantity,total,created_at\n${Array.from({ length: count }, (_, at) => `e${at},E${at % 5},u${at % 90},p${at % 7},1,12.50,${day(at)}T10:00:00Z`).join("\n")}\n`;

describe.skipIf(absent !== undefined)(`importing in the browser${absent === undefined ? "" : `: ${absent}`}`, () => {
  let served: Served;
  let browser: Browser;
  let context: BrowserContext;
  const problems: string[] = [];

  async function open(locale = "en-GB", width = 1_280): Promise<Page> {
    const page = await context.newPage();
    await page.setViewportSize({ width, height: 900 });
    await page.addInitScript(
      (chosen) => localStorage.setItem("probity-locale", chosen),
      locale === "en-GB" ? "en" : locale,
    );
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("dialog", (dialog) => {
      if (dialog.type() !== "beforeunload") problems.push(`a dialog opened: ${dialog.message()}`);
      void dialog.accept();
    });
    page.on("console", (message) => {
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
        problems.push(message.text());
    });
    await page.goto(`${served.address}/console/${slug}/import`);
    return page;
  }

  async function give(page: Page, files: { name: string; buffer: Buffer }[], button = "Choose files"): Promise<void> {
    const chooser = page.waitForEvent("filechooser");
    // The browser must have heard that the dialog is the test's before it is asked for.
    await page.evaluate(() => document.hasFocus());
    await page.getByRole("button", { name: button }).click();
    await (await chooser).setFiles(files.map((file) => ({ ...file, mimeType: "text/csv" })));
  }

  const figure = async (page: Page, name: string): Promise<string> =>
    page
      .locator("dl div", { has: page.locator("dt", { hasText: new RegExp(`^${name}$`) }) })
      .locator("dd")
      .first()
      .innerText();

  async function violations(page: Page): Promise<unknown[]> {
    await page.evaluate(axe);
    return page.evaluate(async () => {
      const { axe: runner } = globalThis as unknown as {
        axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      const found = await runner.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] });
      return found.violations.map(({ id, nodes }) => [id, nodes[0]?.html.slice(0, 200)]);
    });
  }

  async function ledgerSize(): Promise<number> {
    const answer = await fetch(`${served.address}/v1/ledger`, { headers: { authorization: `Bearer ${served.key}` } });
    return ((await answer.json()) as { size: number }).size;
  }

  beforeAll(async () => {
    await ensureBuilt();
    served = await startServe();
    browser = await chromium.launch({
      executablePath,
      args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"],
    });
    context = await browser.newContext({ acceptDownloads: true, reducedMotion: "reduce" });
    await enterFirst(served, context);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.[Symbol.asyncDispose]();
    expect(problems).toEqual([]);
  });

  it("takes a GB18030 export to ratings: recognised, looked at, imported, its rejects handed back", async () => {
    const page = await open("zh-CN");
    await give(page, [{ name: "订单.csv", buffer: gb18030(chineseOrders(1_200)) }], "选择文件");
    await page.getByText("GB18030").waitFor();
    await page.getByText("order.placed", { exact: true }).first().waitFor();
    expect(await page.getByText(/1,000 行/).count()).toBe(1);
    expect(await page.getByText("不是金额").count()).toBeGreaterThan(0);
    expect(await page.locator("main img").count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    const before = await ledgerSize();
    await page.getByRole("button", { name: "导入", exact: true }).click();
    await page.getByRole("heading", { name: "导入完成" }).waitFor({ timeout: 90_000 });
    const accepted = Number((await figure(page, "已接受")).replaceAll(",", ""));
    expect(await figure(page, "行")).toBe("1,201");
    expect((await ledgerSize()) - before).toBeGreaterThanOrEqual(accepted);
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "保存被拒的行" }).click();
    const text = await readFile(await (await saved).path(), "utf8");
    expect(text).toContain("file,line,field,reason,row");
    expect(text).toMatch(/订单\.csv,52,,"has 2 fields, the header has 11","T-cut,买家"/);
    expect(text).toContain("买家实际支付金额");
    expect(await violations(page)).toEqual([]);
    await page.getByRole("link", { name: "去看商家" }).click();
    await page.getByText("S1").first().waitFor({ timeout: 60_000 });
    await page.close();
  }, 240_000);

  it("an edited mapping changes the preview, is saved for the command line and loaded again", async () => {
    const page = await open();
    await give(page, [{ name: "orders.csv", buffer: Buffer.from(englishOrders(60)) }]);
    await page.getByText("60 events, 0 refused").waitFor();
    await page.getByRole("combobox", { name: "buyer from" }).click();
    await page.getByRole("option", { name: "Left out" }).click();
    await page.getByText("buyer is needed and not filled").waitFor();
    expect(await page.getByRole("button", { name: "Import", exact: true }).isDisabled()).toBe(true);
    await page.getByRole("combobox", { name: "buyer from" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("option", { name: "user_id" }).waitFor();
    await page.keyboard.type("user_id");
    await page.keyboard.press("Enter");
    await page.getByText("60 events, 0 refused").waitFor();
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save the mapping" }).click();
    const download = await saved;
    const mapping = await readFile(await download.path());
    expect(mapping.toString()).toContain("type: order.placed");
    expect(download.suggestedFilename()).toBe("orders.csv.mapping.yaml");
    await page.getByRole("textbox", { name: "Currency" }).fill("XX");
    await page.getByText("thing to settle").first().waitFor();
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Load a mapping" }).click();
    await (await chooser).setFiles({ name: "orders.mapping.yaml", mimeType: "application/yaml", buffer: mapping });
    await page.getByText("60 events, 0 refused").waitFor();
    await page.close();
  }, 120_000);

  it("a connection lost in the middle is waited for; nothing is taken twice, pause and go on hold", async () => {
    const page = await open();
    await give(page, [{ name: "many.csv", buffer: Buffer.from(englishOrders(12_000)) }]);
    await page.getByText("1,000 events, 0 refused").waitFor();
    const before = await ledgerSize();
    let requests = 0;
    await context.route("**/v1/events", async (route) => {
      requests += 1;
      // The third is lost on its way; of the fifth only the answer is.
      if (requests === 3 || requests === 4) return route.abort("connectionreset");
      if (requests === 5) {
        await route.fetch();
        return route.abort("connectionreset");
      }
      return route.continue();
    });
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await page.getByText(/No connection/).waitFor();
    await page.getByRole("button", { name: "Try now" }).click();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("Paused.").waitFor();
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("heading", { name: "Imported" }).waitFor({ timeout: 90_000 });
    await context.unroute("**/v1/events");
    const numbers = await Promise.all(
      ["Accepted", "There already"].map(async (name) => Number((await figure(page, name)).replaceAll(",", ""))),
    );
    expect((numbers[0] ?? 0) + (numbers[1] ?? 0)).toBe(12_000);
    expect(numbers[1]).toBe(1_000);
    // The engine's own acts, such as a new epoch, stand in the ledger too.
    const grown = (await ledgerSize()) - before;
    expect(grown).toBeGreaterThanOrEqual(12_000);
    expect(grown).toBeLessThan(12_050);
    await page.close();
  }, 180_000);

  it("the files of Olist, dropped together on a narrow screen, become merchants", async () => {
    const page = await open("en-GB", 390);
    const names = ["orders", "order_items", "customers", "sellers", "products", "order_payments", "order_reviews"].map(
      (name) => `olist_${name}_dataset.csv`,
    );
    const files = [...names, "product_category_name_translation.csv"].map((name) => ({
      name,
      buffer: readFileSync(join(olist, name)),
    }));
    await give(page, files.slice(0, 2));
    await page.getByText(/Drop these files as well/).waitFor();
    expect(await page.getByRole("button", { name: "Import", exact: true }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Other files" }).click();
    await give(page, files);
    await page.getByText(/published files of Olist/).waitFor();
    await page.getByRole("button", { name: "Check the whole file" }).click();
    await page.getByText(/Nothing was sent/).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await page.getByRole("heading", { name: "Imported" }).waitFor({ timeout: 60_000 });
    expect(Number(await figure(page, "Accepted"))).toBeGreaterThan(10);
    await page.close();
  }, 120_000);

  it("says what a file is that cannot be read, and stays ready for another", async () => {
    const page = await open();
    await give(page, [{ name: "book.xlsx", buffer: Buffer.from("PK\u0003\u0004x") }]);
    await page.getByText("It is a spreadsheet.").waitFor();
    await give(page, [
      {
        name: "events.jsonl",
        buffer: Buffer.from(
          `{"specversion":"1.0","id":"i-1","source":"urn:x","type":"user.followed","time":"2026-01-01T00:00:00Z","data":{"user":"u","kind":"merchant","followed":"S1"}}\n`,
        ),
      },
    ]);
    await page.getByText("The rows are events already").waitFor();
    await page.close();
  }, 60_000);
});
