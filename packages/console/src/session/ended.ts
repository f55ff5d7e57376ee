import { useSyncExternalStore } from "react";

let ended = false;
let isLeaving = false;
const listeners = new Set<() => void>();

/** One ends it oneself: no dialog asks to sign in again while the page is being left. */
export async function whileLeaving(leave: () => Promise<void>): Promise<void> {
  isLeaving = true;
  setSessionEnded(false);
  await leave().finally(() => {
    isLeaving = false;
  });
}

/** Whether the session ended while the page was open: the page stays, and a dialog asks to sign in again. */
export function setSessionEnded(next: boolean): void {
  if (ended === next || (next && isLeaving)) return;
  ended = next;
  for (const listener of listeners) listener();
}

export const useSessionEnded = (): boolean =>
  useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => ended,
  );
