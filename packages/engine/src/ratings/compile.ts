import { type Decay, type Grade, type Indicator, type Policy, grades, metricNamed } from "@probity/contract";
import type { DecayPlan } from "@probity/kernels/stats/decayed-sums";
import { type PlanDraft, draftPlan, undecayed, windowDecay } from "./decay.ts";
import { checkPolicy } from "./policy.ts";

export interface CompiledShare {
  readonly kind: "share";
  readonly goodIsX: boolean;
  readonly of: Int32Array;
  readonly less: Int32Array;
  readonly lessWeight: Int32Array;
  readonly against: Int32Array;
  readonly scale: number;
}

export interface CompiledLevel {
  readonly kind: "level";
  readonly parts: Int32Array;
  readonly each: Int32Array;
  readonly cap: Int32Array;
}

export interface CompiledIndicator {
  readonly source: Indicator;
  readonly decay: Decay;
  readonly evidence: CompiledShare | CompiledLevel;
  readonly handsOver: boolean;
  /** Table: means in ppm and points in thousandths. */
  readonly tableMean: Int32Array;
  readonly tablePoints: Int32Array;
}

export interface CompiledDimension {
  readonly id: string;
  readonly points: number;
  /** Places of its indicators, in policy order. */
  readonly indicators: Int32Array;
}

/** A windowed, undecayed sum Σ n of a metric on the last day. */
export interface WindowSum {
  readonly series: number;
  readonly scale: number;
}

export interface CompiledCondition {
  readonly sum: WindowSum;
  readonly min: number;
  readonly share: { readonly of: WindowSum; readonly min: number } | null;
}

export interface CompiledRedLine {
  readonly id: string;
  readonly cap: number;
  readonly when: readonly CompiledCondition[];
}

/** A policy ready to rate by: every name resolved to a place in the sums. Holds nothing of a marketplace. */
export interface CompiledPolicy {
  readonly id: string;
  readonly policy: Policy;
  readonly plan: DecayPlan;
  readonly indicators: readonly CompiledIndicator[];
  readonly dimensions: readonly CompiledDimension[];
  /** Best first: place in the contract's `grades`, least bound. */
  readonly gradeNo: Int8Array;
  readonly gradeMin: Int32Array;
  readonly floor: readonly { readonly sum: WindowSum; readonly min: number }[];
  readonly redLines: readonly CompiledRedLine[];
  /** Kept orders and distinct buyers in the floor's window; null where the subject kind has no such metric. */
  readonly orders: WindowSum | null;
  readonly buyers: WindowSum | null;
  /** Days whose bounds the hysteresis looks at. */
  readonly days: number;
}

type Place = (ticket: number) => number;

const places = (tickets: readonly number[], place: Place): Int32Array => Int32Array.from(tickets, place);

function compileIndicator(source: Indicator, policy: Policy, draft: PlanDraft): (place: Place) => CompiledIndicator {
  const decay = policy.decays[source.decay] as Decay;
  const shared = {
    source,
    decay,
    handsOver: source.whenEmpty === "hand-over",
    tableMean: Int32Array.from(source.table, (row) => row[0]),
    tablePoints: Int32Array.from(source.table, (row) => row[1]),
  };
  const evidence = source.evidence;
  if (evidence.kind === "level") {
    const parts = evidence.parts.map((part) => draft.ask(metricNamed(part.metric).no, undecayed, {}));
    const each = Int32Array.from(evidence.parts, (part) => part.each);
    const cap = Int32Array.from(evidence.parts, (part) => part.cap);
    return (place) => ({ ...shared, evidence: { kind: "level", parts: places(parts, place), each, cap } });
  }
  const goodIsX = evidence.good === "x";
  const ask = (name: string, needs: { x?: boolean; square?: boolean }): number =>
    draft.ask(metricNamed(name).no, decay, needs);
  const of = evidence.of.map((name) => ask(name, { x: goodIsX, square: true }));
  const against = evidence.against.map((name) => ask(name, { square: true }));
  const less = evidence.less.map((part) => ask(part.metric, {}));
  const lessWeight = Int32Array.from(evidence.less, (part) => part.weight);
  const scale = metricNamed(evidence.of[0] as string).scale;
  return (place) => ({
    ...shared,
    evidence: {
      kind: "share",
      goodIsX,
      of: places(of, place),
      less: places(less, place),
      lessWeight,
      against: places(against, place),
      scale,
    },
  });
}

