import { simulate } from "@probity/simulator";
import { readFlags, say } from "./flags.ts";

export const usage = "[--orders 60000] [--merchants 300]    events that the simulator makes";

/** Median of three runs over the same marketplace. */
export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const { seed, orders, merchants } = readFlags(args, { seed: 1, orders: 60_000, merchants: 300 });
  const rates = [1, 2, 3].map(() => {
    const began = performance.now();
    let events = 0;
    for (const _event of simulate({ seed, merchants, orders, days: 365 })) events += 1;
    say(`${events} events in ${Math.round(performance.now() - began)} ms`);
    return (events * 1_000) / (performance.now() - began);
  });
  return { events_per_s: Math.round(rates.toSorted((a, b) => a - b)[1] as number) };
}
