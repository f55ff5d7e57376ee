import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { base64, fromBase64, hex } from "@probity/verifier/tlog/bytes";
import { checkCheckpoint, type TrustedCheckpoint } from "@probity/verifier/tlog/checkpoint";
import { consistencyPath, isConsistent } from "@probity/verifier/tlog/merkle";
import { rangeOfTiles, tilePath } from "@probity/verifier/tlog/tile";
import type { TrustPolicy } from "@probity/verifier/tlog/trust-policy";
import { nodePrimitives } from "../../log/index.ts";
import { replaceFile } from "../../platform/log-keys.ts";
import { openSource, type Source } from "../../platform/log-source.ts";
import { shardOf, trustPolicyOf } from "./audit.ts";
import { stopSignal } from "./serve.ts";
import { readArgs, UsageError, wholeNumber } from "./usage.ts";

const usage = `probity monitor WHERE [--marketplace M] [--policy FILE] [--state FILE] [--every SECONDS] [--stale SECONDS] [--once]
Follows a log: each checkpoint has to be signed, witnessed, and to continue the one before.

  WHERE     a server or a log's address, as for probity audit
  --state   file of the last checkpoint seen: without it every start trusts what it sees first
  --every   seconds between two looks (60)
  --stale   alarm where no new checkpoint comes for so many seconds (0: never)
  --once    look once and end

Prints a line for each new checkpoint. An alarm is a line on standard error that begins with ALARM, and ends with 1.`;

/** A log broke a rule that no honest log breaks by chance. */
class Alarm extends Error {}

interface Last {
  readonly size: number;
  readonly root: Uint8Array;
}

const stateForm = /^(\d{1,16})\n([A-Za-z0-9+/=]{44})\n$/;

function readState(file: string | undefined): Last | undefined {
  if (file === undefined || !existsSync(file)) return undefined;
  const [, size, root = ""] = stateForm.exec(readFileSync(file, "utf8")) ?? [];
  if (size === undefined) throw new UsageError(`--state ${file} holds no checkpoint of an earlier run`);
  return { size: Number(size), root: fromBase64(root, "the state") };
}

/** Whether the new tree continues the old one, by tiles that the log serves. */
async function checkGrowth(source: Source, old: Last, now: TrustedCheckpoint): Promise<void> {
  if (now.size < old.size) throw new Alarm(`the log shrank from ${old.size} entries to ${now.size}`);
  const read = async (name: Parameters<typeof tilePath>[0]): Promise<Uint8Array> => {
    const bytes = await source.get(tilePath(name));
    if (bytes === undefined) throw new Error(`${tilePath(name)} is not served`);
    return bytes;
  };
  const path = await consistencyPath(rangeOfTiles(nodePrimitives, read, now.size), old.size, now.size);
  if (!(await isConsistent(nodePrimitives, old.size, old.root, now.size, now.root, path)))
    throw new Alarm(
      now.size === old.size
        ? `two roots for ${now.size} entries: ${hex(old.root)} and ${hex(now.root)}`
        : `the tree of ${now.size} entries does not continue the one of ${old.size}`,
    );
}

/** Fetches and checks a checkpoint; throws Alarm where its signatures are not in order. */
async function look(source: Source, policy: TrustPolicy, origin: string): Promise<TrustedCheckpoint> {
  const bytes = await source.get("checkpoint");
  if (bytes === undefined) throw new Error(`${source.prefix}/checkpoint is not served`);
  return checkCheckpoint(nodePrimitives, bytes, policy, origin).catch((error: unknown) => {
    throw new Alarm((error as Error).message);
  });
}

export async function monitor(args: string[]): Promise<void> {
  const parsed = readArgs(usage, args, {
    marketplace: { type: "string" },
    policy: { type: "string" },
    state: { type: "string" },
    every: { type: "string" },
    stale: { type: "string" },
    key: { type: "string" },
    once: { type: "boolean" },
  });
  if (parsed === undefined) return;
  const { values, words } = parsed;
  const [where, ...more] = words;
  if (where === undefined || more.length > 0) throw new UsageError(usage);
  const everyMs = 1_000 * wholeNumber("every", values.every, 60, 1, 86_400);
  const staleMs = 1_000 * wholeNumber("stale", values.stale, 0, 0, 31_536_000);
  const opened = await openSource(where, values.marketplace ?? "main", values.key);
  const policy = await trustPolicyOf(opened, values.policy);
  const { source, origin } = shardOf(opened, policy);
  let last = readState(values.state);
  let grewMs = performance.now();
  const stop = new AbortController();
  void stopSignal().then(() => stop.abort());
  while (!stop.signal.aborted) {
    try {
      const now = await look(source, policy, origin);
      if (last !== undefined) await checkGrowth(source, last, now);
      if (last?.size !== now.size) {
        grewMs = performance.now();
        process.stdout.write(`${new Date().toISOString()} ${origin} ${now.size} ${hex(now.root)}\n`);
      }
      last = { size: now.size, root: now.root };
      if (values.state !== undefined) replaceFile(values.state, `${now.size}\n${base64(now.root)}\n`);
      if (staleMs > 0 && performance.now() - grewMs > staleMs)
        throw new Alarm(`no new checkpoint for ${Math.round((performance.now() - grewMs) / 1_000)} s`);
    } catch (error) {
      if (error instanceof Alarm) {
        process.stderr.write(`ALARM ${origin}: ${error.message}\n`);
        process.exitCode = 1;
        return;
      }
      process.stderr.write(`${origin}: ${(error as Error).message}; looked at again later\n`);
      if (values.once) process.exitCode = 1;
    }
    if (values.once) return;
    await sleep(everyMs, undefined, { signal: stop.signal }).catch(() => undefined);
  }
}
