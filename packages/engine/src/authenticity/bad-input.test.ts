import { mix32 } from "@probity/kernels/sketch/mix";
import { describe, expect, it } from "vitest";
import { assessMarket } from "./assess-market.ts";
import { defaultJudges } from "./attacks.fixture.ts";
import { roughMarket } from "./evidence.fixture.ts";
import {
  emptyFollows,
  emptyOrders,
  emptyReviews,
  type MarketEvidence,
  noSentiment,
  signaturePlaces,
} from "./evidence.ts";
import { findLikeness } from "./likeness.ts";
import { emptySignature, markText } from "./text-marks.ts";
import { defaultWordReader } from "./word-reader.ts";

const dayS = 86_400;
const generousMs = 60_000;
const reader = defaultWordReader();
const judges = defaultJudges();
const nobody = { people: 1, merchants: 1, products: 1, targets: 1, devices: 0, payers: 0, addresses: 0, carriers: 0 };

/** A market of reviews alone. */
function ofReviews(
  count: number,
  people: number,
  set: (reviews: MarketEvidence["reviews"], row: number) => void,
): MarketEvidence {
  const reviews = emptyReviews(count);
  for (let row = 0; row < count; row += 1) {
    reviews.merchant[row] = 0;
    reviews.reviewer[row] = row % people;
    reviews.stars[row] = 5;
    reviews.signature.set(emptySignature, row * signaturePlaces);
    set(reviews, row);
  }
  return { ...nobody, people, orders: emptyOrders(0), reviews, follows: emptyFollows(0) };
}

/** Everything judged, each reliability in its bounds. */
function assessed(market: MarketEvidence): ReturnType<typeof assessMarket> {
  const found = assessMarket(market, judges);
  for (const reliability of Object.values(found.reliability))
    for (const value of reliability) if (!(value >= 0 && value <= 1_000)) throw new Error(`a reliability of ${value}`);
  return found;
}

describe("words", () => {
  it.each([
    ["nothing", undefined],
    ["an empty text", ""],
    ["blanks", " \n\t　"],
    ["signs that take no room", "\u200b\u200d\ufeff\u2060"],
  ])("of %s have no marks", (_, words) => {
    expect(markText(words, reader)).toEqual({
      chars: 0,
      signature: emptySignature,
      sentiment: noSentiment,
      incentiveWords: false,
    });
  });

  it("of one emoji have characters, but are like nobody's", () => {
    const marks = markText("👍🏽", reader);
    expect(marks.chars).toBeGreaterThan(0);
    expect(marks.signature).toEqual(emptySignature);
  });

  it("of 100,000 characters are read in their beginning", () => {
    const long = "物流很快，质量很好。".repeat(10_000);
    const marks = markText(long, reader);
    expect(marks.chars).toBeLessThanOrEqual(2_000);
    expect(marks.signature).toEqual(markText(long.slice(0, 5_000), reader).signature);
    const wall = markText("x".repeat(100_000), reader);
    expect(wall.chars).toBeLessThanOrEqual(2_000);
  });

  it("with signs between the letters, of other widths or look-alike letters stay like the plain ones", () => {
    const plain = markText("Great quality, fast delivery, will buy again", reader);
    for (const trick of [
      "G\u200breat qual\u200dity, fast del\ufeffivery, will buy again",
      "Ｇｒｅａｔ ｑｕａｌｉｔｙ, fast delivery, will buy again",
      "Grеat quаlity, fаst dеlivery, will buy аgain",
    ]) {
      const marks = markText(trick, reader);
      const same = marks.signature.filter((mark, place) => mark === plain.signature[place]).length;
      expect([trick, same / signaturePlaces >= 0.9]).toEqual([trick, true]);
    }
  });

  it("of mixed scripts, halves of characters and texts from right to left are read without harm", () => {
    for (const words of [
      "好 good مرحبا хорошо 👍",
      "\ud800",
      "\udc00好好好好好好好好好好",
      "\u202eabcdefghijklm",
      "e\u0301".repeat(500),
    ])
      expect(markText(words, reader).signature.length).toBe(signaturePlaces);
  });
});

