import { z } from "zod";
import { limits } from "./limits.ts";
import { id, note, time } from "./primitives.ts";

const isUriReference = (value: string): boolean => URL.canParse(value, "urn:x:/");

/** CloudEvents 1.0 envelope (https://github.com/cloudevents/spec/blob/v1.0.2). `data` is checked by type. */
export const envelope = z.strictObject({
  specversion: z.literal("1.0"),
  id,
  source: id.refine(isUriReference, { message: "must be a URI reference" }),
  type: z.string().min(1).max(limits.idChars),
  time,
  subject: id.optional(),
  datacontenttype: z.literal("application/json").optional(),
  dataschema: z.string().max(limits.uriChars).optional(),
  data: z.record(z.string(), z.unknown()),
});
export type Envelope = z.infer<typeof envelope>;

export const rejectCode = z.enum([
  "not-json",
  "not-utf8",
  "too-deep",
  "event-too-large",
  "envelope-invalid",
  "type-unknown",
  "type-reserved",
  "source-reserved",
  "data-invalid",
  "extension-invalid",
  "time-in-future",
  "time-too-early",
]);
export type RejectCode = z.infer<typeof rejectCode>;

/** What became of one event. Accepted and duplicate are durable when they are answered. */
export const verdict = z.discriminatedUnion("verdict", [
  z.strictObject({ verdict: z.literal("accepted"), id: z.string(), seq: z.int().min(0) }),
  z.strictObject({
    verdict: z.literal("duplicate"),
    id: z.string(),
    /** Place in the ledger of the first copy. */
    seq: z.int().min(0),
  }),
  z.strictObject({
    verdict: z.literal("rejected"),
    id: z.string().nullable(),
    code: rejectCode,
    /** JSON Pointer (RFC 6901) to the field that broke the rule. */
    path: z.string(),
    message: z.string(),
    /** Dead letter that keeps the event; null when the dead letters are full. */
    deadLetter: z.string().nullable(),
  }),
]);
export type Verdict = z.infer<typeof verdict>;

export const ingestAnswer = z.strictObject({
  accepted: z.int(),
  duplicates: z.int(),
  rejected: z.int(),
  verdicts: z.array(verdict),
});
export type IngestAnswer = z.infer<typeof ingestAnswer>;

export const deadLetter = z.strictObject({
  deadLetter: z.string(),
  receivedAt: time,
  code: rejectCode,
  path: z.string(),
  message: z.string(),
  state: z.enum(["open", "replayed", "discarded"]),
  /** The event as it came; text where it was not JSON. */
  body: z.unknown(),
  seq: z.int().nullable(),
});
export type DeadLetter = z.infer<typeof deadLetter>;

/** Stored event as an operator sees it; sealed fields are named, not shown. */
export const storedEvent = z.strictObject({
  seq: z.int(),
  id: z.string(),
  source: z.string(),
  type: z.string(),
  time: time,
  data: z.record(z.string(), z.unknown()),
  /** Names of the fields that are stored under the person's key only. */
  sealed: z.array(z.string()),
  entry: z.string(),
  leaf: z.string().meta({ description: "SHA-256(0x00 ‖ entry), hex (RFC 9162)" }),
});
export type StoredEvent = z.infer<typeof storedEvent>;

/** How the ledger fares: its size, what comes in and from where. */
export const ledgerStatus = z.strictObject({
  size: z.int().min(0),
  /** Time of the newest event as its sender tells it; null while the ledger is empty. */
  newestAt: time.nullable(),
  /** When the last event came in. */
  receivedAt: time.nullable(),
  lettersOpen: z.int().min(0),
  /** The most recent first. */
  sources: z.array(z.strictObject({ source: z.string(), events: z.int().min(1), newestAt: time, receivedAt: time })),
  /** Hours of the last 30 days in which events came in, in order. */
  hours: z.array(z.strictObject({ from: time, accepted: z.int().min(0), rejected: z.int().min(0) })),
});
export type LedgerStatus = z.infer<typeof ledgerStatus>;

/** One message of the live stream: where the ledger stands and how far ratings follow it. */
export const liveNotice = z.strictObject({
  size: z.int().min(0),
  newestAt: time.nullable(),
  /** Size of the ledger as of which subjects are rated; null before the first run. */
  ratedSize: z.int().min(0).nullable(),
});
export type LiveNotice = z.infer<typeof liveNotice>;

/**
 * One difference of an entry: subject (public random id), metric, day (days since 1970-01-01),
 * change in opportunities, change in good.
 */
export type EntryRow = readonly [subject: string, metric: string, day: number, n: number, x: number];

/** A subject that an entry names for the first time, or whose category it changes: public random id, digest of the category. */
export type NamedRow = readonly [subject: string, category: string];

/** Rights that a key carries and that a role is made of. */
export const apiKeyScopes = [
  "events:write",
  "events:read",
  "log:read",
  "log:open",
  "log:write",
  "credentials:read",
  "credentials:write",
  "letters:read",
  "ratings:read",
  "policies:write",
  "policies:publish",
  "authenticity:read",
  "authenticity:decide",
  "authenticity:models",
  "people:read",
  "people:write",
  "people:erase",
  "keys:read",
  "keys:write",
  "activity:read",
] as const;
export const apiKeyScope = z.enum(apiKeyScopes);
export type ApiKeyScope = z.infer<typeof apiKeyScope>;
export const apiKey = z.strictObject({
  key: id,
  label: note,
  scopes: z.array(apiKeyScope),
  createdAt: time,
  lastUsedAt: time.nullable(),
  /** When it stopped or will stop; null while it is in force. */
  revokedAt: time.nullable(),
});
export type ApiKey = z.infer<typeof apiKey>;
