import { signatureSimilarity } from "@probity/kernels/sketch/min-hash";
import { describe, expect, it } from "vitest";
import { drawer, roughMarket } from "./evidence.fixture.ts";
import { signaturePlaces } from "./evidence.ts";
import { findLikeness } from "./likeness.ts";

const size = { people: 30, merchants: 3, orders: 5, reviews: 12, follows: 0 };

describe("findLikeness", () => {
  it("finds what looking at all pairs finds, where a text is not everywhere", () => {
    let pairs = 0;
    for (let seed = 1; seed <= 40; seed += 1) {
      const market = roughMarket(seed, size);
      const { reviews } = market;
      const found = findLikeness(market);
      const expected: string[] = [];
      const [greatest, likes, there] = [new Float64Array(12), new Float64Array(12), new Float64Array(12)];
      for (let pair = 0; pair < 144; pair += 1) {
        const [a, b] = [Math.floor(pair / 12), pair % 12];
        const similarity = signatureSimilarity(reviews.signature, signaturePlaces, a, b);
        if (a >= b || similarity < 0.6 || reviews.reviewer[a] === reviews.reviewer[b]) continue;
        expected.push(`${a} ${b} ${similarity}`);
        for (const review of [a, b]) {
          greatest[review] = Math.max(greatest[review] as number, similarity);
          likes[review] = (likes[review] as number) + 1;
          if (reviews.merchant[a] === reviews.merchant[b]) there[review] = (there[review] as number) + 1;
        }
      }
      pairs += expected.length;
      expect([...found.a].map((a, pair) => `${a} ${found.b[pair]} ${found.similarity[pair]}`)).toEqual(expected);
      reviews.chars.forEach((chars, review) => {
        const blind = chars < 10;
        expect(found.greatest[review]).toEqual(blind ? Number.NaN : greatest[review]);
        expect(found.likes[review]).toEqual(blind ? Number.NaN : likes[review]);
        expect(found.likesAtMerchant[review]).toEqual(blind ? Number.NaN : there[review]);
      });
    }
    expect(pairs).toBeGreaterThan(50);
  });

  it("finds texts in which a few words were changed", () => {
    const draw = drawer(3);
    const market = roughMarket(1, { ...size, reviews: 40 });
    const { reviews } = market;
    reviews.chars.fill(40);
    for (let row = 0; row < 40; row += 1) reviews.reviewer[row] = row % 30;
    // Rows 0 and 1 agree in seven places of eight, the others by chance alone.
    for (let place = 0; place < reviews.signature.length; place += 1) reviews.signature[place] = draw(2 ** 31);
    for (let place = 0; place < signaturePlaces; place += 1)
      if (place % 8 !== 0) reviews.signature[signaturePlaces + place] = reviews.signature[place] as number;
    const found = findLikeness(market);
    expect([[...found.a], [...found.b], [...found.similarity]]).toEqual([[0], [1], [0.875]]);
  });
});
