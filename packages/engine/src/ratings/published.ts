import { hash } from "node:crypto";
import { treeRoot, leafInput } from "@probity/verifier/tlog/merkle";
import { canonicalJson } from "./policy.ts";
import type { EpochPriors } from "./prior.ts";

/** A rating as the log publishes it. */
export interface PublishedRating {
  /** Random id of the subject behind the letter of its kind. */
  readonly subject: string;
  readonly status: "rated" | "too-early";
  readonly score: number;
  readonly bound: number;
  readonly grade: string | null;
  readonly ownGrade: string | null;
  /** Whole points of each dimension. */
  readonly points: readonly number[];
}

/** Lines of docs/log-format.md: one each, sorted by subject in code-unit order. */
export function ratingLines(ratings: readonly PublishedRating[]): string[] {
  return ratings
    .toSorted((a, b) => (a.subject < b.subject ? -1 : 1))
    .map(({ subject, status, score, bound, grade, ownGrade, points }) =>
      JSON.stringify([subject, status, score, bound, grade, ownGrade, points]),
    );
}

/** Root of the RFC 9162 tree over lines, hex. */
export function linesRoot(lines: readonly string[]): string {
  const sha256 = (bytes: Uint8Array): Buffer => hash("sha256", bytes, "buffer");
  const leaves = lines.map((line) => sha256(leafInput(Buffer.from(line))));
  return Buffer.from(treeRoot(sha256, leaves)).toString("hex");
}

/** SHA-256 of priors as the log publishes them: categories stand under their digests. */
export function priorsHash(priors: EpochPriors, digestOf: (category: string) => string): string {
  const indicators = priors.indicators.map((indicator) => ({
    ...indicator,
    categories: Object.fromEntries(
      Object.entries(indicator.categories).map(([name, prior]) => [digestOf(name), prior]),
    ),
  }));
  return hash("sha256", canonicalJson({ ...priors, indicators }), "hex");
}
