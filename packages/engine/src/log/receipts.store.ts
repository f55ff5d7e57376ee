import { eventDefinition, ProblemError, type RatingProof, type Receipt } from "@probity/contract";
import { base64 } from "@probity/verifier/tlog/bytes";
import { inclusionPath, leafInput } from "@probity/verifier/tlog/merkle";
import { receiptText } from "@probity/verifier/tlog/receipt";
import { rangeOfTiles, type ReadTile } from "@probity/verifier/tlog/tile";
import { disclose, discloseRemaining, fieldsOf, sealContext } from "../ledger/index.ts";
import { readEntries, readEvents, type StoredRow } from "../ledger/ledger.store.ts";
import type { Db } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { type MasterKey, open } from "../privacy/index.ts";
import { loadPersonByNo } from "../privacy/privacy.store.ts";
import { loadPublished } from "../ratings/published.store.ts";
import { findSubject } from "../ratings/ratings.store.ts";
import { type ActRow, readNewestRatings, readPublished, type StoredCheckpoint } from "./log.store.ts";
import { nodePrimitives } from "./primitives.ts";
import { sha256, TileEdge } from "./tile-edge.ts";
import { tileReader } from "./tiles.store.ts";

/** Roots whose lines are remembered, hashed. */
const rememberedRoots = 8;
const pendingSeconds = 5;

/** A rating as the log holds it. */
export interface PublishedLine {
  /** `["m:<id>","rated",score,bound,…]`, as docs/log-format.md says. */
  readonly line: string;
  /** Of the entry that publishes the root over it. */
  readonly place: number;
  readonly policy: string;
  readonly day: number;
}

/** Lines, sorted, with the tiles of the tree over them. */
interface HashedLines {
  readonly lines: readonly string[];
  readonly read: ReadTile;
}

function hashLines(lines: readonly string[]): HashedLines {
  const edge = new TileEdge(0, []);
  edge.add(Buffer.concat(lines.map((line) => sha256(leafInput(Buffer.from(line))))));
  const tiles = new Map(edge.writes().map(({ level, tile, hashes }) => [`${level}/${tile}`, hashes]));
  return { lines, read: async ({ level, index }) => tiles.get(`${level}/${index}`) as Uint8Array };
}

/** Place of a merchant's line; undefined where there is none. */
function placeOf(lines: readonly string[], publicId: string): number | undefined {
  const start = `["m:${publicId}",`;
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((lines[middle] as string) < start) low = middle + 1;
    else high = middle;
  }
  return lines[low]?.startsWith(start) === true ? low : undefined;
}

/** Makes receipts of events and proofs of ratings against the newest published checkpoint. */
export class ReceiptMaker {
  readonly #db: Db;
  readonly #master: MasterKey;
  readonly #lines = new Map<string, HashedLines>();

  constructor(db: Db, master: MasterKey) {
    this.#db = db;
    this.#master = master;
  }

  /** The newest checkpoint that covers a place; refuses where none does yet. */
  async #covering(market: Marketplace, place: number): Promise<StoredCheckpoint> {
    const checkpoint = await readPublished(this.#db, market.marketplaceId);
    if (checkpoint === undefined || checkpoint.size <= place) {
      throw new ProblemError(
        "log-state",
        `No published checkpoint covers entry ${place} yet; the newest is of ${checkpoint?.size ?? 0} entries. Ask again shortly`,
        { retryAfterSeconds: pendingSeconds },
      );
    }
    return checkpoint;
  }

