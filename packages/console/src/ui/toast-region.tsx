import { Toast as Base } from "@base-ui/react/toast";
import { type ReactNode, useEffect } from "react";
import { useVoice } from "../messages/messages.tsx";
import { X } from "./icons.ts";
import { type Posted, takePosted, useWaiting } from "./toast.tsx";

/** Long enough to read two lines and reach the button (WCAG 2.2.1 asks for no less than one can act in). */
const undoMs = 8_000;
const readMs = 5_000;

type Manager = ReturnType<typeof Base.useToastManager>;

function show(manager: Manager, { id, title, text, look = "plain", undo, onGone, timeoutMs }: Posted): void {
  let undone = false;
  manager.add({
    id,
    title,
    description: text,
    type: look,
    timeout: timeoutMs ?? (undo === undefined ? readMs : undoMs),
    ...(undo === undefined
      ? {}
      : {
          actionProps: {
            children: undo.label,
            onClick: () => {
              undone = true;
              undo.act();
              manager.close(id);
            },
          },
        }),
    onClose: () => {
      if (!undone) onGone?.();
    },
  });
}

function Toasts(): ReactNode {
  const { t } = useVoice();
  const { toasts } = Base.useToastManager();
  return toasts.map((toast) => (
    <Base.Root
      key={toast.id}
      toast={toast}
      data-notice
      swipeDirection={["down", "right"]}
      className="rounded-card border border-line-strong bg-sheet text-ink shadow-float transition-[opacity,translate] duration-150 data-ending-style:opacity-0 data-limited:hidden data-starting-style:translate-y-2 data-starting-style:opacity-0 data-[type=bad]:border-cinnabar-line"
    >
      <Base.Content className="flex items-center gap-3 py-2.5 ps-4 pe-2">
        <div className="min-w-0 flex-1">
          <Base.Title className={toast.type === "bad" ? "font-semibold text-cinnabar" : "font-semibold"} />
          <Base.Description className="text-sm text-ink-2" />
        </div>
        <Base.Action className="h-8 shrink-0 rounded-control border border-jade-line bg-jade-soft px-3 font-semibold text-jade" />
        <Base.Close
          aria-hidden={false}
          aria-label={t.ui.dismiss}
          className="grid size-8 shrink-0 place-items-center rounded-control text-ink-2 hover:bg-sunk"
        >
          <X size={15} aria-hidden />
        </Base.Close>
      </Base.Content>
    </Base.Root>
  ));
}

/** The notices themselves: a file of its own, loaded with the first notice or in a quiet moment. */
export function ToastRegion(): ReactNode {
  return (
    <Base.Provider>
      <Drain />
      <Base.Portal>
        <Base.Viewport className="fixed end-4 bottom-4 z-60 flex w-[calc(100vw-2rem)] flex-col gap-2 sm:w-96">
          <Toasts />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

/** Shows what was posted, also before there was a place for it. */
function Drain(): null {
  const waiting = useWaiting();
  const manager = Base.useToastManager();
  useEffect(() => {
    if (waiting > 0) for (const posted of takePosted()) show(manager, posted);
  }, [waiting, manager]);
  return null;
}
