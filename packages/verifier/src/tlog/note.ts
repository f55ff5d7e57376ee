import { base64, concat, decimal, FormatError, fromBase64, hex, textOf, utf8 } from "./bytes.ts";
import type { Primitives } from "./primitives.ts";

/** Signed notes of https://c2sp.org/signed-note and cosignatures of https://c2sp.org/tlog-cosignature. */

/** Types of signatures that are checked; others are ignored. */
export const signatureTypes = { ed25519: 1, cosignature: 4 } as const;

const noteBytesMax = 1_000_000;
const signaturesMax = 100;
const keyBytes = 32;

export interface NoteSignature {
  readonly name: string;
  /** Four bytes in hex. */
  readonly keyId: string;
  readonly signature: Uint8Array;
}

export interface Note {
  /** With its last newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A key by which notes are checked. */
export interface VerifierKey {
  readonly name: string;
  readonly keyId: string;
  readonly type: number;
  /** 32 bytes for both types of Ed25519. */
  readonly key: Uint8Array;
}

const nameForm = /^[^\s+]+$/u;
// Control characters are what the form is about.
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u0009\u000b-\u001f]/;
const signatureLine = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u;

/** Reads a note without checking who signed it; throws FormatError. */
export function readNote(bytes: Uint8Array, what = "the note"): Note {
  if (bytes.length > noteBytesMax) throw new FormatError(`${what} has more than ${noteBytesMax} bytes`);
  const whole = textOf(bytes, what);
  if (controls.test(whole)) throw new FormatError(`${what} holds control characters`);
  const end = whole.lastIndexOf("\n\n");
  if (end < 0 || !whole.endsWith("\n")) throw new FormatError(`${what} has no signatures behind an empty line`);
  const lines = whole.slice(end + 2).split("\n");
  lines.pop();
  if (lines.length === 0 || lines.length > signaturesMax)
    throw new FormatError(`${what} has ${lines.length} signatures, not 1 to ${signaturesMax}`);
  const signatures = lines.map((line, place): NoteSignature => {
    const [, name = "", coded = ""] = signatureLine.exec(line) ?? [];
    if (name === "") throw new FormatError(`signature line ${place + 1} of ${what} has not the form of one`);
    const signed = fromBase64(coded, `signature ${place + 1} of ${what}`);
    if (signed.length < 5) throw new FormatError(`signature ${place + 1} of ${what} is too short`);
    return { name, keyId: hex(signed.subarray(0, 4)), signature: signed.subarray(4) };
  });
  return { text: whole.slice(0, end + 1), signatures };
}

export function signatureLineOf({ name, keyId, signature }: NoteSignature): string {
  const id = Uint8Array.from({ length: 4 }, (_, place) => Number.parseInt(keyId.slice(2 * place, 2 * place + 2), 16));
  return `— ${name} ${base64(concat(id, signature))}\n`;
}

export function noteText({ text, signatures }: Note): string {
  return `${text}\n${signatures.map(signatureLineOf).join("")}`;
}

/** First four bytes of SHA-256(name ‖ newline ‖ type ‖ key), hex. */
export async function keyIdOf({ sha256 }: Primitives, name: string, type: number, key: Uint8Array): Promise<string> {
  return hex((await sha256(concat(utf8(`${name}\n`), Uint8Array.of(type), key))).subarray(0, 4));
}

/** Text of a verifier key: `name+keyid+base64(type ‖ key)`. */
export function verifierKeyText({ name, keyId, type, key }: VerifierKey): string {
  return `${name}+${keyId}+${base64(concat(Uint8Array.of(type), key))}`;
}

/** Reads a verifier key of a known type; its id must be the one that its name and key have. Throws FormatError. */
export async function readVerifierKey(primitives: Primitives, text: string): Promise<VerifierKey> {
  const [name = "", keyId = "", ...rest] = text.split("+");
  const coded = fromBase64(rest.join("+"), `the key ${name}`);
  const [type = 0] = coded;
  const key = coded.subarray(1);
  if (!nameForm.test(name) || !/^[0-9a-f]{8}$/.test(keyId))
    throw new FormatError(`${JSON.stringify(text.slice(0, 80))} is not a verifier key: name+id+key`);
  const isKnown = type === signatureTypes.ed25519 || type === signatureTypes.cosignature;
  if (!isKnown || key.length !== keyBytes)
    throw new FormatError(`the key ${name} is of type ${type} with ${key.length} bytes; known are 1 and 4 with 32`);
  const right = await keyIdOf(primitives, name, type, key);
  if (right !== keyId) throw new FormatError(`the key ${name} has the id ${right}, not ${keyId}`);
  return { name, keyId, type, key };
}

/** What a cosignature signs: time in seconds since 1970, then the note's text. */
export function cosignedMessage(text: string, timeS: number): Uint8Array {
  return utf8(`cosignature/v1\ntime ${timeS}\n${text}`);
}

/** A signature that was found right; `timeS` for cosignatures. */
export interface Signed {
  readonly key: VerifierKey;
  readonly timeS: number | null;
}

const timeBytes = 8;

function timeOf(signature: Uint8Array, name: string): number {
  const seconds = signature.subarray(0, timeBytes).reduce((sum, byte) => sum * 256 + byte, 0);
  return decimal(String(seconds), `the time of ${name}'s cosignature`);
}

/**
 * Signatures of a note by known keys. Those of others are ignored; throws FormatError where one of a known key is
 * wrong, or stands twice.
 */
export async function checkSignatures(
  primitives: Primitives,
  { text, signatures }: Note,
  keys: readonly VerifierKey[],
): Promise<Signed[]> {
  const right: Signed[] = [];
  for (const { name, keyId, signature } of signatures) {
    const key = keys.find((item) => item.name === name && item.keyId === keyId);
    if (key === undefined) continue;
    if (right.some((item) => item.key === key)) throw new FormatError(`${name} signed twice with the key ${keyId}`);
    const isCosignature = key.type === signatureTypes.cosignature;
    if (signature.length !== (isCosignature ? timeBytes : 0) + 64)
      throw new FormatError(`the signature of ${name} with the key ${keyId} has ${signature.length} bytes`);
    const timeS = isCosignature ? timeOf(signature, name) : null;
    const message = timeS === null ? utf8(text) : cosignedMessage(text, timeS);
    if (!(await primitives.verifyEd25519(key.key, message, signature.subarray(isCosignature ? timeBytes : 0))))
      throw new FormatError(`the signature of ${name} with the key ${keyId} is wrong`);
    right.push({ key, timeS });
  }
  return right;
}
