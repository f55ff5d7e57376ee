import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gallery, hasBrowser, openGallery, violations, whySkipped } from "./browser.fixture.ts";

describe.skipIf(!hasBrowser)(`columns in Chromium (${whySkipped})`, () => {
  let gallery: Gallery;
  beforeAll(async () => {
    gallery = await openGallery();
  }, 120_000);
  afterAll(async () => {
    expect(gallery?.complaints).toEqual([]);
    await gallery?.[Symbol.asyncDispose]();
  });

  test("are as high as their numbers, and each says its own", async () => {
    const page = await gallery.open("columns");
    const chart = page.getByRole("img", { name: "2,412 accepted and 31 rejected on 21 November" });
    await chart.waitFor();
    const drawn = await chart.locator("span[title]").evaluateAll((stacks) =>
      stacks.map((stack) => ({
        title: stack.getAttribute("title"),
        shares: [...stack.children].map((part) => part.getBoundingClientRect().height / stack.clientHeight),
      })),
    );
    expect(drawn.length).toBe(24);
    expect(drawn[0]?.title).toBe("0:00 – 1:00: 60 accepted, 0 rejected");
    expect(drawn[3]?.shares).toEqual([]);
    // Twenty o'clock: 136 and 20 of 200.
    expect(drawn[20]?.shares.map((share) => Math.round(share * 100))).toEqual([68, 10]);
    expect(await chart.innerText()).toContain("200");
  });

  test("are a table too, and a file", async () => {
    const page = await gallery.open("columns");
    await page.getByRole("radio", { name: "Table" }).check({ force: true });
    const table = page.getByRole("table");
    expect(await table.getByRole("row").nth(1).innerText()).toMatch(/23:00 – 24:00\s+\d+\s+0/);
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "CSV" }).press("Enter"),
    ]);
    const lines = (await readFile(await file.path(), "utf8")).split("\r\n");
    expect([file.suggestedFilename(), lines[0], lines[21]]).toEqual([
      "hours.csv",
      "\u{feff}Hour,accepted,rejected",
      "20:00 – 21:00,136,20",
    ]);
  });

  test.each([
    { theme: "light", locale: "en" },
    { theme: "dark", locale: "zh-CN", narrow: true },
  ] as const)("fit, and axe finds nothing: %j", async (shown) => {
    const page = await gallery.open("columns", shown);
    for (const as of [0, 1]) {
      await page.getByRole("radio").nth(as).check({ force: true });
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    }
  });
});
