import type { Decay, Policy } from "@probity/contract";
import type { Voice } from "../messages/messages.tsx";
import type { Condition, Indicator, PolicyChange, RedLine } from "./policy-diff.ts";
import type { PolicyWords } from "./policy-page-words.ts";
import { evidenceWords, type Metric, metricWords } from "./policy-words.ts";

/** "What was …, is …": of what came one side is missing, of what went the other. */
export interface Sentence {
  readonly what: string;
  readonly was: string | undefined;
  readonly is: string | undefined;
}

export interface Compared {
  readonly was: Policy;
  readonly is: Policy;
  readonly metrics: readonly Metric[];
  readonly voice: Voice;
  readonly words: PolicyWords["diff"];
}

type Words = Policy["title"];

/** A title in the reader's language, or in both where that one is the same. */
function titles(was: Words, is: Words, { voice, words }: Compared): Omit<Sentence, "what"> {
  const inOwn = voice.f.words(was) !== voice.f.words(is);
  const text = (title: Words): string => words.quoted(inOwn ? voice.f.words(title) : `${title.en} / ${title.zh}`);
  return { was: text(was), is: text(is) };
}

function policyTitles({ was, is, words }: Compared): Sentence[] {
  const spoken = [
    [words.things.titleEn, was.title.en, is.title.en],
    [words.things.titleZh, was.title.zh, is.title.zh],
  ] as const;
  return spoken.flatMap(([what, old, now]) =>
    old === now ? [] : [{ what, was: words.quoted(old), is: words.quoted(now) }],
  );
}

function evidenceSentences(was: Indicator, is: Indicator, compared: Compared): Sentence[] {
  const { metrics, voice, words } = compared;
  const title = voice.f.words(is.title);
  const before = new Map(evidenceWords(was, metrics, voice));
  const after = new Map(evidenceWords(is, metrics, voice));
  const sentences = [...new Set([...after.keys(), ...before.keys()])]
    .filter((term) => before.get(term) !== after.get(term))
    .map((term) => ({ what: words.things.evidenceOf(title, term), was: before.get(term), is: after.get(term) }));
  if (sentences.length > 0) return sentences;
  // Two metrics may be counted in the same words; then the data itself says which.
  const what = words.things.evidenceOf(title, voice.t.policies.counts);
  return [{ what, was: JSON.stringify(was.evidence), is: JSON.stringify(is.evidence) }];
}

function ageing(policy: Policy, decay: string, { words }: Compared): string {
  const halfLife = policy.decays[decay]?.halfLifeDays ?? null;
  return halfLife === null ? words.noDecay : words.halfLife(halfLife);
}

const weightAt = ({ weights, tail }: Decay, age: number): number => weights[age] ?? tail;

/** Tables that are called alike are told apart where they differ most. */
function decaySentence(id: string, was: Decay | undefined, is: Decay | undefined, compared: Compared): Sentence {
  const { voice, words } = compared;
  const policy = is === undefined ? compared.was : compared.is;
  const used = policy.indicators.filter(({ decay }) => decay === id).map(({ title }) => voice.f.words(title));
  const what = words.things.decay(id, used.join(words.and));
  const named = (side: Policy, decay: Decay | undefined): string | undefined =>
    decay === undefined ? undefined : ageing(side, id, compared);
  const [before, after] = [named(compared.was, was), named(compared.is, is)];
  if (was === undefined || is === undefined || before !== after) return { what, was: before, is: after };
  const ages = Array.from({ length: Math.max(was.weights.length, is.weights.length) + 1 }, (_, age) => age);
  const gap = (age: number): number => Math.abs(weightAt(was, age) - weightAt(is, age));
  const widest = ages.reduce((best, age) => (gap(age) > gap(best) ? age : best), 0);
  const text = (decay: Decay): string => {
    const ppm = Math.round((weightAt(decay, widest) / 2 ** 32) * 1_000_000);
    return words.weightAt(widest, voice.f.percent(ppm));
  };
  return { what, was: text(was), is: text(is) };
}