describe("crowds", () => {
  it(
    "a product with 200,000 reviews in a day is judged, pairs bounded by the partners of each",
    () => {
      const market = ofReviews(200_000, 200_000, (reviews, row) => {
        reviews.product[row] = 0;
        reviews.posted[row] = 1_700_000_000 + (row % dayS);
        reviews.chars[row] = 40;
        // A third wrote the same words.
        const text = row % 3 === 0 ? 1 : row;
        for (let place = 0; place < signaturePlaces; place += 1)
          reviews.signature[row * signaturePlaces + place] = mix32(text, place);
      });
      expect(findLikeness(market).a.length).toBeLessThanOrEqual(4 * 8 * 200_000);
      const found = assessed(market);
      expect(found.reliability.review.length).toBe(200_000);
      expect(found.hindsight.ties.a.length).toBeLessThanOrEqual(4 * 8 * 200_000);
    },
    generousMs,
  );

  it(
    "a reviewer with 50,000 reviews is one account without ties to itself",
    () => {
      const market = ofReviews(50_000, 1, (reviews, row) => {
        reviews.posted[row] = 1_700_000_000 + row * 60;
        reviews.chars[row] = 30;
        for (let place = 0; place < signaturePlaces; place += 1)
          reviews.signature[row * signaturePlaces + place] = mix32(7, place);
      });
      const found = assessed(market);
      expect(found.first.like.a.length).toBe(0);
      expect(found.hindsight.ties.a.length).toBe(0);
      expect(found.rings).toEqual([]);
    },
    generousMs,
  );

  it(
    "a device and an address that everybody shares tie each account to a few",
    () => {
      const orders = emptyOrders(30_000);
      for (let row = 0; row < orders.count; row += 1) {
        orders.merchant[row] = row % 40;
        orders.buyer[row] = row;
        orders.placed[row] = 1_700_000_000 + row * 60;
        orders.device[row] = 0;
        orders.address[row] = 0;
      }
      const market = {
        ...nobody,
        people: 30_000,
        merchants: 40,
        devices: 1,
        addresses: 1,
        orders,
        reviews: emptyReviews(0),
        follows: emptyFollows(0),
      };
      const { ties } = assessed(market).hindsight;
      expect(ties.a.length).toBeLessThanOrEqual(2 * 8 * 30_000);
      const degree = new Int32Array(30_000);
      ties.a.forEach((a, edge) => {
        degree[a] = (degree[a] as number) + 1;
        degree[ties.b[edge] as number] = (degree[ties.b[edge] as number] as number) + 1;
      });
      expect(degree.reduce((most, value) => Math.max(most, value), 0)).toBeLessThanOrEqual(64);
    },
    generousMs,
  );
});

describe("rows that make no sense", () => {
  it("are judged within bounds: a merchant who buys from and reviews itself, nobody's orders, times turned round", () => {
    const market = roughMarket(5, { people: 3, merchants: 3, orders: 400, reviews: 300, follows: 200 });
    // Merchant k and person k are one and the same here: an order or review of oneself is an edge to itself.
    market.orders.buyer.forEach(
      (_, row) => (market.orders.buyer[row] = row % 5 === 0 ? -1 : (market.orders.merchant[row] as number)),
    );
    market.reviews.reviewer.forEach(
      (_, row) => (market.reviews.reviewer[row] = market.reviews.merchant[row] as number),
    );
    market.orders.delivered.forEach(
      (_, row) => (market.orders.delivered[row] = (market.orders.placed[row] as number) - 5 * dayS),
    );
    const { ties } = assessed(market).hindsight;
    ties.a.forEach((a, edge) => expect(a).not.toBe(ties.b[edge]));
  });

  it("and of which nothing is known but that they are there, weigh in full", () => {
    const market: MarketEvidence = {
      ...nobody,
      orders: { ...emptyOrders(50), merchant: new Int32Array(50) },
      reviews: {
        ...emptyReviews(50),
        merchant: new Int32Array(50),
        reviewer: Int32Array.from({ length: 50 }, (_, row) => row),
        stars: new Uint8Array(50).fill(4),
      },
      follows: {
        ...emptyFollows(50),
        target: new Int32Array(50),
        user: Int32Array.from({ length: 50 }, (_, row) => row),
      },
      people: 50,
    };
    for (const reliability of [assessed(market).reliability.order, assessed(market).reliability.review])
      expect(Math.min(...reliability)).toBeGreaterThanOrEqual(600);
  });

  it("of an empty marketplace are none", () => {
    const found = assessed({ ...nobody, orders: emptyOrders(0), reviews: emptyReviews(0), follows: emptyFollows(0) });
    expect([found.rings.length, found.reliability.review.length]).toEqual([0, 0]);
  });
});
