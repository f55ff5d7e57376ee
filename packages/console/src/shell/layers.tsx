import type { ReactNode } from "react";
import { useVoice, type Voice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { ExpiredDialog } from "../session/expired-dialog.tsx";
import { Drawer } from "../ui/drawer.tsx";
import { ShortcutHelp, type ShortcutGroup } from "../ui/shortcut-help.tsx";
import { Commands } from "./commands.tsx";
import { pageEntries } from "./navigation.ts";
import { NavigationPanel } from "./navigation-panel.tsx";
import { type ShortcutWords, useShortcutWords } from "./shortcut-words.ts";

export type Layer = "commands" | "help" | "navigation";

export interface LayersProps {
  readonly open: Layer | undefined;
  readonly onOpen: (layer: Layer | undefined) => void;
}

function deskGroups(words: ShortcutWords): ShortcutGroup[] {
  return [
    {
      title: words.groups.queue,
      shortcuts: [
        { keys: ["J", "K"], words: words.queueMove },
        { keys: ["G"], words: words.queueGenuine },
        { keys: ["N"], words: words.queueNotGenuine },
        { keys: ["U"], words: words.queueUnsure },
        { keys: ["Z"], words: words.queueUndo },
        { keys: ["X"], words: words.queuePick },
        { keys: ["O"], words: words.queueOpen },
        { keys: ["Esc"], words: words.queueLeave },
      ],
    },
    {
      title: words.groups.graph,
      shortcuts: [
        { keys: ["←", "→", "↑", "↓"], words: words.graphMove },
        { keys: ["+", "−"], words: words.graphZoom },
        { keys: ["0"], words: words.graphFit },
      ],
    },
  ];
}

function shortcutGroups(
  { t }: Voice,
  words: ShortcutWords,
  pages: readonly (typeof pageEntries)[number][],
): ShortcutGroup[] {
  return [
    {
      title: words.groups.anywhere,
      shortcuts: [
        { keys: ["Ctrl", "K"], words: words.palette },
        { keys: ["/"], words: words.search },
        { keys: ["?"], words: words.help },
        { keys: ["Esc"], words: words.escape },
        { keys: ["Ctrl", "Z"], words: words.undo },
      ],
    },
    {
      title: words.groups.go,
      shortcuts: pages.map(({ page, key }) => ({ keys: ["G", key.toUpperCase()], words: t.pages[page] })),
    },
    {
      title: words.groups.table,
      shortcuts: [
        { keys: ["↑", "↓"], words: words.rowUpDown },
        { keys: ["Home", "End"], words: words.rowEnds },
        { keys: ["Enter"], words: words.rowOpen },
        { keys: ["X"], words: words.rowPick },
      ],
    },
    {
      title: words.groups.tree,
      shortcuts: [
        { keys: ["→"], words: words.treeOpen },
        { keys: ["←"], words: words.treeClose },
        { keys: ["↑", "↓"], words: words.treeMove },
        { keys: ["*"], words: words.treeAll },
      ],
    },
    ...(pages.some(({ page }) => page === "authenticity") ? deskGroups(words) : []),
  ];
}

/** What opens over a page: a file of its own, so that the page need not wait for it. */
export function Layers({ open, onOpen }: LayersProps): ReactNode {
  const voice = useVoice();
  const { t } = voice;
  const words = useShortcutWords();
  const { can } = useCurrent();
  const allowed = pageEntries.filter(({ scope }) => scope === null || can(scope));
  const toggle = (layer: Layer) => (next: boolean) => onOpen(next ? layer : undefined);
  return (
    <>
      <Drawer open={open === "navigation"} onOpenChange={toggle("navigation")} title={t.shell.navigation}>
        <div className="flex min-h-0 flex-1 flex-col px-2.5 py-3.5">
          <NavigationPanel
            onCommands={() => onOpen("commands")}
            onHelp={() => onOpen("help")}
            onFollow={() => onOpen(undefined)}
          />
        </div>
      </Drawer>
      <Commands open={open === "commands"} onOpenChange={toggle("commands")} onHelp={() => onOpen("help")} />
      <ShortcutHelp
        open={open === "help"}
        onOpenChange={toggle("help")}
        groups={shortcutGroups(voice, words, allowed)}
      />
      <ExpiredDialog />
    </>
  );
}
