import { openAsBlob } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { blobBytes } from "./bytes.ts";
import { dryRun } from "./dry-run.ts";
import { recogniseOlist } from "./file-set.ts";
import { parseMapping } from "./mapping.ts";
import { mappingIssues, mappingText } from "./mapping-text.ts";
import { type Proposal, proposeMapping } from "./proposal.ts";
import { type Sample, takeSample } from "./sample.ts";
import { importEvents, importMapped } from "./sources.ts";
import { olistFiles } from "./olist.ts";

interface Proposed {
  readonly sample: Sample;
  readonly proposal: Proposal;
  readonly blob: Blob;
}

async function propose(file: string, text: string, settings = {}): Promise<Proposed> {
  const blob = new Blob([text]);
  const sample = await takeSample(blobBytes(blob, file));
  return { sample, proposal: proposeMapping(sample, settings), blob };
}

const rows = (count: number, make: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => make(at)).join("\n");
const day = (at: number): string => `2026-01-${String((at % 28) + 1).padStart(2, "0")}`;
const meant = ({ proposal }: Proposed): Record<string, string> =>
  Object.fromEntries(
    proposal.columns.flatMap(({ column, meaning }) => (meaning === undefined ? [] : [[column, meaning]])),
  );

/** What the proposal makes of the whole file, as an import would. */
async function made({ sample, proposal, blob }: Proposed) {
  expect(mappingIssues(proposal.mapping, sample.columns)).toEqual([]);
  const mapping = parseMapping(mappingText(proposal.mapping), "proposed");
  return dryRun(importMapped(blobBytes(blob, sample.file), mapping));
}

const taobao =
  "订单编号,买家会员名,买家支付宝账号,买家应付邮费,总金额,买家实际支付金额,订单状态,买家留言,收货人姓名,收货地址,联系手机,订单创建时间,订单付款时间,宝贝标题,宝贝总数量,店铺Id,店铺名称,物流单号,物流公司,发货时间,确认收货时间\n" +
  rows(30, (at) =>
    [
      `21870000${at}`,
      `买家${at % 7}`,
      "",
      "0.00",
      "13.50",
      "12.50",
      at % 5 === 0 ? "交易关闭" : "交易成功",
      "",
      "张三",
      "浙江省杭州市",
      "13800000000",
      `${day(at)} 10:00:00`,
      `${day(at)} 10:01:00`,
      `竹席 ${at % 3}`,
      "1",
      "88001",
      "湖畔竹艺",
      `SF${at}`,
      "顺丰速运",
      `${day(at)} 18:00:00`,
      at % 5 === 0 ? "" : `${day(at)} 23:00:00`,
    ].join(","),
  );

const shopify =
  "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Billing Name,Cancelled at,Payment Method,Refunded Amount,Vendor,Id\n" +
  rows(30, (at) => {
    const first = at % 3 !== 2;
    const order = first ? at : at - 1;
    const head = first
      ? [
          `${day(at)} 10:00:00 +0800`,
          "fulfilled",
          `${day(at)} 12:00:00 +0800`,
          "USD",
          "10.00",
          "2.00",
          "0.00",
          "12.00",
          "0.00",
        ]
      : Array(9).fill("");
    return [
      `#${1000 + order}`,
      `a${order}@example.com`,
      first ? "paid" : "",
      ...head,
      `${day(order)} 09:00:00 +0800`,
      "1",
      "Cup",
      "10.00",
      "",
      `CUP-${at % 2}`,
      "Ann",
      "",
      "card",
      first ? "0.00" : "",
      "Acme",
      first ? `55${at}` : "",
    ].join(",");
  });

const woo =
  "Order Number,Order Status,Order Date,Customer Note,First Name (Billing),Email (Billing),Customer User ID,Payment Method Title,Order Subtotal Amount,Order Shipping Amount,Order Total Amount,SKU,Item Name,Quantity,Item Cost\n" +
  rows(
    30,
    (at) =>
      `${1000 + at},${at % 4 === 0 ? "Cancelled" : "Completed"},${day(at)} 10:00,,A,x${at}@example.org,${at % 5},Card,10.00,2.00,12.00,S${at % 3},Cup,2,5.00`,
  );

