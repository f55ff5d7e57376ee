import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useDeferredValue, useState } from "react";
import { foundQuery, type Kind } from "../api/queries.ts";
import { locales } from "../messages/locale.ts";
import { useVoice, type Voice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { type Command, CommandPalette, fitting } from "../ui/command-palette.tsx";
import { Fingerprint, Languages, Store, SunMoon } from "../ui/icons.ts";
import { pageEntries } from "./navigation.ts";
import { pageLink } from "./page-link.ts";
import { setTheme, themes } from "./theme.ts";

export interface CommandsProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onHelp: () => void;
}

function settingCommands({ t, setLocale }: Voice, onHelp: () => void): Command[] {
  const group = t.palette.groups.commands;
  return [
    ...themes.map((theme) => ({
      id: `theme-${theme}`,
      label: t.palette.switchTheme(t.shell.themes[theme]),
      group,
      icon: SunMoon,
      run: () => setTheme(theme),
    })),
    ...locales.map((locale) => ({
      id: `locale-${locale}`,
      label: t.palette.switchLanguage(t.shell.languages[locale]),
      group,
      icon: Languages,
      run: () => setLocale(locale),
    })),
    { id: "help", label: t.keys.open, group, keys: ["?"], run: onHelp },
  ];
}

/** Pages below the moderation queue. */
const deskParts = ["rings", "models", "agreement"] as const;

const merchantKind: Kind = "merchant";

/** Pages, merchants and commands, found by typing. */
export function Commands({ open, onOpenChange, onHelp }: CommandsProps): ReactNode {
  const voice = useVoice();
  const { t } = voice;
  const { session, marketplace, can } = useCurrent();
  const navigate = useNavigate();
  const [query, setQuery] = useState("");
  const asked = useDeferredValue(query.trim());
  const found = useQuery({
    ...foundQuery(marketplace.slug, merchantKind, asked),
    enabled: open && asked !== "" && can("ratings:read"),
  });
  const pages = pageEntries
    .filter(({ scope }) => scope === null || can(scope))
    .map((entry) => ({
      id: `page-${entry.page}`,
      label: t.pages[entry.page],
      group: t.palette.groups.pages,
      icon: entry.icon,
      keys: ["G", entry.key.toUpperCase()],
      run: () => void navigate(pageLink(entry.page, marketplace.slug)),
    }));
  const parts = can("authenticity:read")
    ? deskParts.map((part) => ({
        id: `desk-${part}`,
        label: `${t.pages.authenticity}: ${t.pages.deskParts[part]}`,
        group: t.palette.groups.pages,
        icon: Fingerprint,
        run: () =>
          void navigate({ to: `/$marketplace/authenticity/${part}`, params: { marketplace: marketplace.slug } }),
      }))
    : [];
  // Results of the word before would be opened by an Enter that meant this one.
  const isCurrent = asked !== "" && asked === query.trim() && !found.isPlaceholderData;
  const subjects = (isCurrent ? (found.data?.items ?? []) : []).map((item) => ({
    id: `merchant-${item.id}`,
    label: item.name ?? item.id,
    hint: [item.id, item.grade ?? t.ui.tooEarlySeal].join(" · "),
    group: t.palette.groups.found,
    icon: Store,
    run: () =>
      void navigate({
        to: "/$marketplace/$plural/$id",
        params: { marketplace: marketplace.slug, plural: "merchants", id: item.id },
      }),
  }));
  const marketplaces = session.marketplaces
    .filter(({ slug }) => slug !== marketplace.slug)
    .map(({ slug, name }) => ({
      id: `marketplace-${slug}`,
      label: t.palette.switchMarketplace(name),
      group: t.palette.groups.commands,
      run: () => void navigate({ to: "/$marketplace", params: { marketplace: slug } }),
    }));
  return (
    <CommandPalette
      open={open}
      onOpenChange={(next) => {
        if (!next) setQuery("");
        onOpenChange(next);
      }}
      query={query}
      onQueryChange={setQuery}
      busy={found.isFetching}
      commands={[
        ...subjects,
        ...fitting([...pages, ...parts, ...marketplaces, ...settingCommands(voice, onHelp)], query),
      ]}
    />
  );
}
