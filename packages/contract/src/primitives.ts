import { z } from "zod";
import { currencies } from "./currencies.ts";
import { limits } from "./limits.ts";
import "./rules.ts";

/** Letters, digits and signs of any script; no control characters, no lone surrogates. */
// oxlint-disable-next-line no-control-regex -- control characters are what is refused
const controls = /[\u0000-\u001f\u007f]/u;
const wellFormed = (text: string): boolean => text.isWellFormed();

/** An identifier that the platform gave: 1…128 characters, no control characters. */
export const id = z
  .string()
  .min(1)
  .max(limits.idChars)
  .refine((text) => !controls.test(text) && wellFormed(text), {
    message: "must not contain control characters or broken Unicode",
  })
  .meta({ description: "Identifier given by the platform, at most 128 characters" });

/** A name shown to people, one line. */
export const name = z
  .string()
  .min(1)
  .max(limits.nameChars)
  .refine((text) => !controls.test(text) && wellFormed(text), {
    message: "must be one line of well-formed Unicode",
  });

/** Free text: lines allowed, NUL and broken Unicode not. */
export const text = z
  .string()
  .max(limits.textChars)
  .refine((value) => !value.includes("\u0000") && wellFormed(value), {
    message: "must be well-formed Unicode without NUL",
  });

/** A short note or closed word that a platform may choose itself. */
export const note = z
  .string()
  .max(limits.noteChars)
  .refine((value) => !value.includes("\u0000") && wellFormed(value), {
    message: "must be well-formed Unicode without NUL",
  });

export const uri = z.url().max(limits.uriChars);

/** RFC 3339 date-time with offset. */
export const time = z.iso.datetime({ offset: true }).max(40).meta({ description: "RFC 3339 date-time with offset" });

/** RFC 3339 full-date. */
export const date = z.iso.date().meta({ description: "RFC 3339 full-date, UTC" });

/** Money: integer minor units of an ISO 4217 currency. */
export const amount = z
  .int()
  .min(0)
  .max(limits.moneyMinorUnits)
  .meta({ description: "Integer minor units of `currency`" });

/** ISO 4217 alphabetic code. */
export const currency = z.enum(Object.keys(currencies) as [string, ...string[]]).meta({
  description: "ISO 4217 alphabetic code",
});

export const stars = z.int().min(1).max(5);

/** Days since 1970-01-01 (UTC). */
export const dayNumber = z.int().min(0).max(100_000);

const dayMs = 86_400_000;

/** Day number (days since 1970-01-01, UTC) of a time in milliseconds. */
export function dayOf(timeMs: number): number {
  return Math.floor(timeMs / dayMs);
}

/** `YYYY-MM-DD` of a day number. */
export function dayText(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** Day number of `YYYY-MM-DD`; NaN if it is not a date. */
export function parseDay(value: string): number {
  return Date.parse(`${value}T00:00:00Z`) / dayMs;
}
