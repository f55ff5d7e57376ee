import fc from "fast-check";

/** A CloudEvent as a platform sends it. */
export interface RawEvent {
  readonly specversion: "1.0";
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const firstDay = 20_000;
const dayMs = 86_400_000;

const pick = (prefix: string, count: number): fc.Arbitrary<string> =>
  fc.integer({ min: 1, max: count }).map((no) => `${prefix}${no}`);
const merchant = pick("m", 2);
const buyer = pick("b", 3);
const order = pick("o", 8);
const product = pick("p", 3);
const promoter = pick("r", 2);
const entity = (prefix: string): fc.Arbitrary<string> => pick(prefix, 3);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined, freq: 2 });
const isoTime = fc
  .integer({ min: 0, max: 140 })
  .map((step) => new Date(firstDay * dayMs + step * (dayMs / 4)).toISOString());
const isoDate = fc
  .integer({ min: -40, max: 60 })
  .map((day) => new Date((firstDay + day) * dayMs).toISOString().slice(0, 10));
const amount = fc.constantFrom(0, 99, 999, 1_000, 9_999, 123_456, 30_000_000, 1_000_000_000);
const currency = fc.constantFrom("CNY", "USD", "JPY", "KWD");
const stars = fc.integer({ min: 1, max: 5 });
const aspects = fc.record({ described: maybe(stars), service: maybe(stars), logistics: maybe(stars) });
const listing = {
  product,
  merchant,
  title: fc.constant("Tea"),
  category: maybe(fc.constant("tea")),
  images: fc.integer({ min: 0, max: 3 }),
  descriptionChars: fc.constantFrom(0, 79, 80, 500),
  origin: maybe(fc.boolean()),
};
const followed = fc.constantFrom(
  { kind: "merchant", followed: "m1" },
  { kind: "merchant", followed: "m2" },
  { kind: "promoter", followed: "r1" },
);
const items = fc.array(fc.record({ product, quantity: fc.integer({ min: 1, max: 3 }), amount }), {
  minLength: 1,
  maxLength: 3,
});

type Fields = Readonly<Record<string, fc.Arbitrary<unknown>>>;
const words = maybe(fc.constantFrom("好", "fine", 'Quote " and \\ and \u001e'));

/** Data of every event that changes an entity, over few ids; the weight says how often it is drawn. */
const kinds: readonly (readonly [weight: number, type: string, data: Fields])[] = [
  [
    1,
    "merchant.registered",
    { merchant, name: fc.constantFrom("Tea House", "茶馆"), category: maybe(fc.constant("tea")) },
  ],
  [
    2,
    "merchant.verified",
    {
      merchant,
      certificate: entity("c"),
      kind: fc.constantFrom("licence", "quality", "identity", "green"),
      authority: fc.constant("SGS"),
      issued: maybe(isoDate),
      expires: maybe(isoDate),
    },
  ],
  [1, "merchant.suspended", { merchant, reason: fc.constant("late") }],
  [1, "merchant.linked", { merchant, to: merchant, evidence: fc.constant(["same licence"]), holds: fc.boolean() }],
  [1, "promoter.registered", { promoter, name: fc.constant("Lin") }],
  [3, "listing.published", listing],
  [3, "listing.changed", { ...listing, withdrawn: maybe(fc.boolean()) }],
  [
    1,
    "listing.inspected",
    { inspection: entity("i"), product, merchant, authority: fc.constant("SGS"), passed: fc.boolean() },
  ],
  [1, "listing.traced", { product, merchant, authority: fc.constant("SGS"), origin: fc.constant("Hangzhou") }],
  [
    12,
    "order.placed",
    {
      order,
      merchant,
      buyer,
      amount,
      currency,
      items,
      shipBy: maybe(isoTime),
      deliverBy: maybe(isoTime),
      promoter: maybe(promoter),
      shipTo: words,
    },
  ],
  [1, "order.paid", { order, merchant, amount, currency }],
  [1, "payment.failed", { order, merchant }],
  [4, "order.cancelled", { order, merchant, by: fc.constantFrom("buyer", "merchant", "carrier", "platform") }],
  [5, "order.shipped", { order, merchant, trackingValid: maybe(fc.boolean()), green: maybe(fc.boolean()) }],
  [10, "order.delivered", { order, merchant, damaged: maybe(fc.boolean()) }],
  [4, "order.confirmed", { order, merchant, remark: words }],
  [
    4,
    "return.requested",
    {
      return: entity("t"),
      order,
      merchant,
      buyer,
      product: maybe(product),
      kind: fc.constant("return"),
      reason: fc.constantFrom(
        "not-as-described",
        "defect",
        "damaged",
        "wrong-item",
        "late",
        "size",
        "changed-mind",
        "other",
      ),
    },
  ],
  [
    3,
    "return.resolved",
    { return: entity("t"), merchant, outcome: fc.constantFrom("accepted", "rejected", "withdrawn") },
  ],
  [3, "refund.issued", { return: entity("t"), merchant, amount, currency }],
  [
    4,
    "complaint.opened",
    { complaint: pick("k", 6), merchant, buyer, about: fc.constantFrom("delivery", "description", "service") },
  ],
  [3, "complaint.answered", { complaint: pick("k", 6), merchant, solved: fc.boolean() }],
  [
    4,
    "dispute.opened",
    {
      dispute: pick("d", 6),
      merchant,
      buyer,
      kind: fc.constantFrom("not-received", "charge-back", "other"),
      amount: maybe(amount),
      currency: maybe(currency),
    },
  ],
  [4, "dispute.decided", { dispute: pick("d", 6), merchant, fault: fc.constantFrom("merchant", "buyer", "none") }],
  [
    1,
    "compensation.paid",
    { compensation: entity("x"), merchant, buyer, amount, currency, by: fc.constant("merchant") },
  ],
  [
    8,
    "review.posted",
    { review: pick("v", 6), merchant, buyer, product: maybe(product), stars, aspects: maybe(aspects), text: words },
  ],
  [3, "review.edited", { review: pick("v", 6), merchant, buyer, stars, aspects: maybe(aspects) }],
  [2, "review.removed", { review: pick("v", 6), merchant, by: fc.constant("platform"), reason: fc.constant("fake") }],
  [2, "review.replied", { review: pick("v", 6), merchant, text: words }],
  [
    3,
    "reliability.assessed",
    {
      review: pick("v", 6),
      merchant,
      reliability: fc.constantFrom(0, 1, 333, 999, 1_000),
      model: fc.constant("m"),
      reasons: fc.constant([]),
    },
  ],
  [
    3,
    "order.assessed",
    {
      order,
      merchant,
      reliability: fc.constantFrom(0, 499, 500, 1_000),
      model: fc.constant("m"),
      reasons: fc.constant([]),
    },
  ],
  [1, "review.voted", { review: pick("v", 6), merchant, voter: buyer, helpful: fc.boolean() }],
  [3, "ticket.opened", { ticket: entity("q"), merchant, buyer, text: words }],
  [2, "ticket.replied", { ticket: entity("q"), merchant }],
  [2, "ticket.closed", { ticket: entity("q"), merchant, solved: fc.boolean() }],
  [1, "referral.made", { referral: entity("f"), merchant, user: buyer, promoter: maybe(promoter) }],
  [1, "referral.converted", { referral: entity("f"), merchant, order, kept: fc.boolean() }],
  [
    1,
    "incident.reported",
    {
      incident: entity("n"),
      merchant,
      kind: fc.constant("fire"),
      severity: fc.constantFrom("low", "medium", "high"),
      summary: fc.constant("fire"),
    },
  ],
  [
    1,
    "counterfeit.confirmed",
    { incident: entity("n"), merchant, product: maybe(product), authority: fc.constant("SGS") },
  ],
  [1, "privacy.breached", { incident: entity("n"), merchant, people: fc.integer({ min: 1, max: 9 }) }],
];

