import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import type { Messages } from "./en.ts";
import { type Figures, figuresFor } from "./figures.ts";
import { keepLocale, type Locale } from "./locale.ts";

export interface Voice {
  readonly t: Messages;
  readonly f: Figures;
  readonly locale: Locale;
  setLocale(locale: Locale): void;
}

/** A catalogue is a file of its own: a page loads one language. */
export async function loadMessages(locale: Locale): Promise<Messages> {
  return locale === "en" ? (await import("./en.ts")).messages : (await import("./zh-cn.ts")).messages;
}

const VoiceContext = createContext<Voice | undefined>(undefined);

export interface MessagesProviderProps {
  readonly locale: Locale;
  /** Catalogue of that locale, loaded before the first paint. */
  readonly messages: Messages;
  readonly children: ReactNode;
}

export function MessagesProvider({ locale, messages, children }: MessagesProviderProps): ReactNode {
  const [spoken, setSpoken] = useState({ locale, messages });
  useEffect(() => {
    document.documentElement.lang = spoken.locale;
  }, [spoken.locale]);
  const voice = useMemo<Voice>(
    () => ({
      t: spoken.messages,
      f: figuresFor(spoken.locale),
      locale: spoken.locale,
      setLocale: (next) => {
        keepLocale(next);
        void loadMessages(next).then((loaded) => setSpoken({ locale: next, messages: loaded }));
      },
    }),
    [spoken],
  );
  return <VoiceContext value={voice}>{children}</VoiceContext>;
}

/** Words and figures of the reader's language. */
export function useVoice(): Voice {
  const voice = useContext(VoiceContext);
  if (voice === undefined) throw new Error("no MessagesProvider stands above this component");
  return voice;
}
