import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { midas, type MidasOptions, midasState } from "./midas.ts";

const options: MidasOptions = { depth: 4, width: 4_096, decay: 0.6, seed: 5 };
type Edge = readonly [source: number, target: number, tick: number];

const stream = fc
  .array(fc.tuple(fc.nat(5), fc.nat(5), fc.integer({ min: 1, max: 12 })), { maxLength: 60 })
  .map((list) => list.toSorted((x, y) => x[2] - y[2]));

function scores(list: readonly Edge[], state = midasState(options)): Float64Array {
  const out = new Float64Array(list.length);
  const column = (place: 0 | 1 | 2): Int32Array => Int32Array.from(list, (edge) => edge[place]);
  midas(state, column(0), column(1), column(2), out);
  return out;
}

/** With maps in place of sketches. */
function naive(list: readonly Edge[]): number[] {
  const [recent, total] = [new Map<string, number>(), new Map<string, number>()];
  let now = 1;
  return list.map(([source, target, tick]) => {
    for (; now < tick; now += 1) for (const [key, value] of recent) recent.set(key, value * options.decay);
    return Math.max(
      ...[`${source}>${target}`, `from ${source}`, `to ${target}`].map((key) => {
        recent.set(key, (recent.get(key) ?? 0) + 1);
        total.set(key, (total.get(key) ?? 0) + 1);
        const [a, s] = [recent.get(key)!, total.get(key)!];
        return tick <= 1 ? 0 : ((a - s / tick) * tick) ** 2 / (s * (tick - 1));
      }),
    );
  });
}

describe("midas", () => {
  it("equals exact counts where the sketch is wide", () => {
    fc.assert(
      fc.property(stream, (list) => {
        const expected = naive(list);
        scores(list).forEach((score, edge) => expect(score).toBeCloseTo(expected[edge]!, 9));
      }),
    );
  });

  it("goes on where a stream was left", () => {
    fc.assert(
      fc.property(stream, fc.nat(60), (list, at) => {
        const state = midasState(options);
        const parts = [...scores(list.slice(0, at), state), ...scores(list.slice(at), state)];
        expect(parts).toEqual([...scores(list)]);
      }),
    );
  });

  it("scores a burst between two nodes above even traffic, even in a narrow sketch", () => {
    const even = Array.from({ length: 2_000 }, (_, k): Edge => [k % 40, (k * 7) % 40, 1 + Math.floor(k / 50)]);
    const burst = Array.from({ length: 60 }, (): Edge => [3, 5, 30]);
    const list = [...even, ...burst].toSorted((x, y) => x[2] - y[2]);
    const found = scores(list, midasState({ ...options, width: 512 }));
    const ofBurst = list.flatMap((edge, place) =>
      edge[0] === 3 && edge[1] === 5 && edge[2] === 30 ? [found[place]!] : [],
    );
    const others = list.flatMap((edge, place) => (edge[2] > 10 && edge[2] < 30 ? [found[place]!] : []));
    expect(Math.max(...ofBurst)).toBeGreaterThan(10 * Math.max(...others));
  });

  it("refuses ticks that fall and sketches of no size", () => {
    expect(scores([]).length).toBe(0);
    expect(() =>
      scores([
        [1, 2, 3],
        [1, 2, 2],
      ]),
    ).toThrow(/tick 2 after 3/);
    expect(() => scores([[1, 2, 0]])).toThrow(/tick 0/);
    expect(() => midasState({ ...options, width: 0 })).toThrow(/4 × 0/);
    expect(() => midasState({ ...options, decay: 1 })).toThrow(/decay of 1/);
  });
});
