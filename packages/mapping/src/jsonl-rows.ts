import type { Bytes } from "./bytes.ts";
import type { FileLine } from "./csv-records.ts";
import type { Encoding } from "./encoding.ts";
import { type Cells, importLimits, type RowItem } from "./import.ts";
import { readLines, type Reading } from "./lines.ts";
import type { RowFile } from "./rows.ts";

function jsonRow(file: string, { line, text, broken }: FileLine): RowItem {
  const wrong = (reason: string): RowItem => ({ reject: { file, line, field: "", reason, raw: text } });
  if (broken !== undefined) return wrong(broken);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return wrong("is not a JSON object");
    return { file, line, cells: value as Cells };
  } catch {
    return wrong("is not JSON");
  }
}

/** Names of a row's cells; those of nested objects are joined by dots. */
function columnNames(cells: Cells, prefix: string, depth: number, out: Set<string>): void {
  for (const [name, value] of Object.entries(cells)) {
    out.add(prefix + name);
    const nested = typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
    if (nested && depth > 0) columnNames(value as Cells, `${prefix}${name}.`, depth - 1, out);
  }
}

/** Opens a file of one JSON object per line. Its columns are those of the first rows. */
export async function openJsonl(bytes: Bytes, encoding: Encoding = "utf-8"): Promise<RowFile> {
  const { file, size } = bytes;
  let reading: Reading = { bytes: 0 };
  async function* rows(): AsyncGenerator<readonly RowItem[]> {
    reading = { bytes: 0 };
    for await (const lines of readLines(bytes, encoding, reading)) {
      yield lines
        .filter(({ text, broken }) => text.trim() !== "" || broken !== undefined)
        .map((line) => jsonRow(file, line));
    }
  }
  const columns = new Set<string>();
  let sampled = 0;
  for await (const batch of rows()) {
    for (const row of batch.slice(0, importLimits.sampleRows - sampled)) {
      if ("cells" in row) columnNames(row.cells, "", 4, columns);
    }
    sampled += batch.length;
    if (sampled >= importLimits.sampleRows) break;
  }
  reading = { bytes: 0 };
  return { file, columns: [...columns], bytes: size, total: size, unit: "bytes", done: () => reading.bytes, rows };
}
