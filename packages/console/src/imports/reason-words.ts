import type { ImportWords } from "./import-words.ts";

type Why = ImportWords["why"];

/** Reasons of a reject as the reader and the contract write them, and as a person reads them. */
const patterns: readonly (readonly [RegExp, (found: readonly string[], why: Why) => string])[] = [
  [/^(.*) is not an amount$/s, ([x = ""], why) => why.notAmount(x)],
  [/^(.*) has more decimals than ([A-Z]{3}) \(\d\)$/s, ([x = "", code = ""], why) => why.decimals(x, code)],
  [/^(.*) is negative$/s, ([x = ""], why) => why.negative(x)],
  [/^(.*) is not an ISO 4217 currency$/s, ([x = ""], why) => why.notCurrency(x)],
  [/^(.*) is not a time that exists$/s, ([x = ""], why) => why.noSuchTime(x)],
  [/^(.*) is not (?:an RFC 3339 time|a time (?:like|in) .*)$/s, ([x = ""], why) => why.notTime(x)],
  [/^(.*) has no zone; give the mapping a timeZone$/s, ([x = ""], why) => why.noZone(x)],
  [/^(.*) is not a whole number(?: of minor units)?$/s, ([x = ""], why) => why.notWhole(x)],
  [/^(.*) is neither true nor false$/s, ([x = ""], why) => why.notBoolean(x)],
  [/^(.*) is not in the map$/s, ([x = ""], why) => why.notInMap(x)],
  [/^is empty, and (.*) is required$/s, ([field = ""], why) => why.emptyRequired(field)],
  [/^is empty$/, (_, why) => why.empty],
  [/^is missing$/, (_, why) => why.missing],
  [/^must be at least (-?\d+)$/, ([n = ""], why) => why.atLeast(n)],
  [/^must be at most (-?\d+)$/, ([n = ""], why) => why.atMost(n)],
  [/^must have at least (\d+) characters$/, ([n = ""], why) => why.charsAtLeast(n)],
  [/^must have at most (\d+) characters$/, ([n = ""], why) => why.charsAtMost(n)],
  [/^must have at least (\d+) entries$/, ([n = ""], why) => why.entriesAtLeast(n)],
  [/^must have at most (\d+) entries$/, ([n = ""], why) => why.entriesAtMost(n)],
  [/^must be one of (.*)$/s, ([values = ""], why) => why.oneOf(values)],
  [/^is not one of the \d+ known values$/, (_, why) => why.notKnown],
  [/^has fields that are not known: (.*)$/s, ([names = ""], why) => why.unknownFields(names)],
  [/^is not a known event type: (.*)$/s, ([type = ""], why) => why.unknownType(type)],
  [/^must be (.*)$/s, ([kind = ""], why) => why.mustBe[kind] ?? `must be ${kind}`],
  [/^is not in (\S+)$/, ([file = ""], why) => why.notIn(file)],
  [/^is before the purchase$/, (_, why) => why.beforePurchase],
  [/^is after the delivery$/, (_, why) => why.afterDelivery],
  [/^has (\d+) fields, the header has (\d+)$/, ([n = "", header = ""], why) => why.fieldCount(n, header)],
  [/^is not (UTF-8|UTF-16|GB18030)$/, ([name = ""], why) => why.encoding(name)],
  [/^is over (\d+) bytes$/, ([bytes = ""], why) => why.tooLong(bytes)],
  [/^a quote is (?:in the wrong place|opened and never closed)$/, (_, why) => why.quote],
  [/^is not (?:a )?JSON(?: object)?$/, (_, why) => why.notJson],
  [/lies more than \d+ minutes in the future$/, (_, why) => why.future],
  [/lies before 2000-01-01$/, (_, why) => why.early],
  [/the required field (\S+) is not mapped$/, ([field = ""], why) => why.notMapped(field)],
  [/the file has no column (.*?)(?:; did you mean .*)?$/s, ([column = ""], why) => why.noColumn(column)],
];

/** A reason in the reader's language; one that nobody has foreseen stays as it is. */
export function reasonWords(reason: string, { why }: ImportWords): string {
  for (const [pattern, words] of patterns) {
    const found = pattern.exec(reason);
    if (found) return words(found.slice(1), why);
  }
  return reason;
}
