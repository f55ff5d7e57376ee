import { binomialTail, poissonTail } from "@probity/kernels/stats/burst";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { roughMarket } from "./evidence.fixture.ts";
import { tallyPeople } from "./person-tallies.ts";
import {
  distinctBeside,
  indexRows,
  markedSurprise,
  othersOf,
  ownedBy,
  pairKeys,
  rowsOfKey,
  singles,
  surpriseOf,
} from "./tallies.ts";

const dayS = 86_400;
const ids = fc.array(fc.integer({ min: -1, max: 5 }), { minLength: 1, maxLength: 60 });
const twoIds = fc.integer({ min: 1, max: 60 }).chain((length) => {
  const column = fc.array(fc.integer({ min: -1, max: 5 }), { minLength: length, maxLength: length });
  return fc.tuple(
    column.map((own) => Int32Array.from(own)),
    column.map((own) => Int32Array.from(own)),
  );
});

describe("counts by key", () => {
  it("equal those of looking at all rows", () => {
    fc.assert(
      fc.property(twoIds, ([key, person]) => {
        const rows = [...key.keys()];
        expect([...othersOf(key, person)]).toEqual(
          rows.map((row) => {
            if ((key[row] as number) < 0) return Number.NaN;
            return new Set(rows.filter((other) => key[other] === key[row]).map((other) => person[other])).size - 1;
          }),
        );
        expect([...rowsOfKey(key)]).toEqual(
          rows.map((row) =>
            (key[row] as number) < 0 ? Number.NaN : rows.filter((other) => key[other] === key[row]).length,
          ),
        );
        expect([...distinctBeside(person, key, 6)]).toEqual(
          [0, 1, 2, 3, 4, 5].map(
            (who) =>
              new Set(rows.filter((row) => person[row] === who && (key[row] as number) >= 0).map((row) => key[row]))
                .size,
          ),
        );
        expect([...pairKeys(key, person, 6)]).toEqual(
          rows.map((row) =>
            (key[row] as number) < 0 || (person[row] as number) < 0
              ? -1
              : (key[row] as number) * 6 + (person[row] as number),
          ),
        );
      }),
    );
  });

  it("index rows by owner", () => {
    fc.assert(
      fc.property(twoIds, ([owner]) => {
        const index = indexRows(owner, 6);
        for (let own = 0; own < 6; own += 1)
          expect([...ownedBy(index, own)]).toEqual([...owner.keys()].filter((row) => owner[row] === own));
      }),
    );
  });

  it("of people equal those of looking at all rows", () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const market = roughMarket(seed, { people: 7, merchants: 3, orders: 40, reviews: 20, follows: 15 });
      const { orders, reviews, follows } = market;
      const found = tallyPeople(market);
      for (let who = 0; who < 7; who += 1) {
        const own = [...orders.buyer.keys()].filter((row) => orders.buyer[row] === who);
        expect(found.orders[who]).toBe(own.length);
        expect(found.merchants[who]).toBe(new Set(own.map((row) => orders.merchant[row])).size);
        expect(found.unkept[who]).toBe(
          own.reduce((sum, row) => sum + (orders.returned[row] as number) + (orders.cancelled[row] as number), 0),
        );
        expect(found.reviews[who]).toBe(reviews.reviewer.filter((author) => author === who).length);
        const followed = [...follows.user.keys()].filter((row) => follows.user[row] === who);
        expect(found.follows[who]).toBe(followed.length);
        expect(found.active[who]).toBe(followed.filter((row) => follows.active[row] === 1).length);
        const times = [
          ...own.map((row) => orders.placed[row] as number),
          ...[...reviews.reviewer.keys()]
            .filter((row) => reviews.reviewer[row] === who)
            .map((row) => reviews.posted[row] as number),
          ...followed.map((row) => follows.followed[row] as number),
        ];
        expect(found.first[who]).toBe(times.length === 0 ? Number.NaN : Math.min(...times));
      }
    }
  });
});

/** The header's formula, row by row. */
function naiveSurprise(
  owner: readonly number[],
  times: readonly number[],
  halfS: number,
  usualS: number,
  weight?: readonly number[],
): number[] {
  const counts = (row: number): boolean =>
    (owner[row] as number) >= 0 && !Number.isNaN(times[row]) && weight?.[row] !== 0;
  return owner.map((whose, row) => {
    if (!counts(row)) return Number.NaN;
    const own = owner.flatMap((other, place) => (other === whose && counts(place) ? [times[place] as number] : []));
    const within = (half: number): number[] => own.filter((time) => Math.abs(time - (times[row] as number)) <= half);
    const [near, far] = [within(halfS), within(usualS)];
    const spanS = Math.max(14 * dayS, Math.max(...far) - Math.min(...far) - 2 * halfS);
    const usual = ((far.length - near.length + 3) / spanS) * 2 * halfS;
    return Math.min(12, -Math.log10(Math.max(1e-300, poissonTail(near.length - 1, usual))));
  });
}

