import { eventProblem, type Cells, type ImportEvent, type ImportItem, type Place, type RowItem } from "./import.ts";
import { minorUnits } from "./money.ts";
import { timeReader } from "./times.ts";

/** The published file names. Geolocation, leads and closed deals are not read: no event follows from them. */
export const olistFiles = {
  orders: "olist_orders_dataset.csv",
  items: "olist_order_items_dataset.csv",
  customers: "olist_customers_dataset.csv",
  sellers: "olist_sellers_dataset.csv",
  products: "olist_products_dataset.csv",
  payments: "olist_order_payments_dataset.csv",
  reviews: "olist_order_reviews_dataset.csv",
  translation: "product_category_name_translation.csv",
} as const;

export type OlistTable = keyof typeof olistFiles;

/** Columns that must be there, spelt as they were published. */
export const olistColumns: Readonly<Record<OlistTable, readonly string[]>> = {
  orders: [
    "order_id",
    "customer_id",
    "order_status",
    "order_purchase_timestamp",
    "order_approved_at",
    "order_delivered_carrier_date",
    "order_delivered_customer_date",
    "order_estimated_delivery_date",
  ],
  items: ["order_id", "order_item_id", "product_id", "seller_id", "shipping_limit_date", "price", "freight_value"],
  customers: ["customer_id", "customer_unique_id", "customer_zip_code_prefix", "customer_city", "customer_state"],
  sellers: ["seller_id", "seller_city", "seller_state"],
  products: ["product_id", "product_category_name", "product_description_lenght", "product_photos_qty"],
  payments: ["order_id", "payment_sequential", "payment_type", "payment_value"],
  reviews: [
    "review_id",
    "order_id",
    "review_score",
    "review_comment_title",
    "review_comment_message",
    "review_creation_date",
    "review_answer_timestamp",
  ],
  translation: ["product_category_name", "product_category_name_english"],
};

/** Rows of a table in batches, from its beginning at each call. */
export type OlistReader = (table: OlistTable) => AsyncIterable<readonly RowItem[]>;

export interface OlistOptions {
  /** CloudEvents source; `urn:olist` unless given. */
  readonly source?: string;
}

type Row = Place & { readonly cells: Cells };
const currency = "BRL";
const form = { unit: "major" } as const;
const localTime = timeReader("YYYY-MM-DD HH:mm:ss", "-03:00");

const text = (row: Row, column: string): string => String(row.cells[column] ?? "").trim();

function reject(row: Row, field: string, reason: string): ImportItem {
  return { reject: { file: row.file, line: row.line, field, reason, raw: row.cells } };
}

interface Line {
  readonly line: number;
  readonly item: string;
  readonly product: string;
  readonly seller: string;
  readonly shipBy: string;
  readonly price: number;
  readonly freight: number;
  /** Why the line cannot be used. */
  readonly broken: string | undefined;
}

interface Buyer {
  readonly buyer: string;
  readonly shipTo: string;
}

interface Sales {
  lines: number;
  first: string;
  last: string;
  price: number;
}

