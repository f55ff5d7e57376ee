import { FormatError, hex, isSame } from "@probity/verifier/tlog/bytes";
import { inclusionPath, leafInput, rootOfInclusion, type RangeHash } from "@probity/verifier/tlog/merkle";
import { openDisclosures } from "@probity/verifier/tlog/receipt";
import { rangeOfTiles, readBundle, tilePath, tileWidth } from "@probity/verifier/tlog/tile";
import { AuditFailure, type LogSource } from "@probity/verifier/audit/audit-source";
import { nodePrimitives } from "../../log/index.ts";
import { differenceOf, drawPlaces, type OpenedEvent, type Row, Subjects, wrongShareMost } from "../../log/spot.ts";

/** What a spot audit came to. */
export interface SpotReport {
  readonly drawn: number;
  /** Opened, and their differences right. */
  readonly right: number;
  /** Not opened by the log, with its reason: people who were erased, too much to open. */
  readonly closed: number;
  /** Greatest share of wrong entries that this leaves possible, 95 % confidence. */
  readonly wrongShareMost: number;
}

/** Events that belong together stand close together; entries are drawn from everywhere. */
const bundlesKept = 64;

interface Opening {
  readonly currency: string;
  readonly events: readonly { readonly place: number; readonly disclosures: readonly string[] }[];
}

interface LoggedEntry {
  readonly t: string;
  readonly d: readonly Row[];
  readonly sd: readonly string[];
}

/** Opens entries of a log that was audited under a checkpoint, and makes their differences again from what was opened. */
export class SpotAudit {
  readonly #source: LogSource;
  readonly #size: number;
  readonly #root: Uint8Array;
  readonly #range: RangeHash;
  readonly #bundles = new Map<string, readonly Uint8Array[]>();
  readonly #subjects = new Subjects();

  constructor(source: LogSource, size: number, root: Uint8Array) {
    this.#source = source;
    this.#size = size;
    this.#root = root;
    this.#range = rangeOfTiles(nodePrimitives, async (name) => this.#get(tilePath(name)), size);
  }

  async #get(path: string): Promise<Uint8Array> {
    const bytes = await this.#source.get(path);
    if (bytes === undefined) throw new AuditFailure(path, "is not served");
    return bytes;
  }

  /** The entry at a place, shown to stand under the checkpoint. */
  async #entry(place: number): Promise<LoggedEntry> {
    const index = Math.floor(place / tileWidth);
    const width = Math.min(tileWidth, this.#size - index * tileWidth);
    const path = tilePath({ level: "entries", index, width });
    const entries = this.#bundles.get(path) ?? readBundle(await this.#get(path), width);
    const [oldest] = this.#bundles.keys();
    if (this.#bundles.size >= bundlesKept && oldest !== undefined) this.#bundles.delete(oldest);
    this.#bundles.set(path, entries);
    const entry = entries[place % tileWidth] as Uint8Array;
    const leaf = await nodePrimitives.sha256(leafInput(entry));
    const proof = await inclusionPath(this.#range, place, this.#size);
    if (!isSame(await rootOfInclusion(nodePrimitives, leaf, place, this.#size, proof), this.#root))
      throw new AuditFailure(`${path} entry ${place}`, "does not stand under the checkpoint");
    return JSON.parse(Buffer.from(entry).toString("utf8")) as LoggedEntry;
  }

  async #opened(place: number, disclosures: readonly string[]): Promise<{ entry: LoggedEntry; event: OpenedEvent }> {
    const entry = await this.#entry(place);
    const fields = await openDisclosures(nodePrimitives, entry.sd, disclosures);
    return { entry, event: { type: entry.t, fields } };
  }

  /** False where the log does not open the entry; throws AuditFailure where what it opens is wrong. */
  async #check(place: number): Promise<boolean> {
    const where = `openings/${place}`;
    const bytes = await this.#source.get(where).catch((error: unknown) => {
      if (error instanceof AuditFailure && error.what.includes("answers 409")) return undefined;
      throw error;
    });
    if (bytes === undefined) return false;
    try {
      const { currency, events } = JSON.parse(Buffer.from(bytes).toString("utf8")) as Opening;
      const inOrder = events.every(
        (event, at) => at === 0 || event.place > (events[at - 1] as { place: number }).place,
      );
      if (!inOrder || events.at(-1)?.place !== place)
        throw new FormatError("its events are not in order up to the entry");
      const opened = [];
      for (const event of events) opened.push(await this.#opened(event.place, event.disclosures));
      const rows = differenceOf(
        opened.map(({ event }) => event),
        currency,
      );
      const stated = opened.at(-1)?.entry.d ?? [];
      const isRight =
        rows.length === stated.length && rows.every((row, at) => this.#subjects.fits(row, stated[at] as Row));
      if (!isRight)
        throw new FormatError(`the entry states ${JSON.stringify(stated)}; its events make it ${JSON.stringify(rows)}`);
      return true;
    } catch (error) {
      throw AuditFailure.at(where, error);
    }
  }

  /** Draws entries by the checkpoint's root and checks each. */
  async run(count: number, onChecked: (checked: number) => void): Promise<SpotReport> {
    const places = drawPlaces(this.#root, this.#size, count);
    let right = 0;
    for (const [at, place] of places.entries()) {
      if (await this.#check(place)) right += 1;
      onChecked(at + 1);
    }
    return { drawn: places.length, right, closed: places.length - right, wrongShareMost: wrongShareMost(right) };
  }
}

/** The report in words, with what it proves and what not. */
export function spotText({ drawn, right, closed, wrongShareMost: most }: SpotReport, root: Uint8Array): string {
  const notOpened = closed === 0 ? "" : ` ${closed} were not opened (people who were erased, or too much to open).`;
  return [
    `Spot audit: of ${drawn} entries drawn by the root ${hex(root)}, ${right} were opened and are right.${notOpened}`,
    `With 95 % confidence fewer than ${(100 * most).toPrecision(2)} % of the entries that would be opened state a difference`,
    "that does not follow from their events. It does not show that the events happened, nor that none was left out; an",
    "operator could leave out an optional field of an event that it opens.",
  ].join("\n");
}

export const rootBytes = (root: string): Uint8Array => Buffer.from(root, "hex");
