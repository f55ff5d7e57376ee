import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gallery, hasBrowser, openGallery, violations, whySkipped } from "./browser.fixture.ts";

describe.skipIf(!hasBrowser)(`networks and sums in Chromium (${whySkipped})`, () => {
  let gallery: Gallery;
  beforeAll(async () => {
    gallery = await openGallery();
  }, 120_000);
  afterAll(async () => {
    expect(gallery?.complaints).toEqual([]);
    await gallery?.[Symbol.asyncDispose]();
  });

  const picture = (page: Page): Promise<string> =>
    page.locator("canvas").evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

  /** Until all ties are drawn again after a move. */
  async function still(page: Page): Promise<string> {
    let before = "";
    await expect
      .poll(
        async () => {
          const now = await picture(page);
          const isStill = now === before;
          before = now;
          return isStill;
        },
        { interval: 300 },
      )
      .toBe(true);
    return before;
  }

  async function opened(locale: "en" | "zh-CN" = "en"): Promise<Page> {
    const page = await gallery.open("network", { locale });
    await page.locator("canvas[data-done]").waitFor();
    await still(page);
    return page;
  }

  test("a network moves by the mouse, zooms by the wheel only where it has the focus, and is shown whole again", async () => {
    const page = await opened();
    const whole = await picture(page);
    const canvas = page.getByRole("application", { name: "Sixty nodes with their ties" });
    const box = (await canvas.boundingBox())!;
    await page.mouse.move(box.x + 40, box.y + 40);
    await page.mouse.wheel(0, -240);
    expect(await still(page)).toBe(whole);
    await page.mouse.down();
    await page.mouse.move(box.x + 140, box.y + 90, { steps: 4 });
    await page.mouse.up();
    const moved = await still(page);
    expect(moved).not.toBe(whole);
    await canvas.focus();
    await page.mouse.wheel(0, -240);
    await expect.poll(() => picture(page)).not.toBe(moved);
    await page.getByRole("button", { name: "Show all" }).click();
    expect(await still(page)).toBe(whole);
    await page.getByRole("button", { name: "Closer" }).click();
    await page.getByRole("button", { name: "Farther" }).click();
    expect(await page.locator("#said").innerText()).toBe("-1");
  });

  test("a press chooses what lies there, and nothing where nothing lies", async () => {
    const page = await opened("zh-CN");
    const canvas = page.locator("canvas");
    const { width, height } = (await canvas.boundingBox())!;
    // The picture's middle is somewhere in the crowd: one of the presses around it meets a node.
    for (let place = 0; place < 200 && (await page.locator("#said").innerText()) === "-1"; place += 1) {
      const [x, y] = [(place % 20) / 20, Math.floor(place / 20) / 10];
      await canvas.click({ position: { x: width * (0.2 + 0.6 * x), y: height * (0.1 + 0.8 * y) } });
    }
    expect(Number(await page.locator("#said").innerText())).toBeGreaterThanOrEqual(0);
    await canvas.click({ position: { x: 3, y: 3 } });
    await expect.poll(() => page.locator("#said").innerText()).toBe("-1");
    await page.getByRole("button", { name: "显示全部" }).waitFor();
  });

  test("the colours are those of the theme, and follow it", async () => {
    const page = await opened();
    const light = await picture(page);
    await page.evaluate(() => {
      document.documentElement.dataset["theme"] = "dark";
    });
    await expect.poll(() => picture(page)).not.toBe(light);
  });

  test("a sum begins, steps and ends where its numbers are", async () => {
    const page = await gallery.open("waterfall");
    const bars = await page.getByRole("list", { name: "Why 41%" }).evaluate((list) =>
      [...list.querySelectorAll("[aria-hidden]")].map((bar) => {
        const whole = bar.getBoundingClientRect();
        const part = bar.firstElementChild!.getBoundingClientRect();
        return [part.left - whole.left, part.width].map((px) => Math.round((px / whole.width) * 100));
      }),
    );
    expect(bars).toEqual([
      [0, 93],
      [32, 61],
      [32, 9],
      [0, 41],
    ]);
    await page.getByRole("button", { name: "Copy the sum" }).waitFor();
  });

  test.each(["network", "waterfall"])("axe finds nothing in %s, in both themes", async (show) => {
    for (const theme of ["light", "dark"] as const) {
      const page = await gallery.open(show, { theme });
      await page.locator("canvas[data-done], ol").first().waitFor();
      expect(await violations(page)).toEqual([]);
    }
  });
});
