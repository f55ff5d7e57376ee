import { hashBytes, type ReadTile, type TileName, tilePath, writeBundle } from "@probity/verifier/tlog/tile";
import { readEntries } from "../ledger/ledger.store.ts";
import type { Queryable } from "../platform/db.ts";
import { readTiles } from "./log.store.ts";

/** Hash tiles of a log; a partial one is the beginning of what is stored. */
export function tileReader(db: Queryable, marketplaceId: number): ReadTile {
  return async (name) => {
    const { level, index, width } = name;
    if (level === "entries") throw new TypeError("an entry bundle has no hashes");
    const [stored] = await readTiles(db, marketplaceId, [{ level, tile: index }]);
    if (stored === undefined || stored.hashes.length < width * hashBytes)
      throw new Error(`the log lacks ${tilePath(name)}`);
    return stored.hashes.subarray(0, width * hashBytes);
  };
}

/** A bundle of entries, made from the ledger: entries are stored once. */
export async function readBundleOf(
  db: Queryable,
  marketplaceId: number,
  { index, width }: TileName,
): Promise<Uint8Array> {
  const entries = await readEntries(db, marketplaceId, 256 * index, width);
  if (entries.length < width) throw new Error(`the ledger lacks entries of bundle ${index}`);
  return writeBundle(entries.map((entry) => Buffer.from(entry)));
}
