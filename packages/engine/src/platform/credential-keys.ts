import { createPrivateKey, generateKeyPairSync, hash, type JsonWebKey, type KeyObject } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CompactSign } from "jose/jws/compact/sign";

/** A key that signs credentials cannot be used; the message says what to do. */
export class CredentialKeyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "CredentialKeyError";
  }
}

/** Public part of a key of ES256 (RFC 7517). */
export interface PublicKey {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
}

/** Signs JWTs by ES256. */
export interface CredentialSigner {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  readonly jwk: PublicKey;
  sign(header: Readonly<Record<string, string>>, payload: object): Promise<string>;
}

function signerOf(key: KeyObject): CredentialSigner {
  const { x = "", y = "" } = key.export({ format: "jwk" });
  const jwk = { kty: "EC", crv: "P-256", x, y } as const;
  return {
    kid: hash("sha256", JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x, y }), "base64url"),
    jwk,
    sign: (header, payload) =>
      new CompactSign(Buffer.from(JSON.stringify(payload))).setProtectedHeader({ ...header, alg: "ES256" }).sign(key),
  };
}

function readKey(path: string): KeyObject {
  try {
    const key = createPrivateKey({ key: JSON.parse(readFileSync(path, "utf8")) as JsonWebKey, format: "jwk" });
    if (key.asymmetricKeyDetails?.namedCurve === "prime256v1") return key;
  } catch {
    // Said below: whatever is wrong with it, the backup is the way out.
  }
  throw new CredentialKeyError(`The key file ${path} is broken; restore it from its backup`);
}

/** Private keys that sign credentials, as JWK in files of a folder outside the database: `<slug>.<kid>.jwk`. */
export class CredentialKeys {
  readonly #folder: string;
  readonly #signers = new Map<string, CredentialSigner>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  #path(slug: string, kid: string): string {
    return join(this.#folder, `${slug}.${kid}.jwk`);
  }

  /** Makes a key; its file is durable on return and readable by its owner alone. */
  make(slug: string): CredentialSigner {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const signer = signerOf(privateKey);
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const text = `${JSON.stringify({ ...privateKey.export({ format: "jwk" }), kid: signer.kid, alg: "ES256" })}\n`;
    writeFileSync(this.#path(slug, signer.kid), text, { mode: 0o600, flag: "wx", flush: true });
    return signer;
  }

  /** The key of that thumbprint; throws CredentialKeyError where it is missing, open to others or broken. */
  read(slug: string, kid: string): CredentialSigner {
    const path = this.#path(slug, kid);
    if (!existsSync(path)) throw new CredentialKeyError(`The key file ${path} is missing; restore it from its backup`);
    if ((statSync(path).mode & 0o077) !== 0)
      throw new CredentialKeyError(`The key file ${path} may be read by others; restrict it with: chmod 600 ${path}`);
    const known = this.#signers.get(path);
    if (known !== undefined) return known;
    const signer = signerOf(readKey(path));
    if (signer.kid !== kid) throw new CredentialKeyError(`The key file ${path} holds another key than its name says`);
    this.#signers.set(path, signer);
    return signer;
  }
}
