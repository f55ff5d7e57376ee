import { hash } from "node:crypto";
import {
  type CredentialFormat,
  credentialSubject,
  type CredentialSubject,
  credentialType,
  limits,
  statusEntry,
  statusListPayload,
} from "@probity/contract";
import { z } from "zod";
import { didAt, hostOf, isLoopback, type IssuerKey } from "./did-web.ts";
import { checkSignature, type Jwt, readJwt } from "./jwt.ts";
import { CredentialRefused } from "./refused.ts";
import { disclosed, splitSdJwt } from "./sd-jwt.ts";
import { isSet } from "./status-list.ts";

/** What a verification is told, and through what alone it reaches the outside. */
export interface VerifyOptions {
  readonly nowMs: number;
  /** Who verifies: a credential that is meant for somebody must be meant for one of these. */
  readonly audiences?: readonly string[];
  /** Keys of an issuer; undefined where it is not known or not believed. */
  keysOf(issuer: string): Promise<readonly IssuerKey[] | undefined>;
  /** Text of a status list; without it revocation is not checked. Asked for addresses of the issuer's own host alone. */
  readonly statusListOf?: ((address: string) => Promise<string>) | undefined;
  /** Further hosts at which a status list may lie. */
  readonly hosts?: readonly string[];
}

export interface VerifiedCredential {
  readonly format: CredentialFormat;
  readonly id: string | undefined;
  readonly issuer: string;
  /** SHA-256 of what the issuer signed, hex. */
  readonly hash: string;
  readonly validFromMs: number;
  readonly validUntilMs: number;
  readonly audience: readonly string[];
  readonly subject: CredentialSubject;
  readonly isStatusChecked: boolean;
}

/** Clocks of two servers may differ by so much: a credential may be taken in the moment in which it is issued. */
const skewMs = 60_000;
const dayMs = 86_400_000;

/** Hash under which the ledger knows a credential: of what the issuer signed, whatever its holder withholds. */
export const hashOf = (text: string): string => hash("sha256", text.split("~")[0] ?? "", "hex");

const time = z.iso.datetime({ offset: true });
const seconds = z.number().min(0).max(100_000_000_000);
const audience = z.union([z.string(), z.array(z.string()).min(1).max(20)]);
const registered = {
  iss: z.string().optional(),
  jti: z.string().optional(),
  aud: audience.optional(),
  exp: seconds.optional(),
  nbf: seconds.optional(),
};

const vcForm = z.looseObject({
  ...registered,
  "@context": z.array(z.unknown()).refine(([first]) => first === "https://www.w3.org/ns/credentials/v2", {
    message: "must begin with https://www.w3.org/ns/credentials/v2",
  }),
  id: z.string().optional(),
  type: z
    .array(z.string())
    .refine((types) => ["VerifiableCredential", "MerchantTrustCredential"].every((name) => types.includes(name)), {
      message: "must hold VerifiableCredential and MerchantTrustCredential",
    }),
  issuer: z.string(),
  validFrom: time,
  validUntil: time,
  credentialStatus: statusEntry,
  credentialSubject,
});

const sdForm = z.looseObject({
  ...registered,
  iss: z.string(),
  vct: z.literal(credentialType),
  nbf: seconds,
  exp: seconds,
  credentialStatus: statusEntry,
  credentialSubject,
});

/** Reads a payload by its schema; the message names field and rule. */
function parsed<T>(schema: z.ZodType<T>, value: unknown, code: "malformed" | "status-invalid", what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new CredentialRefused(code, `${what}: ${issue?.path.join(".") ?? ""} ${issue?.message ?? "breaks its form"}`);
}

/** What both forms say, not believed yet. */
interface Said extends Omit<VerifiedCredential, "hash" | "isStatusChecked"> {
  readonly jwt: Jwt;
  readonly status: z.infer<typeof statusEntry>;
}

const listOf = (value: string | string[] | undefined): string[] => (value === undefined ? [] : [value].flat());

function readVc(text: string): Said {
  const jwt = readJwt(text, "vc+jwt", limits.credentialBytes, "the credential");
  const payload = parsed(vcForm, jwt.payload, "malformed", "The credential");
  const { issuer, iss = issuer, exp, nbf, validFrom, validUntil, credentialStatus } = payload;
  if (iss !== issuer)
    throw new CredentialRefused("malformed", `The credential names two issuers, ${issuer} and ${iss}`);
  return {
    jwt,
    format: "vc+jwt",
    id: payload.id,
    issuer,
    validFromMs: Math.max(Date.parse(validFrom), (nbf ?? 0) * 1_000),
    validUntilMs: Math.min(Date.parse(validUntil), (exp ?? Infinity) * 1_000),
    audience: listOf(payload.aud),
    subject: payload.credentialSubject,
    status: credentialStatus,
  };
}

