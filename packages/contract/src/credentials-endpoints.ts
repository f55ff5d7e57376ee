import { z } from "zod";
import {
  credentialAnswer,
  credentialId,
  credentialIssuer,
  credentialKeys,
  credentialRecord,
  didWeb,
  importBody,
  importRecord,
  issueBody,
  issuerRecord,
  reasonBody,
} from "./credentials.ts";
import { cursor, done, endpoint, keyed, limit, page } from "./endpoint-parts.ts";
import { id } from "./primitives.ts";
import type { ProblemCode } from "./problems.ts";

const sent: readonly ProblemCode[] = [...keyed, "content-type", "body-not-json"];
const list = z.strictObject({ merchant: id.optional(), cursor, limit });

/** Merchant trust credentials; what verifiers read stands below /credentials. */
export const credentialsEndpoints = {
  issueCredential: endpoint({
    method: "POST",
    path: "/v1/credentials/merchants/{merchant}",
    summary: "Issue a credential of a merchant's rating; to renew one, issue another",
    scope: "credentials:write",
    params: z.strictObject({ merchant: id }),
    body: issueBody,
    answer: credentialAnswer,
    problems: [...sent, "not-found", "credential-state", "log-state"],
  }),
  listCredentials: endpoint({
    method: "GET",
    path: "/v1/credentials",
    summary: "Issued credentials, newest first",
    scope: "credentials:read",
    query: list,
    answer: page(credentialRecord),
    problems: keyed,
  }),
  readCredential: endpoint({
    method: "GET",
    path: "/v1/credentials/{credential}",
    summary: "One issued credential with its text",
    scope: "credentials:read",
    params: z.strictObject({ credential: credentialId }),
    answer: credentialAnswer,
    problems: [...keyed, "not-found"],
  }),
  revokeCredential: endpoint({
    method: "POST",
    path: "/v1/credentials/{credential}/revoke",
    summary: "Revoke a credential for good; its bit in the status list is set at once",
    scope: "credentials:write",
    params: z.strictObject({ credential: credentialId }),
    body: reasonBody,
    answer: credentialRecord,
    problems: [...sent, "not-found", "credential-state"],
  }),
  readCredentialKeys: endpoint({
    method: "GET",
    path: "/v1/credentials/keys",
    summary: "Under which name and keys the marketplace issues credentials",
    scope: "credentials:read",
    answer: credentialKeys,
    problems: keyed,
  }),
  rotateCredentialKey: endpoint({
    method: "POST",
    path: "/v1/credentials/keys/rotate",
    summary: "Sign with a new key; old ones stay for verification, or are retired",
    scope: "credentials:write",
    body: z.strictObject({
      retireOld: z
        .boolean()
        .default(false)
        .meta({ description: "For a key that leaked: what the old ones signed does not verify any more" }),
    }),
    answer: credentialKeys,
    problems: [...sent, "credential-state"],
  }),
  importCredential: endpoint({
    method: "POST",
    path: "/v1/credentials/imports",
    summary: "Take a credential that another marketplace issued, for a merchant here",
    scope: "credentials:write",
    body: importBody,
    answer: importRecord,
    problems: [...sent, "not-found", "credential-refused", "credential-state"],
  }),
  listImports: endpoint({
    method: "GET",
    path: "/v1/credentials/imports",
    summary: "Credentials of other marketplaces, the latest import first",
    scope: "credentials:read",
    query: list,
    answer: page(importRecord),
    problems: keyed,
  }),
  removeImport: endpoint({
    method: "POST",
    path: "/v1/credentials/imports/{import}/remove",
    summary: "Let an imported credential count no more from today on",
    scope: "credentials:write",
    params: z.strictObject({ import: credentialId }),
    body: reasonBody,
    answer: importRecord,
    problems: [...sent, "not-found", "credential-state"],
  }),
  setCredentialIssuer: endpoint({
    method: "POST",
    path: "/v1/credentials/issuers",
    summary: "Take credentials of another marketplace: its keys, pinned, and a weight; again, to change them",
    scope: "credentials:write",
    body: credentialIssuer,
    answer: issuerRecord,
    problems: [...sent, "credential-state"],
  }),
  listCredentialIssuers: endpoint({
    method: "GET",
    path: "/v1/credentials/issuers",
    summary: "Marketplaces whose credentials are taken",
    scope: "credentials:read",
    answer: z.strictObject({ items: z.array(issuerRecord) }),
    problems: keyed,
  }),
  removeCredentialIssuer: endpoint({
    method: "POST",
    path: "/v1/credentials/issuers/{issuer}/remove",
    summary: "Take no more credentials of a marketplace; those that were imported count no more from today on",
    scope: "credentials:write",
    params: z.strictObject({ issuer: didWeb }),
    body: done,
    answer: z.strictObject({ removed: z.int().min(0).meta({ description: "Imports that count no more" }) }),
    problems: [...sent, "not-found"],
  }),
} as const;
