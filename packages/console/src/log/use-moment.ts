import { useMemo } from "react";
import { useVoice } from "../messages/messages.tsx";

/** Writes an RFC 3339 date-time to the second: checkpoints follow each other within a minute. */
export function useMoment(): (iso: string) => string {
  const { locale } = useVoice();
  return useMemo(() => {
    const format = new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, {
      dateStyle: "medium",
      timeStyle: "medium",
    });
    return (iso) => format.format(Date.parse(iso));
  }, [locale]);
}
