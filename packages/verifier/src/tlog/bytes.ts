const text = new TextEncoder();
const strictText = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What was read breaks a rule of its format; the message names the field and the rule. */
export class FormatError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "FormatError";
  }
}

export const utf8 = (value: string): Uint8Array => text.encode(value);

/** Text of bytes; throws FormatError where they are not UTF-8. */
export function textOf(bytes: Uint8Array, what: string): string {
  try {
    return strictText.decode(bytes);
  } catch {
    throw new FormatError(`${what} is not UTF-8`);
  }
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const places: ReadonlyMap<string, number> = new Map([...standard].map((letter, place) => [letter, place]));

/** Standard base64 with padding (RFC 4648, section 4). */
export function base64(bytes: Uint8Array): string {
  let out = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const left = Math.min(3, bytes.length - at);
    const bits = ((bytes[at] as number) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let place = 0; place < 4; place += 1)
      out += place > left ? "=" : standard.charAt((bits >> (18 - 6 * place)) & 63);
  }
  return out;
}

/** Bytes of standard base64 with padding, in its one canonical form; throws FormatError naming `what`. */
export function fromBase64(value: string, what: string): Uint8Array {
  const body = value.replace(/={1,2}$/, "");
  if (value.length % 4 !== 0 || body.length % 4 === 1) throw new FormatError(`${what} is not base64 with padding`);
  const bytes = new Uint8Array(Math.floor((body.length * 3) / 4));
  let [bits, held, at] = [0, 0, 0];
  for (const letter of body) {
    const place = places.get(letter);
    if (place === undefined) throw new FormatError(`${what} is not base64: ${JSON.stringify(letter)}`);
    bits = ((bits << 6) | place) & 0xfff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[at] = (bits >> held) & 255;
    at += 1;
  }
  if ((bits & ((1 << held) - 1)) !== 0 || base64(bytes) !== value)
    throw new FormatError(`${what} is not base64 in canonical form`);
  return bytes;
}

/** A decimal number without sign or leading zeros, at most 2^53 − 1; throws FormatError naming `what`. */
export function decimal(value: string, what: string): number {
  const number = Number(value);
  if (!/^(0|[1-9]\d{0,15})$/.test(value) || !Number.isSafeInteger(number))
    throw new FormatError(`${what} is not a decimal number below 2^53: ${JSON.stringify(value.slice(0, 40))}`);
  return number;
}
