import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gallery, hasBrowser, openGallery, violations, whySkipped } from "./browser.fixture.ts";

describe.skipIf(!hasBrowser)(`evidence in Chromium (${whySkipped})`, () => {
  let gallery: Gallery;
  beforeAll(async () => {
    gallery = await openGallery();
  }, 120_000);
  afterAll(async () => {
    await gallery?.[Symbol.asyncDispose]();
  });

  const said = (page: Page): Promise<string> => page.locator("#said").innerText();

  test("a grade is read out in words, and one that is too early says so", async () => {
    const page = await gallery.open("seal");
    expect(await page.getByRole("img", { name: "Grade AAA" }).count()).toBe(2);
    expect(await page.getByRole("img", { name: "Too early to grade" }).count()).toBe(2);
    const zh = await gallery.open("seal", { locale: "zh-CN" });
    expect(await zh.getByRole("img", { name: "等级 BB", exact: true }).count()).toBe(2);
  });

  test("a number never stands without what holds of it", async () => {
    const page = await gallery.open("score");
    await page.getByRole("img", { name: "Score 812, not below 796 with 90% confidence; peers' middle 705" }).waitFor();
    expect(await page.getByTitle("812, with 90% confidence not below 796").innerText()).toContain(
      "with 90% confidence not below 796",
    );
    const zh = await gallery.open("score", { locale: "zh-CN" });
    expect(await zh.getByText("有 90% 把握不低于 796").count()).toBeGreaterThan(0);
  });

  test("bar, band and peers stand where their numbers are", async () => {
    const page = await gallery.open("score");
    const bar = page.getByRole("img", { name: "116 of 200 points" });
    const widths = await bar.evaluate((element) => {
      const whole = element.getBoundingClientRect();
      return [...element.children].map((child) => {
        const box = child.getBoundingClientRect();
        return [(box.left - whole.left) / whole.width, box.width / whole.width].map((part) => Math.round(part * 100));
      });
    });
    expect(widths[0]).toEqual([0, 58]);
    expect(widths[1]).toEqual([54, 8]);
    expect(Math.abs((widths[2]?.[0] ?? 0) - 69)).toBeLessThanOrEqual(1);
  });

  test("the tree opens by mouse and by keys, as trees do", async () => {
    const page = await gallery.open("tree");
    expect(await page.locator("#openable").innerText()).toBe("reputation reviews security dispatch");
    await page.keyboard.press("Tab");
    const current = (): Promise<string> =>
      page.evaluate(() => document.activeElement?.querySelector("[data-label]")?.textContent ?? "");
    expect(await current()).toBe("Reputation");
    await page.keyboard.press("ArrowRight");
    expect(await said(page)).toBe("reputation");
    await page.keyboard.press("ArrowRight");
    expect(await current()).toBe("Trusted reviews");
    await page.keyboard.press("Enter");
    await page.getByText("132 counted, 9 set aside").waitFor();
    await page.keyboard.press("ArrowDown");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("132 counted, 9 set aside");
    await page.keyboard.press("ArrowLeft");
    expect(await current()).toBe("Trusted reviews");
    await page.keyboard.press("ArrowLeft");
    expect(await said(page)).toBe("reputation");
    await page.keyboard.press("ArrowLeft");
    expect(await current()).toBe("Reputation");
    await page.keyboard.press("End");
    expect(await current()).toBe("Security");
    await page.keyboard.press("i");
    expect(await current()).toBe("Identity");
    await page.keyboard.press("Home");
    await page.keyboard.press("*");
    expect(await said(page)).toBe("reputation security");
    await page.getByRole("treeitem", { name: "Reputation 214 / 250" }).click();
    expect(await said(page)).toBe("security");
  });

  test("the tree tells levels and what is open, has one stop for Tab, and leaves keys inside to what stands there", async () => {
    const page = await gallery.open("tree");
    await page.getByRole("treeitem", { name: "Security 116 / 200" }).click();
    const dispatch = page.getByRole("treeitem", { name: "Dispatched in time 31 / 60" });
    expect(await dispatch.getAttribute("aria-level")).toBe("2");
    expect(await dispatch.getAttribute("aria-expanded")).toBe("false");
    expect(await page.getByRole("treeitem", { name: "Tracking not counted" }).getAttribute("aria-expanded")).toBeNull();
    await dispatch.click();
    expect(await page.locator("[role=treeitem][tabindex='0']").count()).toBe(1);
    await page.getByRole("button", { name: "An event" }).focus();
    await page.keyboard.press("ArrowUp");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("An event");
  });

  test("evidence tells day, words, kept or missed, and its places in the ledger", async () => {
    const page = await gallery.open("evidence");
    const rows = await page.getByRole("listitem").allInnerTexts();
    expect(rows[0]).toContain("21 Nov 2026");
    expect(rows[0]).toContain("missed");
    expect(rows[1]).toContain("kept");
    expect(rows[2]).toContain("not yet in the ledger");
    expect(await page.getByRole("link").allInnerTexts()).toEqual(["ledger 1,204,881", "1,204,902", "ledger 1,203,117"]);
  });

  test("the chart is drawn when it is needed, and is the same as its table and its CSV", async () => {
    const page = await gallery.open("timeline");
    await page.locator("[data-drawn=true] canvas").waitFor();
    await page.getByRole("img", { name: /^Score from 1 Feb 2026 to 1 Nov 2026: from 780 to / }).waitFor();
    await page.getByText("No history yet.").waitFor();
    await page.locator("label", { hasText: "Table" }).click();
    const rows = page.getByRole("row");
    expect(await rows.count()).toBe(41);
    expect(await page.getByRole("row", { name: /7 Jun 2026/ }).innerText()).toContain("rules changed");
    expect(await rows.last().innerText()).toContain("computed later");
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "CSV" }).click(),
    ]);
    expect(file.suggestedFilename()).toBe("history.csv");
    const text = await readFile(await file.path(), "utf8");
    expect(text.split("\r\n")).toHaveLength(42);
    expect(text).toContain("2026-02-01,780,750,,computed later");
  });

  test("drawing across the chart chooses the period", async () => {
    const page = await gallery.open("timeline");
    const canvas = page.locator("[data-drawn=true] canvas").first();
    await canvas.waitFor();
    await page.waitForTimeout(200);
    const box = await canvas.boundingBox();
    if (box === null) throw new Error("the chart has no place");
    await page.mouse.move(box.x + box.width * 0.3, box.y + 90);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.45, box.y + 90, { steps: 5 });
    await page.mouse.move(box.x + box.width * 0.6, box.y + 90, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => said(page)).toMatch(/^2026-0[345]-\d\d 2026-0[678]-\d\d$/);
  });

  test.each(["seal", "score", "tree", "evidence", "timeline"])(
    "axe finds nothing on %s, in light and dark",
    async (show) => {
      for (const theme of ["light", "dark"] as const) {
        const page = await gallery.open(show, { theme });
        if (show === "tree") {
          await page.keyboard.press("Tab");
          await page.keyboard.press("*");
        }
        expect(await violations(page), `${show} ${theme}`).toEqual([]);
        await page.context().close();
      }
    },
  );

  test("nothing was refused by the content security policy, and no page threw", () => {
    expect(gallery.complaints).toEqual([]);
  });
});
