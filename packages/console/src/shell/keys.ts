import { useEffect, useRef } from "react";

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.role === "combobox");

/** Between `g` and the letter after it; longer, and the letter stands for itself. */
const patienceMs = 1_200;

export interface KeyActions {
  readonly palette: () => void;
  readonly help: () => void;
  /** `g` and a letter; true if it led somewhere. */
  readonly go: (letter: string) => boolean;
}

/** Puts the keyboard into the search of the page. */
function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>("main input[type=search]");
  field?.focus();
  field?.select();
  return field !== null;
}

/** Whether something lies over the page that takes the keys; a notice does not. */
export const isCovered = (): boolean =>
  document.querySelector("[role=dialog]:not([data-notice]), [role=menu]") !== null;

/** Keys that work anywhere, except where one types or a dialog is open. */
export function useKeys(actions: KeyActions): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    let wentAtMs = Number.NEGATIVE_INFINITY;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        latest.current.palette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (isCovered()) return;
      const waiting = event.timeStamp - wentAtMs < patienceMs;
      wentAtMs = Number.NEGATIVE_INFINITY;
      if (waiting && latest.current.go(event.key.toLowerCase())) event.preventDefault();
      else if (event.key === "g") wentAtMs = event.timeStamp;
      else if (event.key === "?") latest.current.help();
      else if (event.key === "/" && focusSearch()) event.preventDefault();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}
