import type { EndpointAnswer, Policy, PolicyRecord } from "@probity/contract";
import type { Voice } from "../messages/messages.tsx";
import type { ChipLook } from "../ui/chip.tsx";

export type Metric = EndpointAnswer<"listMetrics">["items"][number];
type Indicator = Policy["indicators"][number];

export const stateLooks: Readonly<Record<PolicyRecord["state"], ChipLook>> = {
  draft: "plain",
  simulated: "info",
  published: "warn",
  "in-force": "good",
  superseded: "plain",
};

/** Day before which nothing happened: a policy that holds from there holds from the beginning. */
const beginning = "1970-01-01";

export function effectiveWords({ effectiveDay }: PolicyRecord, { t, f }: Voice): string {
  if (effectiveDay === null) return "–";
  return effectiveDay === beginning ? t.policies.always : f.day(effectiveDay);
}

/** What a metric counts, in words; its name where nobody knows it. */
export const metricWords =
  (metrics: readonly Metric[], { f }: Voice) =>
  (name: string): string => {
    const metric = metrics.find((one) => one.name === name);
    return metric === undefined ? name : f.words(metric.counts);
  };

/** What an indicator counts and takes off, line by line, written from its data. */
export function evidenceWords(
  indicator: Indicator,
  metrics: readonly Metric[],
  voice: Voice,
): readonly (readonly [term: string, words: string])[] {
  const { t, f } = voice;
  const named = metricWords(metrics, voice);
  const listed = (names: readonly string[]): string => names.map(named).join("; ");
  const { evidence } = indicator;
  if (evidence.kind === "level") {
    const parts = evidence.parts.map((part) =>
      t.policies.levelPart(named(part.metric), f.percent(part.each), part.cap),
    );
    return [[t.policies.counts, parts.join("; ")]];
  }
  return [
    [t.policies.counts, listed(evidence.of)],
    ...(evidence.good === "all" ? [[t.policies.good, t.policies.goodAll] as const] : []),
    ...(evidence.against.length > 0 ? [[t.policies.against, listed(evidence.against)] as const] : []),
    ...(evidence.less.length > 0
      ? [
          [
            t.policies.less,
            evidence.less.map((part) => t.policies.lessWeight(named(part.metric), part.weight)).join("; "),
          ] as const,
        ]
      : []),
  ];
}

/** How evidence ages under one of the policy's decays. */
export function ageingWords(policy: Policy, decay: string, { t }: Voice): string {
  const halfLife = policy.decays[decay]?.halfLifeDays ?? null;
  return halfLife === null ? t.policies.noDecay : t.policies.halfLife(halfLife);
}

/** How an indicator ages, when it counts as good, and where it starts: one sentence each. */
export function ruleWords(indicator: Indicator, policy: Policy, voice: Voice): readonly string[] {
  const { t, f } = voice;
  const { prior } = indicator;
  return [
    ageingWords(policy, indicator.decay, voice),
    t.policies.target(f.percent(indicator.target)),
    ...(indicator.evidence.kind === "level" ? [] : [t.policies.priorText(f.percent(prior.mean), prior.strength)]),
    t.policies.whenEmpty[indicator.whenEmpty],
  ];
}
