import type { AssessedItem } from "@probity/contract";
import type { ReactNode } from "react";
import { useVoice, type Voice } from "../messages/messages.tsx";
import { Chip, type ChipLook } from "../ui/chip.tsx";
import { useAuthenticityWords } from "./authenticity-words.ts";

const whole = 1_000;

/** Share of thousandths. */
export const shareOf = (permille: number, { f }: Voice): string => f.percent(permille * 1_000);

export const nameOf = ({ merchantName, merchant }: Pick<AssessedItem, "merchantName" | "merchant">): string =>
  merchantName ?? merchant;

const lookOf = (weight: number): ChipLook => (weight === 0 ? "bad" : weight < whole ? "warn" : "good");

/** How much it counts, in words. */
export function WeightChip({ weight }: { readonly weight: number }): ReactNode {
  const words = useAuthenticityWords();
  const voice = useVoice();
  return (
    <Chip look={lookOf(weight)}>
      {weight === 0
        ? words.counts.none
        : weight < whole
          ? words.counts.part(shareOf(weight, voice))
          : words.counts.full}
    </Chip>
  );
}

/** Stars as signs, read out as a number. */
export function Stars({ stars }: { readonly stars: number }): ReactNode {
  const words = useAuthenticityWords();
  return (
    <span role="img" aria-label={words.stars(stars)} className="whitespace-nowrap text-amber">
      <span aria-hidden>
        {"★".repeat(stars)}
        <span className="text-ink-3">{"☆".repeat(5 - stars)}</span>
      </span>
    </span>
  );
}

export interface ItemLineProps {
  readonly item: AssessedItem;
  /** Hides what a first decision has made of it. */
  readonly blind?: boolean;
}

/** An item of a list in two lines: what and where, why doubtful, what hangs on it. */
export function ItemLine({ item, blind = false }: ItemLineProps): ReactNode {
  const words = useAuthenticityWords();
  const voice = useVoice();
  const { f } = voice;
  return (
    <span className="flex min-w-0 flex-col gap-0.5">
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="min-w-0 flex-1 truncate font-medium">
          {words.kinds[item.kind]} · <bdi>{nameOf(item)}</bdi>
        </span>
        {item.stars === null ? null : <Stars stars={item.stars} />}
        {blind ? null : (
          <span className="w-14 shrink-0 text-end font-semibold whitespace-nowrap" title={words.reliability}>
            <span className="sr-only">{words.reliability} </span>
            {shareOf(item.reliability, voice)}
          </span>
        )}
      </span>
      <span className="flex min-w-0 items-baseline gap-x-2 text-xs text-ink-2">
        <span className="min-w-0 flex-1 truncate">
          {item.top === null || blind ? null : `${words.reasons[item.top].title} · `}
          <bdi>{words.user(item.user)}</bdi> · {f.day(item.at.slice(0, 10))}
        </span>
        {item.appealed ? <span className="shrink-0 font-medium text-amber">{words.appealed}</span> : null}
        {item.ring === null ? null : <span className="shrink-0 font-medium text-cinnabar">{words.inRing}</span>}
        <span className="shrink-0">{words.effect(item.effect)}</span>
      </span>
    </span>
  );
}
