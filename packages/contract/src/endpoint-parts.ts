import { z } from "zod";
import { subjectKind } from "./facts.ts";
import type { ApiKeyScope } from "./ledger.ts";
import { limits } from "./limits.ts";
import { id } from "./primitives.ts";
import type { ProblemCode } from "./problems.ts";

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

export const day = z.iso.date();
export const seq = z.coerce.number().pipe(z.int().min(0));
export const cursor = z.string().max(500).optional();
export const limit = z.coerce.number().pipe(z.int().min(1).max(limits.pageRows)).default(50);
export const page = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });
export const subject = z.strictObject({ kind: subjectKind, id });
export const policyId = z.strictObject({ policy: z.string().regex(/^[0-9a-f]{64}$/) });
export const deadLetterId = z.strictObject({ deadLetter: z.string().regex(/^\d{1,18}$/) });
export const keyed: readonly ProblemCode[] = [
  "key-missing",
  "key-unknown",
  "session-missing",
  "scope-missing",
  "marketplace-missing",
  "marketplace-foreign",
  "origin-foreign",
  "request-invalid",
];
export const sessionAsked: readonly ProblemCode[] = [
  "origin-foreign",
  "request-invalid",
  "content-type",
  "body-not-json",
];
export const personAsked: readonly ProblemCode[] = [...sessionAsked, "session-missing"];
export const done = z.strictObject({});
export const ofMerchant = z.strictObject({ merchant: id, id });
export const thousandths = z.coerce.number().pipe(z.int().min(0).max(1_000));

export function endpoint<const E extends Endpoint>(definition: E): E {
  return definition;
}