describe("proposeMapping", () => {
  test("reads a Taobao export: Chinese names, five kinds of events, no personal data", async () => {
    const proposed = await propose("订单.csv", taobao, { currency: "EUR" });
    expect(meant(proposed)).toMatchObject({
      订单编号: "order",
      买家会员名: "buyer",
      总金额: "amount",
      买家实际支付金额: "paidAmount",
      订单创建时间: "placedAt",
      发货时间: "shippedAt",
      确认收货时间: "confirmedAt",
      店铺Id: "merchant",
    });
    const { proposal } = proposed;
    expect(proposal.rules.map(({ type, missing }) => [type, missing])).toEqual([
      ["order.placed", []],
      ["order.paid", []],
      ["order.shipped", []],
      ["order.confirmed", []],
      ["order.cancelled", []],
    ]);
    expect(proposal.notes).toContainEqual({ code: "zone-assumed", values: { zone: "+08:00" } });
    expect(proposal.unused).toEqual(expect.arrayContaining(["收货人姓名", "收货地址", "联系手机"]));
    expect(await made(proposed)).toMatchObject({
      rejected: 0,
      repeatedIds: 0,
      byType: {
        "order.placed": 30,
        "order.paid": 30,
        "order.shipped": 30,
        "order.confirmed": 24,
        "order.cancelled": 6,
      },
    });
  });

  test("takes the currency of the marketplace where the file names none, and yuan for Chinese names without one", async () => {
    expect((await propose("a.csv", taobao)).proposal.mapping.money).toMatchObject({ currency: "CNY" });
    expect((await propose("a.csv", taobao, { currency: "HKD" })).proposal.mapping.money).toMatchObject({
      currency: "HKD",
    });
  });

  test("reads a Shopify export: several lines for one order, times with offset, no shop but a vendor", async () => {
    const proposed = await propose("orders_export.csv", shopify);
    expect(meant(proposed)).toMatchObject({
      Name: "order",
      Email: "buyerEmail",
      Total: "amount",
      "Created at": "placedAt",
    });
    const { proposal } = proposed;
    expect(proposal.notes.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["rows-share-order", "buyer-personal"]),
    );
    expect(proposal.mapping.money).toEqual({ unit: "major", currency: { column: "Currency" } });
    expect(proposal.mapping.timeZone).toBeUndefined();
    const result = await made(proposed);
    expect(result).toMatchObject({ rejected: 0, repeatedIds: 0 });
    expect(result.byType).toEqual({ "order.placed": 20, "order.paid": 20, "order.shipped": 20 });
    expect(result.first[0]).toMatchObject({
      time: "2026-01-01T09:00:00+08:00",
      data: { merchant: "Acme", amount: 1_200 },
    });
  });

  test("reads a WooCommerce export: one shop for the whole file, cancellations by status", async () => {
    const proposed = await propose("woo.csv", woo, { currency: "EUR", timeZone: "+01:00" });
    const { proposal } = proposed;
    expect(proposal.mapping).toMatchObject({
      timeZone: "+01:00",
      constants: { shop: "shop-1" },
      money: { currency: "EUR" },
    });
    expect(proposal.notes.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["merchant-assumed", "time-of-order"]),
    );
    expect(await made(proposed)).toMatchObject({ rejected: 0, byType: { "order.placed": 30, "order.cancelled": 8 } });
    const placed = proposal.rules.find(({ type }) => type === "order.placed");
    expect(placed?.choices).toContainEqual({ field: "merchant", column: undefined, reason: "assumed", confidence: 50 });
    expect(placed?.choices).toContainEqual({ field: "order", column: "Order Number", reason: "name", confidence: 95 });
  });

  test("reads reviews, and asks about a day that could be a month", async () => {
    const text = `review_id;order_id;user_id;shop_id;rating;comment;date\n${rows(20, (at) => `r${at};o${at};u${at % 5};s1;${(at % 5) + 1};good;${(at % 9) + 1}/1/2026`)}`;
    const proposed = await propose("reviews.csv", text);
    expect(proposed.sample.form.delimiter).toBe(";");
    expect(proposed.proposal.notes).toContainEqual({
      code: "date-ambiguous",
      values: { column: "date", format: "M/D/YYYY", other: "D/M/YYYY" },
    });
    expect(await made(proposed)).toMatchObject({ rejected: 0, byType: { "review.posted": 20 } });
  });

  test("reads returns and refunds, their reasons by their words", async () => {
    const why = ["质量问题", "与描述不符", "七天无理由", "说不清"];
    const text = `退款编号,订单编号,买家会员名,店铺id,退款原因,退款申请时间,退款金额,退款完结时间\n${rows(20, (at) => `t${at},o${at},u${at},s1,${why[at % 4]},${day(at)} 10:00:00,${at}.50,${at % 2 === 0 ? `${day(at)} 11:00:00` : ""}`)}`;
    const proposed = await propose("退款.csv", text);
    expect(await made(proposed)).toMatchObject({
      rejected: 0,
      byType: { "return.requested": 20, "refund.issued": 10 },
    });
    expect(proposed.proposal.mapping.events[0]?.data["reason"]).toEqual({
      column: "退款原因",
      map: { 质量问题: "defect", 与描述不符: "not-as-described", 七天无理由: "changed-mind" },
      otherwise: "other",
    });
  });

  test("knows any event type by the names of its own fields", async () => {
    const text = rows(20, (at) =>
      JSON.stringify({ ticket: `t${at}`, merchant: "m", buyer: `b${at}`, topic: "x", time: `${day(at)}T00:00:00Z` }),
    );
    const proposed = await propose("tickets.jsonl", text);
    expect(await made(proposed)).toMatchObject({ rejected: 0, byType: { "ticket.opened": 20 } });
  });

  test("tells events that need no mapping", async () => {
    const text = rows(5, (at) =>
      JSON.stringify({
        specversion: "1.0",
        id: `e${at}`,
        source: "urn:x",
        type: "order.delivered",
        time: `${day(at)}T00:00:00Z`,
        data: { order: `o${at}`, merchant: "m" },
      }),
    );
    const { proposal, blob } = await propose("events.jsonl", `${text}\n{"specversion":"1.0"}\nnope\n`);
    expect(proposal.kind).toBe("nothing");
    const good = await propose("events.jsonl", text);
    expect(good.proposal).toMatchObject({ kind: "events", rules: [] });
    expect(await dryRun(importEvents(blobBytes(blob, "events.jsonl")))).toMatchObject({ events: 5, rejected: 2 });
  });

  test("names what is missing instead of inventing it", async () => {
    const text = `order_id,total,created_at\n${rows(20, (at) => `o${at},12.50,${day(at)}T10:00:00Z`)}`;
    const { proposal, sample } = await propose("orders.csv", text);
    expect(proposal.rules).toMatchObject([
      { type: "order.placed", confidence: 20, missing: ["buyer", "items.product"] },
    ]);
    expect(mappingIssues(proposal.mapping, sample.columns).map(({ path }) => path)).toEqual(
      expect.arrayContaining(["/events/0/data/buyer", "/events/0/data/items"]),
    );
  });

  test("two columns of one meaning: the first is taken, the other is named", async () => {
    const text = `order_id,shop_id,user_id,sku,total,order_amount,created_at\n${rows(20, (at) => `o${at},s,u,p,12.50,11.50,${day(at)}T10:00:00Z`)}`;
    const { proposal } = await propose("orders.csv", text);
    expect(proposal.notes).toContainEqual({
      code: "alternatives",
      values: { meaning: "amount", column: "total", other: "order_amount" },
    });
  });

  test("a name is not believed against its cells", async () => {
    const text = `order_id,shop_id,user_id,sku,total,created_at\n${rows(20, (at) => `o${at},s,u,p,plenty ${at},soon ${at}`)}`;
    const { proposal } = await propose("orders.csv", text);
    expect(proposal.columns.map(({ column, meaning }) => [column, meaning])).toContainEqual(["total", undefined]);
    expect(proposal.columns.map(({ column, meaning }) => [column, meaning])).toContainEqual(["created_at", undefined]);
  });

  test.each([
    ["a,b,c\n1,x,foo bar\n2,y,baz qux\n"],
    ["甲,乙\n一,二\n三,四\n"],
    ["<script>alert(1)</script>,\"=cmd|' /C calc'!A0\"\n1,2\n"],
    ["onlyheader\n"],
  ])("recognises nothing in %j, and says so", async (text) => {
    const { proposal } = await propose("x.csv", text);
    expect(proposal).toMatchObject({ kind: "nothing", rules: [] });
  });

  test("whole numbers are minor units only where the name says so", async () => {
    const of = (name: string): string =>
      `order_id,shop_id,user_id,sku,${name},created_at\n${rows(20, (at) => `o${at},s,u,p,1250,${day(at)}T10:00:00Z`)}`;
    expect((await propose("a.csv", of("total_amount"))).proposal.mapping.money?.unit).toBe("major");
    expect((await propose("a.csv", of("total_amount_cents"))).proposal.mapping.money?.unit).toBe("minor");
  });

  test("a comma for the decimals", async () => {
    const text = `order_id;shop_id;user_id;sku;total;created_at\n${rows(20, (at) => `o${at};s;u;p;1.2${at % 10}0,50;${day(at)}T10:00:00Z`)}`;
    const proposed = await propose("a.csv", text);
    expect(proposed.proposal.mapping.money?.decimal).toBe(",");
    expect((await made(proposed)).rejected).toBe(0);
  });
});

describe("recogniseOlist", () => {
  const golden = join(import.meta.dirname, "golden", "olist");
  const samples = async (dir: string, files: readonly string[]): Promise<Sample[]> =>
    Promise.all(files.map(async (file) => takeSample(blobBytes(await openAsBlob(join(dir, file)), file))));

  test("finds the set by its columns, whatever the files are called", async () => {
    const set = recogniseOlist(await samples(golden, Object.values(olistFiles)));
    expect(set).toMatchObject({ missing: [], others: [] });
    expect(Object.keys(set?.files ?? {})).toHaveLength(8);
    const renamed = (await samples(golden, [olistFiles.orders])).map((sample) => ({ ...sample, file: "o.csv" }));
    expect(recogniseOlist(renamed)).toMatchObject({
      files: { [olistFiles.orders]: "o.csv" },
      missing: expect.arrayContaining([olistFiles.items, olistFiles.sellers]),
    });
  });

  test("is not fooled by other files", async () => {
    expect(recogniseOlist([{ file: "a.csv", columns: ["order_id", "seller_id", "price"] }])).toBeUndefined();
  });
});
