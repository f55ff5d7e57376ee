import type { ReactNode } from "react";
import { locales } from "../messages/locale.ts";
import { useVoice } from "../messages/messages.tsx";
import { ChoiceChips } from "../ui/chip.tsx";
import { setTheme, themes, useTheme } from "./theme.ts";

/** Language and theme, both kept. */
export function Appearance(): ReactNode {
  const { t, locale, setLocale } = useVoice();
  const theme = useTheme();
  return (
    <div className="flex flex-wrap items-center justify-center gap-x-6 gap-y-2">
      <ChoiceChips
        label={t.shell.language}
        value={locale}
        options={locales.map((value) => ({ value, label: t.shell.languages[value] }))}
        onChange={setLocale}
      />
      <ChoiceChips
        label={t.shell.theme}
        value={theme}
        options={themes.map((value) => ({ value, label: t.shell.themes[value] }))}
        onChange={setTheme}
      />
    </div>
  );
}
