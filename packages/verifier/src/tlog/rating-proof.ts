import { FormatError, fromBase64, hex, utf8 } from "./bytes.ts";
import type { TrustedCheckpoint } from "./checkpoint.ts";
import { leafInput, rootOfInclusion } from "./merkle.ts";
import type { Primitives } from "./primitives.ts";
import { checkReceipt } from "./receipt.ts";
import type { TrustPolicy } from "./trust-policy.ts";

/** A published rating with what proves it, as the API gives it. */
export interface RatingProof {
  /** `["m:<id>","rated",score,bound,…]`, as docs/log-format.md says. */
  readonly line: string;
  readonly index: number;
  /** Lines under the root. */
  readonly lines: number;
  /** Base64, from the leaf's sibling up. */
  readonly path: readonly string[];
  /** A receipt of the entry that published the root. */
  readonly proof: string;
}

export interface CheckedRating {
  readonly checkpoint: TrustedCheckpoint;
  /** Place of the entry that published the root. */
  readonly place: number;
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly epoch: number;
  /** Entries that the rating is a function of. */
  readonly logSize: number;
  /** Hash of the rating policy. */
  readonly policy: string;
  readonly root: string;
  readonly subject: string;
  readonly status: "rated" | "too-early";
  readonly score: number;
  readonly bound: number;
  readonly grade: string | null;
}

const hashForm = /^[0-9a-f]{64}$/;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

type Act = Pick<CheckedRating, "day" | "epoch" | "logSize" | "policy" | "root"> & { readonly subjects: number };

/** What the entry publishes; a proof that leads to another entry proves no rating. */
function actOf(entry: string): Act {
  const { t, p } = JSON.parse(entry) as { t?: unknown; p?: Record<string, unknown> };
  const { day, epoch, kind, logSize, policy, root, subjects } = p ?? {};
  if (t !== "ratings.published" || kind !== "merchant")
    throw new FormatError(`the entry is a ${String(t)}, not one that publishes merchants' ratings`);
  const isRight =
    [day, epoch, logSize, subjects].every(isCount) && [policy, root].every((value) => hashForm.test(String(value)));
  if (!isRight) throw new FormatError("the entry lacks the day, the sizes or the hashes of the ratings it publishes");
  return { day, epoch, logSize, policy, root, subjects } as Act;
}

type Line = Pick<CheckedRating, "subject" | "status" | "score" | "bound" | "grade">;

function lineOf(text: string): Line {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FormatError(`the rating's line is no JSON: ${(cause as Error).message}`);
  }
  const [subject, status, score, bound, grade] = Array.isArray(value) ? (value as unknown[]) : [];
  const isRight =
    /^m:[\w-]{22}$/.test(String(subject)) &&
    (status === "rated" || status === "too-early") &&
    isCount(score) &&
    isCount(bound) &&
    (grade === null || typeof grade === "string");
  if (!isRight) throw new FormatError("the rating's line is not one of a merchant");
  return { subject, status, score, bound, grade } as Line;
}

/**
 * Checks a published rating by a policy, without any server: its line stands under the root, the entry publishes this
 * root, and the entry stands in a log whose checkpoint the policy trusts. Throws FormatError saying what is wrong.
 */
export async function checkRatingProof(
  primitives: Primitives,
  { index, line, lines, path, proof }: RatingProof,
  policy: TrustPolicy,
): Promise<CheckedRating> {
  const receipt = await checkReceipt(primitives, utf8(proof), policy);
  const { subjects, ...act } = actOf(receipt.content.entry);
  if (subjects !== lines)
    throw new FormatError(`the entry publishes ${subjects} ratings, the proof speaks of ${lines}`);
  if (!isCount(index)) throw new FormatError("the rating's place is no whole number");
  const hashes = path.map((hash, place) => fromBase64(hash, `hash ${place + 1} of the rating's path`));
  const leaf = await primitives.sha256(leafInput(utf8(line)));
  const root = hex(await rootOfInclusion(primitives, leaf, index, lines, hashes));
  if (root !== act.root) throw new FormatError(`the rating does not stand at place ${index} under the published root`);
  return { checkpoint: receipt.checkpoint, place: receipt.index, ...act, ...lineOf(line) };
}
