import { z } from "zod";

const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
};
const formats: Readonly<Record<string, string>> = {
  datetime: "an RFC 3339 date-time with offset",
  date: "a day of the form YYYY-MM-DD",
  url: "a URL",
  email: "an e-mail address",
};
const shownValues = 12;
const shownKeys = 5;
const shownChars = 40;

/** A bound in words: of characters, entries, or the number itself. */
function boundOf(origin: string, least: boolean, limit: number | bigint): string {
  const words = least ? "at least" : "at most";
  if (origin === "string") return `must have ${words} ${limit} characters`;
  if (origin === "array" || origin === "set") return `must have ${words} ${limit} entries`;
  return `must be ${words} ${limit}`;
}

/** The rule that a value broke, in plain words without the library's names; undefined leaves it to the schema. */
export function ruleOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is missing" : `must be ${kinds[issue.expected] ?? issue.expected}`;
    case "invalid_format":
      return formats[issue.format] === undefined ? undefined : `must be ${formats[issue.format]}`;
    case "too_small":
      return boundOf(issue.origin, true, issue.minimum);
    case "too_big":
      return boundOf(issue.origin, false, issue.maximum);
    case "invalid_value":
      if (issue.input === undefined) return "is missing";
      return issue.values.length > shownValues
        ? `is not one of the ${issue.values.length} known values`
        : `must be one of ${issue.values.map(String).join(", ")}`;
    case "unrecognized_keys": {
      const keys = issue.keys.slice(0, shownKeys).map((key) => key.slice(0, shownChars));
      return `has fields that are not known: ${keys.join(", ")}${issue.keys.length > shownKeys ? ", …" : ""}`;
    }
    default:
      return undefined;
  }
}

// For every schema of the process: a reader of a problem does not know the library.
z.config({ customError: (issue) => ruleOf(issue) });
