import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { concat, utf8 } from "./bytes.ts";
import { cosignedMessage, keyIdOf, type NoteSignature, type VerifierKey } from "./note.ts";
import type { Primitives } from "./primitives.ts";

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();

const spkiPrefix = Buffer.from("302a300506032b6570032100", "hex");

export const testPrimitives: Primitives = {
  sha256,
  verifyEd25519: (key, message, signature) =>
    verify(
      null,
      message,
      createPublicKey({ key: Buffer.concat([spkiPrefix, key]), format: "der", type: "spki" }),
      signature,
    ),
};

/** A key that signs notes (type 1) or cosigns checkpoints (type 4). */
export interface TestKey {
  readonly key: VerifierKey;
  signature(text: string, timeS?: number): NoteSignature;
}

export async function testKey(name: string, type: 1 | 4): Promise<TestKey> {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = new Uint8Array(publicKey.export({ format: "der", type: "spki" }).subarray(-32));
  const keyId = await keyIdOf(testPrimitives, name, type, raw);
  const secret: KeyObject = createPrivateKey(privateKey.export({ format: "pem", type: "pkcs8" }));
  return {
    key: { name, keyId, type, key: raw },
    signature(text, timeS = 1_700_000_000) {
      if (type === 1) return { name, keyId, signature: sign(null, utf8(text), secret) };
      const time = Buffer.alloc(8);
      time.writeBigUInt64BE(BigInt(timeS));
      return { name, keyId, signature: concat(time, sign(null, cosignedMessage(text, timeS), secret)) };
    },
  };
}

/** Root by the definition of RFC 9162, section 2.1.1: the naive twin. */
export function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256(new Uint8Array(0));
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  let k = 1;
  while (2 * k < leaves.length) k *= 2;
  return sha256(concat(Uint8Array.of(1), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k))));
}

export const leavesOf = (count: number, salt = ""): Uint8Array[] =>
  Array.from({ length: count }, (_, index) => sha256(concat(Uint8Array.of(0), utf8(`${salt}${index}`))));
