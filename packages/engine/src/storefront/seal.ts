import type { Grade } from "@probity/contract";
import { html, type Markup } from "./html.ts";
import type { Messages } from "./messages.ts";

export type Tone = "good" | "fair" | "weak" | "bad";

const tones: Record<Grade, Tone> = {
  AAA: "good",
  AA: "good",
  A: "good",
  BBB: "fair",
  BB: "fair",
  B: "weak",
  C: "bad",
  D: "bad",
};

export function toneOf(grade: Grade): Tone {
  return tones[grade];
}

/** The grade as a seal pressed on paper; an empty mould where it is too early. */
export function seal(grade: Grade | null, t: Messages, size: "large" | "small"): Markup {
  const label = grade === null ? t.rating.tooEarly : t.rating.grade(grade);
  const classes = `seal ${size} ${grade === null ? "early" : toneOf(grade)} len${grade?.length ?? 0}`;
  return html`<span class="${classes}" role="img" aria-label="${label}"
    ><span aria-hidden="true">${grade ?? t.rating.tooEarlySeal}</span></span
  >`;
}
