/** One field (RFC 4180). What a spreadsheet would run as a formula is led by an apostrophe (OWASP, CSV injection). */
function field(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const tame = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame;
}

export type CsvRow = readonly (string | number | null | undefined)[];

/** Records without a header, to be added to a file that has begun. */
export function csvLines(rows: Iterable<CsvRow>): string {
  let text = "";
  for (const row of rows) text += `${row.map(field).join(",")}\r\n`;
  return text;
}

/** CSV with a byte order mark, without which Excel takes Chinese for something else. */
export function csvOf(header: CsvRow, rows: Iterable<CsvRow>): string {
  return `\u{feff}${csvLines([header])}${csvLines(rows)}`;
}

/** Hands a file to the browser. */
export function download(name: string, type: string, content: string | Blob): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export function downloadCsv(name: string, header: CsvRow, rows: Iterable<CsvRow>): void {
  download(`${name}.csv`, "text/csv;charset=utf-8", csvOf(header, rows));
}