/** What has to be known of the whole set before the first event. */
interface Shop {
  readonly buyers: Map<string, Buyer>;
  /** order → customer and time of purchase as written. */
  readonly orders: Map<string, { readonly customer: string; readonly placed: string }>;
  readonly lines: Map<string, Line[]>;
  readonly methods: Map<string, string>;
  readonly categories: Map<string, string>;
  /** product → category in English. */
  readonly products: Map<string, string>;
  /** product → seller → sales. */
  readonly sales: Map<string, Map<string, Sales>>;
  readonly sellers: Map<string, { first: string; readonly categories: Map<string, number> }>;
  /** Sellers and products that items name, until their own row is met; the line that names them first. */
  readonly unmet: Record<"sellers" | "products", Map<string, number>>;
  earliest: string;
  readonly rejects: ImportItem[];
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

async function eachRow(
  rows: AsyncIterable<readonly RowItem[]>,
  rejects: ImportItem[],
  take: (row: Row) => void,
): Promise<void> {
  for await (const batch of rows) {
    for (const row of batch) {
      if ("reject" in row) rejects.push(row);
      else take(row);
    }
  }
}

function readCustomer(shop: Shop, row: Row): void {
  const customer = text(row, "customer_id");
  const buyer = text(row, "customer_unique_id");
  if (customer === "") return void shop.rejects.push(reject(row, "customer_id", "is missing"));
  if (buyer === "") return void shop.rejects.push(reject(row, "customer_unique_id", "is missing"));
  // Spreadsheets drop the leading zeros of a postcode.
  const zip = text(row, "customer_zip_code_prefix");
  const postcode = zip === "" ? "" : zip.padStart(5, "0");
  const state = [text(row, "customer_state"), postcode].filter((part) => part !== "").join(" ");
  const shipTo = [text(row, "customer_city"), state].filter((part) => part !== "").join(", ");
  shop.buyers.set(customer, { buyer, shipTo });
}

function readLine(shop: Shop, row: Row): void {
  const order = text(row, "order_id");
  const [item, product, seller] = [text(row, "order_item_id"), text(row, "product_id"), text(row, "seller_id")];
  const missing = Object.entries({ order_id: order, product_id: product, seller_id: seller }).find(
    ([, id]) => id === "",
  );
  if (missing) return void shop.rejects.push(reject(row, missing[0], "is missing"));
  if (!shop.orders.has(order)) {
    return void shop.rejects.push(reject(row, "order_id", `is not in ${olistFiles.orders}`));
  }
  const lines = entry(shop.lines, order, (): Line[] => []);
  if (lines.some((other) => other.item === item)) {
    return void shop.rejects.push(reject(row, "order_item_id", "is repeated within the order"));
  }
  entry(shop.unmet.sellers, seller, () => row.line);
  entry(shop.unmet.products, product, () => row.line);
  const price = minorUnits(text(row, "price"), currency, form);
  const freight = minorUnits(text(row, "freight_value"), currency, form);
  const shipBy = localTime(text(row, "shipping_limit_date"));
  const found = { price, freight_value: freight, shipping_limit_date: shipBy };
  const broken = Object.entries(found).flatMap(([field, read]) =>
    "refused" in read ? [[field, read.refused] as const] : [],
  )[0];
  if (broken) shop.rejects.push(reject(row, broken[0], broken[1]));
  lines.push({
    line: row.line,
    item,
    product,
    seller,
    shipBy: "value" in shipBy ? shipBy.value : "",
    price: "value" in price ? price.value : 0,
    freight: "value" in freight ? freight.value : 0,
    broken: broken?.[0],
  });
}

function readOrder(shop: Shop, row: Row): void {
  const placed = text(row, "order_purchase_timestamp");
  const valid = "value" in localTime(placed);
  shop.orders.set(text(row, "order_id"), { customer: text(row, "customer_id"), placed: valid ? placed : "" });
  if (valid && (shop.earliest === "" || placed < shop.earliest)) shop.earliest = placed;
}

/** The means of payment that carried most of an order. */
function paymentMethods(): { take: (row: Row) => void; methods: () => Map<string, string> } {
  const best = new Map<string, { method: string; value: number }>();
  return {
    take(row) {
      const method = text(row, "payment_type");
      const value = minorUnits(text(row, "payment_value"), currency, form);
      if (method === "" || method === "not_defined" || "refused" in value) return;
      const known = best.get(text(row, "order_id"));
      if (!known || value.value > known.value) best.set(text(row, "order_id"), { method, value: value.value });
    },
    methods: () => new Map([...best].map(([order, { method }]) => [order, method])),
  };
}

function countSales(shop: Shop): void {
  for (const [order, lines] of shop.lines) {
    const placed = shop.orders.get(order)?.placed ?? "";
    if (placed === "") continue;
    for (const line of lines) {
      const bySeller = entry(shop.sales, line.product, () => new Map<string, Sales>());
      const sales = entry(bySeller, line.seller, () => ({ lines: 0, first: placed, last: "", price: 0 }));
      sales.lines++;
      if (placed < sales.first) sales.first = placed;
      if (line.broken === undefined && placed >= sales.last) {
        sales.last = placed;
        sales.price = line.price;
      }
      const seller = entry(shop.sellers, line.seller, () => ({ first: placed, categories: new Map<string, number>() }));
      if (placed < seller.first) seller.first = placed;
      const category = shop.products.get(line.product) ?? "";
      if (category !== "") seller.categories.set(category, (seller.categories.get(category) ?? 0) + 1);
    }
  }
}

async function readShop(read: OlistReader): Promise<Shop> {
  const shop: Shop = {
    buyers: new Map(),
    orders: new Map(),
    lines: new Map(),
    methods: new Map(),
    categories: new Map(),
    products: new Map(),
    sales: new Map(),
    sellers: new Map(),
    unmet: { sellers: new Map(), products: new Map() },
    earliest: "",
    rejects: [],
  };
  // Orders, sellers and products are read again when their events are made; rejects are told then.
  const later: ImportItem[] = [];
  const payments = paymentMethods();
  await eachRow(read("translation"), shop.rejects, (row) => {
    const english = text(row, "product_category_name_english");
    if (english !== "") shop.categories.set(text(row, "product_category_name"), english);
  });
  await eachRow(read("customers"), shop.rejects, (row) => readCustomer(shop, row));
  await eachRow(read("payments"), shop.rejects, payments.take);
  await eachRow(read("products"), later, (row) => {
    const category = text(row, "product_category_name");
    shop.products.set(text(row, "product_id"), shop.categories.get(category) ?? category);
  });
  await eachRow(read("orders"), later, (row) => readOrder(shop, row));
  await eachRow(read("items"), shop.rejects, (row) => readLine(shop, row));
  countSales(shop);
  return { ...shop, methods: payments.methods() };
}

/** Highest count first; equal counts by name, so that the answer does not hang on the order of rows. */
function mostSold(categories: ReadonlyMap<string, number>): string | undefined {
  return [...categories].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0];
}

