import { hash } from "node:crypto";
import { readCodedJson } from "./jwt.ts";
import { CredentialRefused } from "./refused.ts";

const digestOf = (disclosure: string): string => hash("sha256", disclosure, "base64url");

/** Fields of the subject that a holder may withhold: who it is. */
const withheld = ["merchant", "name"] as const;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Takes the merchant's id and name out of a payload and puts their digests there (RFC 9901).
 * @param salt 128 random bits in base64url for each field.
 */
export function withhold(
  payload: { readonly credentialSubject: Fields },
  salt: () => string,
): { payload: object; disclosures: string[] } {
  const subject: Record<string, unknown> = { ...payload.credentialSubject };
  const disclosures = withheld
    .filter((name) => subject[name] !== undefined)
    .map((name) => {
      const disclosure = Buffer.from(JSON.stringify([salt(), name, subject[name]])).toString("base64url");
      delete subject[name];
      return disclosure;
    });
  const digests = disclosures.map(digestOf).sort();
  return {
    payload: { ...payload, credentialSubject: { _sd: digests, ...subject }, _sd_alg: "sha-256" },
    disclosures,
  };
}

/** The JWT and the disclosures of an SD-JWT; key binding is not asked for and not taken. */
export function splitSdJwt(text: string): { jwt: string; disclosures: string[] } {
  const [jwt = "", ...rest] = text.split("~");
  if (rest.at(-1) !== "")
    throw new CredentialRefused("malformed", "The SD-JWT does not end with ~: key binding is not taken");
  return { jwt, disclosures: rest.slice(0, -1) };
}

/** The payload with what is disclosed of its subject put back; every disclosure must belong there. */
export function disclosed(payload: Fields, disclosures: readonly string[]): Fields {
  const { _sd_alg: algorithm = "sha-256", ...claims } = payload;
  if (algorithm !== "sha-256")
    throw new CredentialRefused("algorithm", `The SD-JWT has digests by ${JSON.stringify(algorithm)}, not sha-256`);
  const { _sd: digests = [], ...subject } = (claims["credentialSubject"] ?? {}) as Fields;
  const open = new Set(Array.isArray(digests) ? (digests as unknown[]) : []);
  const shown: Record<string, unknown> = { ...subject };
  for (const disclosure of disclosures) {
    const value = readCodedJson(disclosure, "A disclosure");
    const [salt, name, content] = Array.isArray(value) ? (value as unknown[]) : [];
    const isField = Array.isArray(value) && value.length === 3 && typeof salt === "string" && typeof name === "string";
    if (!isField || name === "_sd" || name === "...")
      throw new CredentialRefused("malformed", "A disclosure is not a salt, a name and a value");
    if (!open.delete(digestOf(disclosure)))
      throw new CredentialRefused(
        "signature",
        `The disclosure of ${JSON.stringify(name)} does not belong to the SD-JWT`,
      );
    if (Object.hasOwn(shown, name))
      throw new CredentialRefused("duplicate-key", `The SD-JWT tells ${JSON.stringify(name)} twice`);
    shown[name] = content;
  }
  return { ...claims, credentialSubject: shown };
}
