import type { CheckStep } from "@probity/verifier/tlog/findings";

/** What a rating is told to be, in the card's language. */
export interface CheckWords {
  readonly lang: string;
  readonly checking: string;
  /** Size of the log. */
  readonly right: (size: string) => string;
  /** Where the log publishes another rating than the card shows: day and what was published. */
  readonly older: (day: string, rating: string) => string;
  /** The server named the keys itself. */
  readonly own: string;
  readonly none: string;
  readonly failed: string;
  readonly otherOrigin: string;
  readonly noPolicy: string;
  readonly lack: Readonly<Record<"insecure" | "ed25519", string>>;
  readonly wrong: Readonly<Record<CheckStep, string>>;
}

const en: CheckWords = {
  lang: "en",
  checking: "being checked by your browser…",
  right: (size) => `checked by your browser against log size ${size}`,
  older: (day, rating) => `published on ${day}: ${rating}`,
  own: "with keys that the server named itself",
  none: "not published in the log yet",
  failed: "could not be checked: the server gave no proof",
  otherOrigin: "not checked: the keys must come from this site",
  noPolicy: "not checked: this site's keys cannot be read",
  lack: {
    insecure: "not checked: this page has no https",
    ed25519: "not checked: this browser is too old",
  },
  wrong: {
    policy: "not checked: the keys are no trust policy",
    form: "does not agree with the log: the proof is damaged",
    checkpoint: "does not agree with the log: it is not signed by the known keys",
    place: "does not agree with the log: the entry is not in it",
    content: "does not agree with the log: it publishes another rating",
  },
};

const zh: CheckWords = {
  lang: "zh-CN",
  checking: "您的浏览器正在核对……",
  right: (size) => `已由您的浏览器核对，账本规模 ${size}`,
  older: (day, rating) => `${day}公布的是 ${rating}`,
  own: "公钥由服务器自报",
  none: "尚未在账本公布",
  failed: "无法核对：服务器没有给出证明",
  otherOrigin: "未核对：公钥须来自本站",
  noPolicy: "未核对：读不到本站的公钥",
  lack: { insecure: "未核对：本页没有 https", ed25519: "未核对：浏览器太旧" },
  wrong: {
    policy: "未核对：公钥文本不是信任策略",
    form: "与账本不符：证明已损坏",
    checkpoint: "与账本不符：签名不是已知的公钥",
    place: "与账本不符：条目不在账本里",
    content: "与账本不符：账本公布的是另一个评级",
  },
};

export function checkWordsFor(lang: string): CheckWords {
  return /^zh\b/i.test(lang) ? zh : en;
}