  async #prove(
    market: Marketplace,
    place: number,
    entry: string,
    disclosures: readonly string[],
  ): Promise<{ size: number; text: string }> {
    const { size, note } = await this.#covering(market, place);
    const range = rangeOfTiles(nodePrimitives, tileReader(this.#db, market.marketplaceId), size);
    const path = await inclusionPath(range, place, size);
    const proof = { index: place, path, checkpoint: Buffer.from(note) };
    return { size, text: receiptText(proof, { marketplace: market.slug, entry, disclosures }) };
  }

  /** Disclosures of an event's fields, all that the person's key still opens. */
  async #disclosures(market: Marketplace, row: StoredRow): Promise<string[]> {
    const { marketplaceId } = market;
    const person =
      row.person_no === null ? undefined : await loadPersonByNo(this.#db, this.#master, marketplaceId, row.person_no);
    const isErased = row.person_no !== null && person === undefined;
    const sealed =
      row.sealed === null || person === undefined
        ? "{}"
        : open(person.sealing, row.sealed, sealContext(row, marketplaceId)).toString("utf8");
    const fields = fieldsOf({
      ...row,
      ...(JSON.parse(row.body) as { time: string; data: Record<string, unknown> }),
      sealed: JSON.parse(sealed) as Record<string, unknown>,
      personField: eventDefinition(row.type)?.person,
    });
    const disclosed = isErased
      ? discloseRemaining(fields, row.salt)
      : disclose(fields, row.salt, person?.key).disclosures;
    return disclosed.map(({ disclosure }) => disclosure);
  }

  async receipt(market: Marketplace, seq: number): Promise<Receipt> {
    const [row] = await readEvents(this.#db, market.marketplaceId, [seq]);
    if (row === undefined) throw new ProblemError("not-found", `The ledger has no event ${seq}`);
    const { size, text } = await this.#prove(market, seq, row.entry, await this.#disclosures(market, row));
    return { seq, size, fileName: `${market.slug}-${seq}.tlog-proof`, receipt: text };
  }

  async #linesOf(market: Marketplace, root: string): Promise<HashedLines | undefined> {
    const key = `${market.marketplaceId} ${root}`;
    const known = this.#lines.get(key);
    if (known !== undefined) return known;
    const text = await loadPublished(this.#db, market.marketplaceId, root);
    if (text === undefined) return undefined;
    const hashed = hashLines(text.split("\n").slice(0, -1));
    const [oldest] = this.#lines.keys();
    if (this.#lines.size >= rememberedRoots && oldest !== undefined) this.#lines.delete(oldest);
    this.#lines.set(key, hashed);
    return hashed;
  }

  async #newestRatings(market: Marketplace): Promise<{ act: ActRow; lines: HashedLines } | undefined> {
    const checkpoint = await readPublished(this.#db, market.marketplaceId);
    const act = checkpoint && (await readNewestRatings(this.#db, market.marketplaceId, "merchant", checkpoint.size));
    if (act === undefined) return undefined;
    const { p } = JSON.parse(act.entry) as { p: { root: string } };
    const lines = await this.#linesOf(market, p.root);
    return lines && { act, lines };
  }

  /** A merchant's line in the newest published ratings; undefined where the log has none of it yet. */
  async publishedLine(market: Marketplace, publicId: string): Promise<PublishedLine | undefined> {
    const newest = await this.#newestRatings(market);
    const index = newest && placeOf(newest.lines.lines, publicId);
    if (newest === undefined || index === undefined) return undefined;
    const { p } = JSON.parse(newest.act.entry) as { p: { policy: string; day: number } };
    return { line: newest.lines.lines[index] as string, place: newest.act.seq, policy: p.policy, day: p.day };
  }

  /** Proof of a merchant's newest published rating. */
  async ratingProof(market: Marketplace, merchant: string): Promise<RatingProof> {
    const subject = await findSubject(this.#db, market.marketplaceId, "merchant", merchant);
    if (subject === undefined) throw new ProblemError("not-found", `There is no merchant ${merchant}`);
    const newest = await this.#newestRatings(market);
    if (newest === undefined)
      throw new ProblemError("log-state", "No ratings are published in the log yet; ask again later", {
        retryAfterSeconds: pendingSeconds,
      });
    const { act, lines } = newest;
    const index = placeOf(lines.lines, subject.publicId);
    if (index === undefined)
      throw new ProblemError(
        "log-state",
        `${merchant} is newer than the newest ratings of the log; ask again tomorrow`,
      );
    const range = rangeOfTiles(nodePrimitives, lines.read, lines.lines.length);
    const [entry] = await readEntries(this.#db, market.marketplaceId, act.seq, 1);
    const path = await inclusionPath(range, index, lines.lines.length);
    return {
      merchant,
      line: lines.lines[index] as string,
      index,
      lines: lines.lines.length,
      path: path.map(base64),
      proof: (await this.#prove(market, act.seq, entry as string, [])).text,
    };
  }
}