function readSdJwt(text: string): Said {
  if (Buffer.byteLength(text) > limits.credentialBytes)
    throw new CredentialRefused("oversize", `The credential is larger than ${limits.credentialBytes} bytes`);
  const { jwt: token, disclosures } = splitSdJwt(text);
  const jwt = readJwt(token, "dc+sd-jwt", limits.credentialBytes, "the credential");
  const payload = parsed(sdForm, disclosed(jwt.payload, disclosures), "malformed", "The credential");
  const issuer = didAt(payload.iss);
  if (issuer === undefined)
    throw new CredentialRefused("issuer-unknown", `The issuer ${payload.iss.slice(0, 200)} is no address of a did:web`);
  return {
    jwt,
    format: "dc+sd-jwt",
    id: payload.jti,
    issuer,
    validFromMs: payload.nbf * 1_000,
    validUntilMs: payload.exp * 1_000,
    audience: listOf(payload.aud),
    subject: payload.credentialSubject,
    status: payload.credentialStatus,
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();

function checkTime({ validFromMs, validUntilMs }: Said, nowMs: number): void {
  if (validFromMs > nowMs + skewMs)
    throw new CredentialRefused("not-yet-valid", `The credential is valid from ${iso(validFromMs)} on, not yet`);
  if (validUntilMs <= nowMs) throw new CredentialRefused("expired", `The credential expired at ${iso(validUntilMs)}`);
  if (validUntilMs - validFromMs > limits.credentialDays * dayMs)
    throw new CredentialRefused("too-long", `The credential is valid for more than ${limits.credentialDays} days`);
}

function checkAudience({ audience: meant }: Said, audiences: readonly string[]): void {
  if (meant.length === 0 || meant.some((name) => audiences.includes(name))) return;
  throw new CredentialRefused(
    "audience",
    `The credential is meant for ${meant.join(", ").slice(0, 200)}, not for ${audiences.join(", ") || "everybody"}`,
  );
}

/** The address of the status list; refused where it is anywhere but at the issuer's own host, before anybody asks there. */
function statusAddress({ issuer, status }: Said, hosts: readonly string[]): string {
  const own = hostOf(issuer);
  if (own === undefined)
    throw new CredentialRefused("issuer-unknown", `The issuer ${issuer.slice(0, 200)} is no did:web`);
  const address = status.statusListCredential;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const scheme = isLoopback(own) ? "http:" : "https:";
  const isPlain = url?.username === "" && url.password === "" && url.hash === "" && url.href === address;
  if (url === undefined || !isPlain || (url.protocol !== scheme && url.protocol !== "https:"))
    throw new CredentialRefused("status-foreign", `The status list ${address.slice(0, 200)} is no plain https address`);
  if (url.host !== own && !hosts.includes(url.host))
    throw new CredentialRefused(
      "status-foreign",
      `The credential names a status list at ${url.host}, which is not its issuer's own host ${own}; it was not asked for`,
    );
  return address;
}

async function checkStatus(
  said: Said,
  address: string,
  text: string,
  keys: readonly IssuerKey[],
  nowMs: number,
): Promise<void> {
  const what = "the status list";
  const jwt = readJwt(text, "vc+jwt", limits.statusListBytes, what);
  const list = parsed(statusListPayload, jwt.payload, "status-invalid", "The status list");
  if (list.issuer !== said.issuer)
    throw new CredentialRefused(
      "status-issuer",
      `The status list is of ${list.issuer.slice(0, 200)}, not of ${said.issuer}`,
    );
  await checkSignature(jwt, said.issuer, keys, what);
  if (list.id !== address)
    throw new CredentialRefused("status-invalid", `The status list is ${list.id.slice(0, 200)}, not ${address}`);
  if (Date.parse(list.validFrom) > nowMs + skewMs)
    throw new CredentialRefused("status-expired", `The status list is valid from ${list.validFrom} on, not yet`);
  if (Date.parse(list.validUntil) <= nowMs)
    throw new CredentialRefused("status-expired", `The status list expired at ${list.validUntil}`);
  if (isSet(list.credentialSubject.encodedList, Number(said.status.statusListIndex)))
    throw new CredentialRefused("revoked", "The credential was revoked by its issuer");
}

/**
 * Verifies a merchant trust credential in either form: everything that needs no question first, then the issuer's keys,
 * the signature and the status list. Throws CredentialRefused naming the first rule that it breaks.
 */
export async function verifyCredential(text: string, options: VerifyOptions): Promise<VerifiedCredential> {
  const { nowMs, audiences = [], statusListOf, hosts = [] } = options;
  const { jwt, status, ...said } = text.includes("~") ? readSdJwt(text) : readVc(text);
  const whole = { jwt, status, ...said };
  const address = statusAddress(whole, hosts);
  checkTime(whole, nowMs);
  checkAudience(whole, audiences);
  const keys = await options.keysOf(said.issuer);
  if (keys === undefined)
    throw new CredentialRefused("issuer-unknown", `The issuer ${said.issuer} is not one whose credentials are taken`);
  await checkSignature(jwt, said.issuer, keys, "the credential");
  if (statusListOf !== undefined) await checkStatus(whole, address, await statusListOf(address), keys, nowMs);
  return { ...said, hash: hashOf(text), isStatusChecked: statusListOf !== undefined };
}