type Draft = Pick<ImportEvent, "id" | "type" | "time" | "data">;

function emit(source: string, row: Row, draft: Draft): ImportItem {
  const event: ImportEvent = { specversion: "1.0", source, ...draft };
  const problem = eventProblem(event);
  if (problem) return reject(row, problem.field, `${draft.type}: ${problem.reason}`);
  return { event, file: row.file, line: row.line };
}

/** Local time as written → RFC 3339; only called on times that were read before. */
function stamp(written: string): string {
  const time = localTime(written);
  return "value" in time ? time.value : "";
}

function* merchantItems(shop: Shop, source: string, row: Row): Generator<ImportItem> {
  const merchant = text(row, "seller_id");
  if (merchant === "") return yield reject(row, "seller_id", "is missing");
  shop.unmet.sellers.delete(merchant);
  const seller = shop.sellers.get(merchant);
  const time = seller?.first ?? shop.earliest;
  if (time === "") return yield reject(row, "seller_id", "cannot be dated: no order has a time of purchase");
  const category = seller && mostSold(seller.categories);
  const region = [text(row, "seller_city"), text(row, "seller_state")].filter((part) => part !== "").join(", ");
  yield emit(source, row, {
    id: `merchant-registered:${merchant}`,
    type: "merchant.registered",
    time: stamp(time),
    data: {
      merchant,
      name: `Seller ${merchant.slice(0, 8)}`,
      ...(category === undefined ? {} : { category }),
      ...(region === "" ? {} : { region }),
      country: "BR",
    },
  });
}

function chiefSeller(sales: ReadonlyMap<string, Sales>): [string, Sales] | undefined {
  return [...sales].toSorted(
    ([a, m], [b, n]) => n.lines - m.lines || (m.first < n.first ? -1 : m.first > n.first ? 1 : a < b ? -1 : 1),
  )[0];
}

function* listingItems(shop: Shop, source: string, row: Row): Generator<ImportItem> {
  const product = text(row, "product_id");
  if (product === "") return yield reject(row, "product_id", "is missing");
  shop.unmet.products.delete(product);
  const chief = chiefSeller(shop.sales.get(product) ?? new Map());
  if (!chief) return;
  const [merchant, sales] = chief;
  const counts = { product_photos_qty: 0, product_description_lenght: 0 };
  for (const column of ["product_photos_qty", "product_description_lenght"] as const) {
    const written = text(row, column);
    // Some exports write whole numbers as "4.0".
    if (!/^\d+(?:\.0+)?$/u.test(written)) {
      return yield reject(row, column, written === "" ? "is missing" : `${written.slice(0, 40)} is not a whole number`);
    }
    counts[column] = Number(written);
  }
  const category = shop.products.get(product) ?? "";
  const words = category === "" ? "Product" : category.replaceAll("_", " ");
  yield emit(source, row, {
    id: `listing-published:${product}`,
    type: "listing.published",
    time: stamp(sales.first),
    data: {
      product,
      merchant,
      title: `${words.charAt(0).toUpperCase()}${words.slice(1)} ${product.slice(0, 8)}`,
      ...(category === "" ? {} : { category }),
      ...(sales.last === "" ? {} : { price: sales.price, currency }),
      images: counts.product_photos_qty,
      descriptionChars: counts.product_description_lenght,
    },
  });
}

interface OrderTimes {
  readonly placed: string;
  readonly paid: string | undefined;
  readonly shipped: string | undefined;
  readonly delivered: string | undefined;
  readonly promised: string | undefined;
}

