import { hash } from "node:crypto";
import { didWeb, type PublicJwk, publicJwk } from "@probity/contract";
import { CredentialRefused } from "./refused.ts";
import { readStrictJson } from "./strict-json.ts";

/** A key of an issuer and the name that tokens give it. */
export interface IssuerKey {
  readonly kid: string;
  readonly jwk: PublicJwk;
}

/** RFC 7638 thumbprint of a public key. */
export function thumbprint({ crv, kty, x, y }: PublicJwk): string {
  return hash("sha256", JSON.stringify({ crv, kty, x, y }), "base64url");
}

/** did:web of a marketplace on a server: its document lies at `<server>/credentials/<slug>/did.json`. */
export function didOf(serverUrl: string, slug: string): string {
  return `did:web:${new URL(serverUrl).host.replace(":", "%3A")}:credentials:${slug}`;
}

/** Whether a host is this very machine: nothing but that may be reached without TLS. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127\.0\.0\.1)(:\d+)?$/.test(host);
}

/** Host of a did:web, with its port where it has one; undefined where it is no did:web. Addresses in figures are none. */
export function hostOf(did: string): string | undefined {
  if (!didWeb.safeParse(did).success) return undefined;
  const host = (did.split(":")[2] ?? "").replace("%3A", ":");
  return isLoopback(host) || !/\.\d+(:\d+)?$/.test(host) ? host : undefined;
}

/** Where a did:web stands on its host: `https://trust.example/credentials/main`. */
export function issuerUrlOf(did: string): string {
  const host = hostOf(did) ?? "";
  const names = did.split(":").slice(3);
  return [`${isLoopback(host) ? "http" : "https"}://${host}`, ...names].join("/");
}

/** The did:web that stands at an address; undefined where none can. */
export function didAt(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { host, pathname } = new URL(address);
  const did = `did:web:${host.replace(":", "%3A")}${pathname.replace(/\/$/, "").replaceAll("/", ":")}`;
  return hostOf(did) !== undefined && issuerUrlOf(did) === address ? did : undefined;
}

/** Address of the DID document of a did:web. */
export function documentUrlOf(did: string): string {
  return `${issuerUrlOf(did)}${did.split(":").length === 3 ? "/.well-known" : ""}/did.json`;
}

/** The DID document that names an issuer's keys. */
export function didDocument(did: string, keys: readonly IssuerKey[]): object {
  return {
    "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
    id: did,
    verificationMethod: keys.map(({ kid, jwk }) => ({
      id: `${did}#${kid}`,
      type: "JsonWebKey",
      controller: did,
      publicKeyJwk: { ...jwk, kid, use: "sig", alg: "ES256" },
    })),
    assertionMethod: keys.map(({ kid }) => `${did}#${kid}`),
  };
}

type Told = Readonly<Record<string, unknown>>;
const told = (value: unknown): Told => (typeof value === "object" && value !== null ? (value as Told) : {});
const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/**
 * Keys of ES256 that a DID document lets its subject assert with; of other kinds it may have as many as it likes. Throws
 * CredentialRefused where it is not this subject's.
 */
export function keysOfDocument(text: string, did: string): IssuerKey[] {
  const document = told(readStrictJson(text, `The DID document of ${did}`));
  if (document["id"] !== did)
    throw new CredentialRefused("issuer-unknown", `The DID document is of ${String(document["id"])}, not of ${did}`);
  const absolute = (id: unknown): string => (String(id).startsWith("#") ? did : "") + String(id);
  const methods = items(document["verificationMethod"]).map(told);
  const asserting = items(document["assertionMethod"]).flatMap((entry): Told[] =>
    typeof entry === "string" ? methods.filter(({ id }) => absolute(id) === absolute(entry)) : [told(entry)],
  );
  return asserting.flatMap(({ id, controller, publicKeyJwk }): IssuerKey[] => {
    const { kty, crv, x, y } = told(publicKeyJwk);
    const jwk = publicJwk.safeParse({ kty, crv, x, y });
    const name = absolute(id);
    if (!jwk.success || controller !== did || !name.startsWith(`${did}#`)) return [];
    return [{ kid: name.slice(did.length + 1), jwk: jwk.data }];
  });
}
