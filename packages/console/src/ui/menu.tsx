import { type KeyboardEvent, lazy, type ReactNode, Suspense, useRef, useState } from "react";
import type { Icon } from "./icons.ts";
import { patiently } from "./patient-load.ts";

export type MenuEntry =
  | { readonly kind: "act"; readonly label: string; readonly icon?: Icon; readonly act: () => void }
  | {
      readonly kind: "check";
      readonly label: string;
      readonly checked: boolean;
      readonly onChange: (checked: boolean) => void;
    }
  | {
      readonly kind: "choice";
      readonly label: string;
      readonly value: string;
      readonly options: readonly { readonly value: string; readonly label: string }[];
      readonly onChange: (value: string) => void;
    };

export interface MenuProps {
  readonly label: string;
  readonly trigger: ReactNode;
  readonly triggerClass: string;
  readonly entries: readonly MenuEntry[];
  readonly side?: "bottom" | "top";
}

const loadPopup = async () => ({ default: (await patiently(() => import("./menu-popup.tsx"))).MenuPopup });
const Popup = lazy(loadPopup);
const preload = (): void => void loadPopup();

/** A button and what it opens: a file of its own, asked for as soon as somebody comes near the button. */
export function Menu({ label, trigger, triggerClass, entries, side = "bottom" }: MenuProps): ReactNode {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState(false);
  // A press on the button closes an open menu before the click arrives, which must not open it again.
  const wasOpen = useRef(false);
  const show = (next: boolean): void => {
    setWanted(true);
    setOpen(next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    show(true);
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        className={triggerClass}
        onPointerEnter={preload}
        onFocus={preload}
        onPointerDown={() => {
          wasOpen.current = open;
        }}
        onClick={() => {
          show(!wasOpen.current);
          wasOpen.current = false;
        }}
        onKeyDown={onKeyDown}
      >
        {trigger}
      </button>
      {wanted ? (
        <Suspense>
          <Popup open={open} onOpenChange={setOpen} label={label} entries={entries} side={side} anchor={button} />
        </Suspense>
      ) : null}
    </>
  );
}
