import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Keys } from "./command-palette.tsx";
import { Dialog } from "./dialog.tsx";

export interface ShortcutGroup {
  readonly title: string;
  readonly shortcuts: readonly { readonly keys: readonly string[]; readonly words: string }[];
}

export interface ShortcutHelpProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly groups: readonly ShortcutGroup[];
}

export function ShortcutHelp({ open, onOpenChange, groups }: ShortcutHelpProps): ReactNode {
  const { t } = useVoice();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t.keys.title} wide>
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className="mb-1 text-xs text-ink-3">{group.title}</h3>
            <dl>
              {group.shortcuts.map((shortcut) => (
                <div
                  key={shortcut.words}
                  className="flex items-center justify-between gap-3 border-t border-line py-1.5 first:border-t-0"
                >
                  <dt>{shortcut.words}</dt>
                  <dd>
                    <Keys keys={shortcut.keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