/** Share of the normal distribution below z, within 2e-7 (Abramowitz and Stegun 26.2.17, z at least 0). */
function confidencePpm(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return Math.round((1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series) * 1_000_000);
}

function boundText({ zNumerator, zDenominator }: Policy["bound"], { voice: { f }, words }: Compared): string {
  const z = zNumerator / zDenominator;
  const confidence = Math.round(confidencePpm(z) / 1_000) * 1_000;
  return words.bound(f.percent(confidence), f.decimal(z, 3));
}

function whenText({ when }: RedLine, { metrics, voice, words }: Compared): string {
  const named = metricWords(metrics, voice);
  return when
    .map(({ metric, min, share }) =>
      share === undefined
        ? words.when(named(metric), min)
        : words.whenShare(named(metric), min, voice.f.percent(share.min), named(share.of)),
    )
    .join(words.and);
}

const conditionText = ({ min, title }: Condition, { voice: { f } }: Compared): string =>
  `${f.count(min)} ${f.words(title)}`;

const redLineText = (line: RedLine, compared: Compared): string =>
  compared.words.redLineText(compared.words.days(line.windowDays), line.cap, whenText(line, compared));

/** One sentence of a thing's two sides. */
function pair<T>(what: string, was: T | undefined, is: T | undefined, text: (thing: T) => string): Sentence[] {
  return [{ what, was: was === undefined ? undefined : text(was), is: is === undefined ? undefined : text(is) }];
}

function dimensionTitle(policy: Policy, id: string, { f }: Voice): string {
  const found = policy.dimensions.find((dimension) => dimension.id === id);
  return found === undefined ? id : f.words(found.title);
}

type IndicatorChange = Extract<PolicyChange, { readonly kind: `indicator-${string}` | "indicator" }>;

function indicatorSentences(change: IndicatorChange, compared: Compared): Sentence[] {
  const { voice, words } = compared;
  const { f } = voice;
  const { things } = words;
  if (change.kind === "indicator") {
    const title = (change.is ?? change.was)?.title ?? { en: change.id, zh: change.id };
    return pair(things.indicator(f.words(title)), change.was, change.is, ({ points }) => words.points(points));
  }
  const { was, is } = change;
  const title = f.words(is.title);
  switch (change.kind) {
    case "indicator-title":
      return [{ what: things.titleOf(title), ...titles(was.title, is.title, compared) }];
    case "indicator-dimension":
      return [
        {
          what: things.dimensionOf(title),
          was: dimensionTitle(compared.was, was.dimension, voice),
          is: dimensionTitle(compared.is, is.dimension, voice),
        },
      ];
    case "indicator-evidence":
      return evidenceSentences(was, is, compared);
    case "indicator-decay": {
      const [before, after] = [ageing(compared.was, was.decay, compared), ageing(compared.is, is.decay, compared)];
      const isTold = before !== after;
      return [{ what: things.decayOf(title), was: isTold ? before : was.decay, is: isTold ? after : is.decay }];
    }
    case "indicator-prior":
      return pair(things.priorOf(title), was, is, ({ prior }) => words.prior(f.percent(prior.mean), prior.strength));
    case "indicator-whenEmpty":
      return pair(things.whenEmptyOf(title), was, is, ({ whenEmpty }) => words.whenEmpty[whenEmpty]);
    case "indicator-target":
      return pair(things.targetOf(title), was, is, ({ target }) => f.percent(target));
    // Drawn and listed, not told.
    case "indicator-points":
    case "indicator-table":
      return [];
  }
}

type RedLineChange = Extract<PolicyChange, { readonly kind: `red-line-${string}` | "red-line" }>;

