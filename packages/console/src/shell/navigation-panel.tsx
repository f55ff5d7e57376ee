import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { Keys } from "../ui/command-palette.tsx";
import { Search } from "../ui/icons.ts";
import { AccountMenu } from "./account-menu.tsx";
import { Brand } from "./brand.tsx";
import { MarketplaceSwitch } from "./marketplace-switch.tsx";
import { type PageEntry, pageEntries } from "./navigation.ts";
import { pageLink } from "./page-link.ts";

export interface NavigationPanelProps {
  readonly onCommands: () => void;
  readonly onHelp: () => void;
  /** A link was followed: the drawer can close. */
  readonly onFollow?: () => void;
}

function Entry({
  entry,
  onFollow,
}: {
  readonly entry: PageEntry;
  readonly onFollow?: (() => void) | undefined;
}): ReactNode {
  const { t } = useVoice();
  const { marketplace } = useCurrent();
  const Glyph = entry.icon;
  return (
    <Link
      {...pageLink(entry.page, marketplace.slug)}
      {...(onFollow === undefined ? {} : { onClick: onFollow })}
      activeOptions={{ includeSearch: false }}
      className="flex h-8 items-center gap-2.5 rounded-control px-2.5 text-ink-2 no-underline hover:bg-sheet hover:text-ink aria-[current=page]:bg-sheet aria-[current=page]:font-semibold aria-[current=page]:text-ink aria-[current=page]:shadow-sheet"
    >
      <Glyph size={15} aria-hidden />
      {t.pages[entry.page]}
    </Link>
  );
}

export function NavigationPanel({ onCommands, onHelp, onFollow }: NavigationPanelProps): ReactNode {
  const { t } = useVoice();
  const { can } = useCurrent();
  const allowed = pageEntries.filter(({ scope }) => scope === null || can(scope));
  const groups = [...new Set(allowed.map(({ group }) => group))];
  return (
    <>
      <div className="px-2 pt-1 pb-3">
        <Brand />
      </div>
      <MarketplaceSwitch />
      <button
        type="button"
        onClick={onCommands}
        className="mt-2 mb-1 flex h-8 items-center gap-2.5 rounded-control border border-line-strong bg-sheet px-2.5 text-start text-ink-3 hover:text-ink"
      >
        <Search size={15} aria-hidden />
        <span className="min-w-0 flex-1 truncate">{t.shell.find}</span>
        <Keys keys={["Ctrl", "K"]} />
      </button>
      <nav aria-label={t.shell.navigation} className="flex flex-1 flex-col gap-0.5 overflow-y-auto">
        {groups.map((group) => (
          <div key={group} role="group" aria-labelledby={`nav-${group}`} className="flex flex-col gap-0.5">
            <p id={`nav-${group}`} className="px-2.5 pt-3.5 pb-1 text-xs text-ink-3">
              {t.pages.groups[group]}
            </p>
            {allowed.map((entry) =>
              entry.group === group ? <Entry key={entry.page} entry={entry} onFollow={onFollow} /> : null,
            )}
          </div>
        ))}
      </nav>
      <AccountMenu onHelp={onHelp} />
    </>
  );
}
