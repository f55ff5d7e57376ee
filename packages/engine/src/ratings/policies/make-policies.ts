/**
 * Writes the starting policies and the packs' decay tables from half-lives and from the tables below:
 * `node packages/engine/src/ratings/policies/make-policies.ts`. The JSON is what counts; a test regenerates it.
 */
import { writeFileSync } from "node:fs";
import type { Decay, Indicator, Pack, Policy } from "@probity/contract";
import { packDrafts } from "./pack-drafts.ts";
import { merchantDraft, productDraft, promoterDraft } from "./policy-drafts.ts";

const q32 = 2 ** 32;
/** A counter older than this many half-lives weighs less than 1/256 and is let go. */
const horizonHalfLives = 8;

/** Q32 weights 2^(−age / half-life), rounded; nothing after the horizon. Null: weight 1 for ever. */
function decayTable(halfLifeDays: number | null): Decay {
  if (halfLifeDays === null) return { halfLifeDays, weights: [q32], tail: q32 };
  const weights = Array.from({ length: horizonHalfLives * halfLifeDays }, (_, age) =>
    Math.round(q32 * 2 ** (-age / halfLifeDays)),
  );
  return { halfLifeDays, weights, tail: 0 };
}

const decayName = (halfLifeDays: number | null): string =>
  halfLifeDays === null ? "undecayed" : `half-life-${halfLifeDays}`;

/** An indicator whose decay is still a half-life. */
export type IndicatorDraft = Omit<Indicator, "decay"> & { readonly halfLifeDays: number | null };
export type PolicyDraft = Omit<Policy, "decays" | "indicators"> & { readonly indicators: readonly IndicatorDraft[] };

function makePolicy(draft: PolicyDraft): Policy {
  const halfLives = [...new Set(draft.indicators.map((item) => item.halfLifeDays))].sort((a, b) => (a ?? 0) - (b ?? 0));
  return {
    ...draft,
    indicators: draft.indicators.map(({ halfLifeDays, ...item }) => ({ ...item, decay: decayName(halfLifeDays) })),
    decays: Object.fromEntries(halfLives.map((days) => [decayName(days), decayTable(days)])),
  };
}

const isFlat = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item !== "object" || (Array.isArray(item) && isFlat(item)));

/** JSON with two spaces, arrays of numbers and short objects on one line. */
function compactJson(value: unknown, indent = ""): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const line = JSON.stringify(value);
  if (isFlat(value)) return line;
  if (line.length + indent.length <= 118) return line.replaceAll('":', '": ').replaceAll(',"', ', "');
  const inner = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item) => inner + compactJson(item, inner))
    : Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${compactJson(item, inner)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${items.join(",\n")}\n${indent}${close}`;
}

/** Path from ratings/ → text of the file. */
export function madeFiles(): ReadonlyMap<string, string> {
  const policies = [merchantDraft, productDraft, promoterDraft].map((draft): [string, Policy] => [
    `policies/${draft.name}.json`,
    makePolicy(draft),
  ]);
  const packs = packDrafts.map(({ halfLives, ...draft }): [string, Pack] => [
    `packs/${draft.id}.json`,
    halfLives.length === 0
      ? draft
      : { ...draft, decays: Object.fromEntries(halfLives.map((days) => [decayName(days), decayTable(days)])) },
  ]);
  return new Map([...policies, ...packs].map(([path, value]) => [path, `${compactJson(value)}\n`]));
}

if (import.meta.main) {
  for (const [path, text] of madeFiles()) writeFileSync(new URL(`../${path}`, import.meta.url), text);
}
