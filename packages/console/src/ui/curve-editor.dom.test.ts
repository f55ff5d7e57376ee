import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gallery, hasBrowser, openGallery, violations, whySkipped } from "./browser.fixture.ts";

describe.skipIf(!hasBrowser)(`curves in Chromium (${whySkipped})`, () => {
  let gallery: Gallery;
  beforeAll(async () => {
    gallery = await openGallery();
  }, 120_000);
  afterAll(async () => {
    expect(gallery?.complaints).toEqual([]);
    await gallery?.[Symbol.asyncDispose]();
  });

  const said = async (page: Page): Promise<(number | null)[][]> =>
    JSON.parse(await page.locator("#said").innerText()) as (number | null)[][];
  const knot = (page: Page, no: number) => page.getByRole("slider", { name: new RegExp(`^Knot ${no} of`) });

  test("a knot is moved by arrows, farther with Shift, and stops at its neighbours", async () => {
    const page = await gallery.open("curve");
    await knot(page, 3).focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Shift+ArrowLeft");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Shift+ArrowUp");
    expect((await said(page))[2]).toEqual([939_000, 411]);
    expect(await knot(page, 3).getAttribute("aria-valuetext")).toBe("a share of 93.9% gives 41.1% of the points");
    for (let press = 0; press < 6; press += 1) await page.keyboard.press("Shift+ArrowRight");
    expect((await said(page))[2]).toEqual([979_999, 411]);
    for (let press = 0; press < 40; press += 1) await page.keyboard.press("Shift+ArrowDown");
    expect((await said(page))[2]).toEqual([979_999, 150]);
    expect(await page.locator("#about").innerText()).toBe("key 2");
  });

  test("Delete takes a knot away and the focus goes on; a button adds one between", async () => {
    const page = await gallery.open("curve");
    await knot(page, 3).focus();
    await page.keyboard.press("Delete");
    expect((await said(page)).map(([share]) => share)).toEqual([0, 900_000, 980_000, 1_000_000]);
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    expect(await focused()).toBe("Knot 3 of 4, Returns");
    await page.keyboard.press("Delete");
    await page.keyboard.press("Delete");
    // The ends stay, and the focus does not fall out of the drawing.
    expect(await focused()).toBe("Returns: points by share");
    await page.getByRole("radio", { name: "From 0 to 100%" }).check({ force: true });
    await knot(page, 1).focus();
    await page.keyboard.press("Delete");
    expect(await said(page)).toEqual([
      [0, 0],
      [1_000_000, 1_000],
    ]);
    await page.getByRole("button", { name: "Add a knot between 1 and 2" }).press("Enter");
    expect((await said(page))[1]).toEqual([500_000, 500]);
    const field = page.getByLabel("Share of knot 2 of Returns, in per cent");
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.getByRole("button", { name: "Curve as it was" }).click();
    expect((await said(page)).length).toBe(5);
  });

  test("a knot follows the pointer between its neighbours", async () => {
    const page = await gallery.open("curve");
    const box = await knot(page, 4).boundingBox();
    if (box === null) throw new Error("no knot");
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 20, y + 10, { steps: 4 });
    const [share, points] = (await said(page))[3] ?? [];
    expect(share).toBeLessThan(980_000);
    expect(Number(share) % 1_000).toBe(0);
    expect(points).toBeLessThan(750);
    await page.mouse.move(x - 600, y + 600, { steps: 4 });
    expect((await said(page))[3]).toEqual([950_001, 400]);
    await page.mouse.up();
    await page.mouse.move(x, y, { steps: 2 });
    expect((await said(page))[3]).toEqual([950_001, 400]);
    expect(await page.locator("#about").innerText()).toBe("drag 1");
  });

  test("the fields are as good a way in, and each says what is wrong with it", async () => {
    const page = await gallery.open("curve");
    const share = page.getByLabel("Share of knot 3 of Returns, in per cent");
    await share.fill("96.5");
    expect((await said(page))[2]).toEqual([965_000, 400]);
    await share.fill("85");
    await page.getByRole("alert").filter({ hasText: "It must be more than in the row above." }).waitFor();
    expect(await share.getAttribute("aria-invalid")).toBe("true");
    await share.fill("");
    await page.getByRole("alert").filter({ hasText: "Type a number." }).waitFor();
    await share.fill("95");
    await page.getByLabel("Points of knot 3 of Returns, in per cent").fill("10");
    await page.getByRole("alert").filter({ hasText: "It must not be less than in the row above." }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test("the part that is shown is where it rises, or the whole", async () => {
    const page = await gallery.open("curve");
    expect(await page.getByRole("slider").count()).toBe(3);
    await page.getByRole("radio", { name: "From 0 to 100%" }).check({ force: true });
    expect(await page.getByRole("slider").count()).toBe(4);
  });

  test("axe finds nothing, in both themes, wide and narrow", async () => {
    for (const show of ["curve", "curve-chart"]) {
      for (const shown of [{ theme: "light" }, { theme: "dark" }, { theme: "dark", narrow: true }] as const) {
        const page = await gallery.open(show, shown);
        expect(await violations(page), JSON.stringify(shown)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
        await page.context().close();
      }
    }
  });
});
