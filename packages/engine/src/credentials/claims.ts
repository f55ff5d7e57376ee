import { type CredentialSubject, credentialType } from "@probity/contract";
import { issuerUrlOf } from "./did-web.ts";

/** Address of our context on a server. */
export const contextUrlOf = (serverUrl: string): string => `${serverUrl}/credentials/context/v1`;

const terms = "https://probity.dev/credentials/v1#";
const names = [
  "MerchantTrustCredential",
  "RatedMerchant",
  "merchant",
  "rating",
  "score",
  "bound",
  "outOf",
  "grade",
  "policy",
  "day",
  "log",
  "origin",
  "size",
  "root",
  "line",
  "place",
];

/** JSON-LD context of the credential's own words. */
export const contextDocument: object = {
  "@context": { "@protected": true, ...Object.fromEntries(names.map((name) => [name, terms + name])) },
};

/** Everything that is told besides what every credential tells. */
export interface Claims {
  readonly id: string;
  /** did:web of the marketplace. */
  readonly issuer: string;
  readonly subject: CredentialSubject;
  readonly validFromMs: number;
  readonly validUntilMs: number;
  readonly audience: string | undefined;
  readonly statusListUrl: string;
  readonly index: number;
  readonly contextUrl: string;
}

const seconds = (ms: number): number => Math.floor(ms / 1_000);

const statusOf = ({ statusListUrl, index }: Claims): object => ({
  id: `${statusListUrl}#${index}`,
  type: "BitstringStatusListEntry",
  statusPurpose: "revocation",
  statusListIndex: String(index),
  statusListCredential: statusListUrl,
});

/** Payload as a W3C Verifiable Credential 2.0. */
export function vcPayload(claims: Claims): object {
  const { id, issuer, validFromMs, validUntilMs, audience } = claims;
  return {
    "@context": ["https://www.w3.org/ns/credentials/v2", claims.contextUrl],
    id,
    type: ["VerifiableCredential", "MerchantTrustCredential"],
    issuer,
    validFrom: new Date(validFromMs).toISOString(),
    validUntil: new Date(validUntilMs).toISOString(),
    credentialStatus: statusOf(claims),
    credentialSubject: claims.subject,
    iss: issuer,
    jti: id,
    iat: seconds(validFromMs),
    exp: seconds(validUntilMs),
    ...(audience === undefined ? {} : { aud: audience }),
  };
}

/** Payload of an SD-JWT VC before anything of it is withheld. */
export function sdJwtPayload(claims: Claims): { readonly credentialSubject: CredentialSubject } {
  const { id, issuer, validFromMs, validUntilMs, audience } = claims;
  return {
    iss: issuerUrlOf(issuer),
    vct: credentialType,
    jti: id,
    iat: seconds(validFromMs),
    nbf: seconds(validFromMs),
    exp: seconds(validUntilMs),
    ...(audience === undefined ? {} : { aud: audience }),
    credentialStatus: statusOf(claims),
    credentialSubject: claims.subject,
  } as { readonly credentialSubject: CredentialSubject };
}
