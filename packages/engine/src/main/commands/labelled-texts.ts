import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { WordsTopic } from "../../authenticity/words.ts";
import { UsageError } from "./usage.ts";

/** Texts of a folder with what people said of them. */
export interface LabelledTexts {
  readonly texts: string[];
  /** 0 blame, 1 praise, undefined where nobody said. */
  readonly praise: (0 | 1 | undefined)[];
  /** Category by text; empty where the file has no such column. */
  readonly category: string[];
  /** Name of the file by text, without its ending. */
  readonly file: string[];
  /** Subjects that somebody named; undefined where the file has no such columns or nobody voted. */
  readonly topics: (ReadonlySet<WordsTopic> | undefined)[];
}

/** Rows of a CSV file with a header; quoted fields may hold commas, doubled quotes and line breaks. */
export function csvRows(text: string): Map<string, string>[] {
  const records: string[][] = [];
  let fields: string[] = [];
  let from = text.startsWith("\uFEFF") ? 1 : 0;
  while (from < text.length) {
    let value: string;
    let end: number;
    if (text[from] === '"') {
      end = from + 1;
      for (;;) {
        end = text.indexOf('"', end);
        if (end < 0) end = text.length;
        if (text[end + 1] !== '"') break;
        end += 2;
      }
      value = text.slice(from + 1, end).replaceAll('""', '"');
      end += 1;
    } else {
      const found = text.slice(from, from + 100_000).search(/[,\n]/);
      end = found < 0 ? text.length : from + found;
      value = text.slice(from, end);
    }
    const isLast = text[end] !== ",";
    fields.push(isLast ? value.replace(/\r$/, "") : value);
    if (isLast) {
      while (end < text.length && text[end] !== "\n") end += 1;
      if (fields.length > 1 || fields[0] !== "") records.push(fields);
      fields = [];
    }
    from = end + 1;
  }
  if (fields.length > 0) records.push([...fields, ""]);
  const [header = [], ...rows] = records;
  return rows.map((row) => new Map(header.map((name, place) => [name.trim(), row[place] ?? ""])));
}

/** Columns of votes by subject, as in Olist's review of complaints. */
const voteTopics: readonly (readonly [string, WordsTopic | undefined])[] = [
  ["votes_antes_prazo", "delivery"],
  ["votes_atrasado", "delivery"],
  ["votes_entrega_parcial", "delivery"],
  ["votes_outro_entrega", "delivery"],
  ["votes_baixa_qualidade", "quality"],
  ["votes_diferente_do_anunciado", "described"],
  ["votes_devolucao", undefined],
  ["votes_outro_pedido", undefined],
  ["votes_satisfeito", undefined],
];

function topicsOf(row: ReadonlyMap<string, string>): ReadonlySet<WordsTopic> | undefined {
  const voted = voteTopics.filter(([column]) => Number(row.get(column) ?? 0) > 0);
  if (voted.length === 0) return undefined;
  return new Set(voted.flatMap(([, topic]) => topic ?? []));
}

function praiseOf(row: ReadonlyMap<string, string>): 0 | 1 | undefined {
  const label = (row.get("polarity") ?? row.get("label"))?.trim();
  if (label === "1" || label === "positive") return 1;
  if (label === "0" || label === "negative") return 0;
  const stars = Number(row.get("review_score") ?? row.get("stars") ?? "");
  return stars >= 4 ? 1 : stars >= 1 && stars <= 2 ? 0 : undefined;
}

/**
 * Reads every CSV file of a folder that has texts: column `review`, `text` or `review_comment_message`; praise from `label`
 * or `polarity` (1 or 0, positive or negative) or from stars; `category` where there is one. Empty texts are left out. Throws UsageError
 * where no file has texts.
 */
export function readLabelledTexts(folder: string): LabelledTexts {
  const out: LabelledTexts = { texts: [], praise: [], category: [], file: [], topics: [] };
  let names: string[];
  try {
    names = readdirSync(folder)
      .filter((name) => name.endsWith(".csv"))
      .sort();
  } catch {
    throw new UsageError(`--data ${folder} is not a folder`);
  }
  for (const name of names) {
    for (const row of csvRows(readFileSync(join(folder, name), "utf8"))) {
      const text = row.get("review") ?? row.get("text") ?? row.get("review_comment_message") ?? "";
      if (text.trim() === "") continue;
      out.texts.push(text);
      out.praise.push(praiseOf(row));
      out.category.push(row.get("category") ?? "");
      out.file.push(name.replace(/\.csv$/, ""));
      out.topics.push(topicsOf(row));
    }
  }
  if (out.texts.length === 0)
    throw new UsageError(`No CSV file of ${folder} has texts in a column review, text or review_comment_message`);
  return out;
}
