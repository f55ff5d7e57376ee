import { useSyncExternalStore } from "react";

let ended = false;
const listeners = new Set<() => void>();

/** Whether the session ended while the page was open: the page stays, and a dialog asks to sign in again. */
export function setSessionEnded(next: boolean): void {
  if (ended === next) return;
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
