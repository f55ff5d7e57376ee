import { compactVerify } from "jose/jws/compact/verify";
import type { IssuerKey } from "./did-web.ts";
import { CredentialRefused } from "./refused.ts";
import { readStrictJson } from "./strict-json.ts";

/** A JWT that was taken apart and is not believed yet. */
export interface Jwt {
  readonly text: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
}

const strictText = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes of base64url in its one canonical form: otherwise a changed letter could stand for the same bytes. */
export function fromBase64url(text: string, what: string): Buffer {
  const bytes = Buffer.from(text, "base64url");
  if (text === "" || bytes.toString("base64url") !== text)
    throw new CredentialRefused("malformed", `${what} is not base64url`);
  return bytes;
}

/** JSON behind base64url; throws CredentialRefused naming `what`. */
export function readCodedJson(coded: string, what: string): unknown {
  const bytes = fromBase64url(coded, what);
  let text: string;
  try {
    text = strictText.decode(bytes);
  } catch {
    throw new CredentialRefused("malformed", `${what} is not UTF-8`);
  }
  return readStrictJson(text, what);
}

function readObject(coded: string, what: string): Readonly<Record<string, unknown>> {
  const value = readCodedJson(coded, what);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new CredentialRefused("malformed", `${what} is not a JSON object`);
  return value as Readonly<Record<string, unknown>>;
}

/** Parameters by which a token would bring its own key along, or change how it is read. */
const keyBringing = ["jwk", "jku", "x5c", "x5u", "crit", "b64", "zip"];

function checkHeader(header: Jwt["header"], typ: string, what: string): void {
  const { alg } = header;
  if (alg === "none") throw new CredentialRefused("algorithm", `${what} is not signed (alg none)`);
  if (typeof alg === "string" && alg.startsWith("HS"))
    throw new CredentialRefused("algorithm", `${what} is signed by a shared secret (alg ${alg}), not by ES256`);
  if (alg !== "ES256")
    throw new CredentialRefused("algorithm", `${what} has the algorithm ${JSON.stringify(alg) ?? "none"}, not ES256`);
  if (header["typ"] !== typ)
    throw new CredentialRefused("type", `${what} has the typ ${JSON.stringify(header["typ"]) ?? "none"}, not ${typ}`);
  const own = keyBringing.find((name) => Object.hasOwn(header, name));
  if (own !== undefined) throw new CredentialRefused("algorithm", `${what} has ${own} in its header`);
}

/** Takes a JWT of ES256 apart without believing it; throws CredentialRefused naming `what`. */
export function readJwt(text: string, typ: string, bytesMax: number, what: string): Jwt {
  if (Buffer.byteLength(text) > bytesMax)
    throw new CredentialRefused("oversize", `${what} is larger than ${bytesMax} bytes`);
  const parts = text.split(".");
  const [head = "", body = "", signature = ""] = parts;
  if (parts.length !== 3) throw new CredentialRefused("malformed", `${what} is not a JWT of three parts`);
  const header = readObject(head, `The header of ${what}`);
  checkHeader(header, typ, what);
  const payload = readObject(body, `The payload of ${what}`);
  if (fromBase64url(signature, `The signature of ${what}`).length !== 64)
    throw new CredentialRefused("signature", `The signature of ${what} has not the 64 bytes of ES256`);
  return { text, header, payload };
}

/** Checks a signature by the issuer's key that the header names. */
export async function checkSignature(
  { text, header }: Jwt,
  issuer: string,
  keys: readonly IssuerKey[],
  what: string,
): Promise<void> {
  const { kid } = header;
  const key = keys.find((item) => item.kid === kid || `${issuer}#${item.kid}` === kid);
  if (key === undefined)
    throw new CredentialRefused(
      "key-unknown",
      `${what} names the key ${JSON.stringify(kid) ?? "none"}, which ${issuer} does not have`,
    );
  const { kty, crv, x, y } = key.jwk;
  try {
    await compactVerify(text, { kty, crv, x, y, alg: "ES256" }, { algorithms: ["ES256"] });
  } catch {
    throw new CredentialRefused(
      "signature",
      `The signature of ${what} is not right: it was changed, or not made by ${issuer}`,
    );
  }
}
