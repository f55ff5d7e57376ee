import { figuresFor } from "./figures.ts";

const { count } = figuresFor("zh-CN");

/** 对比与报告用语。 */
export const subjects = {
  compareTitle: { merchants: "对比商家", products: "对比商品", promoters: "对比推广者" },
  compareLead: "并排逐项对比。每行最好的会标出；区间有重叠的，不算谁更好。",
  none: "还没有可对比的",
  noneText: "在列表里选二至四个：勾选方框，或在行上按 X。",
  toList: "去列表",
  add: "再加一个",
  addSearch: "名称或编号",
  addNone: "没有找到",
  remove: (name: string): string => `移出 ${name}`,
  missing: (id: string): string => `没有 ${id}`,
  total: "可信分",
  notBelow: "不低于",
  standing: "受限于",
  rank: "类目内名次",
  rankOf: (rank: number, of: number): string => `第 ${count(rank)} / ${count(of)}`,
  orders: "订单",
  buyers: "买家",
  best: "本行明显最好",
  sample: (n: number): string => `${count(n)} 例`,
  usual: "没有自己的记录",
  differences: "只看不同之处",
  reportTitle: (name: string): string => `报告：${name}`,
  print: "打印",
  copyReport: "复制",
  copied: "已复制报告",
  copyFailed: "浏览器不允许复制。请打印，或手动选取文字。",
  reportAsOf: (day: string): string => `${day} 的评级`,
  summary: (name: string, grade: string, score: string, bound: string): string =>
    `${name} 的等级为 ${grade}：满分 1,000，得 ${score} 分，有 90% 把握不低于 ${bound}。`,
  summaryEarly: (name: string): string => `${name} 的依据还太少，尚未评级。`,
  proofText: (policy: string, entries: string, epoch: string): string =>
    `依据账本的 ${entries} 条记录、规则 ${policy}、第 ${epoch} 期算出。任何持有账本的人都能算出同样的数。`,
  range: "区间",
  peers: "类目",
  share: "比例",
  points: "得分",
  indicator: "指标",
  back: "返回页面",
};
