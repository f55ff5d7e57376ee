import { dayText } from "@probity/contract";

/** `YYYY-MM-DD` of day numbers, each made once: an answer names a few hundred days thousands of times. */
export function dayTexts(): (day: number) => string {
  const texts = new Map<number, string>();
  return (day) => {
    const known = texts.get(day);
    if (known !== undefined) return known;
    const text = dayText(day);
    texts.set(day, text);
    return text;
  };
}
