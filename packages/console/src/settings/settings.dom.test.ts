import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildInto } from "../../build-console.ts";
import { openServer, type TestServer } from "../shell/server.fixture.ts";
import {
  complaintsOf,
  contextOf,
  hasBrowser,
  launch,
  type Shown,
  violations,
  whySkipped,
} from "../ui/browser.fixture.ts";
import { goodPassword, newSettings, serveSettings, type SettingsState, shownToken } from "./settings.fixture.ts";

/** Far longer than any step takes on two busy processors. */
const patienceMs = 15_000;

describe.skipIf(!hasBrowser)(`the settings in Chromium (${whySkipped})`, () => {
  let server: TestServer;
  let settings: SettingsState;
  let browser: Browser;
  let folder: string;
  let complaints: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "probity-settings-"));
    await buildInto(folder, "index.html");
    browser = await launch();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    server = await openServer(folder);
    settings = newSettings();
    complaints = [];
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await server[Symbol.asyncDispose]();
    expect(complaints).toEqual([]);
  });

  async function open(section: string, shown: Shown = {}): Promise<Page> {
    const context = await browser.newContext({ ...contextOf(shown), acceptDownloads: true });
    context.setDefaultTimeout(patienceMs);
    const page = await context.newPage();
    complaints = complaintsOf(page);
    await serveSettings(page, server, settings);
    await page.goto(`${server.base}/demo/settings${section === "" ? "" : `?section=${section}`}`);
    await page.locator("h2").first().waitFor();
    return page;
  }

  const card = (page: Page, name: string | RegExp) => page.getByRole("region", { name });
  const alerts = (page: Page): Promise<string[]> => page.getByRole("alert").allInnerTexts();
  const asked = (name: string) => settings.asked.filter((one) => one.name === name).map(({ body }) => body);

  test("the section stands in the address: reload, back, a tab of its own; nonsense is the first", async () => {
    const page = await open("nonsense");
    await card(page, "Appearance and language").waitFor();
    const sections = page.getByRole("navigation", { name: "Sections of the settings" });
    await sections.getByRole("link", { name: "People" }).click();
    await page.waitForURL(/section=people/);
    await card(page, "Invite somebody").waitFor();
    await sections.getByRole("link", { name: "API keys" }).press("Enter");
    await card(page, "Make a key").waitFor();
    await page.reload();
    await card(page, "Make a key").waitFor();
    expect(await sections.locator("[aria-current=page]").allInnerTexts()).toEqual(["API keys"]);
    await page.goBack();
    await card(page, "Invite somebody").waitFor();
    expect(await sections.getByRole("link", { name: "Account" }).getAttribute("href")).toMatch(/section=account$/);
  });

  test("the language is changed on the page itself, which keeps the focus", async () => {
    const page = await open("");
    const chinese = page.getByRole("radio", { name: "中文" });
    await chinese.focus();
    await chinese.press("Space");
    await card(page, "外观与语言").waitFor();
    expect(await chinese.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test("a password is changed: what is wrong is told where it is, and nothing typed is lost", async () => {
    const page = await open("account");
    const form = card(page, "Password");
    await form.getByRole("button", { name: "Change the password" }).click();
    expect(await alerts(page)).toEqual(["Please fill this in.", "Too short: at least 12 characters."]);
    await form.getByLabel("Present password").fill("wrong");
    await form.getByLabel("New password", { exact: true }).fill("a new sentence to keep");
    await form.getByLabel("New password again").fill("another");
    await page.getByText("The two new passwords differ.").waitFor();
    await form.getByLabel("New password again").fill("a new sentence to keep");
    await page.keyboard.press("Enter");
    await form.getByText("This is not your password.").waitFor();
    await form.getByLabel("Present password").fill(goodPassword);
    await page.keyboard.press("Enter");
    await page.getByText("The password was changed").waitFor();
    await expect.poll(() => form.getByLabel("New password", { exact: true }).inputValue()).toBe("");
    expect(asked("changePassword").at(-1)).toEqual({ password: goodPassword, newPassword: "a new sentence to keep" });
  });

  test("a second factor is taken on by keyboard and given up with the password", async () => {
    const page = await open("account");
    const factor = card(page, "Second factor");
    await factor.getByRole("button", { name: "Add a second factor" }).press("Enter");
    await page.keyboard.type("wrong");
    await page.keyboard.press("Enter");
    await factor.getByText("This is not your password.").waitFor();
    await factor.getByLabel("Present password").fill(goodPassword);
    await page.keyboard.press("Enter");
    await factor.getByRole("img", { name: "QR code for the authenticator app" }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("OL");
    expect(await factor.getByText("JBSW Y3DP EHPK").count()).toBe(1);
    const saved = page.waitForEvent("download");
    await factor.getByRole("button", { name: "Save as a file" }).click();
    const download = await saved;
    expect(download.suggestedFilename()).toBe("probity-recovery-codes.txt");
    expect(await readFile(await download.path(), "utf8")).toContain("\naaaaa-11111\nbbbbb-22222\n");
    await factor.getByLabel("Code", { exact: true }).fill("000000");
    await page.keyboard.press("Enter");
    await factor.getByText("This code does not fit.").waitFor();
    await factor.getByLabel("Code", { exact: true }).fill("123456");
    await page.keyboard.press("Enter");
    await factor.getByText("Signing in asks for a code").waitFor();
    expect(await page.getByText("aaaaa-11111").count()).toBe(0);
    await factor.getByRole("button", { name: "Remove" }).click();
    const dialog = page.getByRole("dialog", { name: "Remove the second factor?" });
    await dialog.getByLabel("Present password").fill(goodPassword);
    await page.keyboard.press("Enter");
    await factor.getByRole("button", { name: "Add a second factor" }).waitFor();
  });

  test("roles are given and taken back, the last admin stays, and removing asks first", async () => {
    const page = await open("people");
    const give = async (person: string, role: string): Promise<void> => {
      await page.getByRole("combobox", { name: `Role of ${person}` }).click();
      await page.getByRole("option", { name: role, exact: true }).click();
    };
    await give("王 Wang", "Moderator");
    await page.getByText("王 Wang: Moderator").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => settings.people.find(({ person }) => person === "p2")?.role).toBe("operator");
    await give("林 Lin", "Viewer");
    const own = page.getByRole("dialog", { name: "Give up your own role?" });
    await own.getByRole("button", { name: "Change my role" }).click();
    await page.getByText("Make somebody else an admin first.").waitFor();
    await own.waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Remove 王 Wang" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    expect(asked("removePerson")).toEqual([]);
    await page.getByRole("button", { name: "Remove 王 Wang" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByText("王 Wang was removed").waitFor();
    await page.getByRole("row").filter({ hasText: "p2@example.org" }).waitFor({ state: "detached" });
  });

  test("an invite is a link that is shown once, and can be withdrawn", async () => {
    const page = await open("people");
    await page.getByRole("button", { name: "Make the link" }).click();
    expect(await alerts(page)).toEqual(["Please fill this in."]);
    await page.getByLabel("E-mail").fill("somebody");
    await page.getByText("This is not an e-mail address.").waitFor();
    await page.getByLabel("E-mail").fill("somebody@example.org");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "The invite is ready" });
    await dialog.getByText("invite#shown-once").waitFor();
    await dialog.getByRole("button", { name: "Done" }).click();
    await dialog.waitFor({ state: "hidden" });
    expect(await page.content()).not.toContain("shown-once");
    await page.getByRole("button", { name: "Withdraw the invite of somebody@example.org" }).click();
    await page.getByText("The invite was withdrawn").waitFor();
    expect(settings.invites.map(({ email }) => email)).toEqual(["new@example.org"]);
  });

  test("a key's token is shown once and stays in no storage, no address and no page", async () => {
    const page = await open("keys");
    await page.getByRole("checkbox", { name: "Send events" }).press("Space");
    await page.getByRole("button", { name: "Make the key" }).click();
    expect(await alerts(page)).toEqual(["Please fill this in.", "Choose at least one right."]);
    await page.getByLabel("Label").fill("reports");
    await page.getByRole("checkbox", { name: "See ratings and reasons" }).press("Space");
    await page.getByRole("button", { name: "Make the key" }).click();
    const dialog = page.getByRole("dialog", { name: "The new key" });
    await dialog.getByText(shownToken).waitFor();
    expect(asked("createKey")).toEqual([{ label: "reports", scopes: ["ratings:read"] }]);
    await dialog.getByRole("button", { name: "Done" }).click();
    await dialog.waitFor({ state: "hidden" });
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]));
    expect(kept + (await page.content())).not.toContain("shown-once");
  });

  test("keys are rotated within limits and revoked after a question; what stopped comes last", async () => {
    const page = await open("keys");
    await page.getByRole("rowheader").first().waitFor();
    expect(await page.getByRole("rowheader").allInnerTexts()).toEqual(["shop", "without a label", "old"]);
    await page.getByRole("button", { name: "Rotate shop" }).click();
    const hours = page.getByLabel("Hours that the old key still works");
    await hours.fill("");
    await page.getByText("A whole number of hours from 0 to 168.").waitFor();
    await hours.fill("48");
    await page.keyboard.press("Enter");
    const shown = page.getByRole("dialog", { name: "The new key" });
    await shown.getByText(shownToken).waitFor();
    expect(asked("rotateKey")).toEqual([{ overlapHours: 48 }]);
    await page.getByRole("dialog", { name: "Rotate shop?" }).waitFor({ state: "hidden" });
    await page.keyboard.press("Escape");
    await shown.waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Revoke without a label" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await page.getByText("without a label was revoked").waitFor();
    expect(await page.getByRole("rowheader").last().innerText()).not.toBe("shop");
  });

  test("where the browser forbids copying, the text is selected", async () => {
    const page = await open("keys");
    await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
    await page.getByLabel("Label").fill("reports");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: "Copy" }).click();
    await page.getByText("The text is selected").waitFor();
    expect(await page.evaluate(() => getSelection()?.toString())).toBe(shownToken);
  });

  test("a marketplace is made with a code and a short name that the server takes, and its import opens", async () => {
    const page = await open("marketplaces");
    await page.getByLabel("Name", { exact: true }).fill("湖畔");
    await page.getByLabel("Short name").fill("Lake Side");
    await page.getByRole("button", { name: "Make the marketplace" }).click();
    expect((await alerts(page)).join()).toMatch(/^Small letters, digits and hyphens only/);
    await page.getByLabel("Short name").fill("lake");
    await page.getByRole("combobox", { name: "Currency" }).press("Enter");
    await page.keyboard.type("EUR");
    await page.keyboard.press("Enter");
    await page.getByRole("radio", { name: "The newest event" }).press("Space");
    await page.getByText("Ratings are as of the newest event.").waitFor();
    await page.getByRole("button", { name: "Make the marketplace" }).click();
    await page.getByText("is there already. Choose another.").waitFor();
    await page.getByLabel("Short name").fill("shore");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/console\/shore\/import$/);
    expect(asked("createMarketplace").at(-1)).toEqual({
      slug: "shore",
      name: "湖畔",
      currency: "EUR",
      clock: "log",
      isPublic: true,
    });
  });

  test("a session that ends in the middle of a form or a dialog: one signs in and what was typed is there", async () => {
    const page = await open("keys");
    await page.getByLabel("Label").fill("typed for ten minutes");
    const signIn = async (): Promise<void> => {
      const dialog = page.getByRole("dialog", { name: "Your session has ended" });
      await dialog.getByLabel("E-mail").fill("lin@example.org");
      await dialog.getByLabel("Password").fill(goodPassword);
      await page.keyboard.press("Enter");
      await dialog.waitFor({ state: "hidden" });
    };
    server.state.signedIn = false;
    await page.getByRole("button", { name: "Make the key" }).click();
    await signIn();
    expect(await page.getByLabel("Label").inputValue()).toBe("typed for ten minutes");
    await page.getByRole("button", { name: "Rotate shop" }).click();
    await page.getByLabel("Hours that the old key still works").fill("72");
    server.state.signedIn = false;
    await page.getByRole("button", { name: "Make the new key" }).click();
    await signIn();
    expect(await page.getByLabel("Hours that the old key still works").inputValue()).toBe("72");
    await page.getByRole("button", { name: "Make the new key" }).click();
    await page.getByRole("dialog", { name: "The new key" }).waitFor();
  });

  test("who may only look sees why, and no button that would be refused", async () => {
    settings.role = "auditor";
    const auditor = await open("people");
    await auditor.getByText("Your role may look.").waitFor();
    await auditor.getByText("p2@example.org").waitFor();
    expect(await auditor.getByRole("button", { name: /Remove|Withdraw|Make/ }).count()).toBe(0);
    await auditor.goto(`${server.base}/demo/settings?section=keys`);
    await auditor.getByRole("rowheader", { name: "shop" }).waitFor();
    expect(await auditor.getByRole("button", { name: /Rotate|Revoke|Make/ }).count()).toBe(0);
    Object.assign(settings, { role: "viewer", isVisitor: true });
    const visitor = await open("account");
    await card(visitor, "Appearance and language").waitFor();
    expect(await visitor.getByRole("link", { name: "Account" }).count()).toBe(0);
    for (const [section, shown] of [
      ["People", "What each role may do"],
      ["API keys", "A first event"],
      ["Marketplaces", "Your marketplaces"],
    ] as const) {
      await visitor.getByRole("link", { name: section, exact: true }).click();
      await card(visitor, shown).waitFor();
      expect(await visitor.getByText("You look around as a visitor").count()).toBe(1);
    }
    expect(asked("listPeople").length).toBe(1);
  });

  test.each(["", "account", "people", "keys", "marketplaces"])(
    "axe finds nothing in section '%s', in both themes and languages, wide and narrow",
    async (section) => {
      for (const shown of [
        { theme: "light", locale: "en", narrow: true },
        { theme: "dark", locale: "zh-CN" },
      ] as const) {
        const page = await open(section, shown);
        await page.waitForLoadState("networkidle");
        expect(await violations(page), JSON.stringify(shown)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
        await page.context().close();
      }
    },
  );
});
