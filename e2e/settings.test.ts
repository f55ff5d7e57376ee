import { createHmac } from "node:crypto";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../packages/console/build-console.ts";
import { axeFindings, chromiumAbsent, openBrowser } from "./demo.fixture.ts";
import { type Served, startServe } from "./serve.fixture.ts";

const slug = "main";
const email = "lin@example.org";
const password = "correct horse battery";
const newPassword = "another horse, another battery";

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const stepMs = 30_000;

/** What an authenticator shows at a time (RFC 6238). */
function authenticatorCode(secret: string, timeMs: number): string {
  const bits = [...secret].map((sign) => base32.indexOf(sign).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(timeMs / stepMs)));
  const mac = createHmac("sha1", key).update(counter).digest();
  const value = mac.readUInt32BE((mac.at(-1) as number) & 15) & 0x7fff_ffff;
  return String(value % 1_000_000).padStart(6, "0");
}

/** From a clean `serve`: an account with a second factor, people, keys and another marketplace, all in the browser. */
describe.skipIf(chromiumAbsent !== undefined)(
  `the settings${chromiumAbsent === undefined ? "" : `: ${chromiumAbsent}`}`,
  () => {
    let served: Served;
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;
    const problems: string[] = [];

    async function enter(locale = "en-GB"): Promise<BrowserContext> {
      const made = await browser.newContext({ locale, bypassCSP: true, viewport: { width: 1_440, height: 900 } });
      made.setDefaultTimeout(30_000);
      made.on("weberror", (error) => problems.push(error.error().message));
      return made;
    }
    const to = async (section: string, on = page): Promise<void> => {
      await on.goto(`${served.address}/console/${slug}/settings?section=${section}`);
      await on.locator("h2").first().waitFor();
    };
    const card = (name: string) => page.getByRole("region", { name, exact: true });
    const ledgerStatus = async (token: string): Promise<number> =>
      (await fetch(`${served.address}/v1/ledger`, { headers: { authorization: `Bearer ${token}` } })).status;

    /** The secret that a dialog shows once. */
    async function takeSecret(title: string): Promise<string> {
      const dialog = page.getByRole("dialog", { name: title });
      const secret = await dialog.locator("pre").innerText();
      await dialog.getByRole("button", { name: "Done" }).click();
      await dialog.waitFor({ state: "hidden" });
      return secret;
    }

    async function makeKey(label: string, right: string): Promise<string> {
      await page.getByLabel("Label").fill(label);
      await page.getByRole("checkbox", { name: "Send events" }).uncheck();
      await page.getByRole("checkbox", { name: right }).check();
      await page.getByRole("button", { name: "Make the key" }).click();
      return takeSecret("The new key");
    }

    beforeAll(async () => {
      await ensureBuilt();
      served = await startServe();
      browser = await openBrowser();
      context = await enter();
      page = await context.newPage();
    });
    afterAll(async () => {
      await browser?.close();
      await served?.[Symbol.asyncDispose]();
      expect(problems).toEqual([]);
    });

    it("the first person sets up, takes on a second factor by keyboard and signs in with it", async () => {
      await page.goto(`${served.address}/console/`);
      await page.getByLabel("Setup code").fill(served.setupCode);
      await page.getByLabel("E-mail").fill(email);
      await page.getByLabel("Your name").fill("林 Lin");
      await page.getByLabel("New password").fill(password);
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/console\/main\//);
      await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
      await page.keyboard.press("g");
      await page.keyboard.press("s");
      await page.getByRole("link", { name: "Account", exact: true }).press("Enter");
      await page.getByRole("button", { name: "Add a second factor" }).press("Enter");
      await page.keyboard.type(password);
      await page.keyboard.press("Enter");
      await page.getByRole("img", { name: "QR code for the authenticator app" }).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      const secret = (await card("Second factor").locator("pre").first().innerText()).replaceAll(/\s/g, "");
      const recovery = (await card("Second factor").locator("pre").last().innerText()).split("\n");
      expect(recovery.length).toBe(10);
      const now = Date.now();
      await page.getByLabel("Code", { exact: true }).fill(authenticatorCode(secret, now));
      await page.keyboard.press("Enter");
      await page.getByText("The second factor is on").waitFor();
      await page.getByRole("button", { name: /^Account: / }).press("Enter");
      await page.getByRole("menuitem", { name: "Sign out" }).click();
      await page.getByLabel("E-mail").fill(email);
      await page.getByLabel("Password").fill(password);
      await page.keyboard.press("Enter");
      // A code works once, so the next one: the server grants clocks that run ahead a step.
      await page.getByLabel("Code", { exact: true }).fill(authenticatorCode(secret, now + stepMs));
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/console\/main\//);
    });

    it("an invited person comes in elsewhere, and gets another role", async () => {
      await to("people");
      await page.getByLabel("E-mail").fill("wang@example.org");
      await page.getByRole("button", { name: "Make the link" }).click();
      const link = await takeSecret("The invite is ready");
      const elsewhere = await enter();
      const other = await elsewhere.newPage();
      // Of the link its token alone: a server on a port of the system's choice does not know its own address.
      await other.goto(`${served.address}/console/invite${new URL(link).hash}`);
      await other.getByLabel("Your name").fill("王 Wang");
      await other.getByLabel("New password").fill(password);
      await other.keyboard.press("Enter");
      await other.waitForURL(/\/console\/main\//);
      await to("keys", other);
      await other.getByText("Your role does not show API keys.").waitFor();
      await page.reload();
      await page.getByRole("combobox", { name: "Role of 王 Wang" }).press("Enter");
      await page.getByRole("option", { name: "Operator" }).click();
      await page.getByText("王 Wang: Operator").waitFor();
      await to("keys", other);
      await other.getByRole("button", { name: "Make the key" }).waitFor();
      expect(await other.getByRole("checkbox", { name: "Invite, change roles, remove" }).count()).toBe(0);
      await elsewhere.close();
    });

    it("a key works with its right, is rotated at once and revoked", async () => {
      await to("keys");
      const reader = await makeKey("reader", "See events and the ledger");
      const sender = await makeKey("other", "See ratings and reasons");
      expect([await ledgerStatus(reader), await ledgerStatus(sender)]).toEqual([200, 403]);
      await page.getByRole("button", { name: "Rotate reader" }).click();
      await page.getByLabel("Hours that the old key still works").fill("0");
      await page.keyboard.press("Enter");
      const rotated = await takeSecret("The new key");
      expect(await ledgerStatus(rotated)).toBe(200);
      await expect.poll(() => ledgerStatus(reader), { timeout: 10_000 }).toBe(401);
      await page.getByRole("button", { name: "Revoke reader" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
      await page.getByText("reader was revoked").waitFor();
      await expect.poll(() => ledgerStatus(rotated), { timeout: 10_000 }).toBe(401);
    });

    it("the password is changed, and the new one is right", async () => {
      await to("account");
      const form = card("Password");
      await form.getByLabel("Present password").fill(password);
      await form.getByLabel("New password", { exact: true }).fill(newPassword);
      await form.getByLabel("New password again").fill(newPassword);
      await page.keyboard.press("Enter");
      await page.getByText("The password was changed").waitFor();
      const answers = await Promise.all(
        [password, newPassword].map((given) =>
          fetch(`${served.address}/v1/session`, {
            method: "POST",
            headers: { origin: served.address, "content-type": "application/json" },
            body: JSON.stringify({ email, password: given }),
          }),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual([401, 200]);
    });

    it("another marketplace is made, and its import opens", async () => {
      await to("marketplaces");
      await page.getByLabel("Name", { exact: true }).fill("湖畔 Lakeside");
      await page.getByLabel("Short name").fill("lake");
      await page.getByRole("radio", { name: "The newest event" }).press("Space");
      await page.getByRole("button", { name: "Make the marketplace" }).click();
      await page.waitForURL(/\/console\/lake\/import$/);
      await page.getByRole("heading", { level: 1, name: "Import" }).waitFor();
      await to("marketplaces");
      await page.getByRole("link", { name: "Open 湖畔 Lakeside" }).press("Enter");
      await page.waitForURL(/\/console\/lake\/overview/);
    });

    it("every section stands in Chinese, with nothing for axe to find, and fits", async () => {
      const state = await context.storageState();
      for (const [theme, width] of [
        ["light", 1_440],
        ["dark", 390],
      ] as const) {
        const chinese = await browser.newContext({
          storageState: state,
          locale: "zh-CN",
          colorScheme: theme,
          viewport: { width, height: 844 },
          bypassCSP: true,
        });
        const shown = await chinese.newPage();
        for (const [section, title] of [
          ["appearance", "外观与语言"],
          ["account", "第二重验证"],
          ["people", "各角色的权限"],
          ["keys", "创建密钥"],
          ["marketplaces", "创建市场"],
        ] as const) {
          await to(section, shown);
          await shown.getByRole("region", { name: title }).waitFor();
          await shown.waitForTimeout(600);
          expect([section, ...(await axeFindings(shown))]).toEqual([section]);
          expect([section, await shown.evaluate(() => document.documentElement.scrollWidth)]).toEqual([section, width]);
        }
        await chinese.close();
      }
    });
  },
);
