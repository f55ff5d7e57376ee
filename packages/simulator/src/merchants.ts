import { dayMs, dayText, hourMs } from "./calendar.ts";
import { categories, productTitle, type Category, type Language } from "./goods.ts";
import { regions, shopName } from "./names.ts";
import type { Random } from "./random.ts";
import { momentOf, shareOut, type Season } from "./rhythm.ts";
import type { MerchantKind, Phase, Quality } from "./truth.ts";
import type { World } from "./world.ts";

export interface Product {
  readonly id: string;
  readonly title: string;
  /** Which of its category's nouns it is. */
  readonly noun: number;
  readonly price: number;
}

interface BadBatch {
  readonly fromDay: number;
  readonly toDay: number;
  readonly defect: number;
}

export interface Merchant {
  readonly id: string;
  readonly name: string;
  readonly kind: MerchantKind;
  readonly language: Language;
  readonly category: Category;
  readonly region: string;
  readonly openedDay: number;
  readonly phases: readonly Phase[];
  readonly products: readonly Product[];
  /** Share of its category's demand, before season; 0 for shops that only a script sends orders to. */
  readonly weight: number;
  readonly season: Season;
  readonly carrier: string;
  readonly shipWindowHours: number;
  readonly promisedTransitDays: number;
  readonly green: number;
  /** Share of its listings that are complete and state their origin. */
  readonly diligence: number;
  readonly badBatches: BadBatch[];
  closedDay: number;
}

export const carriers: readonly string[] = ["swift", "river", "harbour", "plain"];

type Range = readonly [low: number, high: number];
type Ranges = { readonly [Field in keyof Quality]: Range };

const honest: Ranges = {
  asDescribed: [0.985, 0.997],
  defect: [0.003, 0.012],
  counterfeit: [0, 0],
  neverSent: [0, 0.0004],
  damaged: [0.003, 0.01],
  wrongItem: [0.001, 0.004],
  dispatchInTime: [0.94, 0.995],
  trackingValid: [0.985, 0.999],
  merchantCancels: [0.002, 0.01],
  replies: [0.94, 0.99],
  replyMedianHours: [0.3, 2.5],
  answersReviews: [0.65, 0.95],
  solves: [0.85, 0.97],
  solveMedianHours: [8, 30],
  refundMedianHours: [8, 36],
  inspectionPasses: [0.97, 1],
  bribes: [0, 0],
};
const sloppy: Ranges = {
  asDescribed: [0.94, 0.97],
  defect: [0.02, 0.04],
  counterfeit: [0, 0],
  neverSent: [0.0005, 0.002],
  damaged: [0.012, 0.025],
  wrongItem: [0.006, 0.014],
  dispatchInTime: [0.74, 0.88],
  trackingValid: [0.93, 0.97],
  merchantCancels: [0.02, 0.045],
  replies: [0.72, 0.88],
  replyMedianHours: [5, 18],
  answersReviews: [0.2, 0.45],
  solves: [0.55, 0.72],
  solveMedianHours: [36, 80],
  refundMedianHours: [48, 110],
  inspectionPasses: [0.88, 0.96],
  bribes: [0, 0.03],
};
const poor: Ranges = {
  asDescribed: [0.84, 0.91],
  defect: [0.05, 0.09],
  counterfeit: [0, 0],
  neverSent: [0.004, 0.012],
  damaged: [0.02, 0.04],
  wrongItem: [0.012, 0.025],
  dispatchInTime: [0.5, 0.68],
  trackingValid: [0.86, 0.92],
  merchantCancels: [0.045, 0.09],
  replies: [0.45, 0.65],
  replyMedianHours: [18, 50],
  answersReviews: [0.03, 0.18],
  solves: [0.28, 0.45],
  solveMedianHours: [80, 150],
  refundMedianHours: [110, 220],
  inspectionPasses: [0.75, 0.86],
  bribes: [0, 0.02],
};
const fraudulent: Ranges = {
  asDescribed: [0.76, 0.88],
  defect: [0.04, 0.09],
  counterfeit: [0.02, 0.1],
  neverSent: [0.01, 0.03],
  damaged: [0.01, 0.025],
  wrongItem: [0.008, 0.02],
  dispatchInTime: [0.6, 0.82],
  trackingValid: [0.75, 0.9],
  merchantCancels: [0.03, 0.07],
  replies: [0.4, 0.65],
  replyMedianHours: [12, 44],
  answersReviews: [0.02, 0.12],
  solves: [0.15, 0.3],
  solveMedianHours: [90, 180],
  refundMedianHours: [140, 280],
  inspectionPasses: [0.35, 0.6],
  bribes: [0.08, 0.25],
};