const paidStates = new Set(["approved", "invoiced", "processing", "shipped", "delivered", "unavailable"]);
const shippedStates = new Set(["shipped", "delivered"]);
const states = new Set([...paidStates, "created", "canceled"]);

/** Times of an order that can be; each that cannot is told in `problems`. */
function orderTimes(row: Row, problems: ImportItem[]): OrderTimes | undefined {
  const status = text(row, "order_status");
  const read = (column: string, expected: boolean): string | undefined => {
    const written = text(row, column);
    if (written === "") {
      if (expected) problems.push(reject(row, column, `is missing on an order that is ${status}`));
      return undefined;
    }
    const time = localTime(written);
    if ("refused" in time) problems.push(reject(row, column, time.refused));
    return "value" in time ? written : undefined;
  };
  const placed = read("order_purchase_timestamp", true);
  if (placed === undefined) return undefined;
  const after = (column: string, written: string | undefined): string | undefined => {
    if (written === undefined || written >= placed) return written;
    problems.push(reject(row, column, "is before the purchase"));
    return undefined;
  };
  const paid = after("order_approved_at", read("order_approved_at", paidStates.has(status)));
  const delivered = after(
    "order_delivered_customer_date",
    read("order_delivered_customer_date", status === "delivered"),
  );
  const carrier = "order_delivered_carrier_date";
  const shipped = after(carrier, read(carrier, shippedStates.has(status)));
  const late = shipped !== undefined && delivered !== undefined && shipped > delivered;
  if (late) problems.push(reject(row, carrier, "is after the delivery"));
  const promised = read("order_estimated_delivery_date", true);
  return { placed, paid, delivered, shipped: late ? undefined : shipped, promised };
}

interface SubOrder {
  readonly order: string;
  readonly merchant: string;
  readonly lines: readonly Line[];
  readonly amount: number;
}

function subOrders(order: string, lines: readonly Line[]): SubOrder[] {
  const bySeller = new Map<string, Line[]>();
  for (const line of lines) entry(bySeller, line.seller, (): Line[] => []).push(line);
  return [...bySeller].map(([merchant, own]) => ({
    order,
    merchant,
    lines: own,
    amount: own.reduce((sum, line) => sum + line.price + line.freight, 0),
  }));
}

function orderedProducts(lines: readonly Line[]): { product: string; quantity: number; amount: number }[] {
  const byProduct = new Map<string, { product: string; quantity: number; amount: number }>();
  for (const line of lines) {
    const item = entry(byProduct, line.product, () => ({ product: line.product, quantity: 0, amount: 0 }));
    item.quantity++;
    item.amount += line.price;
  }
  return [...byProduct.values()];
}

function placedDraft(sub: SubOrder, buyer: Buyer, times: OrderTimes): Draft {
  const shipBy = sub.lines.reduce((latest, line) => (line.shipBy > latest ? line.shipBy : latest), "");
  return {
    id: `order-placed:${sub.order}:${sub.merchant}`,
    type: "order.placed",
    time: stamp(times.placed),
    data: {
      order: sub.order,
      merchant: sub.merchant,
      buyer: buyer.buyer,
      amount: sub.amount,
      currency,
      items: orderedProducts(sub.lines),
      shipBy,
      ...(times.promised === undefined ? {} : { deliverBy: `${times.promised.slice(0, 10)}T23:59:59-03:00` }),
      ...(buyer.shipTo === "" ? {} : { shipTo: buyer.shipTo }),
    },
  };
}

function subOrderDrafts(shop: Shop, sub: SubOrder, buyer: Buyer, times: OrderTimes, status: string): Draft[] {
  const { order, merchant } = sub;
  const drafts = [placedDraft(sub, buyer, times)];
  const add = (type: string, written: string | undefined, data: Record<string, unknown> = {}): void => {
    if (written === undefined) return;
    const id = `${type.replace(".", "-")}:${order}:${merchant}`;
    drafts.push({ id, type, time: stamp(written), data: { order, merchant, ...data } });
  };
  const method = shop.methods.get(order);
  add("order.paid", times.paid, { amount: sub.amount, currency, ...(method === undefined ? {} : { method }) });
  add("order.shipped", times.shipped);
  add("order.delivered", times.delivered);
  // The set does not say who cancelled; "platform" blames neither side. Unavailable goods are the merchant's.
  if (status === "canceled") add("order.cancelled", times.paid ?? times.placed, { by: "platform" });
  if (status === "unavailable") add("order.cancelled", times.paid ?? times.placed, { by: "merchant" });
  return drafts;
}

