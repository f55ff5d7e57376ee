import type { AssessedItem, ModeratorDecision } from "@probity/contract";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { clientFor, isSessionEnded } from "../api/client.ts";
import { problemWords } from "../api/problem-words.ts";
import { useVoice } from "../messages/messages.tsx";
import { notify } from "../ui/toast.tsx";
import { useAuthenticityWords } from "./authenticity-words.ts";
import { itemKey } from "./queue-search.ts";

type ItemName = Pick<AssessedItem, "kind" | "merchant" | "id">;

export interface DecideOptions {
  readonly note?: string;
  readonly secondLook?: boolean;
}

interface Kept {
  readonly decision: string;
  readonly keys: readonly string[];
}

export interface Decisions {
  /** Decides, and says so with an offer to take it back. What the server refuses is as before. */
  decide(items: readonly ItemName[], verdict: ModeratorDecision, options?: DecideOptions): Promise<void>;
  /** Takes back the last decision that was made here. */
  undoLast(): Promise<void>;
  /** Keys of what is decided here, or about to be. */
  readonly gone: ReadonlySet<string>;
  readonly busy: boolean;
}

/** What decisions change: whatever else is shown of these is asked for again when it is next looked at. */
const touched: ReadonlySet<unknown> = new Set([
  "dossier",
  "user-record",
  "counted",
  "agreement",
  "models",
  "decisions",
  "queue-waiting",
]);

const without = (all: ReadonlySet<string>, keys: readonly string[]): ReadonlySet<string> =>
  new Set([...all].filter((key) => !keys.includes(key)));

/** Decisions on what stands in a list: it leaves the list at once, and comes back if it was not kept or is undone. */
export function useDecisions(marketplace: string, onBack?: (keys: readonly string[]) => void): Decisions {
  const { t } = useVoice();
  const words = useAuthenticityWords().decide;
  const queries = useQueryClient();
  const kept = useRef<Kept[]>([]);
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const [waiting, setWaiting] = useState(0);
  const fail = useCallback(
    (title: string, error: unknown) => {
      if (!isSessionEnded(error)) notify({ title, text: problemWords(error, t), look: "bad" });
    },
    [t],
  );
  const refresh = useCallback(
    () =>
      void queries.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] === marketplace && touched.has(queryKey[1]),
      }),
    [queries, marketplace],
  );
  const undo = async (one: Kept): Promise<void> => {
    kept.current = kept.current.filter(({ decision }) => decision !== one.decision);
    try {
      await clientFor(marketplace).call("undoDecision", { params: { decision: one.decision }, body: {} });
      setGone((before) => without(before, one.keys));
      notify({ title: words.undone });
      onBack?.(one.keys);
      refresh();
    } catch (error) {
      kept.current = [...kept.current, one];
      fail(words.undoFailed, error);
    }
  };
  const decide: Decisions["decide"] = async (items, verdict, { note, secondLook = false } = {}) => {
    if (items.length === 0) return;
    const keys = items.map(itemKey);
    setGone((before) => new Set([...before, ...keys]));
    setWaiting((n) => n + 1);
    try {
      const { decision } = await clientFor(marketplace).call("decideReviews", {
        body: {
          items: items.map(({ kind, merchant, id }) => ({ kind, merchant, id })),
          decision: verdict,
          secondLook,
          ...(note === undefined || note.trim() === "" ? {} : { note }),
        },
      });
      const one = { decision, keys };
      kept.current = [...kept.current, one];
      const title = secondLook ? words.secondDone : words.done[verdict](items.length);
      notify({ title, undo: { label: t.ui.undo, act: () => void undo(one) } });
      refresh();
    } catch (error) {
      setGone((before) => without(before, keys));
      onBack?.(keys);
      fail(words.failed, error);
    } finally {
      setWaiting((n) => n - 1);
    }
  };
  const undoLast = async (): Promise<void> => {
    const last = kept.current.at(-1);
    if (last === undefined) notify({ title: words.nothingToUndo });
    else await undo(last);
  };
  return { decide, undoLast, gone, busy: waiting > 0 };
}
