import { base64, decimal, FormatError, fromBase64 } from "./bytes.ts";
import { checkSignatures, type Note, readNote, type Signed } from "./note.ts";
import type { Primitives } from "./primitives.ts";
import { isQuorum, keysOf, type TrustPolicy } from "./trust-policy.ts";

/** Checkpoints of https://c2sp.org/tlog-checkpoint: the head of a log at a size. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/** Text of a checkpoint, without signatures. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${base64(root)}\n`;
}

/** Reads the text of a note as a checkpoint; throws FormatError. */
export function readCheckpoint({ text }: Note): Checkpoint {
  const [origin = "", sizeText = "", rootText = "", ...extensions] = text.split("\n");
  if (origin === "") throw new FormatError("the checkpoint names no origin");
  if (extensions.pop() !== "" || extensions.some((line) => line === ""))
    throw new FormatError("the checkpoint has not at least three lines, or empty ones");
  const size = decimal(sizeText, "the checkpoint's size");
  const root = fromBase64(rootText, "the checkpoint's root");
  if (root.length !== 32) throw new FormatError(`the checkpoint's root has ${root.length} bytes, not 32`);
  return { origin, size, root };
}

export interface TrustedCheckpoint extends Checkpoint {
  readonly note: Note;
  readonly signed: readonly Signed[];
}

/**
 * Reads a checkpoint and checks it by a policy: a log of the policy whose key's name is the origin has signed it, and
 * the witnesses make the quorum. `origin` is the one expected; undefined takes any log of the policy. Throws FormatError.
 */
export async function checkCheckpoint(
  primitives: Primitives,
  bytes: Uint8Array,
  policy: TrustPolicy,
  origin: string | undefined,
): Promise<TrustedCheckpoint> {
  const note = readNote(bytes, "the checkpoint");
  const checkpoint = readCheckpoint(note);
  if (origin !== undefined && checkpoint.origin !== origin)
    throw new FormatError(`the checkpoint is of ${checkpoint.origin}, not of ${origin}`);
  const signed = await checkSignatures(primitives, note, keysOf(policy));
  const isLogs = signed.some(({ key }) => key.name === checkpoint.origin && policy.logs.some((log) => log.key === key));
  if (!isLogs)
    throw new FormatError(`no key that the policy knows for the log ${checkpoint.origin} has signed the checkpoint`);
  if (!isQuorum(policy, signed))
    throw new FormatError(`the witnesses of the checkpoint do not make the policy's quorum, ${policy.quorum}`);
  return { ...checkpoint, note, signed };
}
