/**
 * Times fitEpoch and rateAll with the starting policy on a made-up marketplace:
 * `node packages/engine/src/ratings/ratings.bench.ts [merchants] [rows each]`. Ends with one JSON line.
 */
import { metricNamed } from "@probity/contract";
import { type Categories, compilePolicy, defaultPolicies, fitEpoch, peerQuartiles, rateAll } from "./index.ts";

const merchants = Number(process.argv[2] ?? 100_000);
const rowsEach = Number(process.argv[3] ?? 200);
const day = 20_800;

let state = 88_172_645;
function below(limit: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % limit;
}

const compiled = compilePolicy(defaultPolicies.merchant);
const asked = Array.from({ length: compiled.plan.seriesFrom.length - 1 }, (_, no) => no).filter(
  (no) => (compiled.plan.seriesFrom[no + 1] as number) > (compiled.plan.seriesFrom[no] as number),
);
const weighted = new Set(["review-stars", "review-not-low"].map((name) => metricNamed(name).no));
const rows = merchants * rowsEach;
const columns = {
  rows,
  subject: new Int32Array(rows),
  metric: new Int16Array(rows),
  day: new Int32Array(rows),
  n: new Float64Array(rows),
  x: new Float64Array(rows),
};
for (let row = 0; row < rows; row += 1) {
  const metric = asked[below(asked.length)] as number;
  const n = (1 + below(3)) * (weighted.has(metric) ? 1_000 : 1);
  columns.subject[row] = below(merchants);
  columns.metric[row] = metric;
  columns.day[row] = day - below(730);
  columns.n[row] = n;
  columns.x[row] = Math.max(0, n - (below(10) === 0 ? 1 : 0));
}
const categories: Categories = {
  names: Array.from({ length: 40 }, (_, index) => `category-${index}`),
  of: Int32Array.from({ length: merchants }, () => below(40)),
};

const begun = performance.now();
const priors = fitEpoch(compiled, columns, categories, day - 10);
const fitted = performance.now();
const ratings = rateAll(compiled, priors, columns, categories, day);
const rated = performance.now();
peerQuartiles(compiled, ratings, categories);
const ended = performance.now();
let digest = 0;
for (const score of ratings.score) digest = (Math.imul(digest, 31) + score) | 0;
const seconds = (from: number, to: number): number => Math.round(to - from) / 1_000;
process.stdout.write(
  `${JSON.stringify({
    bench: "ratings",
    merchants,
    rows,
    days: compiled.days,
    series: compiled.plan.series,
    fitSeconds: seconds(begun, fitted),
    rateSeconds: seconds(fitted, rated),
    peersSeconds: seconds(rated, ended),
    digest,
  })}\n`,
);
