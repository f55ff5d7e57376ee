import { describe, expect, test } from "vitest";
import { z } from "zod";
import "./index.ts";

const ruleFor = (schema: z.ZodType, value: unknown): string => schema.safeParse(value).error?.issues[0]?.message ?? "";

describe("rules in plain words", () => {
  test.each([
    [z.string(), undefined, "is missing"],
    [z.strictObject({ a: z.int() }), {}, "is missing"],
    [z.enum(["a", "b"]), undefined, "is missing"],
    [z.string(), 7, "must be a text"],
    [z.int(), "7", "must be a number"],
    [z.int(), 7.5, "must be a whole number"],
    [z.boolean(), 0, "must be true or false"],
    [z.array(z.int()), {}, "must be a list"],
    [z.strictObject({}), [], "must be an object"],
    [z.string().min(2), "a", "must have at least 2 characters"],
    [z.string().max(2), "abc", "must have at most 2 characters"],
    [z.array(z.int()).min(1), [], "must have at least 1 entries"],
    [z.int().max(5), 9, "must be at most 5"],
    [z.enum(["a", "b"]), "c", "must be one of a, b"],
    [z.enum(Array.from({ length: 20 }, (_, no) => `v${no}`) as [string]), "c", "is not one of the 20 known values"],
    [z.strictObject({}), { a: 1, b: 2 }, "has fields that are not known: a, b"],
    [z.iso.datetime({ offset: true }), "soon", "must be an RFC 3339 date-time with offset"],
    [z.iso.date(), "2026-02-30", "must be a day of the form YYYY-MM-DD"],
    [z.url(), "no", "must be a URL"],
    [z.email(), "no", "must be an e-mail address"],
    [z.string().min(2, { message: "its own words" }), "a", "its own words"],
    [z.string().refine(() => false, { message: "its own words" }), "a", "its own words"],
  ])("%#: a schema says what it wants", (schema, value, rule) => {
    expect(ruleFor(schema, value)).toBe(rule);
  });

  test("long and many names are cut", () => {
    const keys = Object.fromEntries(Array.from({ length: 9 }, (_, no) => [`${"k".repeat(90)}${no}`, 1]));
    const rule = ruleFor(z.strictObject({}), keys);
    expect(rule.length).toBeLessThan(300);
    expect(rule.endsWith(", …")).toBe(true);
  });
});
