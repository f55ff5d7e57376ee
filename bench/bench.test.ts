import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fitLogistic } from "./fit-logistic.ts";
import { readFlags, UsageError } from "./flags.ts";
import { Forecasts } from "./forecasts.ts";
import { Random } from "./random.ts";
import { run as ratingsOlist } from "./ratings-olist.bench.ts";
import { run as ratingsWalk } from "./ratings-walk.bench.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "probity-bench-test-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function writeCsv(name: string, header: string, rows: readonly (readonly (string | number)[])[]): void {
  writeFileSync(join(folder, name), `${[header, ...rows.map((row) => row.join(","))].join("\n")}\n`);
}

describe("ratings-walk", () => {
  it("tells planted cheats from honest ratees, whatever the order of columns", async () => {
    const random = new Random(7);
    // Every fifth ratee is a cheat whom most raters find out; the rest are seldom rated badly.
    const rows = Array.from({ length: 1_500 }, (_, place) => {
      const ratee = random.below(60);
      const isBad = random.next() < (ratee % 5 === 0 ? 0.7 : 0.05);
      return [1_290_000_000 + place * 40_000, 100 + random.below(200), isBad ? -5 : 2, ratee];
    });
    writeCsv("ratings.csv", "time,rater,rating,ratee", rows);
    const result = await ratingsWalk(["--data", folder]);
    expect(Object.keys(result).sort()).toEqual([
      "auc",
      "auc_bayesian",
      "auc_star_average",
      "auc_wilson",
      "half_life_days",
      "prior_strength",
    ]);
    expect(result["auc"]).toBeGreaterThan(0.75);
    expect(result["auc_star_average"]).toBeGreaterThan(0.7);
    expect(await ratingsWalk(["--data", folder])).toEqual(result);
  });

  it("says what a folder must hold", async () => {
    await expect(ratingsWalk([])).rejects.toThrow(/--data DIR is missing.*ratings\.csv/);
    await expect(ratingsWalk(["--data", join(folder, "nowhere")])).rejects.toThrow(/is not a folder/);
  });
});

/** Eight sellers; the first two often hand over late, and their late parcels are reviewed badly. */
function writeOlist(orders: number): void {
  const random = new Random(3);
  const at = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace("T", " ");
  const [hour, day] = [3_600_000, 86_400_000];
  const rows = Array.from({ length: orders }, (_, no) => {
    const seller = random.below(8);
    const placed = Date.UTC(2018, 0, 2, 12) + Math.floor((no * 120 * day) / orders);
    const isLate = random.next() < (seller < 2 ? 0.6 : 0.05);
    const shipped = placed + (isLate ? 9 : 2) * day;
    return {
      order: `o${no}`,
      customer: `c${no}`,
      seller,
      placed,
      due: placed + 5 * day,
      shipped,
      arrived: shipped + 3 * day,
      stars: isLate ? 1 + random.below(3) : 4,
    };
  });
  writeCsv(
    "olist_orders_dataset.csv",
    "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date",
    rows.map((row) => [
      row.order,
      row.customer,
      "delivered",
      at(row.placed),
      at(row.placed + hour),
      at(row.shipped),
      at(row.arrived),
      at(row.placed + 20 * day),
    ]),
  );
  writeCsv(
    "olist_order_items_dataset.csv",
    "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value",
    rows.map((row) => [row.order, 1, `p${row.seller}`, `s${row.seller}`, at(row.due), "10.00", "2.00"]),
  );
  writeCsv(
    "olist_customers_dataset.csv",
    "customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state",
    rows.map((row) => [row.customer, `u${row.customer}`, "01000", "sao paulo", "SP"]),
  );
  writeCsv(
    "olist_order_payments_dataset.csv",
    "order_id,payment_sequential,payment_type,payment_installments,payment_value",
    rows.map((row) => [row.order, 1, "boleto", 1, "12.00"]),
  );
  writeCsv(
    "olist_order_reviews_dataset.csv",
    "review_id,order_id,review_score,review_comment_title,review_comment_message,review_creation_date,review_answer_timestamp",
    rows.map((row) => [
      `r${row.order}`,
      row.order,
      row.stars,
      "",
      "",
      at(row.arrived + day),
      at(row.arrived + 2 * day),
    ]),
  );
  const eight = Array.from({ length: 8 }, (_, no) => no);
  writeCsv(
    "olist_sellers_dataset.csv",
    "seller_id,seller_zip_code_prefix,seller_city,seller_state",
    eight.map((no) => [`s${no}`, "01000", "sao paulo", "SP"]),
  );
  writeCsv(
    "olist_products_dataset.csv",
    "product_id,product_category_name,product_name_lenght,product_description_lenght,product_photos_qty,product_weight_g,product_length_cm,product_height_cm,product_width_cm",
    eight.map((no) => [`p${no}`, "brinquedos", 20, 200, 2, 100, 10, 10, 10]),
  );
}

describe("ratings-olist", () => {
  it("finds the sellers who hand over late, and states its chances about right", { timeout: 60_000 }, async () => {
    writeOlist(1_400);
    const result = await ratingsOlist(["--data", folder]);
    for (const name of [
      "auc_dispatch",
      "auc_low_score",
      "auc_dispatch_star_average",
      "auc_low_score_wilson",
      "auc_low_score_bayesian",
    ]) {
      expect(result[name]).toBeGreaterThan(0.65);
    }
    expect(result["calibration_error"]).toBeLessThan(0.12);
    expect(result["log_loss"]).toBeLessThan(0.5);
    // 1 February, March and April 2018.
    expect([result["first_cutoff_day"], result["last_cutoff_day"], result["cutoffs"]]).toEqual([17_563, 17_622, 3]);
  });
});

describe("parts", () => {
  it("reads flags and refuses unknown ones", () => {
    expect(readFlags(["--seconds", "5"], { seconds: 20, db: "postgres" })).toEqual({ seconds: 5, db: "postgres" });
    expect(() => readFlags(["--second", "5"], { seconds: 20 })).toThrow(UsageError);
    expect(() => readFlags(["--seconds", "five"], { seconds: 20 })).toThrow(/must be a number/);
  });

  it("finds planted logistic weights", () => {
    const random = new Random(5);
    const rows = Array.from({ length: 20_000 }, () => Float64Array.of(random.next() * 4 - 2, random.next() * 4 - 2));
    const labels = rows.map(([a = 0, b = 0]) => (random.next() < 1 / (1 + Math.exp(-(0.5 + 1.5 * a - b))) ? 1 : 0));
    const { weights, intercept } = fitLogistic(rows, labels, 1);
    expect(intercept).toBeCloseTo(0.5, 0);
    expect(weights[0]).toBeCloseTo(1.5, 0);
    expect(weights[1]).toBeCloseTo(-1, 0);
  });

  it("counts what happened", () => {
    const forecasts = new Forecasts();
    forecasts.add(0.9, true);
    forecasts.add(0.1, false);
    const more = new Forecasts();
    more.addAll(forecasts);
    more.add(0.95, false);
    expect([more.count, more.happened, forecasts.auc(), more.auc()]).toEqual([3, 1, 1, 0.5]);
  });

  it("lists the benchmarks when the name is unknown", () => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [join(import.meta.dirname, "run.ts"), "nothing"], {
      encoding: "utf8",
    });
    expect([status, stdout]).toEqual([2, ""]);
    for (const name of ["crash", "ingest", "rate", "ratings-olist", "ratings-walk", "read", "simulate"])
      expect(stderr).toContain(name);
  });
});
