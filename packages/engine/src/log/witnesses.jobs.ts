import { base64, FormatError, utf8 } from "@probity/verifier/tlog/bytes";
import { consistencyPath, type RangeHash } from "@probity/verifier/tlog/merkle";
import { checkSignatures, type Note, noteText, readNote, type Signed } from "@probity/verifier/tlog/note";
import { isQuorum, type TrustPolicy, type Witness } from "@probity/verifier/tlog/trust-policy";
import { readBody } from "../platform/fetch-text.ts";
import { nodePrimitives } from "./primitives.ts";

const timeoutMs = 10_000;
const answerBytesMax = 100_000;

/** A signed checkpoint that witnesses are asked to cosign. */
export interface ToCosign {
  readonly origin: string;
  readonly size: number;
  readonly note: Note;
  /** Hashes of ranges of its tree. */
  readonly range: RangeHash;
}

/** A witness did not cosign; the message says why. */
class Unwitnessed extends Error {}

/**
 * The witnesses of the trust policy, asked as https://c2sp.org/tlog-witness says. What each has seen last is remembered
 * while the process lives; a witness who knows better says so.
 */
export class Witnesses {
  readonly #policy: TrustPolicy;
  readonly #seen = new Map<string, number>();

  constructor(policy: TrustPolicy) {
    this.#policy = policy;
  }

  get policy(): TrustPolicy {
    return this.#policy;
  }

  async #post(witness: Witness, body: string): Promise<{ status: number; text: string }> {
    const answer = await fetch(`${(witness.url as string).replace(/\/$/, "")}/add-checkpoint`, {
      method: "POST",
      body,
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await readBody(answer, answerBytesMax);
    if (text === undefined) throw new Unwitnessed(`its answer has more than ${answerBytesMax} bytes`);
    return { status: answer.status, text: text.toString("utf8") };
  }

  /** Asks one witness; gives the lines that it signed. */
  async #ask(witness: Witness, { origin, size, note, range }: ToCosign): Promise<string> {
    const key = `${witness.name} ${origin}`;
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const old = this.#seen.get(key) ?? 0;
      if (old > size) {
        // It is asked again the next time: it may have been wrong.
        this.#seen.delete(key);
        throw new Unwitnessed(`it has cosigned ${old} entries, more than the ${size} of this checkpoint`);
      }
      const path = await consistencyPath(range, old, size);
      const body = [`old ${old}`, ...path.map(base64), "", noteText(note)].join("\n");
      const { status, text } = await this.#post(witness, body);
      if (status === 200) {
        this.#seen.set(key, size);
        return text;
      }
      const known = status === 409 ? Number(text.trim()) : Number.NaN;
      if (!Number.isSafeInteger(known) || known === old)
        throw new Unwitnessed(`it answered ${status}: ${text.slice(0, 200).trim()}`);
      this.#seen.set(key, known);
    }
    throw new Unwitnessed("it cosigns for somebody else at the same time");
  }

  async #cosignature(witness: Witness, asked: ToCosign): Promise<{ note: Note; signed: Signed }> {
    const lines = await this.#ask(witness, asked);
    const note = readNote(utf8(`${asked.note.text}\n${lines}`), "its answer");
    const [signed] = await checkSignatures(nodePrimitives, note, [witness.key]);
    if (signed === undefined) throw new Unwitnessed("its answer holds no signature by its key");
    const { name, keyId } = witness.key;
    return {
      note: { ...note, signatures: note.signatures.filter((line) => line.name === name && line.keyId === keyId) },
      signed,
    };
  }

  /** Gathers cosignatures; the note with them, whether they make the quorum, and why some are missing. */
  async cosign(asked: ToCosign): Promise<{ note: Note; isQuorum: boolean; missing: readonly string[] }> {
    const reachable = this.#policy.witnesses.filter(({ url }) => url !== undefined);
    const answers = await Promise.allSettled(reachable.map((witness) => this.#cosignature(witness, asked)));
    const got = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
    const missing = answers.flatMap((answer, place) => {
      if (answer.status === "fulfilled") return [];
      const reason = answer.reason as Error;
      const isPlain = reason instanceof Unwitnessed || reason instanceof FormatError;
      return [`${reachable[place]?.name}: ${isPlain ? reason.message : `cannot be reached (${reason.message})`}`];
    });
    return {
      note: { ...asked.note, signatures: [...asked.note.signatures, ...got.flatMap(({ note }) => note.signatures)] },
      isQuorum: isQuorum(
        this.#policy,
        got.map(({ signed }) => signed),
      ),
      missing,
    };
  }
}
