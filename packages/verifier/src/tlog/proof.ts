import { base64, decimal, FormatError, fromBase64, isSame, textOf, utf8 } from "./bytes.ts";
import { checkCheckpoint, type TrustedCheckpoint } from "./checkpoint.ts";
import { leafInput, rootOfInclusion } from "./merkle.ts";
import type { Primitives } from "./primitives.ts";
import type { TrustPolicy } from "./trust-policy.ts";

/** Proofs of https://c2sp.org/tlog-proof: that an entry stands at a place of a log whose checkpoint can be checked. */
export interface LogProof {
  /** Not covered by any signature. */
  readonly extra: Uint8Array | undefined;
  readonly index: number;
  /** From the leaf's sibling up. */
  readonly path: readonly Uint8Array[];
  /** The checkpoint's note, as it was. */
  readonly checkpoint: Uint8Array;
}

const header = "c2sp.org/tlog-proof@v1";
const pathMax = 63;

export function proofText({ extra, index, path, checkpoint }: LogProof): string {
  const lines = [header, ...(extra === undefined ? [] : [`extra ${base64(extra)}`]), `index ${index}`];
  return `${[...lines, ...path.map(base64)].join("\n")}\n\n${textOf(checkpoint, "the checkpoint")}`;
}

/** Reads a proof; throws FormatError. */
export function readProof(bytes: Uint8Array): LogProof {
  const text = textOf(bytes, "the proof");
  const end = text.indexOf("\n\n");
  if (end < 0) throw new FormatError("the proof has no checkpoint behind an empty line");
  const lines = text.slice(0, end).split("\n");
  if (lines.shift() !== header) throw new FormatError(`the proof does not begin with ${header}`);
  const extra = lines[0]?.startsWith("extra ") ? fromBase64(lines[0].slice(6), "the proof's extra line") : undefined;
  if (extra !== undefined) lines.shift();
  const indexLine = lines.shift() ?? "";
  if (!indexLine.startsWith("index ")) throw new FormatError("the proof has no index line");
  if (lines.length > pathMax) throw new FormatError(`the proof has more than ${pathMax} hashes`);
  return {
    extra,
    index: decimal(indexLine.slice(6), "the proof's index"),
    path: lines.map((line, place) => {
      const hash = fromBase64(line, `hash ${place + 1} of the proof`);
      if (hash.length !== 32) throw new FormatError(`hash ${place + 1} of the proof has ${hash.length} bytes, not 32`);
      return hash;
    }),
    checkpoint: utf8(text.slice(end + 2)),
  };
}

/**
 * Checks that an entry stands at the proof's place of a log that the policy trusts; gives the checkpoint that says so.
 * Throws FormatError saying what is wrong.
 */
export async function checkProof(
  primitives: Primitives,
  proof: LogProof,
  entry: Uint8Array,
  policy: TrustPolicy,
): Promise<TrustedCheckpoint> {
  const checkpoint = await checkCheckpoint(primitives, proof.checkpoint, policy, undefined);
  const leaf = await primitives.sha256(leafInput(entry));
  const root = await rootOfInclusion(primitives, leaf, proof.index, checkpoint.size, proof.path);
  if (!isSame(root, checkpoint.root))
    throw new FormatError(`the entry does not stand at place ${proof.index} of the log ${checkpoint.origin}`);
  return checkpoint;
}
