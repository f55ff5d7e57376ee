import { useNavigate } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { useSessionEnded } from "../session/ended.ts";
import { IconButton } from "../ui/button.tsx";
import { MenuIcon, Search } from "../ui/icons.ts";
import { patiently } from "../ui/patient-load.ts";
import { Brand } from "./brand.tsx";
import { useKeys } from "./keys.ts";
import type { Layer } from "./layers.tsx";
import { pageEntries } from "./navigation.ts";
import { NavigationPanel } from "./navigation-panel.tsx";
import { OfflineBanner } from "./offline-banner.tsx";
import { pageLink } from "./page-link.ts";

const loadLayers = async () => ({ default: (await patiently(() => import("./layers.tsx"))).Layers });
const Layers = lazy(loadLayers);

/** Once the page stands: the first keys after Ctrl-K must not wait for a file. */
const quietMs = 1_000;

/** What stands around every page: navigation, commands, keys, and what is said about the whole. */
export function Shell({ children }: { readonly children: ReactNode }): ReactNode {
  const { t } = useVoice();
  const { marketplace, can } = useCurrent();
  const navigate = useNavigate();
  const [open, setOpen] = useState<Layer | undefined>(undefined);
  const ended = useSessionEnded();
  const [layered, setLayered] = useState(false);
  if ((open !== undefined || ended) && !layered) setLayered(true);
  const allowed = pageEntries.filter(({ scope }) => scope === null || can(scope));
  useKeys({
    palette: () => setOpen("commands"),
    help: () => setOpen("help"),
    go: (letter) => {
      const entry = allowed.find(({ key }) => key === letter);
      if (entry === undefined) return false;
      void navigate(pageLink(entry.page, marketplace.slug));
      return true;
    },
  });
  useEffect(() => {
    const timer = setTimeout(() => void loadLayers(), quietMs);
    return () => clearTimeout(timer);
  }, []);
  const panel = { onCommands: () => setOpen("commands"), onHelp: () => setOpen("help") };
  return (
    <div className="grid min-h-dvh grid-cols-[212px_minmax(0,1fr)] max-md:grid-cols-1 max-md:grid-rows-[auto_1fr]">
      <a
        href="#content"
        className="sr-only z-50 rounded-control bg-jade px-3 py-2 text-paper focus:not-sr-only focus:fixed focus:start-3 focus:top-3"
      >
        {t.shell.skip}
      </a>
      <aside className="no-print sticky top-0 flex h-dvh flex-col border-e border-line bg-sunk px-2.5 py-3.5 max-md:hidden">
        <NavigationPanel {...panel} />
      </aside>
      <header className="no-print sticky top-0 z-20 flex h-12 items-center gap-2 border-b border-line bg-sunk px-2 md:hidden">
        <IconButton icon={MenuIcon} label={t.shell.openNavigation} onClick={() => setOpen("navigation")} />
        <div className="flex-1">
          <Brand />
        </div>
        <IconButton icon={Search} label={t.shell.commands} onClick={() => setOpen("commands")} />
      </header>
      <div className="flex min-w-0 flex-col">
        <OfflineBanner />
        <main
          id="content"
          tabIndex={-1}
          className="w-full max-w-[1240px] flex-1 px-7 pt-5 pb-10 outline-none max-md:px-4 max-md:pt-4"
        >
          {children}
        </main>
      </div>
      <Suspense>{layered ? <Layers open={open} onOpen={setOpen} /> : null}</Suspense>
    </div>
  );
}
