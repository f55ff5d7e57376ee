import type { Policy } from "@probity/contract";
import { gradeNames } from "../ratings/subjects-search.ts";
import { knotsMax, knotsMin } from "../ui/curve-model.ts";
import { type Draft, draftOf } from "./draft.ts";

/** A draft that was not saved yet, kept as long as the tab is open. */
export interface KeptDraft {
  readonly draft: Draft;
  /** Policies that were there when the editor was opened. */
  readonly known: readonly string[];
  readonly atMs: number;
}

/** Whose draft of which policy: whoever signs in next in the same tab begins anew. */
export interface DraftPlace {
  readonly marketplace: string;
  readonly policy: string;
  readonly person: string;
}

const keyOf = ({ marketplace, policy, person }: DraftPlace): string =>
  `probity-draft ${marketplace} ${policy} ${person}`;

const isNumber = (value: unknown): boolean => value === null || Number.isFinite(value);

const isKnot = (value: unknown): boolean => Array.isArray(value) && value.length === 2 && value.every(isNumber);

/** Whether it is a record with exactly the keys of another, each value of the kind that is asked for. */
function isRecordLike(value: unknown, like: object, isFit: (value: unknown, key: string) => boolean): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const record = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(like);
  return Object.keys(record).length === keys.length && keys.every((key) => key in record && isFit(record[key], key));
}

/** Whether what was kept is a draft of this policy: storage may hold anything. */
export function isDraftOf(policy: Policy, value: unknown): value is Draft {
  const like = draftOf(policy);
  const isText = (text: unknown): boolean => typeof text === "string";
  const fits: Readonly<Record<string, (part: unknown) => boolean>> = {
    titleEn: isText,
    titleZh: isText,
    points: (part) => isRecordLike(part, like.points, isNumber),
    curves: (part) =>
      isRecordLike(
        part,
        like.curves,
        (knots) => Array.isArray(knots) && knots.length >= knotsMin && knots.length <= knotsMax && knots.every(isKnot),
      ),
    targets: (part) => isRecordLike(part, like.targets, isNumber),
    decays: (part) =>
      isRecordLike(part, like.decays, (name) => typeof name === "string" && Object.hasOwn(policy.decays, name)),
    caps: (part) => isRecordLike(part, like.caps, (cap) => gradeNames.some((grade) => grade === cap)),
    grades: (part) => Array.isArray(part) && part.length === like.grades.length && part.every(isNumber),
  };
  return isRecordLike(value, like, (part, key) => fits[key]?.(part) ?? false);
}

export function readDraft(place: DraftPlace, policy: Policy): KeptDraft | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(place)) ?? "null") as Partial<KeptDraft> | null;
    const { draft, known, atMs } = kept ?? {};
    if (!isDraftOf(policy, draft) || !Array.isArray(known) || typeof atMs !== "number") return undefined;
    return { draft, known: known.filter((one) => typeof one === "string"), atMs };
  } catch {
    // Private windows may forbid storage, and what stands there may be no JSON: then nothing was kept.
    return undefined;
  }
}

/** Keeps a draft, or with undefined forgets it. */
export function keepDraft(place: DraftPlace, kept: KeptDraft | undefined): void {
  try {
    if (kept === undefined) sessionStorage.removeItem(keyOf(place));
    else sessionStorage.setItem(keyOf(place), JSON.stringify(kept));
  } catch {
    // Without storage the draft lasts as long as the page.
  }
}
