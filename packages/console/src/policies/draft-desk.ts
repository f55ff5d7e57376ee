import type { Policy } from "@probity/contract";
import { useEffect, useRef, useState } from "react";
import { type Draft, draftOf } from "./draft.ts";
import { isCovered } from "../shell/keys.ts";
import { beginHistory, changed, type DraftHistory, redone, undone } from "./draft-history.ts";
import { type DraftPlace, keepDraft, readDraft } from "./draft-keep.ts";

export type ChangeDraft = (draft: Draft, about: string) => void;

export interface DraftDesk {
  readonly draft: Draft;
  readonly isChanged: boolean;
  /** When the unsaved changes were made that came back with a reload; undefined if there were none. */
  readonly restoredAtMs: number | undefined;
  /** Policies that somebody who edits here knows of. */
  readonly known: readonly string[];
  readonly change: ChangeDraft;
  readonly undo: (() => void) | undefined;
  readonly redo: (() => void) | undefined;
  know(policies: readonly string[]): void;
  /** Nothing is left to restore: it was saved. */
  forget(): void;
}

/** A number field shows what was typed until it is left: so it is left for as long as a step takes. */
function outOfField(act: () => void): void {
  const field = document.activeElement;
  const isField = field instanceof HTMLInputElement;
  if (isField) field.blur();
  act();
  if (isField) field.focus();
}

interface Steps {
  readonly undo: (() => void) | undefined;
  readonly redo: (() => void) | undefined;
}

/** Ctrl-Z, Ctrl-Shift-Z and Ctrl-Y take steps of the whole draft, also from inside a field. */
function useStepKeys(steps: Steps): void {
  const latest = useRef(steps);
  latest.current = steps;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return;
      const key = event.key.toLowerCase();
      if ((key !== "z" && key !== "y") || isCovered()) return;
      event.preventDefault();
      const step = key === "y" || event.shiftKey ? latest.current.redo : latest.current.undo;
      step?.();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}

/** A policy's draft while it is edited: with its history, and kept over a reload. */
export function useDraftDesk(policy: Policy, place: DraftPlace, there: readonly string[]): DraftDesk {
  const [original] = useState(() => draftOf(policy));
  const [kept] = useState(() => readDraft(place, policy));
  const [known, setKnown] = useState(kept?.known ?? there);
  const [history, setHistory] = useState<DraftHistory>(() =>
    changed(beginHistory(original), kept?.draft ?? original, "", Number.NEGATIVE_INFINITY),
  );
  const isSaved = useRef(false);
  const draft = history.now;
  const isChanged = JSON.stringify(draft) !== JSON.stringify(original);
  const { marketplace, policy: id, person } = place;
  useEffect(() => {
    if (isSaved.current) return;
    const atMs = draft === kept?.draft ? kept.atMs : Date.now();
    keepDraft({ marketplace, policy: id, person }, isChanged ? { draft, known, atMs } : undefined);
  }, [draft, known, isChanged, kept, marketplace, id, person]);
  const take = (step: (before: DraftHistory) => DraftHistory) => (): void => outOfField(() => setHistory(step));
  const steps: Steps = {
    undo: history.past.length > 0 ? take(undone) : undefined,
    redo: history.future.length > 0 ? take(redone) : undefined,
  };
  useStepKeys(steps);
  return {
    draft,
    isChanged,
    restoredAtMs: kept !== undefined && draft === kept.draft ? kept.atMs : undefined,
    known,
    change: (next, about) => setHistory((before) => changed(before, next, about, performance.now())),
    ...steps,
    know: (policies) => setKnown((before) => [...before, ...policies]),
    forget: () => {
      isSaved.current = true;
      keepDraft(place, undefined);
    },
  };
}
