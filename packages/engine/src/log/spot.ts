import { hash } from "node:crypto";
import { metrics, storedMetricNames } from "@probity/contract";
import { FormatError } from "@probity/verifier/tlog/bytes";
import { type FoldEvent, foldEntities, foldFacts, keySeparator } from "../facts/index.ts";

/** An opened event: its entry's type, and the fields that its disclosures tell. */
export interface OpenedEvent {
  readonly type: string;
  readonly fields: readonly { readonly name: string; readonly value: unknown }[];
}

/** Row of an entry: subject, metric, day, n, x. */
export type Row = readonly [subject: string, metric: string, day: number, n: number, x: number];

/**
 * Places that a spot audit opens, without repetition: drawn by SHA-256 from the checkpoint's root, so that who writes the
 * entries cannot choose them.
 */
export function drawPlaces(root: Uint8Array, size: number, count: number): number[] {
  const places = new Set<number>();
  for (let draw = 0; places.size < Math.min(count, size); draw += 1) {
    const number = Buffer.alloc(8);
    number.writeBigUInt64BE(BigInt(draw));
    const digest = hash("sha256", Buffer.concat([Buffer.from("probity spot 1\n"), root, number]), "hex");
    places.add(Number(BigInt(`0x${digest}`) % BigInt(size)));
  }
  return [...places];
}

function toFold({ type, fields }: OpenedEvent): FoldEvent {
  const known = new Map(fields.map(({ name, value }) => [name, value]));
  const text = (name: string): string => {
    const value = known.get(name);
    if (typeof value !== "string") throw new FormatError(`an opened event lacks ${name}`);
    return value;
  };
  const data: Record<string, unknown> = {};
  for (const [name, value] of known) if (name.startsWith("/data/")) data[name.slice(6)] = value;
  const timeMs = Date.parse(text("/time"));
  if (Number.isNaN(timeMs)) throw new FormatError("an opened event's /time is no time");
  return { type, timeMs, key: text("/source") + keySeparator + text("/id"), data };
}

const unpublished = new Set(metrics.filter(({ published }) => !published).map(({ no }) => no));

/** Differences that the last of some events made, by the published rules; subjects under the platform's own ids. */
export function differenceOf(events: readonly OpenedEvent[], currency: string): Row[] {
  const states = { entities: new Map(), pairs: new Map(), shoppers: new Map() };
  const changes = foldFacts(foldEntities(events.map(toFold), states.entities, { currency }), states);
  return (changes.at(-1)?.facts ?? []).flatMap(({ subject, metric, day, n, x }): Row[] =>
    unpublished.has(metric) ? [] : [[subject, storedMetricNames.get(metric) ?? "", day, n, x]],
  );
}

/** Holds the platform's ids against the random ids of entries: one for one, over everything that is opened. */
export class Subjects {
  readonly #publicOf = new Map<string, string>();
  readonly #ownOf = new Map<string, string>();

  /** Whether two rows are the same but for the names of their subject, and these fit all others seen. */
  fits([own, ...rest]: Row, [known, ...published]: Row): boolean {
    const isSame = rest.every((value, place) => value === published[place]);
    const isNamed =
      own.slice(0, 1) === known.slice(0, 1) &&
      (this.#publicOf.get(own) ?? known) === known &&
      (this.#ownOf.get(known) ?? own) === own;
    this.#publicOf.set(own, known);
    this.#ownOf.set(known, own);
    return isSame && isNamed;
  }
}

/** Greatest share of wrong entries that `right` right ones out of as many leave possible, at 95 % confidence. */
export const wrongShareMost = (right: number): number => (right === 0 ? 1 : 1 - 0.05 ** (1 / right));
