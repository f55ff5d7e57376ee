import { concat, FormatError } from "./bytes.ts";
import { nodeInput, rangeHash, type RangeHash } from "./merkle.ts";
import type { Primitives } from "./primitives.ts";

/** Tiles and entry bundles of https://c2sp.org/tlog-tiles: height 8, 256 hashes or entries each. */

export const tileWidth = 256;
export const hashBytes = 32;
const entryBytesMax = 65_535;
const levelMax = 63;

/** Whether a tile holds hashes of a level, or a bundle of entries. */
export type TileLevel = number | "entries";

export interface TileName {
  readonly level: TileLevel;
  readonly index: number;
  /** 256 for a full one. */
  readonly width: number;
}

/** Address of a tile below the log's prefix, without a leading slash. */
export function tilePath({ level, index, width }: TileName): string {
  const parts: string[] = [];
  for (let rest = index; parts.length === 0 || rest > 0; rest = Math.floor(rest / 1_000)) {
    parts.unshift(`${parts.length === 0 ? "" : "x"}${String(rest % 1_000).padStart(3, "0")}`);
  }
  return `tile/${level}/${parts.join("/")}${width === tileWidth ? "" : `.p/${width}`}`;
}

const levelForm = /^(0|[1-9]\d?)$/;
const indexForm = /^(?:x\d{3}\/){0,4}\d{3}$/;
const widthForm = /^([1-9]\d{0,2})$/;

/** Reads an address; undefined where it is not one in its only form. */
export function readTilePath(path: string): TileName | undefined {
  const [kind, levelText = "", ...rest] = path.split("/");
  const level = levelText === "entries" ? "entries" : levelForm.test(levelText) ? Number(levelText) : undefined;
  if (kind !== "tile" || level === undefined || (level !== "entries" && level > levelMax)) return undefined;
  const [place = "", widthText, ...more] = rest.join("/").split(".p/");
  const width = widthText === undefined ? tileWidth : widthForm.test(widthText) ? Number(widthText) : 0;
  const isWidth = widthText === undefined || (width >= 1 && width < tileWidth);
  if (more.length > 0 || !isWidth || !indexForm.test(place)) return undefined;
  const name: TileName = { level, index: Number(place.replaceAll(/[x/]/g, "")), width };
  return tilePath(name) === path ? name : undefined;
}

/** Hashes at a level of a tree: full subtrees of 256^level leaves. */
export function hashesAt(level: number, size: number): number {
  return Math.floor(size / tileWidth ** level);
}

/** Names of the tiles at a level of a tree of `size`, from tile `from` on. */
export function* tilesAt(level: TileLevel, size: number, from = 0): Generator<TileName> {
  const hashes = hashesAt(level === "entries" ? 0 : level, size);
  for (let index = from; index * tileWidth < hashes; index += 1)
    yield { level, index, width: Math.min(tileWidth, hashes - index * tileWidth) };
}

/** Levels of hash tiles that a tree of `size` has. */
export function levelsOf(size: number): number {
  let levels = 0;
  while (hashesAt(levels, size) > 0) levels += 1;
  return levels;
}

/** Entries one after another, each behind its length. */
export function writeBundle(entries: readonly Uint8Array[]): Uint8Array {
  return concat(
    ...entries.flatMap((entry) => {
      if (entry.length > entryBytesMax) throw new FormatError(`an entry of ${entry.length} bytes passes 65,535`);
      return [Uint8Array.of(entry.length >> 8, entry.length & 255), entry];
    }),
  );
}

/** Entries of a bundle; throws FormatError unless it holds exactly `width`, whole, with nothing after them. */
export function readBundle(bytes: Uint8Array, width: number): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (entries.length === width) throw new FormatError(`has bytes after its ${width} entries`);
    const length = ((bytes[at] as number) << 8) | (bytes[at + 1] ?? 0);
    if (at + 2 + length > bytes.length) throw new FormatError(`ends inside entry ${entries.length} of ${width}`);
    entries.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  if (entries.length < width) throw new FormatError(`holds ${entries.length} entries, not ${width}`);
  return entries;
}

/** Reads a tile; it answers the tile's bytes, `width` hashes of 32. */
export type ReadTile = (name: TileName) => Promise<Uint8Array>;

/** Hashes of ranges of leaves of a tree of `size` by means of its tiles. Each tile is read once. */
export function rangeOfTiles(primitives: Primitives, read: ReadTile, size: number): RangeHash {
  const tiles = new Map<string, Promise<Uint8Array>>();
  const tileOf = (level: number, index: number): Promise<Uint8Array> => {
    const key = `${level}/${index}`;
    const width = Math.min(tileWidth, hashesAt(level, size) - index * tileWidth);
    const known = tiles.get(key) ?? read({ level, index, width });
    tiles.set(key, known);
    return known;
  };
  const node = async (height: number, index: number): Promise<Uint8Array> => {
    const level = Math.floor(height / 8);
    const inside = 2 ** (height - 8 * level);
    const first = index * inside;
    const tile = await tileOf(level, Math.floor(first / tileWidth));
    return foldHashes(primitives, tile, first % tileWidth, inside);
  };
  return (begin, end) => rangeHash(primitives, node, begin, end);
}

/** Root of `count` (a power of two) consecutive hashes of a tile. */
async function foldHashes(primitives: Primitives, tile: Uint8Array, first: number, count: number): Promise<Uint8Array> {
  const at = first * hashBytes;
  if (at + count * hashBytes > tile.length) throw new FormatError(`a tile of ${tile.length} bytes is too short`);
  if (count === 1) return tile.subarray(at, at + hashBytes);
  const left = await foldHashes(primitives, tile, first, count / 2);
  return primitives.sha256(nodeInput(left, await foldHashes(primitives, tile, first + count / 2, count / 2)));
}
