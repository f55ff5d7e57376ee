import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { type Gallery, hasBrowser, openGallery, violations, whySkipped } from "./browser.fixture.ts";

describe.skipIf(!hasBrowser)(`controls in Chromium (${whySkipped})`, () => {
  let gallery: Gallery;
  beforeAll(async () => {
    gallery = await openGallery();
  }, 120_000);
  afterAll(async () => {
    await gallery?.[Symbol.asyncDispose]();
  });

  const said = (page: Page): Promise<string> => page.locator("#said").innerText();

  test("files come by the mouse or, with the keyboard, by the dialog; a bar says how far it is", async () => {
    const page = await gallery.open("files");
    await page.evaluate(() => {
      const carried = new DataTransfer();
      carried.items.add(new File(["a,b"], "a.csv"));
      carried.items.add(new File(["c"], "b.csv"));
      const zone = [...document.querySelectorAll("div")].find((part) => part.className.includes("border-dashed"));
      zone?.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
    });
    expect(await said(page)).toBe("a.csv 3, b.csv 1");
    const button = page.getByRole("button", { name: "Choose files" });
    await button.focus();
    const chosen = page.waitForEvent("filechooser");
    // The browser must have heard that the dialog is the test's before it is asked for.
    await page.evaluate(() => document.hasFocus());
    await page.keyboard.press("Enter");
    const chooser = await chosen;
    expect(chooser.isMultiple()).toBe(true);
    await chooser.setFiles({ name: "诚信.csv", mimeType: "text/csv", buffer: Buffer.from("abc") });
    expect(await said(page)).toBe("诚信.csv 3");
    const bar = page.getByRole("progressbar", { name: "Importing" });
    expect([await bar.getAttribute("aria-valuenow"), await bar.getAttribute("aria-valuetext")]).toEqual([
      "42.5",
      "42.5%",
    ]);
    expect(await page.getByRole("progressbar", { name: "Looking" }).getAttribute("aria-valuenow")).toBeNull();
    expect(await violations(page)).toEqual([]);
  });

  test("buttons answer the mouse, Enter and Space; disabled and busy ones do not", async () => {
    const page = await gallery.open("button");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Plain" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Space");
    expect(await said(page)).toBe("pressed 3");
    expect(await page.getByRole("button", { name: "Disabled" }).isDisabled()).toBe(true);
    const send = page.getByRole("button", { name: "Send" });
    await send.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    expect(await said(page)).toBe("pressed 4");
    expect(await send.getAttribute("aria-busy")).toBe("true");
    expect(await send.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test("an icon says its name to everyone: in its label and as a tooltip on focus", async () => {
    const page = await gallery.open("button");
    const columns = page.getByRole("button", { name: "Columns" });
    expect(await columns.getAttribute("aria-pressed")).toBe("false");
    await page.getByRole("button", { name: "Send" }).focus();
    await page.keyboard.press("Tab");
    const tooltip = page.locator("[data-tooltip]", { hasText: "Columns" });
    expect(await tooltip.isVisible()).toBe(true);
    await page.keyboard.press("Enter");
    expect(await columns.getAttribute("aria-pressed")).toBe("true");
    await page.keyboard.press("Escape");
    expect(await tooltip.count()).toBe(0);
  });

  test("fields take text, and say what is wrong where it is", async () => {
    const page = await gallery.open("field");
    const name = page.getByLabel("Name");
    expect(await name.getAttribute("aria-describedby")).not.toBeNull();
    await name.fill("x");
    const error = page.getByRole("alert").filter({ hasText: "Too short." });
    await error.waitFor();
    expect(await name.getAttribute("aria-invalid")).toBe("true");
    expect(await name.getAttribute("aria-describedby")).toContain((await error.getAttribute("id")) ?? "?");
    await name.fill("清和竹器");
    expect(await page.getByRole("alert").count()).toBe(0);
    await page.getByLabel("Event").fill("");
    expect(await page.getByRole("alert").innerText()).toBe("Not JSON.");
    expect(JSON.parse(await said(page))).toMatchObject({ text: "清和竹器", area: "" });
  });

  test("numbers step by keys and buttons and stay inside their limits", async () => {
    const page = await gallery.open("field");
    const days = page.getByLabel("Days");
    await days.focus();
    await page.keyboard.press("ArrowUp");
    await page.getByRole("button", { name: "Increase" }).click();
    expect(JSON.parse(await said(page))).toMatchObject({ number: 9 });
    for (let press = 0; press < 5; press += 1)
      await page.getByRole("button", { name: "Increase" }).click({ force: true });
    expect(JSON.parse(await said(page))).toMatchObject({ number: 10 });
  });

  test("a checkbox turns by its label and by Space", async () => {
    const page = await gallery.open("field");
    await page.getByText("Only open ones").click();
    expect(JSON.parse(await said(page))).toMatchObject({ checked: true });
    await page.getByRole("checkbox", { name: "Only open ones" }).focus();
    await page.keyboard.press("Space");
    expect(JSON.parse(await said(page))).toMatchObject({ checked: false });
  });

  test("a select opens, moves and chooses by keyboard and by mouse", async () => {
    const page = await gallery.open("field");
    const grade = page.getByRole("combobox", { name: "Grade" });
    await grade.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("option", { name: "AA" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect.poll(() => said(page)).toContain('"grade":"AA"');
    await grade.click();
    await page.getByRole("option", { name: "B", exact: true }).click();
    await expect.poll(() => said(page)).toContain('"grade":"B"');
    expect(await grade.innerText()).toBe("B");
  });

  test("a dialog takes the focus, holds it, and gives it back; Escape closes it", async () => {
    const page = await gallery.open("dialog");
    await page.getByRole("button", { name: "Open", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Set aside" });
    await dialog.waitFor();
    expect(await dialog.getAttribute("aria-describedby")).not.toBeNull();
    for (let press = 0; press < 6; press += 1) {
      await page.keyboard.press("Tab");
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.closest("[role=dialog]")?.role))
        .toBe("dialog");
    }
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Open");
  });

  test("a firm dialog stays where one presses beside it, and keeps what was typed", async () => {
    const page = await gallery.open("dialog");
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await page.mouse.click(5, 5);
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Open firm" }).click();
    await page.getByLabel("Reason").fill("typed");
    await page.mouse.click(5, 5);
    expect(await page.getByLabel("Reason").inputValue()).toBe("typed");
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  });

  test("a drawer is a dialog from the side", async () => {
    const page = await gallery.open("dialog", { narrow: true });
    await page.getByRole("button", { name: "Open drawer" }).click();
    await page.getByRole("dialog", { name: "Navigation" }).getByRole("link", { name: "Merchants" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  });

  test("a notice can be taken back, and what it announced happens once it is gone", async () => {
    const page = await gallery.open("toast");
    await page.getByRole("button", { name: "Discard" }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => said(page)).toBe("undone");
    await page.waitForTimeout(1_200);
    expect(await said(page)).toBe("undone");
    await page.getByRole("button", { name: "Discard" }).click();
    await expect.poll(() => said(page), { timeout: 5_000 }).toBe("gone");
  });

  test("a notice is read out and can be dismissed by keyboard", async () => {
    const page = await gallery.open("toast");
    await page.getByRole("button", { name: "Fail" }).click();
    await page.getByText("That did not work").first().waitFor();
    await page.keyboard.press("F6");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.getByRole("button", { name: "Dismiss" }).focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.getByText("That did not work").count()).toBe(0);
  });

  test("chips choose one of few by arrows, and a filter is taken away by its cross", async () => {
    const page = await gallery.open("chip");
    await page.getByRole("radio", { name: "Waiting" }).focus();
    await page.keyboard.press("ArrowRight");
    expect(await said(page)).toBe("replayed one true");
    await page.getByRole("button", { name: "Clear: Grade AA" }).click();
    expect(await said(page)).toBe("replayed one false");
  });

  test("tabs move by arrows and open by Enter; only the open one has a panel", async () => {
    const page = await gallery.open("chip");
    await page.getByRole("tab", { name: "one" }).focus();
    await page.keyboard.press("ArrowRight");
    expect(await said(page)).toContain(" one ");
    await page.keyboard.press("Enter");
    expect(await said(page)).toContain(" two ");
    await expect.poll(() => page.getByRole("tabpanel").allInnerTexts()).toEqual(["panel two"]);
    await page.getByRole("tab", { name: "three" }).click();
    await expect.poll(() => page.getByRole("tabpanel").allInnerTexts()).toEqual(["panel three"]);
  });

  test("a menu acts, checks and chooses; Escape gives the focus back", async () => {
    const page = await gallery.open("menu");
    const account = page.getByRole("button", { name: "Account" });
    await account.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitemcheckbox", { name: "Orders" }).click();
    await page.getByRole("menuitemradio", { name: "Dark" }).click();
    await expect.poll(() => said(page)).toBe("false dark");
    await account.click();
    await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Escape");
    await page.getByRole("menu").waitFor({ state: "hidden" });
    expect(await account.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test("the palette finds by every word, moves in a circle and runs by Enter and by mouse", async () => {
    const page = await gallery.open("palette");
    await page.getByRole("button", { name: "Commands" }).click();
    const input = page.getByRole("combobox");
    expect(await input.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.type("pol");
    expect(await page.getByRole("option").allInnerTexts()).toHaveLength(1);
    await page.keyboard.press("Enter");
    await expect.poll(() => said(page)).toBe("Policies");
    await page.getByRole("button", { name: "Commands" }).click();
    await input.fill("");
    await page.keyboard.press("ArrowUp");
    const active = await input.getAttribute("aria-activedescendant");
    expect(await page.locator(`[id="${active}"]`).innerText()).toContain("Theme: dark");
    await page.getByRole("option", { name: /Products/ }).click();
    await expect.poll(() => said(page)).toBe("Products");
    await page.getByRole("button", { name: "Commands" }).click();
    await input.fill("nothing like it");
    await page.getByText("Nothing fits.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  });

  test("the help names groups and keys", async () => {
    const page = await gallery.open("help", { locale: "zh-CN" });
    const dialog = page.getByRole("dialog", { name: "键盘快捷键" });
    expect(await dialog.locator("kbd").allInnerTexts()).toEqual(["Ctrl", "K", "G", "M"]);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  });

  test("states say what is, and an error offers another try", async () => {
    const page = await gallery.open("states");
    await page.getByRole("status", { name: "Loading…" }).waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    expect(await page.getByRole("alert").innerText()).toContain("Try 1");
    await page.getByText("There is no connection.").waitFor();
  });

  test("a period is a preset or two days, and says where they are the wrong way round", async () => {
    const page = await gallery.open("dates");
    await page.getByRole("button", { name: "30 days" }).click();
    expect(await said(page)).toBe('{"from":"2026-10-23"}');
    await page.getByLabel("From").fill("2026-11-10");
    await page.getByLabel("To", { exact: true }).fill("2026-11-01");
    expect(JSON.parse(await said(page))).toEqual({ from: "2026-11-10", to: "2026-11-01" });
    expect(await page.getByRole("alert").innerText()).toBe("The first day is after the last.");
    await page.getByRole("button", { name: "All" }).click();
    expect(await said(page)).toBe("{}");
  });

  test.each(["button", "field", "dialog", "toast", "chip", "menu", "palette", "help", "states", "dates"])(
    "axe finds nothing on %s, in light and dark, closed and open",
    async (show) => {
      for (const theme of ["light", "dark"] as const) {
        const page = await gallery.open(show, { theme });
        expect(await violations(page), `${show} ${theme}`).toEqual([]);
        if (["dialog", "toast", "menu", "palette"].includes(show)) {
          await page.getByRole("button").first().click();
          await page.waitForTimeout(250);
          expect(await violations(page), `${show} ${theme} open`).toEqual([]);
        }
        await page.context().close();
      }
    },
  );

  test("nothing was refused by the content security policy, and no page threw", () => {
    expect(gallery.complaints).toEqual([]);
  });
});
