import { FormatError, utf8 } from "./bytes.ts";
import { checkCheckpoint } from "./checkpoint.ts";
import type { Primitives } from "./primitives.ts";
import { checkProof, readProof } from "./proof.ts";
import { type CheckedRating, checkRatingProof, type RatingProof } from "./rating-proof.ts";
import { type CheckedReceipt, checkReceipt } from "./receipt.ts";
import { readTrustPolicy, type TrustPolicy } from "./trust-policy.ts";

/** What is checked one after the other; the first that fails is named, for people who read no message of a format. */
export type CheckStep = "policy" | "form" | "checkpoint" | "place" | "content";

/** A check that failed: at which step, and precisely why. */
export interface Failing {
  readonly isRight: false;
  readonly step: CheckStep;
  readonly message: string;
}

export type Finding<T> = { readonly isRight: true; readonly checked: T; readonly policy: TrustPolicy } | Failing;

async function find<T>(
  primitives: Primitives,
  proofBytes: Uint8Array,
  policyText: string,
  check: (policy: TrustPolicy) => Promise<T>,
): Promise<Finding<T>> {
  let step: CheckStep = "policy";
  try {
    const policy = await readTrustPolicy(primitives, policyText);
    step = "form";
    const proof = readProof(proofBytes);
    const { entry } = JSON.parse(new TextDecoder().decode(proof.extra)) as { entry?: unknown };
    step = "checkpoint";
    await checkCheckpoint(primitives, proof.checkpoint, policy, undefined);
    step = "place";
    await checkProof(primitives, proof, utf8(String(entry)), policy);
    step = "content";
    return { isRight: true, checked: await check(policy), policy };
  } catch (error) {
    // What is no FormatError is JSON that cannot be read; that is a form as well.
    return { isRight: false, step, message: error instanceof FormatError ? error.message : String(error) };
  }
}

/** Checks a receipt by the text of a policy and names the step that fails. */
export function findReceipt(
  primitives: Primitives,
  receipt: Uint8Array,
  policyText: string,
): Promise<Finding<CheckedReceipt>> {
  return find(primitives, receipt, policyText, (policy) => checkReceipt(primitives, receipt, policy));
}

/** Checks a published rating by the text of a policy and names the step that fails. */
export function findRating(
  primitives: Primitives,
  rating: RatingProof,
  policyText: string,
): Promise<Finding<CheckedRating>> {
  return find(primitives, utf8(rating.proof), policyText, (policy) => checkRatingProof(primitives, rating, policy));
}

/** Why this browser cannot check anything; undefined where it can. */
export async function webCryptoLack(): Promise<"insecure" | "ed25519" | undefined> {
  if (globalThis.crypto?.subtle === undefined) return "insecure";
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32).fill(0x66), "Ed25519", false, ["verify"]);
    return undefined;
  } catch {
    return "ed25519";
  }
}
