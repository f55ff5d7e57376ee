import { z } from "zod";
import { factsAnswer, metricDescription, subjectKind } from "./facts.ts";
import { apiKey, type ApiKeyScope, deadLetter, ingestAnswer, ledgerStatus, liveNotice, storedEvent } from "./ledger.ts";
import { limits } from "./limits.ts";
import {
  acceptInviteBody,
  activity,
  changePasswordBody,
  createKeyBody,
  createMarketplaceBody,
  enrolment,
  firstRunBody,
  inviteAnswer,
  inviteBody,
  inviteParams,
  keyAnswer,
  keyParams,
  marketplaceSlug,
  passwordBody,
  peopleAnswer,
  person,
  personAct,
  personParams,
  returnTo,
  roleBody,
  rotateKeyBody,
  secondFactorBody,
  session,
  sessionId,
  sessionRecord,
  signInAnswer,
  signInBody,
} from "./people.ts";
import { id, text } from "./primitives.ts";
import type { ProblemCode } from "./problems.ts";
import {
  explanation,
  grade,
  history,
  categoryCount,
  packAnswer,
  policy,
  policyRecord,
  ratingChanges,
  ratingSort,
  ratingSummary,
  trustCard,
  whatIf,
} from "./ratings.ts";

/**
 * What a caller needs: a scope, on the API key or by the person's role in the marketplace that the header
 * `probity-marketplace` names; `person`, anybody who is signed in; `session`, nothing, but the request is about the
 * session cookie and must come from this very site; null, nothing at all.
 */
export type EndpointScope = ApiKeyScope | "person" | "session" | null;

