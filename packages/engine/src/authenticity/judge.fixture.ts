import fc from "fast-check";
import { binsMax, joinEdges } from "@probity/kernels/tree/bins";
import { coarseMax, unitsPerLogit } from "@probity/kernels/tree/ga2m-model";
import type { ColumnSpec } from "./column-table.ts";
import { type Judge, reliabilityPlaces } from "./judge.ts";

/** Any judge over some columns: edges, terms, pairs and a reliability that never rises. */
export function anyJudge(specs: readonly ColumnSpec[]): fc.Arbitrary<Judge> {
  const term = fc.integer({ min: -3 * unitsPerLogit, max: 3 * unitsPerLogit });
  const column = fc
    .uniqueArray(fc.double({ min: -50, max: 50, noNaN: true }), { maxLength: 5 })
    .map((edges) => Float64Array.from(new Set(edges.map((edge) => edge + 0))).sort())
    .chain((edges) =>
      fc.tuple(fc.constant(edges), fc.array(term, { minLength: edges.length + 2, maxLength: edges.length + 2 })),
    );
  const pair = fc.tuple(
    fc.nat(specs.length - 2),
    fc.array(term, { minLength: coarseMax * coarseMax, maxLength: coarseMax * coarseMax }),
  );
  return fc
    .record({
      columns: fc.tuple(...specs.map(() => column)),
      pairs: fc.uniqueArray(pair, { maxLength: 2, selector: ([a]) => a }),
      intercept: term,
      reliability: fc.array(fc.nat(1_000), { minLength: reliabilityPlaces, maxLength: reliabilityPlaces }),
    })
    .map(({ columns, pairs, intercept, reliability }) => {
      const mains = new Int32Array(specs.length * binsMax);
      const coarse = new Uint8Array(specs.length * binsMax);
      columns.forEach(([, terms], place) => mains.set(terms, place * binsMax));
      for (const [a] of pairs)
        for (const end of [a, a + 1])
          for (let bin = 0; bin < (columns[end]?.[1].length ?? 0); bin += 1)
            coarse[end * binsMax + bin] = Math.min(bin, coarseMax - 1);
      return {
        specs,
        model: {
          columns: specs.length,
          binning: joinEdges(columns.map(([edges]) => edges)),
          intercept,
          mains,
          pairs: Int32Array.from(pairs.flatMap(([a]) => [a, a + 1])),
          coarse,
          pairTables: Int32Array.from(pairs.flatMap(([, terms]) => terms)),
        },
        reliability: Int32Array.from(reliability).sort().reverse(),
      };
    });
}

/** Any row: numbers around the edges, infinities, not known. */
export const anyRow = (columns: number): fc.Arbitrary<Float64Array> =>
  fc
    .array(
      fc.oneof(fc.double({ min: -60, max: 60, noNaN: true }), fc.constantFrom(Number.NaN, Infinity, -Infinity, 0)),
      {
        minLength: columns,
        maxLength: columns,
      },
    )
    .map((values) => Float64Array.from(values));