/** Place of a grade in the contract's list, best first. */
export function gradeNumber(grade: Grade): number {
  return grades.indexOf(grade);
}

type Ticket = { readonly ticket: number; readonly scale: number };

function askWindow(name: string, days: number, draft: PlanDraft): Ticket {
  const metric = metricNamed(name);
  return { ticket: draft.ask(metric.no, windowDecay(days), { lastDayOnly: true }), scale: metric.scale };
}

type Windows = Pick<CompiledPolicy, "floor" | "redLines" | "orders" | "buyers">;

function compileWindows(policy: Policy, draft: PlanDraft): (place: Place) => Windows {
  const days = policy.floor.windowDays;
  const offered = (name: string): Ticket | null =>
    metricNamed(name).subjects.includes(policy.subject) ? askWindow(name, days, draft) : null;
  const [orders, buyers] = [offered("orders-kept"), offered("buyers")];
  const floor = policy.floor.conditions.map((item) => ({ sum: askWindow(item.metric, days, draft), min: item.min }));
  const lines = policy.redLines.map((line) =>
    line.when.map((item) => ({
      sum: askWindow(item.metric, line.windowDays, draft),
      of: item.share ? askWindow(item.share.of, line.windowDays, draft) : null,
    })),
  );
  return (place) => {
    const sumOf = (ask: Ticket): WindowSum => ({ series: place(ask.ticket), scale: ask.scale });
    const redLines = policy.redLines.map((line, index) => ({
      id: line.id,
      cap: gradeNumber(line.cap),
      when: line.when.map((item, step) => {
        const asked = lines[index]?.[step] as { sum: Ticket; of: Ticket | null };
        const share = item.share && asked.of ? { of: sumOf(asked.of), min: item.share.min } : null;
        return { sum: sumOf(asked.sum), min: item.min, share };
      }),
    }));
    return {
      orders: orders && sumOf(orders),
      buyers: buyers && sumOf(buyers),
      floor: floor.map((item) => ({ sum: sumOf(item.sum), min: item.min })),
      redLines,
    };
  };
}

/** Resolves a policy for rating. Throws on a policy that `checkPolicy` refuses. */
export function compilePolicy(value: Policy): CompiledPolicy {
  const checked = checkPolicy(value);
  if (!checked.ok) {
    throw new TypeError(
      `policy ${value.name}: ${checked.issues.map((issue) => `${issue.path} ${issue.rule}`).join("; ")}`,
    );
  }
  const policy = checked.policy;
  const draft = draftPlan();
  const indicators = policy.indicators.map((source) => compileIndicator(source, policy, draft));
  const windows = compileWindows(policy, draft);
  const { plan, seriesOf } = draft.build();
  return {
    id: checked.id,
    policy,
    plan,
    indicators: indicators.map((finish) => finish(seriesOf)),
    dimensions: policy.dimensions.map((dimension) => ({
      id: dimension.id,
      points: dimension.points,
      indicators: Int32Array.from(
        policy.indicators.flatMap((item, place) => (item.dimension === dimension.id ? [place] : [])),
      ),
    })),
    gradeNo: Int8Array.from(policy.grades, (item) => gradeNumber(item.grade)),
    gradeMin: Int32Array.from(policy.grades, (item) => item.min),
    ...windows(seriesOf),
    days: 2 * policy.hysteresis.days + 1,
  };
}