/** How a shop may work; `vanishing` takes the money and sends nothing. */
export type Standard = "honest" | "sloppy" | "poor" | "fraudulent" | "vanishing";
const standards: Readonly<Record<Standard, Ranges>> = {
  honest,
  sloppy,
  poor,
  fraudulent,
  vanishing: { ...fraudulent, neverSent: [0.35, 0.6], replies: [0.1, 0.2], solves: [0.02, 0.06] },
};

export function drawQuality(standard: Standard, random: Random): Quality {
  const ranges = standards[standard];
  const drawn: Partial<Record<keyof Quality, number>> = {};
  for (const field of Object.keys(ranges) as (keyof Quality)[]) {
    const [low, high] = ranges[field];
    drawn[field] = Number(random.between(low, high).toFixed(4));
  }
  return drawn as Quality;
}

export function qualityOn(merchant: Merchant, day: number): Quality {
  let current = merchant.phases[0]!;
  for (const phase of merchant.phases) if (phase.fromDay <= day) current = phase;
  return current.quality;
}

function halfway(from: Quality, to: Quality): Quality {
  const drawn: Partial<Record<keyof Quality, number>> = {};
  for (const field of Object.keys(from) as (keyof Quality)[]) drawn[field] = (from[field] + to[field]) / 2;
  return drawn as Quality;
}

function drawPhases(kind: MerchantKind, startDay: number, days: number, random: Random): Phase[] {
  const change = startDay + Math.floor(days * random.between(0.35, 0.65));
  const good = drawQuality("honest", random);
  if (kind === "improving" || kind === "failing") {
    const bad = drawQuality(kind === "improving" ? "sloppy" : "poor", random);
    const [from, to] = kind === "improving" ? [bad, good] : [good, bad];
    return [
      { fromDay: startDay, quality: from },
      { fromDay: change, quality: halfway(from, to) },
      { fromDay: change + Math.max(3, Math.floor(days / 12)), quality: to },
    ];
  }
  if (kind === "fraudulent" && random.chance(0.3)) {
    const late = startDay + Math.floor(days * random.between(0.6, 0.85));
    return [
      { fromDay: startDay, quality: good },
      { fromDay: late, quality: drawQuality("vanishing", random) },
    ];
  }
  const quality = kind === "honest" ? good : drawQuality(kind === "sloppy" ? "sloppy" : "fraudulent", random);
  return [{ fromDay: startDay, quality }];
}

function drawProducts(world: World, category: Category, language: Language, random: Random): Product[] {
  const products: Product[] = [];
  const median = category.priceMedian * random.logNormal(1, 0.35);
  for (let count = random.integer(4, 14); count > 0; count -= 1) {
    const price = Math.max(290, Math.round(random.logNormal(median, 0.5) / 100) * 100 - 10);
    products.push({ id: world.newId("p"), ...productTitle(category, language, random), price });
  }
  return products;
}

/** What a script may fix of a shop; the rest is drawn. */
export interface MerchantWish {
  readonly kind?: MerchantKind;
  readonly category?: Category;
  readonly openedDay?: number;
  readonly phases?: readonly Phase[];
  readonly weight?: number;
}

