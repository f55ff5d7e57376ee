import type { Grade } from "@probity/contract";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";

const firm: readonly Grade[] = ["AAA", "AA", "A"];
const weak: readonly Grade[] = ["C", "D"];

/** Jade holds, cinnabar does not, ink is between; the letters say it too. */
function toneOf(grade: Grade | null): string {
  if (grade === null) return "border-line-strong text-ink-3 border-dashed";
  if (firm.includes(grade)) return "border-jade text-jade";
  return weak.includes(grade) ? "border-cinnabar text-cinnabar" : "border-ink-2 text-ink";
}

export interface SealProps {
  readonly grade: Grade | null;
  readonly size?: "small" | "large";
}

/** A grade, pressed on paper. */
export function Seal({ grade, size = "small" }: SealProps): ReactNode {
  const { t } = useVoice();
  const shape =
    size === "large"
      ? "size-[72px] -rotate-3 rounded-[14px] border-[3px] font-bold text-[26px] tracking-tight"
      : "h-6 min-w-11 rounded-[6px] border-[1.5px] px-1 font-semibold text-xs";
  const early = size === "large" ? "text-lg font-semibold" : "font-normal";
  return (
    <span
      role="img"
      aria-label={grade === null ? t.ui.tooEarly : t.ui.grade(grade)}
      className={`inline-grid shrink-0 place-items-center bg-sheet leading-none ${shape} ${toneOf(grade)} ${grade === null ? early : ""}`}
    >
      {grade ?? t.ui.tooEarlySeal}
    </span>
  );
}
