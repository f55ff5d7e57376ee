import { Dialog as Base } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { X } from "./icons.ts";

export interface DrawerProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly children: ReactNode;
}

/** A panel from the side: the navigation where there is no room for it. */
export function Drawer({ open, onOpenChange, title, children }: DrawerProps): ReactNode {
  const { t } = useVoice();
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-[rgb(14_18_16/45%)]" />
        <Base.Popup className="fixed inset-y-0 start-0 z-40 flex w-64 max-w-[85vw] flex-col border-e border-line-strong bg-sunk shadow-float outline-none">
          <Base.Title className="sr-only">{title}</Base.Title>
          <Base.Close
            aria-label={t.ui.close}
            className="absolute end-2 top-3 grid size-8 place-items-center rounded-control text-ink-2 hover:bg-sheet"
          >
            <X size={16} aria-hidden />
          </Base.Close>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
