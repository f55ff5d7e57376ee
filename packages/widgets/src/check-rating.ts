import { type Finding, findRating, webCryptoLack } from "@probity/verifier/tlog/findings";
import { webPrimitives } from "@probity/verifier/tlog/primitives";
import type { CheckedRating, RatingProof } from "@probity/verifier/tlog/rating-proof";
import { type CheckWords, checkWordsFor } from "./check-words.ts";

/** What the card knows when it asks. */
export interface CheckRequest {
  /** Where the answer is told. */
  readonly line: HTMLElement;
  /** Address of the proof. */
  readonly proof: string;
  /** Address of the server's own policy. */
  readonly ownPolicy: string;
  /** The element's `log-policy`: an address on the page's own origin, a policy, or a verifier key. */
  readonly logPolicy: string | null;
  readonly lang: string;
  /** What the card shows. */
  readonly shown: { readonly score: number; readonly grade: string | null };
  readonly signal: AbortSignal;
}

/** Told to the reader as it stands. */
class Unchecked extends Error {}

const dayMs = 86_400_000;
const keyForm = /^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/;

async function textAt(address: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(address, { signal, credentials: "omit" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
}

/** The policy that the page's own site vouches for, or else the server's. */
async function policyOf({ logPolicy, ownPolicy, signal }: CheckRequest, words: CheckWords): Promise<string> {
  if (logPolicy === null) return textAt(ownPolicy, signal);
  const given = logPolicy.trim();
  if (keyForm.test(given)) return `log ${given}\nquorum none\n`;
  if (/\s/.test(given)) return given;
  const address = new URL(given, document.baseURI);
  if (address.origin !== location.origin) throw new Unchecked(words.otherOrigin);
  return textAt(address.href, signal).catch(() => {
    throw new Unchecked(words.noPolicy);
  });
}

async function proofAt({ proof, signal }: CheckRequest, words: CheckWords): Promise<RatingProof> {
  const answer = await fetch(proof, { signal, credentials: "omit", headers: { accept: "application/json" } });
  // 409: the log publishes ratings once a day.
  if (answer.status === 404 || answer.status === 409) throw new Unchecked(words.none);
  if (!answer.ok) throw new Unchecked(words.failed);
  return (await answer.json()) as RatingProof;
}

function told(finding: Finding<CheckedRating>, { logPolicy, shown }: CheckRequest, words: CheckWords): string {
  if (!finding.isRight) return words.wrong[finding.step];
  const { checkpoint, day, grade, score } = finding.checked;
  const count = (value: number): string => new Intl.NumberFormat(words.lang).format(value);
  const dayFormat = new Intl.DateTimeFormat(words.lang === "en" ? "en-GB" : words.lang, {
    dateStyle: "medium",
    timeZone: "UTC",
  });
  return [
    words.right(count(checkpoint.size)),
    ...(score === shown.score && grade === shown.grade
      ? []
      : [words.older(dayFormat.format(day * dayMs), [count(score), grade ?? ""].join(" ").trim())]),
    ...(logPolicy === null ? [words.own] : []),
  ].join(" · ");
}

/** Checks a published rating and says in one line what came of it; never throws. */
export async function checkRating(request: CheckRequest): Promise<void> {
  const { line, lang, signal } = request;
  const words = checkWordsFor(lang);
  const say = (text: string, state: "checking" | "right" | "wrong" | "unknown"): void => {
    if (signal.aborted) return;
    line.textContent = text;
    line.dataset["state"] = state;
  };
  say(words.checking, "checking");
  try {
    const lack = await webCryptoLack();
    if (lack !== undefined) throw new Unchecked(words.lack[lack]);
    const [proof, policy] = await Promise.all([proofAt(request, words), policyOf(request, words)]);
    const finding = await findRating(webPrimitives, proof, policy);
    say(told(finding, request, words), finding.isRight ? "right" : finding.step === "policy" ? "unknown" : "wrong");
  } catch (error) {
    say(error instanceof Unchecked ? error.message : words.failed, "unknown");
  }
}
