import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { buildInto } from "../../build-console.ts";

export const executable: string = process.env["PROBITY_CHROMIUM"] ?? "/usr/bin/chromium";
export const hasBrowser: boolean = existsSync(executable);
export const whySkipped = `skipped where ${executable} is missing; set PROBITY_CHROMIUM`;

const browserFlags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** As the engine sends it: what breaks under it breaks here. */
export const contentPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const types: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  svg: "image/svg+xml",
};

/** A file of a build, or its page where there is no such file. */
export async function builtFile(
  folder: string,
  path: string,
  page: string,
): Promise<{ type: string; content: Buffer }> {
  const name = path !== "" && existsSync(join(folder, path)) ? path : page;
  return {
    type: types[name.split(".").at(-1) ?? ""] ?? "application/octet-stream",
    content: await readFile(join(folder, name)),
  };
}

export async function listen(handler: RequestListener): Promise<{ server: Server; base: string }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, base: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: executable, args: browserFlags });

export interface Shown {
  readonly theme?: "light" | "dark";
  readonly locale?: "en" | "zh-CN";
  readonly narrow?: boolean;
}

export const contextOf = ({ theme = "light", locale = "en", narrow = false }: Shown): BrowserContextOptions => ({
  viewport: narrow ? { width: 390, height: 844 } : { width: 1_280, height: 800 },
  colorScheme: theme,
  locale: locale === "en" ? "en-GB" : "zh-CN",
  reducedMotion: "reduce",
});

/** What the page complained about: errors, and what the content security policy refused. */
export function complaintsOf(page: Page): string[] {
  const found: string[] = [];
  page.on("pageerror", (error) => found.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) found.push(message.text());
  });
  return found;
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds on the page as it is: rule and element. */
export async function violations(page: Page): Promise<unknown[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: runner } = globalThis as unknown as {
      axe: {
        run(
          options: object,
        ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
      };
    };
    // A menu hangs at the end of the document, outside of every landmark, as the pattern has it.
    const run = {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      rules: { region: { enabled: false } },
    };
    return (await runner.run(run)).violations.map(({ id, nodes }) => [
      id,
      nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`),
    ]);
  });
}

export interface Gallery extends AsyncDisposable {
  open(show: string, shown?: Shown): Promise<Page>;
  /** Of every page that was opened. */
  readonly complaints: readonly string[];
}

/** Builds the page of examples and opens it in Chromium. */
export async function openGallery(): Promise<Gallery> {
  const folder = await mkdtemp(join(tmpdir(), "probity-gallery-"));
  await buildInto(folder, "gallery.html");
  const { server, base } = await listen((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname
      .replace(/^\/console\//, "")
      .replace(/^\//, "");
    void builtFile(folder, path, "gallery.html").then(({ type, content }) => {
      response.setHeader("content-type", type);
      response.setHeader("content-security-policy", contentPolicy);
      response.end(content);
    });
  });
  const browser = await launch();
  const complaints: string[] = [];
  return {
    complaints,
    open: async (show, shown = {}) => {
      const context = await browser.newContext({ ...contextOf(shown), acceptDownloads: true });
      const page = await context.newPage();
      page.on("pageerror", (error) => complaints.push(`${show}: ${String(error)}`));
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(`${show}: ${message.text()}`);
      });
      await page.goto(`${base}/console/?show=${show}&locale=${shown.locale ?? "en"}`);
      await page.locator("main").waitFor();
      return page;
    },
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
