import { FormatError, hex, textOf, utf8 } from "../tlog/bytes.ts";
import type { Sha256 } from "../tlog/primitives.ts";
import { treeRoot, leafInput } from "../tlog/merkle.ts";
import { AuditFailure, type LogSource } from "./audit-source.ts";
import type { Act } from "./entry.ts";
import type { Facts } from "./facts.ts";
import { type AuditPolicy, readPolicy } from "./policy.ts";
import { fitPriors, type Priors, priorsText } from "./priors.ts";
import { rateAll, ratingLines } from "./rating.ts";

/** An act of the platform and where it stands. */
export interface PlacedAct {
  readonly place: number;
  readonly type: string;
  readonly act: Act | null;
}

/** An act that is to be computed once the facts of `logSize` entries are known. */
export interface PlannedAct extends PlacedAct {
  readonly act: Act;
}

const computedTypes: ReadonlySet<string> = new Set(["epoch.begun", "ratings.published"]);
/** Types of acts that are checked. */
export const checkedTypes: ReadonlySet<string> = new Set(["policy.published", ...computedTypes]);

/** What was computed for an act, until its entry comes by. */
interface Computed {
  readonly act: Act;
  /** Of priors, or the root of ratings; hex. */
  readonly hash: string;
  readonly lines: readonly string[];
}

export interface ActCounts {
  policies: number;
  epochs: number;
  ratings: number;
  /** Ratings whose lines the log no longer serves; their roots were checked all the same. */
  notKept: number;
}

/** Policies that were published, with their kinds, and the priors of epochs. */
export interface ActState {
  readonly published: readonly (readonly [policy: string, kind: string])[];
  readonly priors: readonly (readonly [epoch: string, priors: Priors])[];
}

const kinds: ReadonlySet<unknown> = new Set(["merchant", "product", "promoter"]);

const isHash = (value: unknown): value is string => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
const isCount = (value: unknown): value is number => typeof value === "number" && value >= 0;

interface Basis {
  readonly kind: string;
  readonly policy: string;
  readonly day: number;
  readonly epoch: number;
  readonly logSize: number;
}

/** What `epoch.begun` and `ratings.published` share; throws FormatError. */
export function basisOf(act: Act | null, place: number): Basis {
  const { kind, policy, day, epoch, logSize } = act ?? {};
  const isRight = kinds.has(kind) && isHash(policy) && [day, epoch, logSize].every(isCount);
  if (!isRight) throw new FormatError("p lacks kind, policy, day, epoch or logSize");
  if ((logSize as number) > place) throw new FormatError(`logSize ${String(logSize)} lies behind the act itself`);
  return { kind, policy, day, epoch, logSize } as Basis;
}

/** Checks the acts of a log against what the entries before them come to. */
export class ActCheck {
  readonly counts: ActCounts = { policies: 0, epochs: 0, ratings: 0, notKept: 0 };
  readonly #source: LogSource;
  readonly #sha256: Sha256;
  readonly #policies = new Map<string, AuditPolicy>();
  /** Kinds of published policies, by hash. */
  readonly #published: Map<string, string>;
  /** Priors by kind and number of the epoch. */
  readonly #priors = new Map<string, Priors>();
  readonly #computed = new Map<number, Computed>();

  /** Continues from what `state` gave after the entries before. */
  constructor(source: LogSource, sha256: Sha256, state?: ActState) {
    this.#source = source;
    this.#sha256 = sha256;
    this.#published = new Map(state?.published);
    for (const [epoch, priors] of state?.priors ?? []) this.#priors.set(epoch, priors);
  }

  /** What the entries to come may rest on; undefined while an act is computed whose entry has not come by. */
  state(): ActState | undefined {
    return this.#computed.size > 0 ? undefined : { published: [...this.#published], priors: [...this.#priors] };
  }

