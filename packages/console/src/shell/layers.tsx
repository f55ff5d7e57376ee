import type { ReactNode } from "react";
import { useVoice, type Voice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { ExpiredDialog } from "../session/expired-dialog.tsx";
import { Drawer } from "../ui/drawer.tsx";
import { ShortcutHelp, type ShortcutGroup } from "../ui/shortcut-help.tsx";
import { Commands } from "./commands.tsx";
import { pageEntries } from "./navigation.ts";
import { NavigationPanel } from "./navigation-panel.tsx";

export type Layer = "commands" | "help" | "navigation";

export interface LayersProps {
  readonly open: Layer | undefined;
  readonly onOpen: (layer: Layer | undefined) => void;
}

function deskGroups(t: Voice["t"]): ShortcutGroup[] {
  return [
    {
      title: t.keys.groups.queue,
      shortcuts: [
        { keys: ["J", "K"], words: t.keys.queueMove },
        { keys: ["G"], words: t.keys.queueGenuine },
        { keys: ["N"], words: t.keys.queueNotGenuine },
        { keys: ["U"], words: t.keys.queueUnsure },
        { keys: ["Z"], words: t.keys.queueUndo },
        { keys: ["X"], words: t.keys.queuePick },
        { keys: ["O"], words: t.keys.queueOpen },
        { keys: ["Esc"], words: t.keys.queueLeave },
      ],
    },
    {
      title: t.keys.groups.graph,
      shortcuts: [
        { keys: ["←", "→", "↑", "↓"], words: t.keys.graphMove },
        { keys: ["+", "−"], words: t.keys.graphZoom },
        { keys: ["0"], words: t.keys.graphFit },
      ],
    },
  ];
}

function shortcutGroups({ t }: Voice, pages: readonly (typeof pageEntries)[number][]): ShortcutGroup[] {
  return [
    {
      title: t.keys.groups.anywhere,
      shortcuts: [
        { keys: ["Ctrl", "K"], words: t.keys.palette },
        { keys: ["/"], words: t.keys.search },
        { keys: ["?"], words: t.keys.help },
        { keys: ["Esc"], words: t.keys.escape },
        { keys: ["Ctrl", "Z"], words: t.keys.undo },
      ],
    },
    {
      title: t.keys.groups.go,
      shortcuts: pages.map(({ page, key }) => ({ keys: ["G", key.toUpperCase()], words: t.pages[page] })),
    },
    {
      title: t.keys.groups.table,
      shortcuts: [
        { keys: ["↑", "↓"], words: t.keys.rowUpDown },
        { keys: ["Home", "End"], words: t.keys.rowEnds },
        { keys: ["Enter"], words: t.keys.rowOpen },
        { keys: ["X"], words: t.keys.rowPick },
      ],
    },
    {
      title: t.keys.groups.tree,
      shortcuts: [
        { keys: ["→"], words: t.keys.treeOpen },
        { keys: ["←"], words: t.keys.treeClose },
        { keys: ["↑", "↓"], words: t.keys.treeMove },
        { keys: ["*"], words: t.keys.treeAll },
      ],
    },
    ...(pages.some(({ page }) => page === "authenticity") ? deskGroups(t) : []),
  ];
}

/** What opens over a page: a file of its own, so that the page need not wait for it. */
export function Layers({ open, onOpen }: LayersProps): ReactNode {
  const voice = useVoice();
  const { t } = voice;
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
      <ShortcutHelp open={open === "help"} onOpenChange={toggle("help")} groups={shortcutGroups(voice, allowed)} />
      <ExpiredDialog />
    </>
  );
}