function* orderItems(shop: Shop, source: string, row: Row): Generator<ImportItem> {
  const order = text(row, "order_id");
  const status = text(row, "order_status");
  if (order === "") return yield reject(row, "order_id", "is missing");
  if (!states.has(status)) return yield reject(row, "order_status", `${JSON.stringify(status)} is not a known status`);
  const buyer = shop.buyers.get(text(row, "customer_id"));
  if (!buyer) return yield reject(row, "customer_id", `is not in ${olistFiles.customers}`);
  const lines = shop.lines.get(order);
  if (!lines) return yield reject(row, "order_id", `has no items in ${olistFiles.items}: the seller is not known`);
  const problems: ImportItem[] = [];
  const times = orderTimes(row, problems);
  yield* problems;
  if (!times) return;
  for (const sub of subOrders(order, lines)) {
    const broken = sub.lines.find((line) => line.broken !== undefined);
    if (broken) {
      yield reject(row, "order_id", `${olistFiles.items} line ${broken.line} has no usable ${broken.broken}`);
      continue;
    }
    for (const draft of subOrderDrafts(shop, sub, buyer, times, status)) yield emit(source, row, draft);
  }
}

function* reviewItems(shop: Shop, source: string, row: Row): Generator<ImportItem> {
  const [review, order] = [text(row, "review_id"), text(row, "order_id")];
  if (review === "") return yield reject(row, "review_id", "is missing");
  const known = shop.orders.get(order);
  if (!known) return yield reject(row, "order_id", `is not in ${olistFiles.orders}`);
  const buyer = shop.buyers.get(known.customer);
  if (!buyer) return yield reject(row, "order_id", `its customer is not in ${olistFiles.customers}`);
  const lines = shop.lines.get(order);
  if (!lines) return yield reject(row, "order_id", `has no items in ${olistFiles.items}: the seller is not known`);
  const score = text(row, "review_score");
  if (!/^[1-5](?:\.0+)?$/u.test(score)) {
    return yield reject(row, "review_score", score === "" ? "is missing" : `${score.slice(0, 40)} is not 1 to 5`);
  }
  const written = text(row, "review_answer_timestamp");
  const time = localTime(written);
  if ("refused" in time)
    return yield reject(row, "review_answer_timestamp", written === "" ? "is missing" : time.refused);
  if (written < known.placed) return yield reject(row, "review_answer_timestamp", "is before the purchase");
  const [title, message] = [text(row, "review_comment_title"), text(row, "review_comment_message")];
  for (const { merchant, lines: own } of subOrders(order, lines)) {
    yield emit(source, row, {
      id: `review-posted:${review}:${order}:${merchant}`,
      type: "review.posted",
      time: time.value,
      data: {
        // The same review id may stand on several orders, and an order may have several sellers.
        review: `${review}:${order}:${merchant}`,
        merchant,
        buyer: buyer.buyer,
        ...(own[0] ? { product: own[0].product } : {}),
        order,
        stars: Number(score),
        ...(title === "" ? {} : { title }),
        ...(message === "" ? {} : { text: message }),
      },
    });
  }
}

/** Sellers or products that were sold but have no row of their own. */
function* unmetItems(shop: Shop, table: "sellers" | "products"): Generator<ImportItem> {
  const field = table === "sellers" ? "seller_id" : "product_id";
  for (const [id, line] of shop.unmet[table]) {
    const reason = `is not in ${olistFiles[table]}`;
    yield { reject: { file: olistFiles.items, line, field, reason, raw: { [field]: id } } };
  }
}

/**
 * Events of the Olist set: merchants, listings, orders (one for each order and seller), reviews.
 * Times in the set have no zone and are taken as UTC−03:00.
 */
export async function* olistItems(read: OlistReader, options: OlistOptions = {}): AsyncGenerator<ImportItem> {
  const source = options.source ?? "urn:olist";
  const shop = await readShop(read);
  yield* shop.rejects;
  const passes = [
    ["sellers", merchantItems],
    ["products", listingItems],
    ["orders", orderItems],
    ["reviews", reviewItems],
  ] as const;
  for (const [table, items] of passes) {
    for await (const batch of read(table)) {
      for (const row of batch) {
        if ("reject" in row) yield row;
        else yield* items(shop, source, row);
      }
    }
    if (table === "sellers" || table === "products") yield* unmetItems(shop, table);
  }
}
