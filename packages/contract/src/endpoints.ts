import { z } from "zod";
import { factsAnswer, metricDescription, subjectKind } from "./facts.ts";
import { type ApiKeyScope, deadLetter, ingestAnswer, storedEvent } from "./ledger.ts";
import { limits } from "./limits.ts";
import { id, text } from "./primitives.ts";
import type { ProblemCode } from "./problems.ts";
import {
  explanation,
  grade,
  history,
  packAnswer,
  policy,
  policyRecord,
  ratingSummary,
  trustCard,
  whatIf,
} from "./ratings.ts";

export interface Endpoint {
  readonly method: "GET" | "POST";
  /** OpenAPI path; names in braces are path parameters. */
  readonly path: string;
  readonly summary: string;
  /** Needed on the API key; null is public. */
  readonly scope: ApiKeyScope | null;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** `events` is the body of ingest, which the ledger reads itself. */
  readonly body?: z.ZodType | "events";
  readonly answer: z.ZodType;
  readonly problems: readonly ProblemCode[];
}

const day = z.iso.date();
const seq = z.coerce.number().pipe(z.int().min(0));
const cursor = z.string().max(500).optional();
const limit = z.coerce.number().pipe(z.int().min(1).max(limits.pageRows)).default(50);
const page = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });
const subject = z.strictObject({ kind: subjectKind, id });
const policyId = z.strictObject({ policy: z.string().regex(/^[0-9a-f]{64}$/) });
const deadLetterId = z.strictObject({ deadLetter: z.string().regex(/^\d{1,18}$/) });
const keyed: readonly ProblemCode[] = ["key-missing", "key-unknown", "scope-missing", "request-invalid"];

function endpoint<const E extends Endpoint>(definition: E): E {
  return definition;
}

