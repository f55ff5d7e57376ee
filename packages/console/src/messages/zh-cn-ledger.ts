import type { LedgerWords } from "../ledger/ledger-words.ts";

export const ledger: LedgerWords = {
  title: (seq) => `事件 ${seq}`,
  type: "类型",
  source: "来源",
  id: "编号",
  time: "时间",
  sealed: "已密封",
  sealedHint: "只以当事人的密钥保存，不予显示。",
  sealedNone: "没有密封的内容。",
  data: "内容",
  entry: "账本条目",
  leaf: "叶",
  leafHint: "条目的 SHA-256，即日志树中的叶",
  before: "前一事件",
  after: "后一事件",
};
