import type { Grade, Policy } from "@probity/contract";
import { isWhole, type Knot } from "../ui/curve-model.ts";

/** What the editor changes of a policy; the rest stays as it is. */
export interface Draft {
  readonly titleEn: string;
  readonly titleZh: string;
  /** Points by indicator. */
  readonly points: Readonly<Record<string, number | null>>;
  /** From share to points, by indicator. */
  readonly curves: Readonly<Record<string, readonly Knot[]>>;
  /** Share from which it counts as good, by indicator, in parts per million. */
  readonly targets: Readonly<Record<string, number | null>>;
  /** Name of one of the policy's decays, by indicator. */
  readonly decays: Readonly<Record<string, string>>;
  /** Best grade that a red line leaves, by red line. */
  readonly caps: Readonly<Record<string, Grade>>;
  /** Least bound by grade; the last begins at 0. */
  readonly grades: readonly (number | null)[];
}

type Indicator = Policy["indicators"][number];

export function draftOf(policy: Policy): Draft {
  const byIndicator = <T>(part: (indicator: Indicator) => T): Record<string, T> =>
    Object.fromEntries(policy.indicators.map((indicator) => [indicator.id, part(indicator)]));
  return {
    titleEn: policy.title.en,
    titleZh: policy.title.zh,
    points: byIndicator(({ points }) => points),
    curves: byIndicator(({ table }) => table),
    targets: byIndicator(({ target }) => target),
    decays: byIndicator(({ decay }) => decay),
    caps: Object.fromEntries(policy.redLines.map(({ id, cap }) => [id, cap])),
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

/** Indicators of which the curve breaks a rule or the target is missing. */
export const wrongCurves = (policy: Policy, draft: Draft): readonly Indicator[] =>
  policy.indicators.filter(({ id }) => !isWhole(draft.curves[id] ?? []) || (draft.targets[id] ?? null) === null);

/** Whether the curve, the target or the ageing of an indicator is another than the policy's. */
export function isReshaped({ id, table, target, decay }: Indicator, draft: Draft): boolean {
  return (
    JSON.stringify(draft.curves[id]) !== JSON.stringify(table) ||
    draft.targets[id] !== target ||
    draft.decays[id] !== decay
  );
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
    indicators: policy.indicators.map((indicator) => ({
      ...indicator,
      points: draft.points[indicator.id] ?? 0,
      table: (draft.curves[indicator.id] ?? indicator.table).map(([share, points]) => [share ?? 0, points ?? 0]),
      target: draft.targets[indicator.id] ?? indicator.target,
      decay: draft.decays[indicator.id] ?? indicator.decay,
    })),
    grades: policy.grades.map((item, place) => ({ ...item, min: draft.grades[place] ?? 0 })),
    redLines: policy.redLines.map((line) => ({ ...line, cap: draft.caps[line.id] ?? line.cap })),
  };
}
