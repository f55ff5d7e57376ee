import type { Policy } from "@probity/contract";

/** What the editor changes of a policy; the rest stays as it is. */
export interface Draft {
  readonly titleEn: string;
  readonly titleZh: string;
  /** Points by indicator. */
  readonly points: Readonly<Record<string, number | null>>;
  /** Least bound by grade; the last begins at 0. */
  readonly grades: readonly (number | null)[];
}

export function draftOf(policy: Policy): Draft {
  return {
    titleEn: policy.title.en,
    titleZh: policy.title.zh,
    points: Object.fromEntries(policy.indicators.map(({ id, points }) => [id, points])),
    grades: policy.grades.map(({ min }) => min),
  };
}

/** Points of a dimension: the sum of its indicators. */
export function dimensionPoints(policy: Policy, draft: Draft, dimension: string): number {
  return policy.indicators
    .filter((indicator) => indicator.dimension === dimension)
    .reduce((sum, { id }) => sum + (draft.points[id] ?? 0), 0);
}

export const totalPoints = (policy: Policy, draft: Draft): number =>
  policy.dimensions.reduce((sum, { id }) => sum + dimensionPoints(policy, draft, id), 0);

/** Places of grades that do not fall strictly, best first. */
export function wrongGrades(draft: Draft): readonly number[] {
  return draft.grades.flatMap((min, place) => {
    const before = draft.grades[place - 1];
    const isLast = place === draft.grades.length - 1;
    const isWrong = min === null || (isLast && min !== 0) || (before !== undefined && before !== null && min >= before);
    return isWrong ? [place] : [];
  });
}

/** The policy with what was changed. */
export function applyDraft(policy: Policy, draft: Draft): Policy {
  return {
    ...policy,
    title: { en: draft.titleEn.trim(), zh: draft.titleZh.trim() },
    dimensions: policy.dimensions.map((dimension) => ({
      ...dimension,
      points: dimensionPoints(policy, draft, dimension.id),
    })),
    indicators: policy.indicators.map((indicator) => ({ ...indicator, points: draft.points[indicator.id] ?? 0 })),
    grades: policy.grades.map((item, place) => ({ ...item, min: draft.grades[place] ?? 0 })),
  };
}
