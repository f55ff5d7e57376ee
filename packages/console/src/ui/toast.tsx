import { lazy, type ReactNode, Suspense, useEffect, useState, useSyncExternalStore } from "react";
import { patiently } from "./patient-load.ts";

export interface Notice {
  readonly title: string;
  readonly text?: string;
  readonly look?: "plain" | "bad";
  /** Offers to take it back for as long as the notice stands. */
  readonly undo?: { readonly label: string; readonly act: () => void };
  /** Called once, when the notice is gone and was not taken back. */
  readonly onGone?: () => void;
  readonly timeoutMs?: number;
}

export interface Posted extends Notice {
  readonly id: string;
}

let posted: Posted[] = [];
let count = 0;
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

/** Shows a notice; it can be reached by F6 and goes by itself. */
export function notify(notice: Notice): void {
  count += 1;
  posted = [...posted, { ...notice, id: `notice-${count}` }];
  tell();
}

/** What waits to be shown; afterwards nothing waits. */
export function takePosted(): readonly Posted[] {
  const taken = posted;
  posted = [];
  tell();
  return taken;
}

export const useWaiting = (): number =>
  useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => posted.length,
  );

const loadRegion = async (): Promise<{ default: () => ReactNode }> => ({
  default: (await patiently(() => import("./toast-region.tsx"))).ToastRegion,
});
const Region = lazy(loadRegion);

/** After the page stands: a notice about a lost connection must not wait for a file. */
const quietMs = 2_000;

/** Where notices stand. Once. */
export function Toaster(): ReactNode {
  const waiting = useWaiting();
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => void loadRegion(), quietMs);
    return () => clearTimeout(timer);
  }, []);
  if (waiting > 0 && !wanted) setWanted(true);
  return wanted ? (
    <Suspense>
      <Region />
    </Suspense>
  ) : null;
}
