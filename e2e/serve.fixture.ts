import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext } from "playwright-core";

const cli = new URL("../packages/engine/src/main/cli.ts", import.meta.url).pathname;

/** A clean server with an embedded database of its own. */
export interface Served extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly address: string;
  readonly setupCode: string;
  /** The first API key, of the marketplace `main`. */
  readonly key: string;
}

/** Starts `serve` in a folder of its own, on a free port. */
export async function startServe(): Promise<Served> {
  const dataDir = await mkdtemp(join(tmpdir(), "probity-e2e-"));
  const child = spawn(process.execPath, [cli, "serve"], {
    env: {
      ...process.env,
      PROBITY_PORT: "0",
      PROBITY_HOST: "127.0.0.1",
      PROBITY_DATA_DIR: dataDir,
      PROBITY_MARKETPLACE: "main",
      PROBITY_LOG_LEVEL: "info",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (output.includes('"serving"')) break;
  }
  const address = /"address":"(http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
  const setupCode = /console\/: (\S+)/.exec(output)?.[1];
  const key = /pk_[0-9a-f]+_[\w-]+/.exec(output)?.[0];
  if (address === undefined || setupCode === undefined || key === undefined)
    throw new Error(`the server did not start:\n${output}`);
  return {
    child,
    address,
    setupCode,
    key,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null) {
        const ended = once(child, "exit");
        child.kill("SIGTERM");
        await ended;
      }
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export const firstPerson = { name: "First", email: "first@example.com", password: "correct horse battery" } as const;

/** Makes the first person of a server, an admin, and signs them in within a browser. */
export async function enterFirst({ address, setupCode }: Served, context: BrowserContext): Promise<void> {
  const answer = await context.request.post(`${address}/v1/session/first-run`, {
    headers: { origin: address, "sec-fetch-site": "same-origin" },
    data: { setupCode, ...firstPerson },
  });
  if (answer.status() !== 200) throw new Error(`nobody could be set up: ${await answer.text()}`);
}
