import * as crypto from "node:crypto";

/**
 * Argon2id (RFC 9106), 19 MiB, two passes, one lane: the least that OWASP's password storage cheat sheet (2025)
 * recommends. More memory would let a burst of sign-ins take the machine down.
 */
const memoryKib = 19_456;
const passes = 2;
const lanes = 1;
const tagBytes = 32;
export const saltBytes = 16;

interface Parameters {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

function derive(password: string, nonce: Uint8Array, parameters: Parameters, tagLength: number): Promise<Buffer> {
  const { argon2 } = crypto;
  if (typeof argon2 !== "function") {
    throw new TypeError(
      `Passwords need argon2, which Node ${process.version} lacks: run Probity on Node 24.7 or newer`,
    );
  }
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  // NFKC, so that a password typed on another keyboard is the same one (NIST SP 800-63B, 3.1.1.2).
  argon2("argon2id", { message: password.normalize("NFKC"), nonce, tagLength, ...parameters }, (error, key) => {
    if (error === null) resolve(key);
    else reject(error);
  });
  return promise;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64").replaceAll("=", "");

/** Hash of a password as a PHC string. `salt` is 16 random bytes of its own. */
export async function hashPassword(password: string, salt: Uint8Array): Promise<string> {
  const key = await derive(password, salt, { memory: memoryKib, passes, parallelism: lanes }, tagBytes);
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${lanes}$${base64(salt)}$${base64(key)}`;
}

/** Whether a password has this hash; in constant time. A hash of another form is nobody's. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(hash);
  if (match === null) return false;
  const [, memory, iterations, parallelism, salt = "", key = ""] = match;
  const wanted = Buffer.from(key, "base64");
  const parameters = { memory: Number(memory), passes: Number(iterations), parallelism: Number(parallelism) };
  const derived = await derive(password, Buffer.from(salt, "base64"), parameters, wanted.length);
  return crypto.timingSafeEqual(derived, wanted);
}
