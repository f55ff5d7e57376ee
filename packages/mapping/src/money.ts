import { currencies, limits } from "@probity/contract";

export type Parsed<T> = { readonly value: T } | { readonly refused: string };

export interface MoneyForm {
  /** `major`: "17.87" is 17 reais 87; `minor`: "1787" is the same. */
  readonly unit: "major" | "minor";
  /** Sign between whole and fraction; the other of "." and "," may group thousands. */
  readonly decimal?: "." | ",";
}

const grouped = {
  ".": /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/u,
  ",": /^[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?$/u,
} as const;
const plain = /^([+-]?)(\d+)(?:\.(\d+))?$/u;

function normal(text: string, decimal: "." | ","): string {
  const trimmed = text.trim();
  const ungrouped = grouped[decimal].test(trimmed) ? trimmed.replaceAll(decimal === "." ? "," : ".", "") : trimmed;
  if (decimal === ".") return ungrouped;
  return ungrouped.includes(".") ? "" : ungrouped.replace(",", ".");
}

/**
 * Integer minor units of a written amount. Works on the digits as text: no float is ever made.
 * Refuses more decimals than the currency has, unless they are zeros.
 */
export function minorUnits(text: string, currency: string, form: MoneyForm): Parsed<number> {
  const digits = Object.hasOwn(currencies, currency) ? currencies[currency] : undefined;
  if (digits === undefined) return { refused: `${JSON.stringify(currency)} is not an ISO 4217 currency` };
  const match = plain.exec(normal(text, form.decimal ?? "."));
  if (!match) return { refused: `${JSON.stringify(text.slice(0, 40))} is not an amount` };
  const places = form.unit === "major" ? digits : 0;
  const fraction = (match[3] ?? "").replace(/0+$/u, "");
  if (fraction.length > places) {
    return {
      refused:
        form.unit === "major"
          ? `${text.trim().slice(0, 40)} has more decimals than ${currency} (${digits})`
          : `${text.trim().slice(0, 40)} is not a whole number of minor units`,
    };
  }
  const whole = (match[2] ?? "") + fraction.padEnd(places, "0");
  const significant = whole.replace(/^0+(?=\d)/u, "");
  if (match[1] === "-" && significant !== "0") return { refused: `${text.trim().slice(0, 40)} is negative` };
  const value = Number(significant);
  if (significant.length > 15 || value > limits.moneyMinorUnits) {
    return { refused: `${text.trim().slice(0, 40)} is over ${limits.moneyMinorUnits} minor units` };
  }
  return { value };
}

/** Written amount in major units of integer minor units; the inverse of `minorUnits`. */
export function majorText(minor: number, currency: string): string {
  const digits = currencies[currency] ?? 0;
  if (digits === 0) return String(minor);
  const padded = String(minor).padStart(digits + 1, "0");
  return `${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
}
