import { Dialog as Base } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { X } from "./icons.ts";

export interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description?: string;
  readonly children: ReactNode;
  /** Buttons at the foot, the main one last. */
  readonly actions?: ReactNode;
  readonly wide?: boolean;
  /** A press outside leaves it open: something typed would be lost. */
  readonly firm?: boolean;
}

export function Dialog(props: DialogProps): ReactNode {
  const { open, onOpenChange, title, description, children, actions, wide, firm = false } = props;
  const { t } = useVoice();
  return (
    <Base.Root open={open} onOpenChange={onOpenChange} disablePointerDismissal={firm}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-[rgb(14_18_16/45%)] transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          className={`fixed top-[max(16px,12dvh)] left-1/2 z-40 flex max-h-[calc(100dvh-32px)] w-[calc(100vw-24px)] ${wide === true ? "max-w-2xl" : "max-w-md"} -translate-x-1/2 flex-col overflow-hidden rounded-card border border-line-strong bg-sheet shadow-float outline-none transition-[opacity,scale] duration-100 data-ending-style:scale-[0.98] data-ending-style:opacity-0 data-starting-style:scale-[0.98] data-starting-style:opacity-0`}
        >
          <header className="flex items-start gap-3 px-5 pt-4 pb-2">
            <div className="min-w-0 flex-1">
              <Base.Title className="text-lg font-semibold">{title}</Base.Title>
              {description === undefined ? null : (
                <Base.Description className="mt-1 text-ink-2">{description}</Base.Description>
              )}
            </div>
            <Base.Close
              aria-label={t.ui.close}
              className="-me-2 grid size-8 shrink-0 place-items-center rounded-control text-ink-2 hover:bg-sunk"
            >
              <X size={16} aria-hidden />
            </Base.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pt-1 pb-5">{children}</div>
          {actions === undefined ? null : (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line bg-sunk px-5 py-3">
              {actions}
            </footer>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
