import type { EventDefinition } from "./events/define.ts";
import { eventDefinition } from "./events/index.ts";
import { envelope, type RejectCode } from "./ledger.ts";
import { limits } from "./limits.ts";
import { pointer } from "./problems.ts";

/** An event that may enter the ledger. */
export interface Admitted {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly timeMs: number;
  readonly definition: EventDefinition;
  /** Checked data without the sealed fields, extensions included. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly sealed: Readonly<Record<string, unknown>>;
  readonly person: string | undefined;
  /** Public payload of the engine's own acts. */
  readonly act?: Readonly<Record<string, unknown>>;
}

export interface Refused {
  readonly id: string | null;
  readonly code: RejectCode;
  readonly path: string;
  readonly message: string;
}

export type Admission = { readonly admitted: Admitted } | { readonly refused: Refused };

/** Sources under this prefix belong to the engine. */
export const ownSource = "urn:probity:";

/**
 * Depth and characters of a JSON value, both up to a bound: stops as soon as one is passed. Negative where it is
 * too large, −∞ where too deep, NaN where a field is named `__proto__`, which schemas silently pass over.
 */
function measure(value: unknown, depth: number, left: number): number {
  if (typeof value === "string") return left - value.length;
  if (typeof value !== "object" || value === null) return left - 4;
  if (depth === 0) return Number.NEGATIVE_INFINITY;
  let rest = left;
  for (const key in value) {
    if (key === "__proto__") return Number.NaN;
    rest = measure((value as Record<string, unknown>)[key], depth - 1, rest - key.length);
    if (!(rest >= 0)) return rest;
  }
  return rest;
}

function splitExtensions(data: Record<string, unknown>): {
  fields: Record<string, unknown>;
  extensions: Record<string, unknown>;
} {
  let extensions: Record<string, unknown> | undefined;
  for (const key in data) {
    if (key.startsWith("x-")) (extensions ??= {})[key] = data[key];
  }
  if (extensions === undefined) return { fields: data, extensions: {} };
  return { fields: Object.fromEntries(Object.entries(data).filter(([key]) => !key.startsWith("x-"))), extensions };
}

function extensionProblem(extensions: Record<string, unknown>): { path: string; message: string } | undefined {
  const entries = Object.entries(extensions);
  if (entries.length > limits.extensionFields) {
    return { path: "/data", message: `at most ${limits.extensionFields} extension fields` };
  }
  for (const [key, value] of entries) {
    const path = pointer(["data", key]);
    if (!/^x-[a-z0-9-]{1,62}$/.test(key)) return { path, message: "extension names are x- and a-z, 0-9, -" };
    if (typeof value === "string") {
      if (value.length > limits.extensionChars) return { path, message: `at most ${limits.extensionChars} characters` };
      if (!value.isWellFormed() || value.includes("\u0000")) return { path, message: "must be well-formed Unicode" };
    } else if (typeof value !== "number" && typeof value !== "boolean") {
      return { path, message: "must be a string, a number or a boolean" };
    } else if (typeof value === "number" && !Number.isSafeInteger(value)) {
      return { path, message: "numbers must be integers within 2^53" };
    }
  }
  return undefined;
}

function timeProblem(timeMs: number, nowMs: number): { code: RejectCode; message: string } | undefined {
  if (!(timeMs <= nowMs + limits.futureToleranceMs)) {
    return {
      code: "time-in-future",
      message: `lies more than ${limits.futureToleranceMs / 60_000} minutes in the future`,
    };
  }
  if (timeMs < limits.earliestTimeMs) return { code: "time-too-early", message: "lies before 2000-01-01" };
  return undefined;
}

/** Where the first field named `__proto__` stands. */
function pathToProto(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (Object.hasOwn(value, "__proto__")) return ["__proto__"];
  for (const key of Object.keys(value)) {
    const rest = pathToProto((value as Record<string, unknown>)[key]);
    if (rest.length > 0) return [key, ...rest];
  }
  return [];
}

/** Text of a refusal: what the sender wrote may hold signs that no database takes. */
export function oneLine(text: string): string {
  return text.toWellFormed().replaceAll(/\p{Cc}/gu, "\uFFFD");
}

function idOf(raw: unknown): string | null {
  const id = (raw as { id?: unknown } | null)?.id;
  return typeof id === "string" ? oneLine(id.slice(0, limits.idChars)) : null;
}

function split(definition: EventDefinition, data: Record<string, unknown>, extensions: Record<string, unknown>) {
  const open: Record<string, unknown> = {};
  const sealed: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(data)) {
    if (value === undefined) continue;
    if (definition.sealed?.includes(key)) sealed[key] = value;
    else open[key] = value;
  }
  return { data: { ...open, ...extensions }, sealed };
}

/**
 * Checks one event against the contract. Never throws; says which field breaks which rule. `own`
 * lets the engine's own acts through.
 */
export function admit(raw: unknown, nowMs: number, own = false): Admission {
  const id = idOf(raw);
  const refuse = (code: RejectCode, path: string, message: string): Admission => ({
    refused: { id, code, path: oneLine(path), message: oneLine(message) },
  });
  const left = measure(raw, limits.jsonDepthLevels, limits.eventBytes);
  if (left === Number.NEGATIVE_INFINITY) return refuse("too-deep", "", `deeper than ${limits.jsonDepthLevels} levels`);
  if (Number.isNaN(left)) return refuse("data-invalid", pointer(pathToProto(raw)), "no field may be named __proto__");
  if (left < 0) return refuse("event-too-large", "", `larger than ${limits.eventBytes} bytes`);
  const parsed = envelope.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return refuse("envelope-invalid", pointer(issue?.path ?? []), issue?.message ?? "is not a CloudEvent");
  }
  const { type, source, time } = parsed.data;
  const definition = eventDefinition(type);
  if (definition === undefined)
    return refuse("type-unknown", "/type", `is not a known event type: ${type.slice(0, 64)}`);
  if (definition.reserved && !own) return refuse("type-reserved", "/type", "is written by the engine alone");
  if (source.startsWith(ownSource) && !own)
    return refuse("source-reserved", "/source", `must not begin with ${ownSource}`);
  const timeMs = Date.parse(time);
  const late = timeProblem(timeMs, nowMs);
  if (late !== undefined) return refuse(late.code, "/time", late.message);
  const { fields, extensions } = splitExtensions(parsed.data.data);
  const extension = extensionProblem(extensions);
  if (extension !== undefined) return refuse("extension-invalid", extension.path, extension.message);
  const data = definition.data.safeParse(fields);
  if (!data.success) {
    const issue = data.error.issues[0];
    const path = issue?.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] ?? ""] : (issue?.path ?? []);
    return refuse("data-invalid", pointer(["data", ...path]), issue?.message ?? "breaks the schema");
  }
  const parts = split(definition, data.data, extensions);
  const person = definition.person === undefined ? undefined : (parts.data[definition.person] as string | undefined);
  return { admitted: { id: parsed.data.id, source, type, time, timeMs, definition, person, ...parts } };
}
