import type { Draft } from "./draft.ts";

/** A draft with the way it came and what was taken back. */
export interface DraftHistory {
  readonly past: readonly Draft[];
  readonly now: Draft;
  readonly future: readonly Draft[];
  /** What the newest change was about, and when: what follows soon about the same is one step with it. */
  readonly about: string;
  readonly atMs: number;
}

/** Typing a number or drawing a knot along makes many changes; with pauses shorter than this they are one. */
const restMs = 1_000;
const stepsMax = 200;

export const beginHistory = (now: Draft): DraftHistory => ({
  past: [],
  now,
  future: [],
  about: "",
  atMs: Number.NEGATIVE_INFINITY,
});

/** The draft changed; an empty `about` is always a step of its own. */
export function changed(history: DraftHistory, now: Draft, about: string, atMs: number): DraftHistory {
  if (JSON.stringify(now) === JSON.stringify(history.now)) return history;
  const isSameStep = about !== "" && about === history.about && atMs - history.atMs < restMs;
  return {
    past: isSameStep ? history.past : [...history.past, history.now].slice(-stepsMax),
    now,
    future: [],
    about,
    atMs,
  };
}

export function undone(history: DraftHistory): DraftHistory {
  const last = history.past.at(-1);
  if (last === undefined) return history;
  return {
    ...beginHistory(last),
    past: history.past.slice(0, -1),
    future: [history.now, ...history.future],
  };
}

export function redone(history: DraftHistory): DraftHistory {
  const [next, ...future] = history.future;
  return next === undefined ? history : { ...beginHistory(next), past: [...history.past, history.now], future };
}
