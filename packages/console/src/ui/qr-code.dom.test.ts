import { encode } from "uqr";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gallery, hasBrowser, openGallery, violations, whySkipped } from "./browser.fixture.ts";

const text = "otpauth://totp/Probity:lin@example.org?secret=JBSWY3DPEHPK3PXP";
const quietModules = 4;

describe.skipIf(!hasBrowser)(`codes in Chromium (${whySkipped})`, () => {
  let gallery: Gallery;
  beforeAll(async () => {
    gallery = await openGallery();
  }, 120_000);
  afterAll(async () => {
    await gallery?.[Symbol.asyncDispose]();
  });

  test.each(["light", "dark"] as const)(
    "every module is drawn where it belongs, dark on light, in %s",
    async (theme) => {
      const page = await gallery.open("qr", { theme });
      const code = page.getByRole("img", { name: "For the app" });
      // Each module's middle, as the browser fills it.
      const drawn = await code.evaluate((svg) => {
        const path = svg.querySelector("path") as SVGPathElement;
        const { width } = (svg as SVGSVGElement).viewBox.baseVal;
        const point = (svg as SVGSVGElement).createSVGPoint();
        return Array.from({ length: width }, (_, y) =>
          Array.from({ length: width }, (__, x) => {
            Object.assign(point, { x: x + 0.5, y: y + 0.5 });
            return path.isPointInFill(point);
          }),
        );
      });
      expect(drawn).toEqual(encode(text, { ecc: "M", border: quietModules }).data);
      expect(drawn.slice(0, quietModules).flat()).not.toContain(true);
      const colours = await code.evaluate((svg) =>
        ["rect", "path"].map((part) => getComputedStyle(svg.querySelector(part) as Element).fill),
      );
      expect(colours).toEqual(["rgb(255, 255, 255)", "rgb(0, 0, 0)"]);
      expect(await violations(page)).toEqual([]);
    },
  );

  test("nothing was refused by the content security policy, and no page threw", () => {
    expect(gallery.complaints).toEqual([]);
  });
});
