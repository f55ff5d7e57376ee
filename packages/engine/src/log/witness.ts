import { base64, decimal, FormatError, fromBase64, hex, textOf, utf8 } from "@probity/verifier/tlog/bytes";
import { readCheckpoint } from "@probity/verifier/tlog/checkpoint";
import { isConsistent } from "@probity/verifier/tlog/merkle";
import { checkSignatures, cosignedMessage, type Note, readNote, signatureLineOf } from "@probity/verifier/tlog/note";
import type { TrustPolicy } from "@probity/verifier/tlog/trust-policy";
import { nodePrimitives } from "./primitives.ts";

/** What a witness remembers of a log: the largest tree that it cosigned. */
export interface Seen {
  readonly size: number;
  /** Hex. */
  readonly root: string;
  /** When, in seconds since 1970. */
  readonly timeS: number;
}

export interface WitnessOptions {
  /** Logs that are witnessed. */
  readonly policy: TrustPolicy;
  readonly signer: { readonly name: string; readonly keyId: string; sign(message: Uint8Array): Uint8Array };
  readonly read: (origin: string) => Seen | undefined;
  /** Durable on return. */
  readonly write: (origin: string, seen: Seen) => void;
  readonly now: () => number;
}

export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly type: string;
  readonly body: string;
}

const pathMax = 63;
const plain = "text/plain; charset=utf-8";

interface Asked {
  readonly oldSize: number;
  readonly path: readonly Uint8Array[];
  readonly note: Note;
}

function readRequest(bytes: Uint8Array): Asked {
  const text = textOf(bytes, "the body");
  const end = text.indexOf("\n\n");
  if (end < 0) throw new FormatError("the body has no checkpoint behind an empty line");
  const [first = "", ...lines] = text.slice(0, end).split("\n");
  if (!first.startsWith("old ")) throw new FormatError("the body does not begin with an old size");
  if (lines.length > pathMax) throw new FormatError(`the proof has more than ${pathMax} lines`);
  return {
    oldSize: decimal(first.slice(4), "the old size"),
    path: lines.map((line, place) => {
      const hash = fromBase64(line, `proof line ${place + 1}`);
      if (hash.length !== 32) throw new FormatError(`proof line ${place + 1} has ${hash.length} bytes, not 32`);
      return hash;
    }),
    note: readNote(utf8(text.slice(end + 2)), "the checkpoint"),
  };
}

/** A witness of https://c2sp.org/tlog-witness: cosigns a checkpoint that continues what it has seen, and no other. */
export class Witness {
  readonly #options: WitnessOptions;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: WitnessOptions) {
    this.#options = options;
  }

  /** Answers `POST /add-checkpoint`; requests take turns, so that what was seen never goes back. */
  addCheckpoint(body: Uint8Array): Promise<WitnessAnswer> {
    const answer = this.#turn.then(() => this.#answer(body));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async #answer(body: Uint8Array): Promise<WitnessAnswer> {
    try {
      return await this.#judge(readRequest(body));
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return { status: 400, type: plain, body: `${error.message}\n` };
    }
  }

  async #judge({ oldSize, path, note }: Asked): Promise<WitnessAnswer> {
    const { policy, read } = this.#options;
    const { origin, size, root } = readCheckpoint(note);
    const keys = policy.logs.flatMap(({ key }) => (key.name === origin ? [key] : []));
    if (keys.length === 0) return { status: 404, type: plain, body: `the log ${origin} is not witnessed here\n` };
    const signed = await checkSignatures(nodePrimitives, note, keys).catch(() => []);
    if (signed.length === 0)
      return { status: 403, type: plain, body: `no key that is known for ${origin} has signed the checkpoint\n` };
    if (oldSize > size) throw new FormatError(`the old size ${oldSize} is greater than the checkpoint's, ${size}`);
    const seen = read(origin);
    const conflict: WitnessAnswer = { status: 409, type: "text/x.tlog.size", body: `${seen?.size ?? 0}\n` };
    if (oldSize !== (seen?.size ?? 0)) return conflict;
    if (seen !== undefined && oldSize === size && hex(root) !== seen.root) return conflict;
    const oldRoot = Buffer.from(seen?.root ?? "", "hex");
    const isRight =
      oldSize === 0 ? path.length === 0 : await isConsistent(nodePrimitives, oldSize, oldRoot, size, root, path);
    if (!isRight)
      return { status: 422, type: plain, body: `the proof does not lead from ${oldSize} entries to ${size}\n` };
    return this.#cosign(origin, note, { size, root: hex(root) }, seen);
  }

  #cosign(origin: string, note: Note, tree: Omit<Seen, "timeS">, seen: Seen | undefined): WitnessAnswer {
    const { signer, write, now } = this.#options;
    // A clock that went back does not take the witness's word back.
    const timeS = Math.max(Math.floor(now() / 1_000), seen?.timeS ?? 0);
    write(origin, { ...tree, timeS });
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(timeS));
    const signature = Buffer.concat([time, signer.sign(cosignedMessage(note.text, timeS))]);
    return { status: 200, type: plain, body: signatureLineOf({ name: signer.name, keyId: signer.keyId, signature }) };
  }
}

/** A name of a file for an origin. */
export const fileNameOf = (origin: string): string => base64(utf8(origin)).replaceAll("/", "_").replaceAll("=", "");
