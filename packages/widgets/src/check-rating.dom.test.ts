import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createRequire } from "node:module";
import { type SignedLog, signedLog } from "@probity/verifier/tlog/signed-log.fixture";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildCheckRating, buildTrustCard } from "./build.ts";
import { ratedCard } from "./golden/cards.ts";

const executable = process.env["PROBITY_CHROMIUM"] ?? "/usr/bin/chromium";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Served {
  readonly server: Server;
  readonly base: string;
}

async function serve(answer: (path: string) => { status?: number; type: string; body: string }): Promise<Served> {
  const server = createServer((request, response) => {
    const { status = 200, type, body } = answer(new URL(request.url ?? "/", "http://x").pathname);
    response.writeHead(status, { "content-type": type, "access-control-allow-origin": "*" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, base: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe.skipIf(!existsSync(executable))(
  `the check of a rating in Chromium (skipped where ${executable} is missing; set PROBITY_CHROMIUM)`,
  () => {
    let log: SignedLog;
    let trust: Served;
    let shop: Served;
    let browser: Browser;
    let attributes = "";
    let proof: { status?: number; body: string };
    const asked: string[] = [];

    beforeAll(async () => {
      log = await signedLog("trust.example/log/lakeside", "lakeside");
      const [card, check] = await Promise.all([buildTrustCard(), buildCheckRating()]);
      const script = "text/javascript; charset=utf-8";
      const json = "application/json";
      trust = await serve((path) => {
        asked.push(path);
        if (path === "/widgets/trust-card.js") return { type: script, body: card.code };
        if (path === "/widgets/check-rating.js") return { type: script, body: check.code };
        if (path === "/log/lakeside/trust-policy") return { type: "text/plain", body: log.policy };
        if (path.endsWith("/proof")) return { type: json, ...proof };
        return { type: json, body: JSON.stringify(ratedCard) };
      });
      shop = await serve((path) =>
        path === "/keys.txt"
          ? { type: "text/plain", body: log.policy }
          : path !== "/shop"
            ? { type: "text/plain", status: 404, body: "" }
            : {
                type: "text/html; charset=utf-8",
                body: `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>Shop</title>
          <script type="module" src="${trust.base}/widgets/trust-card.js"></script></head><body><main><h1>Towel</h1>
          <probity-trust-card merchant="rated" marketplace="lakeside" src="${trust.base}" ${attributes}></probity-trust-card>
          <p id="below">Below.</p></main></body></html>`,
              },
      );
      browser = await chromium.launch({
        executablePath: executable,
        args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      });
    }, 60_000);

    afterAll(async () => {
      await browser?.close();
      for (const { server } of [trust, shop]) await new Promise((resolve) => server?.close(resolve) ?? resolve(0));
    });

    async function open(given: string, answer?: { status?: number; body: string }): Promise<Page> {
      attributes = given;
      proof = answer ?? { body: JSON.stringify({ merchant: "rated", ...log.rating }) };
      asked.length = 0;
      const page = await browser.newPage({ viewport: { width: 390, height: 844 }, colorScheme: "dark" });
      await page.goto(`${shop.base}/shop`);
      await page.locator("probity-trust-card .foot").waitFor();
      return page;
    }

    const line = (page: Page) => page.locator("probity-trust-card .check");
    const says = async (page: Page, text: string): Promise<void> => {
      await expect.poll(() => line(page).innerText()).toBe(text);
      await page.close();
    };

    test("without the attribute nothing is loaded, asked or said", async () => {
      const page = await open("");
      expect(await line(page).count()).toBe(0);
      expect(asked.filter((path) => path.endsWith("/proof") || path.includes("check-rating"))).toEqual([]);
      await page.close();
    });

    test("keys of the embedding site: an address on its own origin, the policy's text, or one key", async () => {
      const page = await open(`check log-policy="/keys.txt"`);
      await line(page).getByText("已由您的浏览器核对，账本规模 7").waitFor();
      expect(asked.filter((path) => path.startsWith("/log/"))).toEqual([]);
      await page.evaluate(axe);
      expect(
        await page.evaluate(async () => {
          const { axe: runner } = globalThis as unknown as { axe: { run(): Promise<{ violations: unknown[] }> } };
          return (await runner.run()).violations;
        }),
      ).toEqual([]);
      // Nothing below the card moves while the check comes in.
      const top = await page.evaluate(() => document.querySelector("#below")?.getBoundingClientRect().top);
      await line(page).evaluate((element) => element.replaceChildren(" "));
      expect(await page.evaluate(() => document.querySelector("#below")?.getBoundingClientRect().top)).toBe(top);
      await page.close();
      const text = log.policy.replaceAll("\n", "&#10;");
      await says(await open(`check lang="en" log-policy="${text}"`), "checked by your browser against log size 7");
      await says(
        await open(`check lang="en" log-policy="${log.verifierKey}"`),
        "checked by your browser against log size 7",
      );
    });

    test("without keys of the site the server's own are taken, and the line says so", async () => {
      await says(await open("check"), "已由您的浏览器核对，账本规模 7 · 公钥由服务器自报");
    });

    test("a rating that the log publishes otherwise is told with its day", async () => {
      const other = await signedLog("trust.example/log/lakeside", "lakeside", { score: 799, bound: 780, grade: "BBB" });
      const page = await open(`check lang="en" log-policy="${other.policy.replaceAll("\n", "&#10;")}"`, {
        body: JSON.stringify({ merchant: "rated", ...other.rating }),
      });
      await says(page, "checked by your browser against log size 7 · published on 26 Nov 2026: 799 BBB");
    });

    test("what does not agree is told in plain words, and the card stays", async () => {
      const tampered = { ...log.rating, line: log.rating.line.replace("812", "912") };
      const page = await open(`check log-policy="/keys.txt"`, { body: JSON.stringify(tampered) });
      await line(page).getByText("与账本不符：账本公布的是另一个评级").waitFor();
      expect(await line(page).getAttribute("data-state")).toBe("wrong");
      expect(await page.locator("probity-trust-card .sub b").innerText()).toBe("812");
      await page.close();
      const stranger = await signedLog("trust.example/log/lakeside", "lakeside");
      for (const [given, answer, text] of [
        [
          `log-policy="${stranger.verifierKey}"`,
          undefined,
          "does not agree with the log: it is not signed by the known keys",
        ],
        [`log-policy="nonsense of a policy"`, undefined, "not checked: the keys are no trust policy"],
        [
          `log-policy="${trust.base}/log/lakeside/trust-policy"`,
          undefined,
          "not checked: the keys must come from this site",
        ],
        [`log-policy="/missing.txt"`, undefined, "not checked: this site's keys cannot be read"],
        ["", { status: 409, body: "{}" }, "not published in the log yet"],
        ["", { status: 500, body: "{}" }, "could not be checked: the server gave no proof"],
        ["", { body: "no JSON" }, "could not be checked: the server gave no proof"],
      ] as const)
        await says(await open(`check lang="en" ${given}`, answer), text);
    });
  },
);