/** Every endpoint of the API; OpenAPI, server and SDK are made from this table. */
export const endpoints = {
  ingest: endpoint({
    method: "POST",
    path: "/v1/events",
    summary: "Send events: one CloudEvent, a batch, or one per line (NDJSON); gzip accepted. One verdict each.",
    scope: "events:write",
    body: "events",
    answer: ingestAnswer,
    problems: [
      "key-missing",
      "key-unknown",
      "scope-missing",
      "marketplace-foreign",
      "body-not-json",
      "body-not-utf8",
      "body-encoding",
      "body-too-large",
      "batch-too-large",
      "content-type",
      "event-rejected",
      "queue-full",
    ],
  }),
  readEvent: endpoint({
    method: "GET",
    path: "/v1/events/{seq}",
    summary: "One event of the ledger with its entry",
    scope: "events:read",
    params: z.strictObject({ seq }),
    answer: storedEvent,
    problems: [...keyed, "not-found"],
  }),
  listDeadLetters: endpoint({
    method: "GET",
    path: "/v1/dead-letters",
    summary: "Rejected events, newest first",
    scope: "events:read",
    query: z.strictObject({ state: z.enum(["open", "replayed", "discarded"]).default("open"), cursor, limit }),
    answer: page(deadLetter),
    problems: keyed,
  }),
  replayDeadLetter: endpoint({
    method: "POST",
    path: "/v1/dead-letters/{deadLetter}/replay",
    summary: "Send a rejected event again, corrected or as it was",
    scope: "events:write",
    params: deadLetterId,
    body: z.strictObject({ event: z.record(z.string(), z.unknown()).optional() }),
    answer: ingestAnswer,
    problems: [...keyed, "not-found", "dead-letter-state"],
  }),
  discardDeadLetter: endpoint({
    method: "POST",
    path: "/v1/dead-letters/{deadLetter}/discard",
    summary: "Set a rejected event aside for good",
    scope: "events:write",
    params: deadLetterId,
    body: z.strictObject({}),
    answer: deadLetter,
    problems: [...keyed, "not-found", "dead-letter-state"],
  }),
  listMetrics: endpoint({
    method: "GET",
    path: "/v1/metrics",
    summary: "The fact registry: what every metric counts",
    scope: null,
    answer: z.strictObject({ items: z.array(metricDescription) }),
    problems: [],
  }),
  readFacts: endpoint({
    method: "GET",
    path: "/v1/facts/{kind}/{id}",
    summary: "Daily counters of a subject",
    scope: "ratings:read",
    params: subject,
    query: z.strictObject({
      metric: z.string().max(64).optional(),
      from: day.optional(),
      to: day.optional(),
      cursor,
      limit: z.coerce.number().pipe(z.int().min(1).max(10_000)).default(1_000),
    }),
    answer: factsAnswer,
    problems: [...keyed, "not-found"],
  }),
  listRatings: endpoint({
    method: "GET",
    path: "/v1/ratings/{kind}",
    summary: "Ratings in force, best score first",
    scope: "ratings:read",
    params: z.strictObject({ kind: subjectKind }),
    query: z.strictObject({
      q: text.max(100).optional(),
      category: id.optional(),
      grade: grade.optional(),
      status: z.enum(["rated", "too-early"]).optional(),
      cursor,
      limit,
    }),
    answer: page(ratingSummary),
    problems: keyed,
  }),
  readRating: endpoint({
    method: "GET",
    path: "/v1/ratings/{kind}/{id}",
    summary: "A rating, today or as of a past day",
    scope: "ratings:read",
    params: subject,
    query: z.strictObject({ on: day.optional() }),
    answer: ratingSummary,
    problems: [...keyed, "not-found"],
  }),
  explainRating: endpoint({
    method: "GET",
    path: "/v1/ratings/{kind}/{id}/explanation",
    summary: "The reasons of a rating: a tree that adds up to the score, down to facts and events",
    scope: "ratings:read",
    params: subject,
    query: z.strictObject({ on: day.optional() }),
    answer: explanation,
    problems: [...keyed, "not-found"],
  }),
  readHistory: endpoint({
    method: "GET",
    path: "/v1/ratings/{kind}/{id}/history",
    summary: "Daily ratings with markers where policy or epoch changed",
    scope: "ratings:read",
    params: subject,
    query: z.strictObject({ from: day.optional(), to: day.optional() }),
    answer: history,
    problems: [...keyed, "not-found"],
  }),
  readPacks: endpoint({
    method: "GET",
    path: "/v1/ratings/{kind}/{id}/packs",
    summary: "The same facts under other platforms' rules",
    scope: "ratings:read",
    params: subject,
    query: z.strictObject({ on: day.optional() }),
    answer: z.strictObject({ items: z.array(packAnswer) }),
    problems: [...keyed, "not-found"],
  }),
  listPolicies: endpoint({
    method: "GET",
    path: "/v1/policies",
    summary: "Policies with their state",
    scope: "ratings:read",
    answer: z.strictObject({ items: z.array(policyRecord) }),
    problems: keyed,
  }),
  readPolicy: endpoint({
    method: "GET",
    path: "/v1/policies/{policy}",
    summary: "A policy's data",
    scope: null,
    params: policyId,
    answer: z.strictObject({ record: policyRecord, policy }),
    problems: ["not-found", "request-invalid"],
  }),
  draftPolicy: endpoint({
    method: "POST",
    path: "/v1/policies",
    summary: "Save a draft; its id is the hash of its content",
    scope: "policies:write",
    body: policy,
    answer: policyRecord,
    problems: [...keyed, "policy-invalid"],
  }),
  simulatePolicy: endpoint({
    method: "POST",
    path: "/v1/policies/{policy}/simulate",
    summary: "What-if: the policy on today's or past facts; a draft becomes simulated",
    scope: "policies:write",
    params: policyId,
    body: z.strictObject({
      on: day.optional(),
      against: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional(),
    }),
    answer: whatIf,
    problems: [...keyed, "not-found"],
  }),
  publishPolicy: endpoint({
    method: "POST",
    path: "/v1/policies/{policy}/publish",
    summary: "Publish a simulated policy with 7 or 15 days' notice",
    scope: "policies:write",
    params: policyId,
    body: z.strictObject({ noticeDays: z.union([z.literal(7), z.literal(15)]) }),
    answer: policyRecord,
    problems: [...keyed, "not-found", "policy-state"],
  }),
  readTrustCard: endpoint({
    method: "GET",
    path: "/v1/public/{marketplace}/merchants/{id}",
    summary: "What the storefront shows; public, with ETag",
    scope: null,
    params: z.strictObject({ marketplace: id, id }),
    answer: trustCard,
    problems: ["not-found"],
  }),
} as const satisfies Record<string, Endpoint>;

export type EndpointName = keyof typeof endpoints;
type InputOf<T> = T extends z.ZodType ? z.input<T> : undefined;
type OutputOf<T> = T extends z.ZodType ? z.output<T> : undefined;
type Part<N extends EndpointName, K extends string> = K extends keyof (typeof endpoints)[N]
  ? (typeof endpoints)[N][K]
  : undefined;

/** What a caller passes. */
export type EndpointParams<N extends EndpointName> = InputOf<Part<N, "params">>;
export type EndpointQuery<N extends EndpointName> = InputOf<Part<N, "query">>;
export type EndpointBody<N extends EndpointName> = InputOf<Part<N, "body">>;
/** What a handler receives and gives. */
export type ParsedParams<N extends EndpointName> = OutputOf<Part<N, "params">>;
export type ParsedQuery<N extends EndpointName> = OutputOf<Part<N, "query">>;
export type ParsedBody<N extends EndpointName> = OutputOf<Part<N, "body">>;
export type EndpointAnswer<N extends EndpointName> = z.output<(typeof endpoints)[N]["answer"]>;
