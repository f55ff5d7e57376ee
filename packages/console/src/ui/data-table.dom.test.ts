import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gallery, hasBrowser, openGallery, violations, whySkipped } from "./browser.fixture.ts";

describe.skipIf(!hasBrowser)(`the data table in Chromium (${whySkipped})`, () => {
  let gallery: Gallery;
  beforeAll(async () => {
    gallery = await openGallery();
  }, 120_000);
  afterAll(async () => {
    await gallery?.[Symbol.asyncDispose]();
  });

  const said = (page: Page): Promise<string> => page.locator("#said").innerText();
  const focusedRow = (page: Page): Promise<string | null> =>
    page.evaluate(() => document.activeElement?.getAttribute("data-row") ?? null);
  const firstScores = async (page: Page): Promise<string[]> =>
    (await page.locator("[data-row] > :nth-child(2)").allInnerTexts()).slice(0, 3);

  test("sorts by a header, up, down and as it came, and says so", async () => {
    const page = await gallery.open("table");
    const header = page.getByRole("columnheader", { name: /Score/ });
    expect(await header.getAttribute("aria-sort")).toBe("none");
    const sort = page.getByRole("button", { name: "Score", exact: true });
    await sort.click();
    await expect.poll(() => header.getAttribute("aria-sort")).not.toBe("none");
    const one = await header.getAttribute("aria-sort");
    const first = (await firstScores(page)).map(Number);
    await sort.focus();
    await page.keyboard.press("Enter");
    const two = await header.getAttribute("aria-sort");
    expect(new Set([one, two])).toEqual(new Set(["ascending", "descending"]));
    expect((await firstScores(page)).map(Number)).not.toEqual(first);
    await page.keyboard.press("Enter");
    expect(await header.getAttribute("aria-sort")).toBe("none");
    expect(await page.getByRole("columnheader", { name: /Grade/ }).getByRole("button").count()).toBe(0);
  });

  test("moves through rows by arrows, j and k, Home and End, and opens by Enter and by a press", async () => {
    const page = await gallery.open("table");
    await page.locator("[data-row='0']").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("j");
    expect(await focusedRow(page)).toBe("2");
    await page.keyboard.press("k");
    await page.keyboard.press("Enter");
    await expect.poll(() => said(page)).toContain("opened m-1 ");
    expect(await page.locator("[data-row='1']").getAttribute("aria-selected")).toBe("true");
    await page.keyboard.press("End");
    await expect.poll(() => focusedRow(page)).toBe("29");
    await page.keyboard.press("Home");
    await expect.poll(() => focusedRow(page)).toBe("0");
    await page.locator("[data-row='2'] > :nth-child(2)").click();
    await expect.poll(() => said(page)).toContain("opened m-2 ");
    expect(await page.locator("[data-row][tabindex='0']").count()).toBe(1);
  });

  test("chooses columns, and keeps the choice for the next time", async () => {
    const page = await gallery.open("table");
    expect(await page.getByRole("columnheader").count()).toBe(4);
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Id" }).click();
    await page.getByRole("menuitemcheckbox", { name: "City" }).click();
    await page.keyboard.press("Escape");
    const headers = (): Promise<string[]> => page.getByRole("columnheader").allInnerTexts();
    await expect.poll(headers).toEqual(["Name", "Score", "Grade", "Id"]);
    await page.reload();
    await expect.poll(headers).toEqual(["Name", "Score", "Grade", "Id"]);
  });

  test("a column is made wider by dragging and by arrows, and a double press puts it back", async () => {
    const page = await gallery.open("table");
    const handle = page.getByRole("separator", { name: "Width of Score" });
    const width = async (): Promise<number> => Number(await handle.getAttribute("aria-valuenow"));
    expect(await width()).toBe(120);
    const box = await handle.boundingBox();
    if (box === null) throw new Error("the handle has no place");
    await page.mouse.move(box.x + 4, box.y + 8);
    await page.mouse.down();
    await page.mouse.move(box.x + 64, box.y + 8, { steps: 4 });
    await page.mouse.up();
    expect(await width()).toBe(180);
    await handle.focus();
    await page.keyboard.press("ArrowLeft");
    expect(await width()).toBe(164);
    await handle.dblclick();
    expect(await width()).toBe(120);
  });

  test("a long text keeps its row under the head", async () => {
    const page = await gallery.open("table");
    await page.setViewportSize({ width: 700, height: 800 });
    const long = page.locator("[data-row]").filter({ hasText: "end" }).first();
    await long.waitFor();
    const lefts = (selector: string): Promise<number[]> =>
      page.locator(selector).evaluateAll((cells) => cells.map((cell) => Math.round(cell.getBoundingClientRect().left)));
    const heads = await lefts("[role=columnheader]");
    const cells = await long
      .locator("[role=gridcell]")
      .evaluateAll((found) => found.map((cell) => Math.round(cell.getBoundingClientRect().left)));
    expect(cells).toEqual(heads);
  });

  test("writes what is shown to CSV, in its order, and makes no formula of a name", async () => {
    const page = await gallery.open("table");
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "CSV" }).click(),
    ]);
    const text = await readFile(await file.path(), "utf8");
    const lines = text.trimEnd().split("\r\n");
    expect(lines[0]).toBe("\u{feff}Name,Score,City,Grade");
    expect(lines).toHaveLength(31);
    expect(lines[4]).toBe("'=HYPERLINK(1),757,القاهرة,AA");
  });

  test("rows are picked by box and by X, no more than there may be; order and file are the page's own matter", async () => {
    for (const narrow of [false, true]) {
      const page = await gallery.open("picked-table", { narrow });
      await page.getByRole("checkbox", { name: "Compare Merchant 3" }).check();
      await expect.poll(() => said(page)).toContain("picked m-3 ");
      if (narrow) {
        await page.getByRole("checkbox", { name: "Compare Merchant 9" }).check();
      } else {
        await page.locator("[data-row='2']").focus();
        await page.keyboard.press("x");
      }
      await expect.poll(() => said(page)).toContain("picked m-3 m-9 ");
      expect(await page.getByRole("checkbox", { name: "Compare Merchant 5" }).isDisabled()).toBe(true);
      await page.getByRole("checkbox", { name: "Compare Merchant 3" }).uncheck();
      await expect.poll(() => said(page)).toContain("picked m-9 ");
      await page.getByRole("button", { name: "CSV" }).click();
      await expect.poll(() => said(page)).toContain("written name score city grade");
      expect(await violations(page)).toEqual([]);
      if (narrow) continue;
      await page.getByRole("button", { name: "Score", exact: true }).click();
      await expect.poll(() => said(page)).toContain("sort score");
      expect(await page.locator("[data-row] > :nth-child(3)").allInnerTexts()).toEqual(["5", "3", "9"]);
    }
  });

  test("holds a hundred thousand rows: few are drawn, the last is reached, and sorting them takes no second", async () => {
    const page = await gallery.open("large-table");
    expect(await page.getByRole("grid").getAttribute("aria-rowcount")).toBe("100001");
    expect(await page.locator("[data-row]").count()).toBeLessThan(60);
    await page.locator("[data-row='0']").focus();
    await page.keyboard.press("End");
    await expect.poll(() => focusedRow(page)).toBe("99999");
    expect(await said(page)).toContain("ends true");
    const beganMs = Date.now();
    await page.getByRole("button", { name: "Score", exact: true }).click();
    await page.getByRole("columnheader", { name: /Score/ }).and(page.locator(":not([aria-sort=none])")).waitFor();
    expect(Date.now() - beganMs).toBeLessThan(3_000);
    expect(await page.locator("[data-row]").count()).toBeLessThan(60);
  });

  test("on a narrow screen it is a list that scrolls with the page, and no side scrolls", async () => {
    const page = await gallery.open("table", { narrow: true });
    expect(await page.getByRole("grid").count()).toBe(0);
    const items = page.getByRole("listitem");
    expect(await items.count()).toBe(30);
    expect(await items.first().innerText()).toContain("Score");
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await items.nth(1).locator("dl").click();
    await expect.poll(() => said(page)).toContain("opened m-1 ");
    const large = await gallery.open("large-table", { narrow: true });
    expect(await large.getByRole("listitem").count()).toBeLessThan(60);
    await large.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await large.getByText("100,000 of 100,000").waitFor({ state: "attached" });
  });

  test.each(["table", "large-table"])("axe finds nothing on %s, wide and narrow, in light and dark", async (show) => {
    for (const theme of ["light", "dark"] as const) {
      for (const narrow of [false, true]) {
        const page = await gallery.open(show, { theme, narrow });
        expect(await violations(page), `${show} ${theme} ${narrow}`).toEqual([]);
        await page.context().close();
      }
    }
  });

  test("nothing was refused by the content security policy, and no page threw", () => {
    expect(gallery.complaints).toEqual([]);
  });
});
