import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createPrivateKey, createPublicKey, hash, type KeyObject, randomBytes, sign } from "node:crypto";
import { join } from "node:path";

/** A key of the public log or of a witness cannot be used; the message says what to do. */
export class LogKeyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "LogKeyError";
  }
}

/** Signs notes with an Ed25519 key. */
export interface NoteSigner {
  readonly name: string;
  /** Four bytes in hex, as notes name the key. */
  readonly keyId: string;
  /** 1: a log's; 4: a witness's. */
  readonly type: number;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** `name+keyid+base64(type ‖ key)`. */
  readonly verifierKey: string;
  /** 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");
const rawKey = (key: KeyObject): Buffer => createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);

function signerOf(name: string, type: number, seed: Uint8Array): NoteSigner {
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: "der", type: "pkcs8" });
  const publicKey = rawKey(key);
  const typed = Buffer.concat([Buffer.of(type), publicKey]);
  const keyId = hash("sha256", Buffer.concat([Buffer.from(`${name}\n`), typed]), "hex").slice(0, 8);
  return {
    name,
    keyId,
    type,
    publicKey,
    verifierKey: `${name}+${keyId}+${typed.toString("base64")}`,
    sign: (message) => sign(null, message, key),
  };
}

/** Writes bytes under a name at once and durably: whoever reads finds the old ones or the new ones, whole. */
export function replaceFile(path: string, content: string | Uint8Array, mode = 0o600): void {
  const draft = `${path}.new`;
  const file = openSync(draft, "w", mode);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
  syncFolder(join(path, ".."));
}

function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Makes a key file, readable by its owner alone: the signer's form of notes. Refuses to overwrite. */
export function makeKeyFile(path: string, name: string, type: number): NoteSigner {
  const seed = randomBytes(32);
  const signer = signerOf(name, type, seed);
  mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
  const coded = Buffer.concat([Buffer.of(type), seed]).toString("base64");
  writeFileSync(path, `PRIVATE+KEY+${name}+${signer.keyId}+${coded}\n`, { mode: 0o600, flag: "wx", flush: true });
  syncFolder(join(path, ".."));
  return signer;
}

/** Reads a key file; throws LogKeyError where it is missing, open to others or broken. */
export function readKeyFile(path: string): NoteSigner {
  if (!existsSync(path)) throw new LogKeyError(`The key file ${path} is missing; restore it from its backup`);
  if ((statSync(path).mode & 0o077) !== 0)
    throw new LogKeyError(`The key file ${path} may be read by others; restrict it with: chmod 600 ${path}`);
  const [, name = "", keyId = "", coded = ""] =
    /^PRIVATE\+KEY\+([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)\n$/.exec(readFileSync(path, "utf8")) ?? [];
  const bytes = Buffer.from(coded, "base64");
  const signer = bytes.length === 33 ? signerOf(name, bytes[0] as number, bytes.subarray(1)) : undefined;
  if (signer?.keyId !== keyId) throw new LogKeyError(`The key file ${path} is broken; restore it from its backup`);
  return signer;
}

/** The largest size that was signed, and its root (hex). */
export interface HighWaterMark {
  readonly size: number;
  readonly root: string;
}

const markForm = /^probity log mark 1\n(\d{1,16})\n([0-9a-f]{64})\n$/;

/**
 * Keys and high-water marks of the public logs of this machine, in a folder outside the database: a database that was
 * restored from an older dump cannot take them along.
 */
export class LogKeys {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  #path(slug: string, what: string): string {
    return join(this.#folder, `${slug}.${what}`);
  }

  /** The key of a shard; undefined where there is no file. */
  find(slug: string, shard: number): NoteSigner | undefined {
    const path = this.#path(slug, `${shard}.key`);
    return existsSync(path) ? readKeyFile(path) : undefined;
  }

  /** The key of a shard; throws LogKeyError where it cannot be read. */
  read(slug: string, shard: number): NoteSigner {
    return readKeyFile(this.#path(slug, `${shard}.key`));
  }

  make(slug: string, shard: number, origin: string): NoteSigner {
    return makeKeyFile(this.#path(slug, `${shard}.key`), origin, 1);
  }

  mark(slug: string): HighWaterMark | undefined {
    const path = this.#path(slug, "mark");
    if (!existsSync(path)) return undefined;
    const [, size, root] = markForm.exec(readFileSync(path, "utf8")) ?? [];
    if (size === undefined || root === undefined)
      throw new LogKeyError(`The high-water mark ${path} is broken; restore it from its backup`);
    return { size: Number(size), root };
  }

  /** Durable on return. */
  setMark(slug: string, { size, root }: HighWaterMark): void {
    replaceFile(this.#path(slug, "mark"), `probity log mark 1\n${size}\n${root}\n`);
  }
}
