import { simulate } from "./index.ts";

const options = { seed: 1, merchants: 300, orders: 60_000, days: 365 };
const runs: number[] = [];
let events = 0;
for (let run = 0; run < 3; run += 1) {
  const start = performance.now();
  events = 0;
  for (const _ of simulate(options)) events += 1;
  runs.push((events * 1_000) / (performance.now() - start));
}
if (events < 300_000) throw new Error(`only ${events} events`);
const median = runs.toSorted((left, right) => left - right)[1]!;
console.log(JSON.stringify({ events, events_per_s: Math.round(median) }));
