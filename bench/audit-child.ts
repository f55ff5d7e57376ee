/** Audits a folder that mirrors a log, in a process of its own so that its memory is its own; says what it found. */
import { readFile } from "node:fs/promises";
import { audit } from "@probity/verifier/audit/audit";
import { readTrustPolicy } from "@probity/verifier/tlog/trust-policy";
import { nodePrimitives } from "../packages/engine/src/log/index.ts";
import { sha256 } from "../packages/engine/src/log/tile-edge.ts";
import { openAuditThread } from "../packages/engine/src/main/commands/audit-thread.ts";
import { openSource } from "../packages/engine/src/platform/log-source.ts";

export interface AuditMeasure {
  readonly entries: number;
  readonly ratings: number;
  readonly seconds: number;
  readonly peakMb: number;
}

const [folder = "", threads] = process.argv.slice(2);
const policy = await readTrustPolicy(nodePrimitives, await readFile(`${folder}/trust-policy`, "utf8"));
const source = await openSource(folder, "main", undefined);
const before = process.memoryUsage.rss();
let peak = before;
const look = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 100);
const began = performance.now();
const { size, ratings } = await audit({
  source,
  primitives: nodePrimitives,
  sha256,
  policy,
  openReader: threads === "two-threads" ? openAuditThread : undefined,
});
clearInterval(look);
const measure: AuditMeasure = {
  entries: size,
  ratings,
  seconds: (performance.now() - began) / 1_000,
  peakMb: peak / 1_048_576,
};
process.send?.(measure);
