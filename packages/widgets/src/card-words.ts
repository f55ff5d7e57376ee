type Count = (value: number) => string;

export interface CardWords {
  readonly lang: string;
  readonly region: (name: string) => string;
  readonly loading: string;
  readonly grade: (grade: string) => string;
  readonly early: string;
  readonly earlySeal: string;
  readonly earlyWhy: string;
  readonly outOf: string;
  readonly notBelow: (bound: string) => string;
  readonly has: (has: string, needs: string) => string;
  readonly sample: (sample: string) => string;
  readonly more: (count: string) => string;
  readonly ledger: (entries: string) => string;
  readonly how: string;
}

const zh: CardWords = {
  lang: "zh-CN",
  region: (name) => `${name}的信誉`,
  loading: "正在读取信誉",
  grade: (grade) => `等级 ${grade}`,
  early: "证据还少，暂不评级",
  earlySeal: "尚早",
  earlyWhy: "这不是警告：评级需要更多订单，来自更多不同的买家。",
  outOf: " / 1000",
  notBelow: (bound) => `有 90% 把握不低于 ${bound}`,
  has: (has, needs) => `${has} / ${needs}`,
  sample: (sample) => `共 ${sample}`,
  more: (count) => `另有 ${count} 条提示`,
  ledger: (entries) => `账本 ${entries} 条`,
  how: "怎么算的",
};

const en: CardWords = {
  lang: "en",
  region: (name) => `Trust in ${name}`,
  loading: "Reading the trust card",
  grade: (grade) => `Grade ${grade}`,
  early: "Too early to grade",
  earlySeal: "too early",
  earlyWhy: "Not a warning: a grade needs more orders from more different buyers.",
  outOf: " / 1000",
  notBelow: (bound) => `with 90% confidence not below ${bound}`,
  has: (has, needs) => `${has} of ${needs}`,
  sample: (sample) => `of ${sample}`,
  more: (count) => `and ${count} more`,
  ledger: (entries) => `ledger: ${entries}`,
  how: "How is this rated?",
};

/** Language of a card: its own attribute, else the nearest element's, else the browser's. */
export function wordsFor(tag: string): CardWords {
  return /^zh\b/i.test(tag) ? zh : en;
}

export interface CardFigures {
  readonly count: Count;
  readonly share: Count;
}

/** Numbers in the card's language; a share below all never rounds to all. */
export function figuresFor(lang: string): CardFigures {
  const counts = new Intl.NumberFormat(lang, { maximumFractionDigits: 0 });
  const shares = [1, 2].map(
    (digits) => new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: digits }),
  );
  return {
    count: (value) => counts.format(value),
    share: (ppm) => {
      const near = ppm < 1_000_000 && ppm > 999_500 ? 1 : 0;
      return (shares[near] as Intl.NumberFormat).format(Math.min(ppm, near ? 999_900 : ppm) / 1_000_000);
    },
  };
}
