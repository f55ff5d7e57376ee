import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concat, FormatError, hex, utf8 } from "./bytes.ts";
import { inclusionPath, rootOfInclusion } from "./merkle.ts";
import {
  levelsOf,
  rangeOfTiles,
  readBundle,
  readTilePath,
  type TileName,
  tilePath,
  tilesAt,
  writeBundle,
} from "./tile.ts";
import { leavesOf, naiveRoot, testPrimitives } from "./tlog.fixture.ts";

describe("addresses of tiles", () => {
  test("are those of tlog-tiles", () => {
    expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe("tile/0/x001/x234/067");
    expect(tilePath({ level: "entries", index: 0, width: 3 })).toBe("tile/entries/000.p/3");
    expect(tilePath({ level: 2, index: 999, width: 255 })).toBe("tile/2/999.p/255");
    expect(tilePath({ level: 2, index: 1_000, width: 256 })).toBe("tile/2/x001/000");
  });

  test("are read in their only form", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constant("entries" as const), fc.nat(63)),
        fc.integer({ min: 0, max: 10 ** 14 }),
        fc.integer({ min: 1, max: 256 }),
        (level, index, width) => {
          const name: TileName = { level, index, width };
          expect(readTilePath(tilePath(name))).toEqual(name);
        },
      ),
    );
    for (const wrong of [
      "tile/64/000",
      "tile/00/000",
      "tile/-1/000",
      "tile/0/0",
      "tile/0/x000/001",
      "tile/0/001/002",
      "tile/0/000.p/0",
      "tile/0/000.p/256",
      "tile/0/000.p/03",
      "tile/0/000.p/3/",
      "tile/0/000.p/3.p/3",
      "tile/entries",
      "tiles/0/000",
      "tile/0/%30%30%30",
      "tile/data/000",
      "",
    ])
      expect(readTilePath(wrong), wrong).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), (text) => {
        const name = readTilePath(`tile/${text}`);
        if (name !== undefined) expect(tilePath(name)).toBe(`tile/${text}`);
      }),
    );
  });

  test("a tree of 70,000 has those that the specification counts", () => {
    expect(levelsOf(70_000)).toBe(3);
    const counted = [0, 1, 2].map((level) => [...tilesAt(level, 70_000)]);
    expect(counted.map((tiles) => tiles.length)).toEqual([274, 2, 1]);
    expect(counted.map((tiles) => tiles.at(-1)?.width)).toEqual([112, 17, 1]);
    expect([...tilesAt(1, 256)]).toEqual([{ level: 1, index: 0, width: 1 }]);
    expect([...tilesAt("entries", 0)]).toEqual([]);
  });
});

describe("entry bundles", () => {
  test("are read as they were written, and refused where anything is off", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 20 }),
        fc.nat(),
        (entries, mix) => {
          const bytes = writeBundle(entries);
          expect(readBundle(bytes, entries.length).map(hex)).toEqual(entries.map(hex));
          expect(() => readBundle(bytes, entries.length + 1)).toThrow(/holds \d+ entries/);
          expect(() => readBundle(concat(bytes, Uint8Array.of(0)), entries.length)).toThrow(FormatError);
          const cut = mix % bytes.length;
          expect(() => readBundle(bytes.subarray(0, cut), entries.length)).toThrow(FormatError);
        },
      ),
    );
    expect(() => writeBundle([new Uint8Array(65_536)])).toThrow(/65,535/);
  });
});

test("proofs are made from tiles, each of which is read once", async () => {
  const leaves = leavesOf(1_000);
  const read: string[] = [];
  const range = rangeOfTiles(
    testPrimitives,
    async (name) => {
      read.push(tilePath(name));
      const span = 256 ** (name.level as number);
      return concat(
        ...Array.from({ length: name.width }, (_, at) => {
          const first = (name.index * 256 + at) * span;
          return naiveRoot(leaves.slice(first, first + span));
        }),
      );
    },
    1_000,
  );
  for (const index of [0, 255, 256, 767, 999]) {
    const path = await inclusionPath(range, index, 1_000);
    const root = await rootOfInclusion(testPrimitives, leaves[index] as Uint8Array, index, 1_000, path);
    expect(hex(root)).toBe(hex(naiveRoot(leaves)));
  }
  expect(new Set(read).size).toBe(read.length);
  expect(utf8("x").length).toBe(1);
});
