import { useState } from "react";

export interface DialogTarget<T> {
  /** What the dialog is about; it goes on saying so while it closes. */
  readonly target: T | undefined;
  readonly isOpen: boolean;
  show(target: T): void;
  close(): void;
}

export function useDialogTarget<T>(): DialogTarget<T> {
  const [{ target, isOpen }, set] = useState<{ target: T | undefined; isOpen: boolean }>({
    target: undefined,
    isOpen: false,
  });
  return {
    target,
    isOpen,
    show: (next) => set({ target: next, isOpen: true }),
    close: () => set((before) => ({ ...before, isOpen: false })),
  };
}
