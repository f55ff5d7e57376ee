import { readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { hash } from "node:crypto";
import { audit as auditLog, type AuditReport } from "@probity/verifier/audit/audit";
import { AuditFailure, type LogSource } from "@probity/verifier/audit/audit-source";
import { factsText } from "@probity/verifier/audit/facts-text";
import { readTrustPolicy, type TrustPolicy } from "@probity/verifier/tlog/trust-policy";
import { nodePrimitives } from "../../log/index.ts";
import { sha256 } from "../../log/tile-edge.ts";
import { replaceFile } from "../../platform/log-keys.ts";
import { openSource, type Source } from "../../platform/log-source.ts";
import { openAuditThread } from "./audit-thread.ts";
import { entryBar } from "./entry-bar.ts";
import { rootBytes, SpotAudit, type SpotReport, spotText } from "./spot.ts";
import { readArgs, UsageError, wholeNumber } from "./usage.ts";

const usage = `probity audit WHERE [--marketplace M] [--policy FILE] [--as-of SIZE] [--key KEY] [--spot N] [--state FILE] [--json]
Checks a marketplace's public log and recomputes its ratings, with nothing but what the log serves.

  WHERE          a server (https://…), a log (https://…/log/main), or a folder that mirrors one
  --marketplace  which log of a server (main)
  --policy       the log's and witnesses' keys, as you got them (a tlog-policy); without it the server's own word is taken
  --as-of        facts and ratings as of that size of the log
  --key          an auditor's API key, where entries are not public
  --spot N       with an auditor's key that has log:open: open N entries, drawn by the checkpoint's root, and make their
                 differences again from the events
  --state        keeps what was read in a file, so that the next audit goes on from there
  --json         the last line as JSON

Ends with 0 where everything agrees, 1 where something does not; docs/auditing-a-marketplace.md tells what that proves.`;

/** Between two writes of the state. */
const restEveryMs = 5_000;

/** A source whose failures name the address. */
function auditSource(source: Source): LogSource {
  return {
    async get(path) {
      try {
        return await source.get(path);
      } catch (error) {
        throw AuditFailure.at(path, error);
      }
    },
  };
}

/** The policy of a file, or the server's own with a warning. */
export async function trustPolicyOf(source: LogSource, file: string | undefined): Promise<TrustPolicy> {
  if (file !== undefined) return readTrustPolicy(nodePrimitives, await readFile(file, "utf8"));
  process.stderr.write(
    "No --policy: the keys are those that the log itself names. That shows that its answers agree with each other, not " +
      "that everybody is shown the same log.\n",
  );
  const bytes = await source.get("trust-policy");
  if (bytes === undefined) throw new AuditFailure("trust-policy", "is not served; there may be no such log here");
  return readTrustPolicy(nodePrimitives, Buffer.from(bytes).toString("utf8"));
}

const shardForm = /\/log\/[^/]+\/(\d+)$/;

/** The shard that an address names, else the one that signs now. */
export function shardOf(source: Source, policy: TrustPolicy): { source: Source; origin: string } {
  const asked = shardForm.exec(source.prefix)?.[1];
  const log = policy.logs.findLast(({ key }) => asked === undefined || key.name.endsWith(`/${asked}`));
  if (log === undefined) throw new UsageError("The policy names no key of this log: a line `log <key>` is missing");
  const number = shardForm.exec(log.key.name)?.[1];
  if (asked !== undefined || number === undefined) return { source, origin: log.key.name };
  const prefix = `${source.prefix}/${number}`;
  return { source: { prefix, get: (path) => source.get(`${number}/${path}`) }, origin: log.key.name };
}

function resultLine(report: AuditReport): string {
  const { asOf, ratings, epochs, policies, notKept, root, size } = report;
  const kept = notKept === 0 ? "" : ` (lines of ${notKept} older ones are no longer served; their roots agree)`;
  return `OK: ${size} entries under root ${root}; as of ${asOf}: ${policies} policies, ${epochs} epochs, ${ratings} ratings recomputed${kept}`;
}

/** What `--json` prints. */
function asJson(
  report: AuditReport | undefined,
  failure: AuditFailure | undefined,
  spot: SpotReport | undefined,
): string {
  const facts = report && hash("sha256", factsText(report.facts), "hex");
  const { facts: _facts, ...counts } = report ?? { facts: undefined };
  return JSON.stringify({
    ok: failure === undefined,
    ...counts,
    entries: report?.size,
    facts,
    ...(spot === undefined ? {} : { spot }),
    failure: failure === undefined ? null : { where: failure.where, what: failure.what },
  });
}

function stateKeeper(file: string | undefined): (state: () => Uint8Array, isLast: boolean) => void {
  let keptMs = performance.now();
  return (state, isLast) => {
    if (file === undefined || (!isLast && performance.now() - keptMs < restEveryMs)) return;
    replaceFile(file, Buffer.from(state()));
    keptMs = performance.now();
  };
}

export async function audit(args: string[]): Promise<void> {
  const read = readArgs(usage, args, {
    marketplace: { type: "string" },
    policy: { type: "string" },
    "as-of": { type: "string" },
    key: { type: "string" },
    spot: { type: "string" },
    state: { type: "string" },
    json: { type: "boolean" },
  });
  if (read === undefined) return;
  const { values, words } = read;
  const [where, ...more] = words;
  if (where === undefined || more.length > 0) throw new UsageError(usage);
  const { marketplace = "main", policy: policyFile, state, key } = values;
  const asOf =
    values["as-of"] === undefined ? undefined : wholeNumber("as-of", values["as-of"], 0, 0, Number.MAX_SAFE_INTEGER);
  const spots = wholeNumber("spot", values.spot, 0, 1, 1_000_000);
  const bar = entryBar();
  let [report, failure, spot]: [AuditReport | undefined, AuditFailure | undefined, SpotReport | undefined] = [
    undefined,
    undefined,
    undefined,
  ];
  try {
    const opened = await openSource(where, marketplace, key);
    const policy = await trustPolicyOf(auditSource(opened), policyFile);
    const { source, origin } = shardOf(opened, policy);
    report = await auditLog({
      source: auditSource(source),
      primitives: nodePrimitives,
      sha256,
      policy,
      openReader: openAuditThread,
      origin,
      asOf,
      state: state !== undefined && existsSync(state) ? await readFile(state) : undefined,
      onProgress: (entries, size) => bar.set(entries, size),
      onRest: stateKeeper(state),
    });
    if (spots > 0) {
      const drawn = new SpotAudit(auditSource(source), report.size, rootBytes(report.root));
      spot = await drawn.run(spots, (checked) => bar.set(checked, spots));
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    failure = AuditFailure.at(where, error);
  } finally {
    bar.stop();
  }
  if (spot !== undefined && !values.json) process.stdout.write(`${spotText(spot, rootBytes(report?.root ?? ""))}\n`);
  if (values.json) process.stdout.write(`${asJson(report, failure, spot)}\n`);
  else process.stdout.write(`${report === undefined ? `FAILED: ${failure?.message}` : resultLine(report)}\n`);
  if (failure !== undefined) process.exitCode = 1;
}
