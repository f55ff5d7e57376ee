import { limits } from "@probity/contract";
import { type TileName, tilePath, tilesAt, tileWidth } from "@probity/verifier/tlog/tile";
import type { Db } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import type { MirrorTarget } from "../platform/folder-target.ts";
import { loadPublished, readPolicyText } from "../ratings/published.store.ts";
import { type ActRow, type Audience, readActs, readLogHead, readPublished } from "./log.store.ts";
import { readBundleOf, tileReader } from "./tiles.store.ts";

/** How far a mirror is and for whom it was written, kept beside it: `<size> <audience>`. */
const markName = "mirrored";

export interface MirrorOptions {
  readonly db: Db;
  readonly target: MirrorTarget;
  readonly trustPolicyOf: (market: Marketplace) => Promise<string>;
}

/**
 * Copies what is published of a log into a folder or bucket, file by file under the addresses of docs/log-format.md, so that a
 * plain web server can serve it and an auditor read it. The checkpoint is written last: whoever reads it finds the rest.
 */
export class LogMirror {
  readonly #options: MirrorOptions;

  constructor(options: MirrorOptions) {
    this.#options = options;
  }

  async #tiles(market: Marketplace, audience: Audience, from: number, size: number): Promise<void> {
    const { db, target } = this.#options;
    const read = tileReader(db, market.marketplaceId);
    const put = async (name: TileName, bytes: Uint8Array): Promise<void> =>
      target.put(`${market.slug}/${tilePath(name)}`, bytes);
    for (let level = 0; tileWidth ** level <= size; level += 1) {
      const first = Math.floor(from / tileWidth ** (level + 1));
      for (const name of tilesAt(level, size, first)) await put(name, await read(name));
    }
    if (audience !== "public") return;
    for (const name of tilesAt("entries", size, Math.floor(from / tileWidth)))
      await put(name, await readBundleOf(db, market.marketplaceId, name));
  }

  async #rated(market: Marketplace, { seq, type, entry }: ActRow, audience: Audience): Promise<void> {
    const { db, target } = this.#options;
    const { p } = JSON.parse(entry) as { p: { root?: string; policy?: string } };
    if (type === "policy.published") {
      const text = await readPolicyText(db, market.marketplaceId, p.policy ?? "");
      if (text !== undefined) await target.put(`${market.slug}/policies/${p.policy}`, Buffer.from(text));
    } else if (type === "ratings.published" && audience === "public") {
      const lines = await loadPublished(db, market.marketplaceId, p.root ?? "");
      if (lines !== undefined) await target.put(`${market.slug}/ratings/${seq}`, Buffer.from(lines));
    }
  }

  async #acts(market: Marketplace, audience: Audience, from: number, size: number): Promise<void> {
    const { db, target } = this.#options;
    if (from > 0 && (await readActs(db, market.marketplaceId, from, size, 1)).length === 0) return;
    const acts: unknown[] = [];
    for (let next = 0; ;) {
      const rows = await readActs(db, market.marketplaceId, next, size, limits.logActs);
      for (const row of rows) {
        acts.push(hintOf(row));
        if (row.seq >= from) await this.#rated(market, row, audience);
      }
      if (rows.length < limits.logActs) break;
      next = (rows.at(-1)?.seq ?? 0) + 1;
    }
    if (audience === "public")
      await target.put(`${market.slug}/acts`, Buffer.from(JSON.stringify({ acts, next: null })));
  }

  /**
   * Brings the mirror of a log up to its newest published checkpoint. Idempotent. It is written anew where the entries
   * have come to be for others than before.
   */
  async write(market: Marketplace): Promise<number | null> {
    const { db, target, trustPolicyOf } = this.#options;
    const published = await readPublished(db, market.marketplaceId);
    const head = await readLogHead(db, market.marketplaceId);
    if (published === undefined || head === undefined) return null;
    const mark = await target.get(`${market.slug}/${markName}`);
    const [place, audience] = mark?.toString("utf8").split(" ") ?? [];
    const from = audience === head.audience ? Number(place) : 0;
    if (from === published.size) return from;
    await this.#tiles(market, head.audience, from, published.size);
    await this.#acts(market, head.audience, from, published.size);
    await target.put(`${market.slug}/trust-policy`, Buffer.from(await trustPolicyOf(market)));
    await target.put(`${market.slug}/checkpoint`, Buffer.from(published.note));
    await target.put(`${market.slug}/${markName}`, Buffer.from(`${published.size} ${head.audience}`));
    return published.size;
  }
}

/** Where an act stands, as `/acts` tells it. */
export function hintOf({ seq, type, entry }: ActRow): [place: number, type: string, logSize: number | null] {
  const { p } = JSON.parse(entry) as { p?: { logSize?: number } };
  return [seq, type, p?.logSize ?? null];
}
