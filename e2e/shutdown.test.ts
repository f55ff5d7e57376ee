import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { IngestAnswer } from "@probity/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const cli = fileURLToPath(new URL("../packages/engine/src/main/cli.ts", import.meta.url));
let folder = "";
const children = new Set<ChildProcess>();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "probity-shutdown-"));
});
afterAll(() => {
  for (const child of children) if (child.exitCode === null) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

interface Server {
  readonly child: ChildProcess;
  readonly address: string;
  readonly told: () => string;
}

function start(): { child: ChildProcess; told: () => string } {
  const env = { PATH: process.env["PATH"], PROBITY_DATA_DIR: folder, PROBITY_PORT: "0", PROBITY_LOG_LEVEL: "info" };
  const child = spawn(process.execPath, [cli, "serve"], { env, stdio: ["ignore", "pipe", "pipe"] });
  children.add(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return { child, told: () => text };
}

async function serve(): Promise<Server> {
  const { child, told } = start();
  for (;;) {
    const address = /"address":"(http:[^"]+)"/.exec(told())?.[1];
    if (address !== undefined) return { child, address, told };
    if (child.exitCode !== null) throw new Error(`serve ended with ${child.exitCode}: ${told()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function stop({ child, told }: Server): Promise<number> {
  const beganMs = performance.now();
  const ended = once(child, "exit") as Promise<[number | null]>;
  child.kill("SIGTERM");
  const [code] = await ended;
  expect(`${code} ${code === 0 ? "" : told()}`).toBe("0 ");
  return performance.now() - beganMs;
}

const batch = (no: number): object[] =>
  Array.from({ length: 40 }, (_, at) => ({
    specversion: "1.0",
    id: `e${no}-${at}`,
    source: "urn:shop",
    type: "order.placed",
    time: "2026-01-02T03:04:05Z",
    data: {
      order: `o${no}-${at}`,
      merchant: `m${at % 7}`,
      buyer: `b${no % 50}`,
      amount: 1_000,
      currency: "CNY",
      items: [{ product: `p${at}`, quantity: 1, amount: 1_000 }],
    },
  }));

async function post(address: string, token: string, no: number): Promise<IngestAnswer | undefined> {
  try {
    const answer = await fetch(`${address}/v1/events`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(batch(no)),
    });
    return answer.ok ? ((await answer.json()) as IngestAnswer) : undefined;
  } catch {
    return undefined;
  }
}

/** Sends batches over several connections until the server takes no more; gives what it acknowledged. */
async function load(address: string, token: string): Promise<Map<number, IngestAnswer>> {
  const acknowledged = new Map<number, IngestAnswer>();
  let next = 0;
  const sender = async (): Promise<void> => {
    for (;;) {
      const no = next;
      next += 1;
      const answer = await post(address, token, no);
      if (answer === undefined) return;
      acknowledged.set(no, answer);
    }
  };
  await Promise.all(Array.from({ length: 6 }, sender));
  return acknowledged;
}

describe("probity serve", () => {
  it("ends at SIGTERM under load within ten seconds, and has every acknowledged event after the restart", async () => {
    const first = await serve();
    const token = /shown once: (pk_\S+)/.exec(first.told())?.[1] ?? "";
    expect(token).not.toBe("");
    const sending = load(first.address, token);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(await stop(first)).toBeLessThan(10_000);
    const acknowledged = await sending;
    expect(acknowledged.size).toBeGreaterThan(10);
    const second = await serve();
    expect(second.told()).not.toContain("shown once");
    for (const [no, before] of acknowledged) {
      const again = await post(second.address, token, no);
      expect(again?.duplicates).toBe(40);
      expect(again?.verdicts.map((verdict) => "seq" in verdict && verdict.seq)).toEqual(
        before.verdicts.map((verdict) => "seq" in verdict && verdict.seq),
      );
    }
    expect(await stop(second)).toBeLessThan(10_000);
  });

  it("refuses a folder that another process serves, and says so", async () => {
    const first = await serve();
    const other = start();
    const [code] = (await once(other.child, "exit")) as [number | null];
    expect(code).toBe(1);
    expect(other.told()).toContain(`${folder} is in use by process ${first.child.pid}`);
    await stop(first);
  });
});
