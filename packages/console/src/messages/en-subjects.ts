import { figuresFor } from "./figures.ts";

const { count, plural } = figuresFor("en");

/** Words of comparisons and reports. */
export const subjects = {
  compareTitle: { merchants: "Compare merchants", products: "Compare products", promoters: "Compare promoters" },
  compareLead:
    "Beside each other, indicator by indicator. The best of a line is marked; where ranges overlap, nobody is.",
  none: "Nothing to compare yet",
  noneText: "Choose two to four in the list: by their boxes, or with X on a row.",
  toList: "To the list",
  add: "Add one more",
  addSearch: "Name or id",
  addNone: "Nothing found",
  remove: (name: string): string => `Take ${name} out`,
  missing: (id: string): string => `${id} is not there`,
  total: "Score",
  notBelow: "Not below",
  standing: "Held down by",
  rank: "Place in its category",
  rankOf: (rank: number, of: number): string => `${count(rank)} of ${count(of)}`,
  orders: "Orders",
  buyers: "Buyers",
  best: "clearly the best of the line",
  sample: (n: number): string => `${count(n)} ${plural(n, "case", "cases")}`,
  usual: "no case of its own",
  differences: "Only what differs",
  reportTitle: (name: string): string => `Report: ${name}`,
  print: "Print",
  copyReport: "Copy",
  copied: "Report copied",
  copyFailed: "The browser did not allow copying. Print it, or select the text.",
  reportAsOf: (day: string): string => `Rating as of ${day}`,
  summary: (name: string, grade: string, score: string, bound: string): string =>
    `${name} holds grade ${grade}: ${score} points of 1,000, with 90% confidence not below ${bound}.`,
  summaryEarly: (name: string): string => `${name} has too little evidence for a grade yet.`,
  proofText: (policy: string, entries: string, epoch: string): string =>
    `Computed from ${entries} ledger entries under policy ${policy}, epoch ${epoch}. Whoever holds the ledger gets the same numbers.`,
  range: "Range",
  peers: "Category",
  share: "Share",
  points: "Points",
  indicator: "Indicator",
  back: "Back to the page",
};
