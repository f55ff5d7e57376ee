import type { ReactNode } from "react";
import { locales } from "../messages/locale.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { useSignOut } from "../session/sign-out.ts";
import { ChevronsUpDown, Keyboard, LogOut, UserRound } from "../ui/icons.ts";
import { Menu } from "../ui/menu.tsx";
import { setTheme, themes, useTheme } from "./theme.ts";

/** Who is signed in; language, theme, shortcuts, and the way out. */
export function AccountMenu({ onHelp }: { readonly onHelp: () => void }): ReactNode {
  const { t, locale, setLocale } = useVoice();
  const { session } = useCurrent();
  const theme = useTheme();
  const signOut = useSignOut();
  const name = session.person === null || session.person.isVisitor ? t.shell.visitor : session.person.name;
  return (
    <Menu
      label={`${t.shell.account}: ${name}`}
      side="top"
      triggerClass="mt-2 flex h-9 items-center gap-2.5 rounded-control px-2.5 text-start text-ink-2 hover:bg-sheet hover:text-ink"
      trigger={
        <>
          <UserRound size={15} aria-hidden />
          <bdi className="min-w-0 flex-1 truncate">{name}</bdi>
          <ChevronsUpDown size={13} aria-hidden className="text-ink-3" />
        </>
      }
      entries={[
        {
          kind: "choice",
          label: t.shell.language,
          value: locale,
          options: locales.map((value) => ({ value, label: t.shell.languages[value] })),
          onChange: (value) => setLocale(locales.find((one) => one === value) ?? locale),
        },
        {
          kind: "choice",
          label: t.shell.theme,
          value: theme,
          options: themes.map((value) => ({ value, label: t.shell.themes[value] })),
          onChange: (value) => setTheme(themes.find((one) => one === value) ?? theme),
        },
        { kind: "act", label: t.keys.open, icon: Keyboard, act: onHelp },
        { kind: "act", label: t.shell.signOut, icon: LogOut, act: signOut },
      ]}
    />
  );
}
