const kept = /^(\d{4}-\d\d-\d\d.*|[0-9a-f]{64}|rated|too-early|AAA|AA|A|BBB|BB|B|C|D|merchant|category|marketplace|policy|epoch|min|max|rate|mean|count|prior-mean|wall|log)$/;
const keptKeys = new Set(["id", "kind", "metric", "entity", "redLine", "indicator", "pack", "tier"]);

/** The same data with every free text replaced; ids, days and closed words stay. */
export function withText<T>(value: T, text: string, key = ""): T {
  if (typeof value === "string") return (kept.test(value) || keptKeys.has(key) ? value : text) as T;
  if (Array.isArray(value)) return value.map((item) => withText(item as unknown, text, key)) as T;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, item]) => [name, withText(item as unknown, text, name)]);
  return Object.fromEntries(entries) as T;
}
