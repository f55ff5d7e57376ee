import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CredentialSubject } from "@probity/contract";
import { CredentialKeys, type CredentialSigner } from "../platform/credential-keys.ts";
import type { Claims } from "./claims.ts";
import { type IssuerKey, sdJwtPayload, vcPayload } from "./index.ts";
import { withhold } from "./sd-jwt.ts";
import { statusListClaims } from "./status-list.ts";
import type { VerifyOptions } from "./verify.ts";

export const nowMs: number = Date.UTC(2026, 10, 20, 12);
export const dayMs = 86_400_000;
export const did = "did:web:trust.example:credentials:main";
export const statusUrl = "https://trust.example/credentials/main/status/1";

export const makeSigner = (): CredentialSigner =>
  new CredentialKeys(mkdtempSync(join(tmpdir(), "probity-credentials-"))).make("main");

export const signer: CredentialSigner = makeSigner();

export const subject: CredentialSubject = {
  type: "RatedMerchant",
  merchant: "m1",
  name: "茶馆",
  rating: { score: 873, bound: 841, outOf: 1_000, grade: "AA", policy: "0a".repeat(32), day: "2026-11-20" },
  log: {
    origin: "trust.example/log/main",
    size: 4_217,
    root: "0b".repeat(32),
    line: '["m:x","rated",873]',
    place: 4_001,
  },
};

export const claims = (changed: Partial<Claims> = {}): Claims => ({
  id: "urn:uuid:4a1f4d4e-0000-4000-8000-000000000001",
  issuer: did,
  subject,
  validFromMs: nowMs - dayMs,
  validUntilMs: nowMs + 29 * dayMs,
  audience: undefined,
  statusListUrl: statusUrl,
  index: 70_001,
  contextUrl: "https://trust.example/credentials/context/v1",
  ...changed,
});

export const vcHeader: Readonly<Record<string, string>> = { typ: "vc+jwt", kid: `${did}#${signer.kid}` };

/** A credential as a JWT, of claims and payload that may be changed before it is signed. */
export async function makeVc(changed: Partial<Claims> = {}, edit: (payload: never) => object = (payload) => payload) {
  return signer.sign(vcHeader, edit(vcPayload(claims(changed)) as never));
}

let salts = 0;
const salt = (): string => Buffer.from(`salt of sixteen ${(salts += 1)}`).toString("base64url");

/** The same as an SD-JWT VC. */
export async function makeSdJwt(changed: Partial<Claims> = {}): Promise<{ jwt: string; disclosures: string[] }> {
  const { payload, disclosures } = withhold(sdJwtPayload(claims(changed)), salt);
  return { jwt: await signer.sign({ typ: "dc+sd-jwt", kid: signer.kid }, payload), disclosures };
}

/** A status list with places set. */
export async function makeList(
  places: readonly number[] = [],
  edit: (payload: never) => object = (payload) => payload,
  header: Readonly<Record<string, string>> = vcHeader,
): Promise<string> {
  return signer.sign(header, edit(statusListClaims(did, statusUrl, places, nowMs) as never));
}

/** Options that know one issuer and note what was asked for. */
export function optionsOf(list: string, changed: Partial<VerifyOptions> = {}): VerifyOptions & { asked: string[] } {
  const asked: string[] = [];
  const keys: readonly IssuerKey[] = [{ kid: signer.kid, jwk: signer.jwk }];
  return {
    nowMs,
    keysOf: async (issuer) => {
      asked.push(issuer);
      return issuer === did ? keys : undefined;
    },
    statusListOf: async (address) => {
      asked.push(address);
      return list;
    },
    ...changed,
    asked,
  };
}