describe("surpriseOf", () => {
  const rows = fc.array(
    fc.tuple(
      fc.integer({ min: -1, max: 2 }),
      fc.oneof(fc.integer({ min: 0, max: 90 }), fc.constant(Number.NaN)),
      fc.nat(2),
    ),
    { minLength: 1, maxLength: 50 },
  );
  it("equals the formula worked out row by row", () => {
    fc.assert(
      fc.property(rows, (given) => {
        const owner = given.map(([whose]) => whose);
        const times = given.map(([, day]) => day * dayS);
        const weight = given.map(([, , own]) => own);
        const expected = naiveSurprise(owner, times, 3 * dayS, 30 * dayS, weight);
        const found = surpriseOf(
          owner,
          Float64Array.from(times),
          { halfS: 3 * dayS, usualS: 30 * dayS },
          Uint8Array.from(weight),
        );
        found.forEach((value, row) => {
          const known = expected[row] as number;
          if (Number.isNaN(known)) expect(value).toBeNaN();
          // The usual rate moves a little within a crowd; it is worked out again where the count does.
          else expect(Math.abs(value - known)).toBeLessThanOrEqual(0.35 + 0.2 * known);
        });
      }),
    );
  });

  it("is great for a crowd and small for steady trade", () => {
    const steady = Array.from({ length: 200 }, (_, row) => row * dayS);
    const crowd = Array.from({ length: 30 }, (_, row) => 100 * dayS + row * 600);
    const times = Float64Array.from([...steady, ...crowd]);
    const found = surpriseOf(new Int32Array(230), times, { halfS: dayS, usualS: 60 * dayS });
    expect(Math.min(...found.slice(200))).toBeGreaterThan(8);
    expect(Math.max(...found.slice(0, 90))).toBeLessThan(2);
  });

  it("takes a product with 200,000 reviews in a day", () => {
    const times = Float64Array.from({ length: 200_000 }, (_, row) => (row % dayS) + 0.5);
    const found = surpriseOf(new Int32Array(200_000), times, { halfS: 3 * dayS, usualS: 60 * dayS });
    expect(found.every((value) => value >= 0 && value <= 12)).toBe(true);
  });

  it("knows nothing of nobody", () => {
    expect([...surpriseOf(Int32Array.of(-1, 0), Float64Array.of(1, Number.NaN), { halfS: 1, usualS: 2 })]).toEqual([
      Number.NaN,
      Number.NaN,
    ]);
    fc.assert(
      fc.property(
        ids,
        (owner) => surpriseOf(owner, new Float64Array(owner.length), { halfS: 1, usualS: 2 }).length === owner.length,
      ),
    );
  });
});

describe("markedSurprise", () => {
  const rows = fc.array(
    fc.tuple(
      fc.integer({ min: -1, max: 2 }),
      fc.integer({ min: -1, max: 7 }),
      fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constant(Number.NaN)),
      fc.nat(2),
    ),
    { minLength: 1, maxLength: 40 },
  );
  const marked = Uint8Array.of(1, 0, 0, 1, 0, 0, 0, 1);

  it("equals the binomial chance worked out row by row", () => {
    fc.assert(
      fc.property(rows, (given) => {
        const [owner, person] = [given.map(([whose]) => whose), Int32Array.from(given, ([, who]) => who)];
        const times = Float64Array.from(given, ([, , day]) => day * dayS);
        const weight = Uint8Array.from(given, ([, , , own]) => own);
        const known = [...owner.keys()].filter(
          (row) =>
            (owner[row] as number) >= 0 &&
            (person[row] as number) >= 0 &&
            !Number.isNaN(times[row]) &&
            weight[row] !== 0,
        );
        const hits = (of: readonly number[]): number =>
          of.reduce((sum, row) => sum + (marked[person[row] as number] as number), 0);
        const usual = (hits(known) + 1) / (known.length + 2);
        markedSurprise(owner, times, person, marked, 2 * dayS, weight).forEach((found, row) => {
          if (!known.includes(row)) {
            expect(found).toBeNaN();
            return;
          }
          const others = known.filter(
            (other) =>
              other !== row &&
              owner[other] === owner[row] &&
              Math.abs((times[other] as number) - (times[row] as number)) <= 2 * dayS,
          );
          expect(found).toBeCloseTo(Math.min(12, -Math.log10(binomialTail(hits(others), others.length, usual))), 9);
        });
      }),
    );
  });

  it("does not surprise where everybody is marked, and does for a marked crowd among others", () => {
    const person = Int32Array.from({ length: 400 }, (_, row) => row);
    const times = Float64Array.from({ length: 400 }, (_, row) => (row < 40 ? 300 * dayS : row * dayS));
    const all = markedSurprise(new Int32Array(400), times, person, new Uint8Array(400).fill(1), dayS);
    expect(Math.max(...all)).toBeLessThan(1);
    const crowd = markedSurprise(
      new Int32Array(400),
      times,
      person,
      Uint8Array.from(person, (who) => (who < 40 ? 1 : 0)),
      dayS,
    );
    expect(Math.min(...crowd.slice(0, 40))).toBeGreaterThan(10);
  });

  it("marks accounts seen in one place alone", () => {
    const market = roughMarket(2, { people: 30, merchants: 5, orders: 20, reviews: 12, follows: 5 });
    const people = tallyPeople(market);
    singles(people).forEach((is, who) =>
      expect(is).toBe(
        (people.merchants[who] as number) <= 1 &&
          (people.reviews[who] as number) <= 1 &&
          (people.orders[who] as number) <= 1
          ? 1
          : 0,
      ),
    );
  });
});
