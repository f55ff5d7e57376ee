import { type CompiledPolicy } from "./compile.ts";
import { at } from "./exact.ts";
import type { Categories } from "./prior.ts";
import type { Ratings } from "./ratings.ts";

/** Quartiles of the peers' means, ppm: elements at ⌊(J−1)/4⌋, ⌊(J−1)/2⌋, ⌊3(J−1)/4⌋ of the ascending list. */
export interface Quartiles {
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
  readonly subjects: number;
}

/** Plain JSON. A group with fewer than `categorySubjectsMin` rated subjects is absent. */
export interface PeerQuartiles {
  readonly policy: string;
  readonly day: number;
  readonly indicators: readonly {
    readonly id: string;
    readonly marketplace: Quartiles | null;
    readonly categories: Readonly<Record<string, Quartiles>>;
  }[];
  /** Median score by category, and how many are rated in it. */
  readonly scores: Readonly<Record<string, { readonly median: number; readonly of: number }>>;
}

function quartiles(values: readonly number[], least: number): Quartiles | null {
  if (values.length < least) return null;
  const sorted = Int32Array.from(values).sort();
  const place = (quarters: number): number => at(sorted, Math.floor(((sorted.length - 1) * quarters) / 4));
  return { lower: place(1), median: place(2), upper: place(3), subjects: sorted.length };
}

function grouped(
  ratings: Ratings,
  categories: Categories,
  valueOf: (subject: number) => number,
): { all: number[]; by: number[][] } {
  const all: number[] = [];
  const by = categories.names.map((): number[] => []);
  for (let subject = 0; subject < ratings.subjects; subject += 1) {
    const value = ratings.status[subject] === 0 ? valueOf(subject) : -1;
    if (value < 0) continue;
    all.push(value);
    by[at(categories.of, subject)]?.push(value);
  }
  return { all, by };
}

/** Quartiles of every (category, indicator) over the subjects that are rated and have evidence of their own in it. */
export function peerQuartiles(compiled: CompiledPolicy, ratings: Ratings, categories: Categories): PeerQuartiles {
  const least = compiled.policy.categorySubjectsMin;
  const width = compiled.indicators.length;
  const named = <T>(by: readonly number[][], make: (values: readonly number[]) => T | null): Record<string, T> =>
    Object.fromEntries(
      by.flatMap((values, index): [string, T][] => {
        const made = make(values);
        return made === null ? [] : [[categories.names[index] as string, made]];
      }),
    );
  const indicators = compiled.indicators.map((indicator, place) => {
    const { all, by } = grouped(ratings, categories, (subject) => at(ratings.mean, subject * width + place));
    return {
      id: indicator.source.id,
      marketplace: quartiles(all, least),
      categories: named(by, (values) => quartiles(values, least)),
    };
  });
  const { by } = grouped(ratings, categories, (subject) => at(ratings.score, subject));
  const scores = named(by, (values) => {
    const found = quartiles(values, 1);
    return found && { median: found.median, of: found.subjects };
  });
  return { policy: compiled.id, day: ratings.day, indicators, scores };
}

/** Quartiles that a subject of the category is compared with: its category's, else the marketplace's. */
export function peersOf(peers: PeerQuartiles | null, category: string | null, place: number): Quartiles | null {
  const found = peers?.indicators[place];
  if (found === undefined) return null;
  return category !== null && Object.hasOwn(found.categories, category)
    ? (found.categories[category] as Quartiles)
    : found.marketplace;
}
