/** The two primitives that checking needs, of the platform that it runs on. */
export interface Primitives {
  /** SHA-256 of bytes, 32 bytes. */
  sha256(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** Whether `signature` (64 bytes) of `message` is by the key (32 bytes), RFC 8032. */
  verifyEd25519(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean | Promise<boolean>;
}

/** A hash that answers at once, for rebuilding whole trees. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** Primitives of the Web Cryptography API; a browser offers them on secure origins only. */
export const webPrimitives: Primitives = {
  async sha256(bytes) {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
  },
  async verifyEd25519(key, message, signature) {
    const imported = await crypto.subtle.importKey("raw", key as Uint8Array<ArrayBuffer>, "Ed25519", false, ["verify"]);
    return crypto.subtle.verify(
      "Ed25519",
      imported,
      signature as Uint8Array<ArrayBuffer>,
      message as Uint8Array<ArrayBuffer>,
    );
  },
};
