import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hex } from "@probity/verifier/tlog/bytes";
import { hashBytes, levelsOf, tilesAt } from "@probity/verifier/tlog/tile";
import { leavesOf, naiveRoot } from "../../../verifier/src/tlog/tlog.fixture.ts";
import { edgeOf, TileEdge, type TileWrite } from "./tile-edge.ts";

/** A tile by the definition of tlog-tiles. */
function naiveTile(leaves: readonly Uint8Array[], level: number, index: number, width: number): string {
  const span = 256 ** level;
  const hashes = Array.from({ length: width }, (_, place) => {
    const first = (index * 256 + place) * span;
    return naiveRoot(leaves.slice(first, first + span));
  });
  return hex(Buffer.concat(hashes));
}

describe("the right edge of a tree in tiles", () => {
  test("writes the tiles of the definition, however the leaves come", () => {
    const leaves = leavesOf(1_400);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 6 }), (steps) => {
        const stored = new Map<string, TileWrite>();
        let size = 0;
        for (const step of steps) {
          const to = Math.min(leaves.length, size + step);
          const partial = edgeOf(size).map(({ level, tile }) => stored.get(`${level}/${tile}`) as TileWrite);
          const edge = new TileEdge(size, partial);
          edge.add(Buffer.concat(leaves.slice(size, to)));
          for (const write of edge.writes()) stored.set(`${write.level}/${write.tile}`, write);
          size = to;
          expect(edge.size).toBe(size);
          expect(hex(edge.root())).toBe(hex(naiveRoot(leaves.slice(0, size))));
        }
        for (let level = 0; level < levelsOf(size); level += 1) {
          for (const { index, width } of tilesAt(level, size)) {
            const hashes = stored.get(`${level}/${index}`)?.hashes ?? new Uint8Array(0);
            expect(hex(hashes.subarray(0, width * hashBytes))).toBe(naiveTile(leaves, level, index, width));
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  test("an empty tree has the hash of nothing, and a missing tile is told", () => {
    expect(hex(new TileEdge(0, []).root())).toBe(hex(naiveRoot([])));
    expect(() => new TileEdge(300, [])).toThrow("tile 1 of level 0 is missing for a tree of 300");
    expect(edgeOf(65_536)).toEqual([{ level: 2, tile: 0, hashes: 1 }]);
  });
});