  async #policy(id: string): Promise<AuditPolicy> {
    const known = this.#policies.get(id);
    if (known !== undefined) return known;
    const where = `policies/${id}`;
    const bytes = await this.#source.get(where);
    if (bytes === undefined) throw new AuditFailure(where, "is not served, though a rating depends on it");
    if (hex(this.#sha256(bytes)) !== id) throw new AuditFailure(where, "is not the text whose hash the log publishes");
    try {
      const policy = readPolicy(textOf(bytes, "the policy"));
      this.#policies.set(id, policy);
      return policy;
    } catch (error) {
      throw AuditFailure.at(where, error);
    }
  }

  /** Computes planned acts from the facts of their log size; epochs before the ratings that rest on them. */
  async compute(planned: readonly PlannedAct[], facts: Facts): Promise<void> {
    const epochsFirst = planned.toSorted((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : a.place - b.place));
    for (const { place, type, act } of epochsFirst) {
      const where = `entry ${place}`;
      try {
        const { kind, policy: id, day, epoch } = basisOf(act, place);
        const policy = await this.#policy(id);
        if (policy.subject !== kind) throw new FormatError(`policy ${id} rates ${policy.subject}s, not ${kind}s`);
        if (type === "epoch.begun") {
          const priors = fitPriors(policy, facts, day);
          this.#priors.set(`${kind} ${epoch}`, priors);
          // Ratings rest on the epoch in force; an older one may still be asked for by ratings in between.
          this.#priors.delete(`${kind} ${epoch - 2}`);
          this.#computed.set(place, { act, hash: hex(this.#sha256(utf8(priorsText(priors, id)))), lines: [] });
          continue;
        }
        const priors = this.#priors.get(`${kind} ${epoch}`);
        if (priors === undefined) throw new FormatError(`epoch ${epoch} of ${kind}s has not begun before`);
        const lines = ratingLines(rateAll(policy, priors, facts, day));
        const leaves = lines.map((line) => this.#sha256(leafInput(utf8(line))));
        this.#computed.set(place, { act, hash: hex(treeRoot(this.#sha256, leaves)), lines });
      } catch (error) {
        throw AuditFailure.at(where, error);
      }
    }
  }

  /** Compares an act of a checked type with what was computed for it. */
  async check({ place, type, act }: PlacedAct): Promise<void> {
    if (computedTypes.has(type)) await this.#compare(type, act, place);
    else this.#publish(act, place);
  }

  #publish(act: Act | null, place: number): void {
    const { policy, kind } = act ?? {};
    if (!isHash(policy) || !kinds.has(kind)) throw new AuditFailure(`entry ${place}`, "p lacks policy or kind");
    this.#published.set(policy, String(kind));
    this.counts.policies += 1;
  }

  async #compare(type: string, act: Act | null, place: number): Promise<void> {
    const where = `entry ${place}`;
    const computed = this.#computed.get(place);
    if (computed === undefined)
      throw new AuditFailure(
        "acts",
        `leaves out the act of entry ${place}, so that it could not be checked in passing`,
      );
    this.#computed.delete(place);
    if (JSON.stringify(act) !== JSON.stringify(computed.act))
      throw new AuditFailure(where, "is not what its bundle served before");
    const { policy, kind } = act as Record<string, unknown>;
    if (this.#published.get(String(policy)) !== kind)
      throw new AuditFailure(
        where,
        `rests on policy ${String(policy)}, which was not published for ${String(kind)}s before`,
      );
    if (type === "epoch.begun") {
      this.counts.epochs += 1;
      if (act?.["priors"] !== computed.hash)
        throw new AuditFailure(
          where,
          `publishes other priors (${String(act?.["priors"])}) than the facts have (${computed.hash})`,
        );
      return;
    }
    await this.#compareLines(computed.lines, place);
    this.counts.ratings += computed.lines.length;
    if (act?.["root"] !== computed.hash || act["subjects"] !== computed.lines.length)
      throw new AuditFailure(
        where,
        `publishes the root ${String(act?.["root"])} over ${String(act?.["subjects"])} ratings; the facts have ${computed.hash} over ${computed.lines.length}`,
      );
  }

  /** Compares the lines that the log serves; it is where a difference shows first. */
  async #compareLines(lines: readonly string[], place: number): Promise<void> {
    const where = `ratings/${place}`;
    const bytes = await this.#source.get(where);
    if (bytes === undefined) {
      this.counts.notKept += 1;
      return;
    }
    const served = textOrFail(bytes, where).split("\n");
    if (served.pop() !== "") throw new AuditFailure(where, "does not end with a newline");
    for (let place2 = 0; place2 < Math.max(lines.length, served.length); place2 += 1) {
      if (lines[place2] === served[place2]) continue;
      const subject = /^\["([^"]+)"/.exec(lines[place2] ?? served[place2] ?? "")?.[1] ?? "";
      throw new AuditFailure(
        `${where} line ${place2 + 1} (${subject})`,
        `says ${served[place2] ?? "nothing"}; the facts have ${lines[place2] ?? "nothing"}`,
      );
    }
  }
}

function textOrFail(bytes: Uint8Array, where: string): string {
  try {
    return textOf(bytes, "the answer");
  } catch (error) {
    throw AuditFailure.at(where, error);
  }
}
