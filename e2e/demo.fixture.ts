import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";

const executablePath: string = process.env["PROBITY_CHROMIUM"] ?? "/usr/bin/chromium";
const isRequired = process.env["PROBITY_REQUIRE_ALL"] === "1";

/** Why tests in a browser cannot run here; undefined if they can, or must. */
export const chromiumAbsent: string | undefined =
  existsSync(executablePath) || isRequired ? undefined : `no Chromium at ${executablePath}`;

const cli = new URL("../packages/engine/src/main/cli.ts", import.meta.url).pathname;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export interface Demo {
  readonly child: ChildProcess;
  readonly output: string;
  readonly address: string;
  readonly token: string;
}

/** A small demo that is served. */
export async function startDemo(): Promise<Demo> {
  const plan = ["--merchants", "60", "--orders", "3000", "--days", "200", "--seed", "3", "--port", "0"];
  const child = spawn(process.execPath, [cli, "demo", ...plan]);
  let output = "";
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (output.includes("Ctrl-C")) break;
  }
  const address = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
  const token = /pk_[0-9a-f]+_[\w-]+/.exec(output)?.[0];
  if (address === undefined || token === undefined) throw new Error(`the demo did not start:\n${output}`);
  return { child, output, address, token };
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

interface AxeAnswer {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly target: string[] }[] }[];
}

/** What axe finds on a page, as `rule: element`. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = (await page.evaluate("axe.run()")) as AxeAnswer;
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}