/** Founds a shop: an actor with its truth; its events begin on the day it opens. */
export function foundMerchant(world: World, wish: MerchantWish): Merchant {
  const random = world.dice.merchants;
  const { startDay, days } = world.settings;
  const kind = wish.kind ?? "honest";
  const category = wish.category ?? random.pick(categories);
  const language: Language = random.chance(0.7) ? "zh" : "en";
  const opensLate = random.chance(0.18);
  const openedDay = wish.openedDay ?? (opensLate ? startDay + Math.floor(days * random.between(0.02, 0.7)) : startDay);
  const merchant: Merchant = {
    id: `m-${String(world.merchants.length + 1).padStart(4, "0")}`,
    name: shopName(category.name, language, random),
    kind,
    language,
    category,
    region: random.pick(regions),
    openedDay,
    phases: wish.phases ?? drawPhases(kind, openedDay, world.settings.endDay - openedDay + 1, random),
    products: drawProducts(world, category, language, random),
    weight: wish.weight ?? random.logNormal(1, 0.9),
    season: random.chance(0.9) ? "steady" : random.pick(["winter", "summer"]),
    carrier: random.pick(carriers),
    shipWindowHours: random.pick([24, 48, 48, 72]),
    promisedTransitDays: random.integer(4, 6),
    green: kind === "fraudulent" ? 0.02 : random.pick([0.05, 0.3, 0.8]),
    diligence: kind === "honest" || kind === "failing" ? random.between(0.75, 1) : random.between(0.3, 0.8),
    badBatches: [],
    closedDay: Number.POSITIVE_INFINITY,
  };
  world.merchants.push(merchant);
  world.openings.add(openedDay, merchant);
  world.truth.merchants.set(merchant.id, {
    merchant: merchant.id,
    kind,
    category: category.name,
    openedDay,
    phases: merchant.phases,
    changeDays: merchant.phases.slice(1).map((phase) => phase.fromDay),
  });
  return merchant;
}

const kindShares: readonly (readonly [MerchantKind, number])[] = [
  ["honest", 70],
  ["sloppy", 12],
  ["improving", 5],
  ["failing", 5],
  ["fraudulent", 8],
];

/** The ordinary shops of a world, kinds by their shares. */
export function foundMerchants(world: World, count: number, only?: Category): void {
  const random = world.dice.merchants;
  const shares = kindShares.filter(([kind]) => world.settings.crooks || kind !== "fraudulent");
  const counts = shareOut(
    count,
    shares.map(([, share]) => share),
  );
  const kinds = random.shuffled(shares.flatMap(([kind], index) => Array.from({ length: counts[index]! }, () => kind)));
  const sizes = shareOut(
    count,
    categories.map((category) => category.weight),
  );
  const trades = random.shuffled(
    categories.flatMap((category, index) => Array.from({ length: sizes[index]! }, () => category)),
  );
  for (let index = 0; index < count; index += 1) {
    const wish = { kind: kinds[index]!, category: only ?? trades[index]! };
    foundMerchant(world, index === 0 ? { ...wish, openedDay: world.settings.startDay } : wish);
  }
}

function certify(
  world: World,
  merchant: Merchant,
  kind: "licence" | "quality" | "identity" | "green",
  validDays: number,
): void {
  const random = world.dice.merchants;
  const { calendar } = world;
  const authorities = {
    licence: "市场监督管理局 (Market Regulation Office)",
    quality: "诚检第三方检测 (Third-party Quality Lab)",
    identity: "实名核验中心 (Identity Check Centre)",
    green: "绿色包装认证 (Green Packaging Mark)",
  };
  const certificate = world.newId("x");
  const issuedDay = merchant.openedDay - random.integer(5, 900);
  let expiresDay = merchant.openedDay + validDays;
  const number = `${kind.slice(0, 3).toUpperCase()}-${random.integer(100_000, 999_999)}`;
  const verified = {
    merchant: merchant.id,
    certificate,
    kind,
    authority: authorities[kind],
    number,
  };
  calendar.add(merchant.openedDay * dayMs, "merchant.verified", {
    ...verified,
    issued: dayText(issuedDay),
    expires: dayText(expiresDay),
  });
  const renews = merchant.kind === "fraudulent" ? 0.3 : merchant.kind === "sloppy" ? 0.6 : 0.88;
  while (expiresDay <= calendar.endDay && random.chance(renews)) {
    const day = Math.max(merchant.openedDay, expiresDay - random.integer(2, 20));
    expiresDay += 365;
    calendar.add(momentOf(day, random), "merchant.verified", {
      ...verified,
      issued: dayText(day),
      expires: dayText(expiresDay),
    });
  }
}

