import { readFileSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventProblem, ImportError, type ImportItem } from "./import.ts";
import { importOlist } from "./import.store.ts";
import { olistFiles } from "./olist.ts";

const golden = join(import.meta.dirname, "golden");

async function all(dir: string): Promise<ImportItem[]> {
  return Array.fromAsync(importOlist(dir));
}

describe("importOlist", () => {
  let dir = "";
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "olist-"));
    await cp(join(golden, "olist"), dir, { recursive: true });
  });
  afterEach(() => rm(dir, { recursive: true }));

  test("gives the frozen items, in the same order every time", async () => {
    const lines = (await all(dir)).map((item) => JSON.stringify(item));
    expect(lines).toEqual(readFileSync(join(golden, "olist.items.jsonl"), "utf8").trimEnd().split("\n"));
    expect((await all(dir)).map((item) => JSON.stringify(item))).toEqual(lines);
  });

  test("every event passes ingestion's checks and has its own id", async () => {
    const events = (await all(dir)).flatMap((item) => ("event" in item ? [item.event] : []));
    expect(events.flatMap((event) => eventProblem(event) ?? [])).toEqual([]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  });

  test("sums are exact: an order of two sellers adds up to what was paid", async () => {
    const placed = (await all(dir)).flatMap((item) =>
      "event" in item && item.event.type === "order.placed" && item.event.data["order"] === "order-a"
        ? [Number(item.event.data["amount"])]
        : [],
    );
    expect(placed).toEqual([2_060, 21_687]);
    expect(placed.reduce((sum, amount) => sum + amount, 0)).toBe(23_747);
  });

  test("does without the translation, by the Portuguese name", async () => {
    await rm(join(dir, olistFiles.translation));
    const seller = (await all(dir)).find((item) => "event" in item && item.event.id === "merchant-registered:seller-1");
    expect(seller).toMatchObject({ event: { data: { category: "perfumaria" } } });
  });

  test("names a missing file and where to get it", async () => {
    await rm(join(dir, olistFiles.items));
    const error = await all(dir).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ImportError);
    expect(error).toMatchObject({ file: olistFiles.items, message: expect.stringContaining("kaggle.com") });
  });

  test("names a missing column", async () => {
    await writeFile(join(dir, olistFiles.payments), "order_id,payment_type\n1,boleto\n");
    await expect(all(dir)).rejects.toMatchObject({ file: olistFiles.payments, field: "payment_sequential" });
  });
});
