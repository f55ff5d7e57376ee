import type { RingSummary } from "@probity/contract";
import type { Voice } from "../messages/messages.tsx";
import type { ChipLook } from "../ui/chip.tsx";
import type { AuthenticityWords } from "./authenticity-words.ts";

export const stateLooks: Readonly<Record<RingSummary["state"], ChipLook>> = {
  open: "warn",
  confirmed: "bad",
  dismissed: "plain",
};

/** At whom the ring aims, the first by name. */
export function targetsOf({ targets }: RingSummary, words: AuthenticityWords["rings"]): string {
  const [first] = targets;
  if (first === undefined) return "–";
  const name = first.name ?? first.merchant;
  return targets.length === 1 ? name : `${name} ${words.more(targets.length - 1)}`;
}

/** A chance in per cent with two figures that say something; of very small ones only that they are. */
export function chanceWords(p: number, { f }: Voice, words: AuthenticityWords["rings"]): string {
  const percent = (share: number): string => `${f.decimal(share * 100, share < 0.001 ? 3 : share < 0.1 ? 2 : 0)}%`;
  return p < 1e-5 ? words.least(percent(1e-5)) : percent(p);
}
