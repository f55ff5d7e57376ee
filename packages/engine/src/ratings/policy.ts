import { hash } from "node:crypto";
import { type Metric, type Policy, metricNamed, policy as policySchema } from "@probity/contract";

/** One broken rule of a policy: where, and which. */
export interface PolicyIssue {
  /** Keys from the policy's root, joined by dots: `indicators.3.table.1`. */
  readonly path: string;
  readonly rule: string;
}

export type PolicyCheck =
  | { readonly ok: true; readonly policy: Policy; readonly id: string }
  | { readonly ok: false; readonly issues: readonly PolicyIssue[] };

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const inCodeUnitOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * JSON without spaces, keys in code-unit order, integers only: the form of which a policy's id is the hash
 * (RFC 8785, restricted). Throws on anything that two readers could take for different values.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is not an exact integer`);
    return String(value);
  }
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw new TypeError("a string holds a lone surrogate");
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object") throw new TypeError(`${typeof value} has no JSON`);
  const entries = Object.entries(value as { [key: string]: Json }).sort(([a], [b]) => inCodeUnitOrder(a, b));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(",")}}`;
}

/** SHA-256 of the policy's canonical JSON, lower-case hex. */
export function policyId(value: Policy): string {
  return hash("sha256", canonicalJson(value), "hex");
}

type Report = (path: readonly (string | number)[], rule: string) => void;

function checkMetric(value: Policy, name: string, path: readonly (string | number)[], report: Report): Metric {
  const metric = metricNamed(name);
  if (!metric.published) report(path, `must be a published metric: ${name}`);
  if (!metric.subjects.includes(value.subject)) report(path, `must be a metric of a ${value.subject}: ${name}`);
  if (metric.kind === "histogram") report(path, `must not be a histogram: ${name}`);
  return metric;
}

function checkEvidence(value: Policy, index: number, report: Report): void {
  const evidence = value.indicators[index]?.evidence;
  if (evidence === undefined) return;
  const path = ["indicators", index, "evidence"];
  if (evidence.kind === "level") {
    evidence.parts.forEach((part, place) => {
      const metric = checkMetric(value, part.metric, [...path, "parts", place, "metric"], report);
      if (metric.kind !== "level") report([...path, "parts", place, "metric"], `must be a level: ${part.metric}`);
    });
    return;
  }
  const scales = new Set<number>();
  const each = (name: string, inside: readonly (string | number)[]): void => {
    scales.add(checkMetric(value, name, [...path, ...inside], report).scale);
  };
  evidence.of.forEach((name, place) => each(name, ["of", place]));
  evidence.less.forEach((part, place) => each(part.metric, ["less", place, "metric"]));
  evidence.against.forEach((name, place) => each(name, ["against", place]));
  if (scales.size > 1)
    report(path, `metrics of one indicator must share one scale, they have ${[...scales].join(", ")}`);
  if (evidence.good === "all" && evidence.less.length + evidence.against.length === 0) {
    report([...path, "good"], "must take something away: all of the opportunities are always good");
  }
  const names = [...evidence.of, ...evidence.less.map((part) => part.metric), ...evidence.against];
  if (new Set(names).size !== names.length) report(path, "must name a metric once only");
}

function checkWindows(value: Policy, report: Report): void {
  value.floor.conditions.forEach((item, index) => {
    checkMetric(value, item.metric, ["floor", "conditions", index, "metric"], report);
  });
  value.redLines.forEach((line, index) => {
    if (value.redLines.findIndex((other) => other.id === line.id) !== index) {
      report(["redLines", index, "id"], `is used twice: ${line.id}`);
    }
    if (!value.grades.some((item) => item.grade === line.cap)) {
      report(["redLines", index, "cap"], `must be a grade of the policy: ${line.cap}`);
    }
    line.when.forEach((condition, place) => {
      const path = ["redLines", index, "when", place];
      checkMetric(value, condition.metric, [...path, "metric"], report);
      if (condition.share) checkMetric(value, condition.share.of, [...path, "share", "of"], report);
    });
  });
  value.dimensions.forEach((item, index) => {
    if (value.dimensions.findIndex((other) => other.id === item.id) !== index) {
      report(["dimensions", index, "id"], `is used twice: ${item.id}`);
    }
  });
}

/** Reads a policy: the contract's shape and sums, then what needs the metric registry. Names every broken rule. */
export function checkPolicy(value: unknown): PolicyCheck {
  const read = policySchema.safeParse(value);
  const issues: PolicyIssue[] = [];
  const report: Report = (path, rule) => issues.push({ path: path.join("."), rule });
  if (!read.success) {
    for (const issue of read.error.issues)
      report(
        issue.path.map((key) => (typeof key === "symbol" ? "" : key)),
        issue.message,
      );
    return { ok: false, issues };
  }
  read.data.indicators.forEach((_, index) => checkEvidence(read.data, index, report));
  checkWindows(read.data, report);
  return issues.length > 0 ? { ok: false, issues } : { ok: true, policy: read.data, id: policyId(read.data) };
}