function redLineSentences(change: RedLineChange, compared: Compared): Sentence[] {
  const { voice, words } = compared;
  const { things } = words;
  const title = voice.f.words((change.is ?? change.was)?.title ?? { en: change.id, zh: change.id });
  switch (change.kind) {
    case "red-line":
      return pair(things.redLine(title), change.was, change.is, (line) => redLineText(line, compared));
    case "red-line-title":
      return [{ what: things.titleOf(title), ...titles(change.was.title, change.is.title, compared) }];
    case "red-line-windowDays":
      return pair(things.redLineDays(title), change.was, change.is, ({ windowDays }) => words.days(windowDays));
    case "red-line-when":
      return pair(things.redLineWhen(title), change.was, change.is, (line) => whenText(line, compared));
    case "red-line-cap":
      return pair(things.redLineCap(title), change.was, change.is, ({ cap }) => cap);
  }
}

/** Titles of the members of a list by their ids. */
function memberTitles(list: string, ids: readonly string[], { is, voice }: Compared): string {
  const members: readonly { readonly id: string; readonly title: Words }[] = [
    ...(list === "dimensions" ? is.dimensions : []),
    ...(list === "indicators" ? is.indicators : []),
    ...(list === "redLines" ? is.redLines : []),
    ...is.floor.conditions.map(({ metric, title }) => ({ id: metric, title })),
  ];
  const titleOf = new Map(members.map(({ id, title }) => [id, voice.f.words(title)]));
  return ids.map((id) => titleOf.get(id) ?? id).join(", ");
}

type FigureChange = Extract<PolicyChange, { readonly was: number; readonly is: number }>;

function figureSentence({ kind, was, is }: FigureChange, { words }: Compared): Sentence[] {
  const { things, days, points, subjects } = words;
  switch (kind) {
    case "floor-days":
      return pair(things.floorDays, was, is, days);
    case "margin":
      return pair(things.margin, was, is, points);
    case "margin-days":
      return pair(things.marginDays, was, is, days);
    case "category-min":
      return pair(things.categoryMin, was, is, subjects);
    case "epoch-days":
      return pair(things.epochDays, was, is, days);
  }
}

/** A change in words; nothing for what is shown as a figure: weights, curves and grades. */
export function sentencesOf(change: PolicyChange, compared: Compared): Sentence[] {
  const { voice, words } = compared;
  const { things } = words;
  const title = (one: { readonly title: Words } | undefined): string =>
    one === undefined ? change.id : voice.f.words(one.title);
  switch (change.kind) {
    case "title":
      return policyTitles(compared);
    case "name":
    case "format":
      return pair(things[change.kind], change.was, change.is, words.quoted);
    case "subject":
      return pair(things.subject, change.was, change.is, (kind) => voice.t.policies.subjects[kind] ?? kind);
    case "order":
      return pair(things.orders[change.id] ?? change.id, change.was, change.is, (ids) =>
        memberTitles(change.id, ids, compared),
      );
    case "dimension":
      return pair(things.dimension(title(change.is ?? change.was)), change.was, change.is, ({ points }) =>
        words.points(points),
      );
    case "dimension-title":
      return [{ what: things.titleOf(title(change.is)), ...titles(change.was.title, change.is.title, compared) }];
    case "decay":
      return [decaySentence(change.id, change.was, change.is, compared)];
    case "bound":
      return pair(things.bound, change.was, change.is, (bound) => boundText(bound, compared));
    case "condition":
    case "condition-min":
      return pair(things.condition(title(change.is ?? change.was)), change.was, change.is, (one) =>
        conditionText(one, compared),
      );
    case "condition-title":
      return [{ what: things.titleOf(title(change.is)), ...titles(change.was.title, change.is.title, compared) }];
    case "grade":
    case "dimension-points":
      return [];
    case "floor-days":
    case "margin":
    case "margin-days":
    case "category-min":
    case "epoch-days":
      return figureSentence(change, compared);
    case "red-line":
    case "red-line-title":
    case "red-line-windowDays":
    case "red-line-when":
    case "red-line-cap":
      return redLineSentences(change, compared);
    default:
      return indicatorSentences(change, compared);
  }
}