function publish(world: World, merchant: Merchant, product: Product, timeMs: number): void {
  const random = world.dice.merchants;
  const { calendar } = world;
  const complete = random.chance(merchant.diligence);
  const listing = {
    product: product.id,
    merchant: merchant.id,
    title: product.title,
    category: merchant.category.name,
    price: product.price,
    currency: "CNY",
    images: complete ? random.integer(4, 9) : random.integer(0, 3),
    descriptionChars: complete ? random.integer(240, 2_400) : random.integer(0, 160),
    origin: complete || random.chance(0.2),
  };
  calendar.add(timeMs, "listing.published", listing);
  if (random.chance(0.3)) {
    const day = merchant.openedDay + random.integer(5, Math.max(6, world.settings.days));
    const price = Math.max(290, Math.round((product.price * random.between(0.8, 1.15)) / 10) * 10);
    const diligent = {
      images: Math.max(listing.images, 4),
      descriptionChars: listing.descriptionChars + 120,
    };
    calendar.add(momentOf(day, random), "listing.changed", { ...listing, ...diligent, price });
  }
  if (complete && random.chance(0.15)) {
    calendar.add(timeMs + hourMs, "listing.traced", {
      product: product.id,
      merchant: merchant.id,
      authority: "溯源平台 (Origin Register)",
      origin: merchant.region,
    });
  }
}

/** The events of a shop's first day: registration, certificates, listings. */
export function openShop(world: World, merchant: Merchant): void {
  const random = world.dice.merchants;
  const { calendar } = world;
  // At the day's first instant, so that no order comes before its shop.
  const timeMs = merchant.openedDay * dayMs;
  calendar.add(timeMs, "merchant.registered", {
    merchant: merchant.id,
    name: merchant.name,
    category: merchant.category.name,
    region: merchant.region,
    country: "CN",
  });
  const validDays = (): number => (random.chance(0.25) ? random.integer(20, 360) : random.integer(400, 3_000));
  if (random.chance(merchant.kind === "fraudulent" ? 0.82 : 0.97)) certify(world, merchant, "licence", validDays());
  if (random.chance(merchant.kind === "honest" ? 0.4 : 0.1)) certify(world, merchant, "quality", validDays());
  if (random.chance(0.5)) certify(world, merchant, "identity", validDays());
  if (random.chance(merchant.green > 0.5 ? 0.4 : 0.02)) certify(world, merchant, "green", validDays());
  for (const product of merchant.products) publish(world, merchant, product, timeMs);
}

/** Spot checks of a day: about one per shop and quarter, and more where a batch went bad. */
export function inspectListings(world: World, day: number): void {
  const random = world.dice.merchants;
  for (let count = random.poisson(world.merchants.length / 90); count > 0; count -= 1) {
    const merchant = random.pick(world.merchants);
    if (merchant.openedDay > day || merchant.closedDay <= day) continue;
    const quality = qualityOn(merchant, day);
    const product = random.pick(merchant.products);
    const passed = random.chance(quality.inspectionPasses);
    const timeMs = momentOf(day, random);
    const authority = random.pick(["诚检第三方检测 (Third-party Quality Lab)", "平台抽检 (Platform Spot Check)"]);
    const inspection = {
      inspection: world.newId("n"),
      product: product.id,
      merchant: merchant.id,
      authority,
      passed,
    };
    world.calendar.add(
      timeMs,
      "listing.inspected",
      passed ? inspection : { ...inspection, finding: "不合格 (below the stated standard)" },
    );
    if (!passed && random.chance(quality.counterfeit * 4)) {
      world.calendar.add(timeMs + 48 * hourMs, "counterfeit.confirmed", {
        incident: world.newId("i"),
        merchant: merchant.id,
        product: product.id,
        authority,
      });
    }
  }
}
