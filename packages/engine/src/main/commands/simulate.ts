import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { simulateWithTruth } from "@probity/simulator";
import { readArgs, wholeNumber } from "./usage.ts";

const usage = `probity simulate [--seed 1] [--merchants 400] [--orders 20000] [--days 365] [--end-day 20700] [--truth FILE]
Writes a simulated marketplace's events to standard output, one a line; with --truth, who was honest and who was not.`;

export async function simulateEvents(args: string[]): Promise<void> {
  const parsed = readArgs(usage, args, {
    seed: { type: "string" },
    merchants: { type: "string" },
    orders: { type: "string" },
    days: { type: "string" },
    "end-day": { type: "string" },
    truth: { type: "string" },
  });
  if (parsed === undefined) return;
  const { values } = parsed;
  const { events, truth } = simulateWithTruth({
    seed: wholeNumber("seed", values.seed, 1, 0, 2 ** 31),
    merchants: wholeNumber("merchants", values.merchants, 400, 1, 1_000_000),
    orders: wholeNumber("orders", values.orders, 20_000, 0, 100_000_000),
    days: wholeNumber("days", values.days, 365, 1, 3_650),
    endDay: wholeNumber("end-day", values["end-day"], 20_700, 11_000, 40_000),
  });
  let lines: string[] = [];
  for (const event of events) {
    lines.push(JSON.stringify(event));
    if (lines.length < 1_000) continue;
    if (!process.stdout.write(`${lines.join("\n")}\n`)) await once(process.stdout, "drain");
    lines = [];
  }
  if (lines.length > 0) process.stdout.write(`${lines.join("\n")}\n`);
  if (values.truth !== undefined) {
    const text = JSON.stringify(truth, (_key, value: unknown) =>
      value instanceof Map ? Object.fromEntries(value) : value instanceof Set ? [...value] : value,
    );
    await writeFile(values.truth, `${text}\n`);
  }
}
