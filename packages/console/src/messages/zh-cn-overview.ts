import type { OverviewWords } from "../overview/overview-words.ts";
import { figuresFor } from "./figures.ts";

const { count } = figuresFor("zh-CN");

/** Words of the page on what changed. */
export const overview: OverviewWords = {
  lead: (since, day) => `${since} 至 ${day} 的变化。`,
  since: "起点",
  sinceVisit: (day) => `上次来访，${day}`,
  sinceDays: (days) => `${count(days)} 天前`,
  up: (n) => `${count(n)} 家上升`,
  down: (n) => `${count(n)} 家下降`,
  graded: (n) => `${count(n)} 家首次定级`,
  calm: "没有等级变化。",
  grades: "等级分布",
  early: "暂不定级",
  migration: "等级迁移",
  migrationHint: "行为当时的等级，列为现在的等级。",
  migrationCell: (n, from, to) => `${count(n)} 家从 ${from} 到 ${to}`,
  from: "当时",
  to: "现在",
  movers: "变动最大",
  moversHint: "按可信分；其下为影响最大的指标。",
  later: "后来才到的依据",
  laterText: "较早的那天评级时，当天的事件还没有全部到齐。",
  moversNone: "没有分数变动。",
  wentFrom: (then, now) => `${count(then)} → ${count(now)}`,
  noReasons: "其间规则有变，指标无法直接比较。",
  freshness: "最新订单",
  freshnessHint: "商家的证据有多新。",
  within: (days) => (days === 1 ? "今天" : `${count(days)} 天内`),
  older: "更早或没有",
  ingest: "事件流入",
  ingestEmpty: "还没有收到事件。",
  ledgerSize: (n) => `账本共 ${count(n)} 条`,
  receivedAt: (when) => `最近一条于 ${when} 收到`,
  sources: (n) => `${count(n)} 个来源`,
  hour: (from, accepted, rejected) => `${from}：接收 ${count(accepted)}，拒收 ${count(rejected)}`,
  waiting: "等你处理",
  waitingNone: "没有待办。",
  letters: (n) => `${count(n)} 条被拒收的事件待改正或搁置`,
  decisions: (n) =>
    n >= 1_000 ? `${count(1_000)} 条以上的评价、订单与关注待裁定` : `${count(n)} 条评价、订单或关注待裁定`,
  policyWaits: (title, state) => `${title}：${state}`,
  emptyTitle: "还没有评级",
  empty: "发送事件或导入文件，一分钟内会有首批评级。",
};