const follows = fc
  .record({
    type: fc.constantFrom("user.followed", "user.unfollowed", "content.liked", "content.shared", "follow.assessed"),
    user: buyer,
    followed,
    reliability: fc.constantFrom(0, 499, 500, 1_000),
  })
  .map(({ type, user, followed: whom, reliability }) => ({
    type,
    data: {
      user,
      ...whom,
      ...(type.startsWith("content") ? { content: "c1" } : {}),
      ...(type === "follow.assessed" ? { reliability, model: "m", reasons: [] } : {}),
    },
  }));

/** Drops what is undefined, as JSON does. */
const plain = (data: Record<string, unknown>): Record<string, unknown> =>
  JSON.parse(JSON.stringify(data)) as Record<string, unknown>;

const importedCredential = { merchant, import: entity("j"), credential: fc.constant("0c".repeat(32)) };

/** The engine's own acts that change facts. */
const ownActs: readonly (readonly [weight: number, type: string, data: Fields])[] = [
  [
    2,
    "credential.imported",
    {
      ...importedCredential,
      issuer: fc.constant("did:web:other.example"),
      from: fc.integer({ min: firstDay, max: firstDay + 30 }),
      until: fc.integer({ min: firstDay + 20, max: firstDay + 60 }),
      weight: fc.constantFrom(0, 1, 333, 1_000),
      score: fc.constantFrom(0, 499, 873, 1_000),
    },
  ],
  [1, "credential.removed", { ...importedCredential, reason: fc.constantFrom("withdrawn", "replaced", "revoked") }],
];

const content = fc.oneof(
  { weight: 6, arbitrary: follows },
  ...[...kinds, ...ownActs].map(([weight, type, data]) => ({
    weight,
    arbitrary: fc.record(data).map((fields) => ({ type, data: plain(fields) })),
  })),
);

/** Steps of six hours, so that times tie; one month holds most of them, so that caps are met. */
const when = fc
  .oneof(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 100, max: 160 }))
  .map((step) => firstDay * dayMs + step * (dayMs / 4));

/** Sets of valid events over so few ids that they collide; ids of events are unique. */
export const eventSets: fc.Arbitrary<RawEvent[]> = fc
  .array(fc.tuple(content, when, fc.constantFrom("urn:shop", "urn:shop-2"), fc.boolean()), {
    minLength: 1,
    maxLength: 120,
    size: "max",
  })
  .map((drawn) =>
    drawn.map(([{ type, data }, timeMs, source, early], index) => ({
      specversion: "1.0",
      id: `${early ? "a" : "e"}${index}`,
      source,
      type,
      time: new Date(timeMs).toISOString(),
      data,
    })),
  );
