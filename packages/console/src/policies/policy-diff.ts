import type { Decay, Policy } from "@probity/contract";

type Words = Policy["title"];
export type Dimension = Policy["dimensions"][number];
export type Indicator = Policy["indicators"][number];
export type Condition = Policy["floor"]["conditions"][number];
export type RedLine = Policy["redLines"][number];

/** A part of a policy that differs: where it stands, whose it is, and what stood and stands there. */
type Change<Kind extends string, Thing> = Kind extends string
  ? {
      readonly kind: Kind;
      /** From the policy's root, members of lists by their ids: `indicators/review-mean/points`. */
      readonly path: string;
      /** Of what the change is about; empty for what there is once. */
      readonly id: string;
      readonly was: Thing;
      readonly is: Thing;
    }
  : never;

/** Of a thing that came or went one side is undefined. */
export type PolicyChange =
  | Change<"title", Words>
  | Change<"format" | "name" | "subject", string>
  | Change<"order", readonly string[]>
  | Change<"dimension", Dimension | undefined>
  | Change<"dimension-title" | "dimension-points", Dimension>
  | Change<"indicator", Indicator | undefined>
  | Change<`indicator-${IndicatorPart}`, Indicator>
  | Change<"decay", Decay | undefined>
  | Change<"grade", number | undefined>
  | Change<"bound", Policy["bound"]>
  | Change<"floor-days" | "margin" | "margin-days" | "category-min" | "epoch-days", number>
  | Change<"condition", Condition | undefined>
  | Change<"condition-min" | "condition-title", Condition>
  | Change<"red-line", RedLine | undefined>
  | Change<`red-line-${RedLinePart}`, RedLine>;

const dimensionParts = ["title", "points"] as const;
const indicatorParts = [
  "title",
  "dimension",
  "points",
  "evidence",
  "decay",
  "table",
  "prior",
  "whenEmpty",
  "target",
] as const;
const conditionParts = ["min", "title"] as const;
const redLineParts = ["title", "windowDays", "when", "cap"] as const;
type IndicatorPart = (typeof indicatorParts)[number];
type RedLinePart = (typeof redLineParts)[number];

/** Equal as JSON, whatever the order of keys. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => isSame(one[key as keyof typeof one], other[key as keyof typeof other]));
}

/** Members by id; the second of the same id is `id#2`, as a list may name one twice. */
function byId<T>(items: readonly T[], idOf: (item: T) => string): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const item of items) {
    const id = idOf(item);
    let [key, count] = [id, 1];
    while (found.has(key)) key = `${id}#${(count += 1)}`;
    found.set(key, item);
  }
  return found;
}

interface List<T extends object> {
  readonly path: string;
  readonly idOf: (item: T) => string;
  /** Of a member that came or went. */
  readonly kind: "dimension" | "indicator" | "condition" | "red-line";
  readonly parts: readonly (keyof T & string)[];
}

/** Members that came, changed or went, and whether those that stayed stand in another order. */
function listChanges<T extends object>(
  { path, idOf, kind, parts }: List<T>,
  was: readonly T[],
  is: readonly T[],
): PolicyChange[] {
  const [before, after] = [byId(was, idOf), byId(is, idOf)];
  const ids = [...new Set([...after.keys(), ...before.keys()])];
  const changes = ids.flatMap((id): object[] => {
    const [old, now] = [before.get(id), after.get(id)];
    const here = `${path}/${id}`;
    if (old === undefined || now === undefined) return [{ kind, path: here, id, was: old, is: now }];
    return parts
      .filter((part) => !isSame(old[part], now[part]))
      .map((part) => ({ kind: `${kind}-${part}`, path: `${here}/${part}`, id, was: old, is: now }));
  });
  const [first, second] = [
    [...before.keys()].filter((id) => after.has(id)),
    [...after.keys()].filter((id) => before.has(id)),
  ];
  if (!isSame(first, second)) changes.push({ kind: "order", path: `${path}#order`, id: path, was: first, is: second });
  return changes as PolicyChange[];
}

/** Things by name that came, changed or went. */
function namedChanges<T>(kind: "decay" | "grade", path: string, was: ReadonlyMap<string, T>, is: typeof was): object[] {
  return [...new Set([...is.keys(), ...was.keys()])]
    .filter((id) => !isSame(was.get(id), is.get(id)))
    .map((id) => ({ kind, path: `${path}/${id}`, id, was: was.get(id), is: is.get(id) }));
}