export interface Endpoint {
  readonly method: "GET" | "POST";
  /** OpenAPI path; names in braces are path parameters. */
  readonly path: string;
  readonly summary: string;
  readonly scope: EndpointScope;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** `events` is the body of ingest, which the ledger reads itself. */
  readonly body?: z.ZodType | "events";
  readonly answer: z.ZodType;
  /** The answer is a stream of server-sent events, each of that shape (https://html.spec.whatwg.org/#server-sent-events). */
  readonly stream?: true;
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
const keyed: readonly ProblemCode[] = [
  "key-missing",
  "key-unknown",
  "session-missing",
  "scope-missing",
  "marketplace-missing",
  "marketplace-foreign",
  "origin-foreign",
  "request-invalid",
];
const sessionAsked: readonly ProblemCode[] = ["origin-foreign", "request-invalid", "content-type", "body-not-json"];
const personAsked: readonly ProblemCode[] = [...sessionAsked, "session-missing"];
const done = z.strictObject({});

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
      "session-missing",
      "scope-missing",
      "marketplace-missing",
      "marketplace-foreign",
      "origin-foreign",
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
  readLedger: endpoint({
    method: "GET",
    path: "/v1/ledger",
    summary: "How the ledger fares: its size, what came in hour by hour, and from which sources",
    scope: "events:read",
    answer: ledgerStatus,
    problems: keyed,
  }),
  watchLedger: endpoint({
    method: "GET",
    path: "/v1/live",
    summary: "Server-sent events: where the ledger stands and how far ratings follow it, whenever that changes",
    scope: "events:read",
    query: z.strictObject({
      seconds: z.coerce
        .number()
        .pipe(z.int().min(1).max(300))
        .meta({ description: "When the stream ends; the reader then asks again" }),
    }),
    answer: liveNotice,
    stream: true,
    problems: keyed,
  }),
  listDeadLetters: endpoint({
    method: "GET",
    path: "/v1/dead-letters",
    summary: "Rejected events, newest first",
    scope: "letters:read",
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
    summary:
      "Ratings in force, those with a grade first and then the best score first unless told; found by name, pinyin or id",
    scope: "ratings:read",
    params: z.strictObject({ kind: subjectKind }),
    query: z.strictObject({
      q: text.max(100).optional(),
      category: id.optional(),
      grade: grade.optional(),
      status: z.enum(["rated", "too-early"]).optional(),
      sort: ratingSort.optional(),
      cursor,
      limit,
    }),
    answer: page(ratingSummary),
    problems: keyed,
  }),
  listCategories: endpoint({
    method: "GET",
    path: "/v1/categories/{kind}",
    summary: "Categories in which subjects of a kind are rated, the largest first",
    scope: "ratings:read",
    params: z.strictObject({ kind: subjectKind }),
    answer: z.strictObject({ items: z.array(categoryCount) }),
    problems: keyed,
  }),
  readChanges: endpoint({
    method: "GET",
    path: "/v1/changes/{kind}",
    summary:
      "What changed since a day, a week ago unless told: grades then and now, who moved and why, how fresh the evidence is",
    scope: "ratings:read",
    params: z.strictObject({ kind: subjectKind }),
    query: z.strictObject({ since: day.optional() }),
    answer: ratingChanges,
    problems: [...keyed, "not-ready"],
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
  readPolicyContent: endpoint({
    method: "GET",
    path: "/v1/policies/{policy}/content",
    summary: "The data of a policy of the marketplace in any state; drafts are not public",
    scope: "ratings:read",
    params: policyId,
    answer: z.strictObject({ record: policyRecord, policy }),
    problems: [...keyed, "not-found"],
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
    summary:
      "What-if: the policy on today's or past facts; a draft becomes simulated where the caller may write policies",
    scope: "ratings:read",
    params: policyId,
    body: z.strictObject({
      on: day.optional(),
      against: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional(),
    }),
    answer: whatIf,
    problems: [...keyed, "not-found", "queue-full"],
  }),
  publishPolicy: endpoint({
    method: "POST",
    path: "/v1/policies/{policy}/publish",
    summary: "Publish a simulated policy with 7 or 15 days' notice",
    scope: "policies:publish",
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
  readSession: endpoint({
    method: "GET",
    path: "/v1/session",
    summary: "Who is signed in, what they may do where, and how one can sign in",
    scope: "session",
    answer: session,
    problems: [],
  }),
  signIn: endpoint({
    method: "POST",
    path: "/v1/session",
    summary: "Sign in with e-mail address and password",
    scope: "session",
    body: signInBody,
    answer: signInAnswer,
    problems: [...sessionAsked, "sign-in-refused", "sign-in-locked"],
  }),
  signInSecondFactor: endpoint({
    method: "POST",
    path: "/v1/session/second-factor",
    summary: "Finish signing in with the authenticator's code or a recovery code",
    scope: "session",
    body: secondFactorBody,
    answer: signInAnswer,
    problems: [...sessionAsked, "session-missing", "code-refused", "sign-in-locked"],
  }),
  signOut: endpoint({
    method: "POST",
    path: "/v1/session/end",
    summary: "End this session",
    scope: "session",
    body: done,
    answer: done,
    problems: sessionAsked,
  }),
  signInVisitor: endpoint({
    method: "POST",
    path: "/v1/session/visitor",
    summary: "Look around without a password: only in the demo, from the machine it runs on, and read-only",
    scope: "session",
    body: done,
    answer: signInAnswer,
    problems: [...sessionAsked, "visitor-refused"],
  }),
  setUpFirstPerson: endpoint({
    method: "POST",
    path: "/v1/session/first-run",
    summary: "Make the first person, an admin, with the setup code that the server printed",
    scope: "session",
    body: firstRunBody,
    answer: signInAnswer,
    problems: [...sessionAsked, "setup-refused", "sign-in-locked"],
  }),
  acceptInvite: endpoint({
    method: "POST",
    path: "/v1/session/invite",
    summary: "Accept an invite: a new account, or one more marketplace for the account of that address",
    scope: "session",
    body: acceptInviteBody,
    answer: signInAnswer,
    problems: [...sessionAsked, "invite-refused", "sign-in-refused", "sign-in-locked"],
  }),
  startOidc: endpoint({
    method: "GET",
    path: "/v1/session/oidc",
    summary: "Go and sign in at the identity provider (redirects)",
    scope: "session",
    query: z.strictObject({ returnTo: returnTo.default("/console/") }),
    answer: z.null(),
    problems: ["request-invalid", "not-found", "oidc-refused"],
  }),
  finishOidc: endpoint({
    method: "GET",
    path: "/v1/session/oidc/finish",
    summary: "Where the identity provider sends the browser back to (redirects)",
    scope: "session",
    query: z.object({
      code: z.string().max(4_000).optional(),
      state: z.string().max(500).optional(),
      error: z.string().max(500).optional(),
      iss: z.string().max(2_000).optional(),
    }),
    answer: z.null(),
    problems: ["request-invalid", "not-found", "oidc-refused"],
  }),
  listSessions: endpoint({
    method: "GET",
    path: "/v1/session/list",
    summary: "Where one is signed in",
    scope: "person",
    answer: z.strictObject({ items: z.array(sessionRecord) }),
    problems: ["session-missing"],
  }),
  revokeSession: endpoint({
    method: "POST",
    path: "/v1/session/list/{session}/revoke",
    summary: "End one of one's own sessions",
    scope: "person",
    params: sessionId,
    body: done,
    answer: done,
    problems: [...personAsked, "not-found"],
  }),
  enrolSecondFactor: endpoint({
    method: "POST",
    path: "/v1/session/second-factor/enrol",
    summary: "Begin with a second factor: a secret for the authenticator and recovery codes",
    scope: "person",
    body: passwordBody,
    answer: enrolment,
    problems: [...personAsked, "sign-in-refused", "sign-in-locked", "second-factor-state", "scope-missing"],
  }),
  confirmSecondFactor: endpoint({
    method: "POST",
    path: "/v1/session/second-factor/confirm",
    summary: "Prove that the authenticator works; from now on signing in needs it",
    scope: "person",
    body: secondFactorBody,
    answer: done,
    problems: [...personAsked, "code-refused", "sign-in-locked", "second-factor-state"],
  }),
  removeSecondFactor: endpoint({
    method: "POST",
    path: "/v1/session/second-factor/remove",
    summary: "Give the second factor up",
    scope: "person",
    body: passwordBody,
    answer: done,
    problems: [...personAsked, "sign-in-refused", "sign-in-locked", "second-factor-state", "scope-missing"],
  }),
  changePassword: endpoint({
    method: "POST",
    path: "/v1/session/password",
    summary: "Change one's password; one's other sessions end",
    scope: "person",
    body: changePasswordBody,
    answer: done,
    problems: [...personAsked, "sign-in-refused", "sign-in-locked", "scope-missing"],
  }),
  createMarketplace: endpoint({
    method: "POST",
    path: "/v1/marketplaces",
    summary: "Make another marketplace; for persons who are admin in one, and are then admin of this one too",
    scope: "person",
    body: createMarketplaceBody,
    answer: z.strictObject({ slug: marketplaceSlug }),
    problems: [...personAsked, "scope-missing", "marketplace-taken", "people-limit"],
  }),
  listPeople: endpoint({
    method: "GET",
    path: "/v1/people",
    summary: "Who has a role in the marketplace, and who is invited",
    scope: "people:read",
    answer: peopleAnswer,
    problems: keyed,
  }),
  invitePerson: endpoint({
    method: "POST",
    path: "/v1/people/invites",
    summary: "Invite somebody: answers a link to hand over; nothing is sent",
    scope: "people:write",
    body: inviteBody,
    answer: inviteAnswer,
    problems: [...keyed, "people-limit"],
  }),
  withdrawInvite: endpoint({
    method: "POST",
    path: "/v1/people/invites/{invite}/withdraw",
    summary: "Take an invite back",
    scope: "people:write",
    params: inviteParams,
    body: done,
    answer: done,
    problems: [...keyed, "not-found"],
  }),
  setRole: endpoint({
    method: "POST",
    path: "/v1/people/{person}/role",
    summary: "Give a person another role in the marketplace",
    scope: "people:write",
    params: personParams,
    body: roleBody,
    answer: person,
    problems: [...keyed, "not-found", "last-admin"],
  }),
  removePerson: endpoint({
    method: "POST",
    path: "/v1/people/{person}/remove",
    summary: "Take a person's role in the marketplace away; without any role the account ends",
    scope: "people:write",
    params: personParams,
    body: done,
    answer: done,
    problems: [...keyed, "not-found", "last-admin"],
  }),
  listKeys: endpoint({
    method: "GET",
    path: "/v1/keys",
    summary: "API keys of the marketplace, newest first",
    scope: "keys:read",
    answer: z.strictObject({ items: z.array(apiKey) }),
    problems: keyed,
  }),
  createKey: endpoint({
    method: "POST",
    path: "/v1/keys",
    summary: "Make an API key with scopes that one has oneself",
    scope: "keys:write",
    body: createKeyBody,
    answer: keyAnswer,
    problems: [...keyed, "people-limit"],
  }),
  rotateKey: endpoint({
    method: "POST",
    path: "/v1/keys/{key}/rotate",
    summary: "Make a key of the same label and scopes; the old one stops after the overlap",
    scope: "keys:write",
    params: keyParams,
    body: rotateKeyBody,
    answer: keyAnswer,
    problems: [...keyed, "not-found", "people-limit"],
  }),
  revokeKey: endpoint({
    method: "POST",
    path: "/v1/keys/{key}/revoke",
    summary: "End an API key; it stops within five seconds",
    scope: "keys:write",
    params: keyParams,
    body: done,
    answer: done,
    problems: [...keyed, "not-found"],
  }),
  listActivity: endpoint({
    method: "GET",
    path: "/v1/activity",
    summary: "What people and keys did, newest first, from the ledger",
    scope: "activity:read",
    query: z.strictObject({ act: personAct.optional(), cursor, limit }),
    answer: page(activity),
    problems: keyed,
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
