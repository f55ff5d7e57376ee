import { createPublicKey, verify } from "node:crypto";
import type { Primitives } from "@probity/verifier/tlog/primitives";
import { sha256 } from "./tile-edge.ts";

const spkiPrefix = Buffer.from("302a300506032b6570032100", "hex");

/** Primitives of Node: they answer at once. */
export const nodePrimitives: Primitives = {
  sha256,
  verifyEd25519(key, message, signature) {
    const spki = createPublicKey({ key: Buffer.concat([spkiPrefix, key]), format: "der", type: "spki" });
    return verify(null, message, spki, signature);
  },
};