function single<T>(kind: string, path: string, was: T, is: T): object[] {
  return isSame(was, is) ? [] : [{ kind, path, id: "", was, is }];
}

const gradesOf = ({ grades }: Policy): ReadonlyMap<string, number> =>
  new Map(grades.map(({ grade, min }) => [grade, min]));

/** Everything in which two policies differ, in the order in which one reads a policy; nothing where they are equal. */
export function diffPolicies(was: Policy, is: Policy): readonly PolicyChange[] {
  const lists = [
    ...single("title", "title", was.title, is.title),
    ...single("name", "name", was.name, is.name),
    ...single("subject", "subject", was.subject, is.subject),
    ...single("format", "format", was.format, is.format),
    ...listChanges<Dimension>(
      { path: "dimensions", idOf: ({ id }) => id, kind: "dimension", parts: dimensionParts },
      was.dimensions,
      is.dimensions,
    ),
    ...listChanges<Indicator>(
      { path: "indicators", idOf: ({ id }) => id, kind: "indicator", parts: indicatorParts },
      was.indicators,
      is.indicators,
    ),
    ...namedChanges("decay", "decays", new Map(Object.entries(was.decays)), new Map(Object.entries(is.decays))),
    ...namedChanges("grade", "grades", gradesOf(was), gradesOf(is)),
    ...single("bound", "bound", was.bound, is.bound),
    ...single("floor-days", "floor/windowDays", was.floor.windowDays, is.floor.windowDays),
    ...listChanges<Condition>(
      { path: "floor/conditions", idOf: ({ metric }) => metric, kind: "condition", parts: conditionParts },
      was.floor.conditions,
      is.floor.conditions,
    ),
    ...single("margin", "hysteresis/margin", was.hysteresis.margin, is.hysteresis.margin),
    ...single("margin-days", "hysteresis/days", was.hysteresis.days, is.hysteresis.days),
    ...single("category-min", "categorySubjectsMin", was.categorySubjectsMin, is.categorySubjectsMin),
    ...single("epoch-days", "epochDays", was.epochDays, is.epochDays),
    ...listChanges<RedLine>(
      { path: "redLines", idOf: ({ id }) => id, kind: "red-line", parts: redLineParts },
      was.redLines,
      is.redLines,
    ),
  ];
  return lists as PolicyChange[];
}

export type ChangeOf<Kind extends PolicyChange["kind"]> = Extract<PolicyChange, { readonly kind: Kind }>;

export function changesOf<Kind extends PolicyChange["kind"]>(
  changes: readonly PolicyChange[],
  ...kinds: readonly Kind[]
): readonly ChangeOf<Kind>[] {
  return changes.filter((change): change is ChangeOf<Kind> => (kinds as readonly string[]).includes(change.kind));
}

export interface WeightRow {
  readonly id: string;
  readonly title: Words;
  /** Undefined where it is not there. */
  readonly was: number | undefined;
  readonly is: number | undefined;
}

export interface WeightGroup extends WeightRow {
  readonly changed: readonly WeightRow[];
  readonly same: readonly WeightRow[];
}

function rowsOf<T extends { id: string; title: Words; points: number }>(
  was: readonly T[],
  is: readonly T[],
): WeightRow[] {
  const [before, after] = [byId(was, ({ id }) => id), byId(is, ({ id }) => id)];
  return [...new Set([...after.keys(), ...before.keys()])].flatMap((id) => {
    const [old, now] = [before.get(id), after.get(id)];
    const title = (now ?? old)?.title;
    return title === undefined ? [] : [{ id, title, was: old?.points, is: now?.points }];
  });
}

/** Weights of both by dimension; an indicator stands where it is now, or was last. */
export function weightGroups(was: Policy, is: Policy): readonly WeightGroup[] {
  const home = new Map([...was.indicators, ...is.indicators].map(({ id, dimension }) => [id, dimension]));
  const rows = rowsOf(was.indicators, is.indicators);
  return rowsOf(was.dimensions, is.dimensions).map((dimension) => {
    const inside = rows.filter(({ id }) => home.get(id) === dimension.id);
    return {
      ...dimension,
      changed: inside.filter((row) => row.was !== row.is),
      same: inside.filter((row) => row.was === row.is),
    };
  });
}
