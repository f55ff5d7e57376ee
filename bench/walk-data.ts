import { join } from "node:path";
import { openCsv } from "@probity/mapping";
import { fileBytes } from "../packages/engine/src/import/import.store.ts";
import { UsageError } from "./flags.ts";

export const walkLayout =
  "ratings.csv with the columns rater, ratee, rating, time (ratings below 0 are bad; time in seconds since 1970 or ISO 8601)";

/** Ratings in order of time, people numbered densely. */
export interface WalkData {
  readonly count: number;
  readonly people: number;
  readonly rater: Int32Array;
  readonly ratee: Int32Array;
  readonly rating: Float64Array;
  readonly day: Int32Array;
}

/** Days since 1970, with fraction; NaN if the text is no time. */
function dayOfText(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value)) return Date.parse(text) / 86_400_000;
  // Beyond 10^11 it must be milliseconds: in seconds that is the year 5138.
  return value / (Math.abs(value) > 1e11 ? 86_400_000 : 86_400);
}

export async function readWalkData(folder: string): Promise<WalkData> {
  const path = join(folder, "ratings.csv");
  const file = await openCsv(await fileBytes(path));
  const missing = ["rater", "ratee", "rating", "time"].find((column) => !file.columns.includes(column));
  if (missing !== undefined)
    throw new UsageError(`${path} has no column ${missing}. The folder must hold ${walkLayout}`);
  const numbers = new Map<string, number>();
  const numberOf = (id: string): number => {
    const known = numbers.get(id) ?? numbers.size;
    numbers.set(id, known);
    return known;
  };
  const rows: { rater: number; ratee: number; rating: number; at: number }[] = [];
  for await (const batch of file.rows()) {
    for (const row of batch) {
      if ("reject" in row) throw new UsageError(`${path} line ${row.reject.line}: ${row.reject.reason}`);
      const cell = (column: string): string => String(row.cells[column] ?? "").trim();
      const [rating, at] = [Number(cell("rating")), dayOfText(cell("time"))];
      if (cell("rating") === "" || Number.isNaN(rating) || Number.isNaN(at))
        throw new UsageError(`${path} line ${row.line} has no rating or no time`);
      rows.push({ rater: numberOf(cell("rater")), ratee: numberOf(cell("ratee")), rating, at });
    }
  }
  rows.sort((a, b) => a.at - b.at);
  return {
    count: rows.length,
    people: numbers.size,
    rater: Int32Array.from(rows, (row) => row.rater),
    ratee: Int32Array.from(rows, (row) => row.ratee),
    rating: Float64Array.from(rows, (row) => row.rating),
    day: Int32Array.from(rows, (row) => Math.floor(row.at)),
  };
}
