import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError, hex } from "./bytes.ts";
import {
  consistencyPath,
  Frontier,
  inclusionPath,
  isConsistent,
  rangeHash,
  rootOfInclusion,
  treeRoot,
} from "./merkle.ts";
import { leavesOf, naiveRoot, sha256, testPrimitives } from "./tlog.fixture.ts";

const sizes = fc.integer({ min: 1, max: 600 });

/** Hashes of ranges, by the definition. */
const rangesOf =
  (leaves: readonly Uint8Array[]) =>
  async (begin: number, end: number): Promise<Uint8Array> =>
    naiveRoot(leaves.slice(begin, end));

describe("a tree", () => {
  test("has the root of the definition at every size, and goes on from its frontier", () => {
    const leaves = leavesOf(300);
    const whole = new Frontier(sha256);
    leaves.forEach((leaf, index) => {
      expect(hex(whole.root())).toBe(hex(naiveRoot(leaves.slice(0, index))));
      whole.add(leaf);
      const again = new Frontier(sha256, whole.size, whole.roots);
      expect(hex(again.root())).toBe(hex(whole.root()));
    });
    expect(hex(treeRoot(sha256, leaves))).toBe(hex(whole.root()));
    expect(() => new Frontier(sha256, 5, [])).toThrow(FormatError);
  });

  test("tells of every full subtree once, by level", () => {
    const leaves = leavesOf(70);
    const told = new Map<number, string[]>();
    const tree = new Frontier(sha256);
    for (const leaf of leaves)
      tree.add(leaf, (level, hash) => void told.set(level, [...(told.get(level) ?? []), hex(hash)]));
    for (const [level, hashes] of told) {
      const width = 2 ** level;
      expect(hashes).toEqual(
        Array.from({ length: Math.floor(70 / width) }, (_, at) =>
          hex(naiveRoot(leaves.slice(at * width, (at + 1) * width))),
        ),
      );
    }
    expect([...told.keys()]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("proves each leaf, and nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, mix, wrong) => {
        const leaves = leavesOf(size);
        const index = mix % size;
        const path = await inclusionPath(rangesOf(leaves), index, size);
        const root = async (leaf: Uint8Array, at: number, of: number, by: readonly Uint8Array[]): Promise<string> =>
          rootOfInclusion(testPrimitives, leaf, at, of, by).then(hex, (error: unknown) => {
            expect(error).toBeInstanceOf(FormatError);
            return (error as Error).message;
          });
        const right = hex(naiveRoot(leaves));
        expect(await root(leaves[index] as Uint8Array, index, size, path)).toBe(right);
        const other = wrong % size;
        if (other !== index) expect(await root(leaves[index] as Uint8Array, other, size, path)).not.toBe(right);
        expect(await root(sha256(leaves[index] as Uint8Array), index, size, path)).not.toBe(right);
        expect(
          await root(leaves[index] as Uint8Array, index, size, [...path, sha256(leaves[0] as Uint8Array)]),
        ).not.toBe(right);
        if (path.length > 0)
          expect(await root(leaves[index] as Uint8Array, index, size, path.slice(1))).not.toBe(right);
        expect(await root(leaves[index] as Uint8Array, size, size, path)).toContain("outside");
      }),
      { numRuns: 60 },
    );
  });

  test("proves that it continues a smaller one, and no other tree", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), async (size, mix) => {
        const leaves = leavesOf(size);
        const old = mix % (size + 1);
        const path = await consistencyPath(rangesOf(leaves), old, size);
        const [oldRoot, root] = [naiveRoot(leaves.slice(0, old)), naiveRoot(leaves)];
        const holds = (...args: [number, Uint8Array, number, Uint8Array, readonly Uint8Array[]]): Promise<boolean> =>
          isConsistent(testPrimitives, ...args);
        expect(await holds(old, oldRoot, size, root, path)).toBe(true);
        const foreign = leavesOf(size, "another ");
        if (old > 0) {
          expect(await holds(old, naiveRoot(foreign.slice(0, old)), size, root, path)).toBe(false);
          expect(await holds(old, oldRoot, size, naiveRoot(foreign), path)).toBe(false);
        }
        expect(await holds(old, oldRoot, size, root, [...path, oldRoot])).toBe(false);
        if (path.length > 0) expect(await holds(old, oldRoot, size, root, path.slice(0, -1))).toBe(false);
        if (old < size) expect(await holds(size, root, old, oldRoot, path)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test("gives the hash of any range by its full subtrees", async () => {
    const leaves = leavesOf(200);
    const node = async (level: number, index: number): Promise<Uint8Array> =>
      naiveRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
    for (const [begin, end] of [
      [0, 1],
      [0, 200],
      [128, 200],
      [64, 128],
      [192, 200],
      [199, 200],
    ] as const)
      expect(hex(await rangeHash(testPrimitives, node, begin, end))).toBe(hex(naiveRoot(leaves.slice(begin, end))));
  });
});
