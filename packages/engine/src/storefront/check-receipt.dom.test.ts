import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { type SignedLog, signedLog } from "@probity/verifier/tlog/signed-log.fixture";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderCheckReceiptPage } from "./index.ts";
import { siteCss, siteCssPath } from "./style.ts";

const executable = process.env["PROBITY_CHROMIUM"] ?? "/usr/bin/chromium";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const script = readFileSync(new URL(import.meta.resolve("@probity/widgets/built/check-receipt.js")), "utf8");

describe.skipIf(!existsSync(executable))(
  `checking a receipt in Chromium (skipped where ${executable} is missing; set PROBITY_CHROMIUM)`,
  () => {
    let log: SignedLog;
    let server: Server;
    let browser: Browser;
    let base: string;
    const posted: string[] = [];

    beforeAll(async () => {
      log = await signedLog("trust.example/log/lakeside", "lakeside");
      server = createServer((request, response) => {
        const url = new URL(request.url ?? "/", "http://x");
        if (request.method !== "GET") posted.push(url.pathname);
        const [type, body] =
          url.pathname === siteCssPath
            ? ["text/css", siteCss]
            : url.pathname.endsWith("check-receipt.js")
              ? ["text/javascript", script]
              : url.pathname.endsWith("trust-policy")
                ? ["text/plain", log.policy]
                : [
                    "text/html",
                    renderCheckReceiptPage({
                      locale: url.searchParams.get("lang") === "zh" ? "zh-CN" : "en",
                      baseUrl: base,
                      marketplaceName: "Lakeside",
                      marketplace: "lakeside",
                      log: "lakeside",
                    }),
                  ];
        response.setHeader("content-type", `${type}; charset=utf-8`);
        response.setHeader(
          "content-security-policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; form-action 'self'",
        );
        response.end(body);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      browser = await chromium.launch({
        executablePath: executable,
        args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      });
    }, 60_000);

    afterAll(async () => {
      await browser?.close();
      await new Promise((resolve) => server.close(resolve));
    });

    const open = async (lang: string, options: Parameters<Browser["newPage"]>[0] = {}): Promise<Page> => {
      const page = await browser.newPage({ viewport: { width: 390, height: 844 }, ...options });
      await page.goto(`${base}/verify?lang=${lang}`);
      return page;
    };
    const fileOf = (text: string, name = "lakeside-2.tlog-proof") => ({
      name,
      mimeType: "text/plain",
      buffer: Buffer.from(text),
    });
    const finding = (page: Page) => page.locator("#finding");

    test("without script it says so and names the command", async () => {
      const page = await open("en", { javaScriptEnabled: false });
      expect(await page.locator("#needs-script").innerText()).toContain("probity verify receipt FILE --policy FILE");
      expect(await page.locator("#checker").isVisible()).toBe(false);
      await page.close();
    });

    test("finds a right receipt by keys from elsewhere, by keyboard, and sends nothing anywhere", async () => {
      const page = await open("en");
      await page.locator("#receipt").setInputFiles(fileOf(log.receipt));
      await page.getByLabel("or as text").fill(log.policy);
      await page.getByRole("button", { name: "Check", exact: true }).press("Enter");
      await page.getByRole("heading", { name: "The receipt holds" }).waitFor();
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("finding");
      const text = await finding(page).innerText();
      for (const part of [
        "at place 2 of the log, and the log's head of 7 entries",
        "trust.example/log/lakeside",
        log.root,
        "w1, 14 Nov 2023",
        "order.placed",
        "/data/order",
        "o-1",
      ])
        expect(text).toContain(part);
      expect(text).not.toContain("vouched for itself");
      expect(posted).toEqual([]);
      // Other keys: what was found is no longer true of what is shown.
      await page.getByLabel("or as text").fill("quorum none");
      expect(await finding(page).isVisible()).toBe(false);
      await page.close();
    });

    test("says precisely what is wrong, and where something is missing", async () => {
      const page = await open("en");
      const check = (): Promise<void> => page.getByRole("button", { name: "Check", exact: true }).click();
      await check();
      await page.getByRole("alert").getByText("Choose a receipt first.").waitFor();
      await page.locator("#receipt").setInputFiles(fileOf(log.receipt.replace("index 2", "index 3")));
      await check();
      await page.getByRole("alert").getByText("A trust policy is needed").waitFor();
      await page.locator("#policy-file").setInputFiles(fileOf(log.policy, "trust-policy.txt"));
      await check();
      await finding(page).getByText("the entry does not stand at place 3 of the log").waitFor();
      const stranger = await signedLog("trust.example/log/lakeside", "lakeside");
      for (const [receipt, policy, title, why] of [
        [log.receipt, stranger.policy, "The receipt does not hold", "another log, another key, or too few witnesses"],
        ["nothing", log.policy, "The receipt does not hold", "no receipt, or a damaged one"],
        [log.receipt, "quorum x", "The trust policy cannot be read", "line 1: x is not defined before"],
      ] as const) {
        await page.getByLabel("or as text").fill("");
        await page.locator("#receipt").setInputFiles(fileOf(receipt));
        await page.getByLabel("or as text").fill(policy);
        await check();
        await page.getByRole("heading", { name: title }).waitFor();
        expect(await finding(page).innerText()).toContain(why);
      }
      await page.locator("#receipt").setInputFiles(fileOf("x".repeat(1_100_000)));
      await page.getByRole("alert").getByText("is larger than any receipt").waitFor();
      await page.close();
    });

    test("takes a dropped file and the server's own keys, with the warning; axe finds nothing, in both looks", async () => {
      for (const [lang, options] of [
        ["zh", { colorScheme: "dark" }],
        ["en", { viewport: { width: 1_440, height: 900 } }],
      ] as const) {
        const page = await open(lang, options);
        await page.locator("#own").click();
        await page.locator("#own-warning").waitFor();
        const data = await page.evaluateHandle((text) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([text], "dropped.tlog-proof"));
          return transfer;
        }, log.receipt);
        await page.dispatchEvent("#drop", "drop", { dataTransfer: data });
        await finding(page).waitFor();
        expect(await finding(page).innerText()).toContain(lang === "zh" ? "它是在为自己担保" : "it vouched for itself");
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
        await page.evaluate(axe);
        const found = await page.evaluate(async () => {
          const { axe: runner } = globalThis as unknown as { axe: { run(): Promise<{ violations: unknown[] }> } };
          return (await runner.run()).violations;
        });
        expect(found).toEqual([]);
        await page.close();
      }
    });

    test("an origin without cryptography is told so", async () => {
      const page = await browser.newPage();
      await page.addInitScript(() => Object.defineProperty(crypto, "subtle", { value: undefined }));
      await page.goto(`${base}/verify?lang=en`);
      await page.getByRole("button", { name: "Check", exact: true }).click();
      await page.getByRole("alert").getByText("offers no cryptography to pages without https").waitFor();
      await page.close();
    });
  },
);
