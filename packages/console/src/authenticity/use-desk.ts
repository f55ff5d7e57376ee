import type { AssessedItem, ModeratorDecision } from "@probity/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { isCovered } from "../shell/keys.ts";
import { queueQuery } from "./authenticity-queries.ts";
import { type DeskAct, deskActOf, leadsIn } from "./desk-keys.ts";
import { between, standAfter, turned } from "./picks.ts";
import { decisionItemsMax, filterOf, itemKey, type QueueSearch } from "./queue-search.ts";
import { useDecisions } from "./use-decisions.ts";

/** Items that still wait, as they are loaded, and how many do in all. */
function useQueue(marketplace: string, search: QueueSearch, gone: ReadonlySet<string>) {
  const { kind, reason, level, merchant, user, ring, appealed, order = "effect" } = search;
  const filter = useMemo(
    () => filterOf({ kind, reason, level, merchant, user, ring, appealed } as QueueSearch),
    [kind, reason, level, merchant, user, ring, appealed],
  );
  const queue = useInfiniteQuery(queueQuery(marketplace, filter, order));
  const loaded = useMemo(() => queue.data?.pages.flatMap(({ items }) => items) ?? [], [queue.data]);
  const rows = useMemo(() => loaded.filter((item) => !gone.has(itemKey(item))), [loaded, gone]);
  const waiting = Math.max(0, (queue.data?.pages[0]?.waiting ?? 0) - (loaded.length - rows.length));
  return { filter, queue, rows, waiting };
}

export interface DeskHooks {
  readonly marketplace: string;
  readonly search: QueueSearch;
  readonly mayDecide: boolean;
  readonly onItem: (key: string | undefined) => void;
  readonly onOpen: (item: AssessedItem) => void;
  /** The note that goes with a decision, gone from its field afterwards. */
  readonly takeNote: () => string;
}

/** Keys reach the queue where nothing else has the focus: `j` and `k` lead in, `z` takes back. */
function useEntryKeys(run: (act: DeskAct) => void): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent): void => {
      const isNowhere = event.target === document.body || (event.target as HTMLElement).id === "content";
      if (event.defaultPrevented || !isNowhere || !leadsIn(event.key)) return;
      if (isCovered()) return;
      const act = deskActOf(event);
      if (act === undefined) return;
      event.preventDefault();
      latest.current(act.do === "move" ? { ...act, by: 0 } : act);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}

/** Where one stands: at once here, a moment later in the address, which others may change too. */
function useStood(inAddress: string | undefined, onItem: DeskHooks["onItem"]) {
  const [stood, setStood] = useState(inAddress);
  const own = useRef(new Set<string | undefined>());
  useEffect(() => {
    if (inAddress === undefined || !own.current.has(inAddress)) setStood(inAddress);
  }, [inAddress]);
  const set = (key: string | undefined): void => {
    own.current.add(key);
    setStood(key);
    onItem(key);
  };
  return [stood, set] as const;
}

/** What is chosen: one by one, or from where one began. */
function usePicked(keys: readonly string[], at: string | undefined) {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const anchor = useRef<string>(undefined);
  return {
    picked,
    pick: (key: string, range: boolean): void => {
      const added = range ? between(keys, anchor.current ?? at, key) : [key];
      setPicked((before) => turned(before, added, decisionItemsMax));
      anchor.current = key;
    },
    /** From where one stands to another. */
    extend: (to: string): void => {
      const range = between(keys, at, to);
      setPicked((before) => new Set([...before, ...range].slice(0, decisionItemsMax)));
    },
    unpick: (): void => setPicked(new Set()),
    anchorAt: (key: string | undefined): void => {
      anchor.current = key;
    },
  };
}

const typing = "input, textarea, select, [role=combobox], [contenteditable]";

/** The queue as one works through it: where one stands, what is chosen, and what keys do. */
export function useDesk({ marketplace, search, mayDecide, onItem, onOpen, takeNote }: DeskHooks) {
  const [focusTick, setFocusTick] = useState(0);
  const focus = (): void => setFocusTick((tick) => tick + 1);
  const [stood, setStood] = useStood(search.item, onItem);
  const decisions = useDecisions(marketplace, ([first]) => {
    if (first !== undefined) setStood(first);
  });
  const { filter, queue, rows, waiting } = useQueue(marketplace, search, decisions.gone);
  const keys = useMemo(() => rows.map(itemKey), [rows]);
  const at = stood !== undefined && keys.includes(stood) ? stood : keys[0];
  const current = rows.find((item) => itemKey(item) === at);
  const { picked, pick, extend, unpick, anchorAt } = usePicked(keys, at);
  const chosen = rows.filter((item) => picked.has(itemKey(item)));
  const stand = (key: string | undefined): void => {
    anchorAt(key);
    setStood(key);
  };
  const decide = (verdict: ModeratorDecision): void => {
    const items = chosen.length > 0 ? chosen : current === undefined ? [] : [current];
    if (!mayDecide || items.length === 0) return;
    stand(standAfter(keys, new Set(items.map(itemKey)), at));
    unpick();
    void decisions.decide(items, verdict, { note: takeNote(), secondLook: search.order === "second-look" });
  };
  const move = (by: number, extending: boolean): void => {
    const to = keys[Math.min(keys.length - 1, Math.max(0, keys.indexOf(at ?? "") + by))];
    if (to === undefined) return;
    if (extending) extend(to);
    stand(to);
  };
  const run = (act: DeskAct): void => {
    if (act.do === "decide") decide(act.verdict);
    else if (act.do === "move") move(act.by, act.extends);
    else if (act.do === "end") stand(act.to === "first" ? keys[0] : keys.at(-1));
    else if (act.do === "pick" && at !== undefined) pick(at, act.range);
    else if (act.do === "undo") void decisions.undoLast();
    else if (act.do === "open" && current !== undefined) onOpen(current);
    if (act.do === "leave") document.getElementById("content")?.focus();
    else if (act.do !== "open") focus();
  };
  useEntryKeys(run);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || (event.target as HTMLElement).closest(typing) !== null) return;
    const onControl = (event.target as HTMLElement).closest("button, a") !== null;
    const act = deskActOf(event);
    if (act === undefined || (onControl && (event.key === " " || event.key === "Escape"))) return;
    event.preventDefault();
    run(act);
  };
  return {
    filter,
    queue,
    rows,
    waiting,
    at,
    current,
    picked,
    chosen,
    focusTick,
    stand,
    pick,
    unpick,
    decide,
    onKeyDown,
  };
}
