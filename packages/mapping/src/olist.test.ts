import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { blobBytes, type Bytes } from "./bytes.ts";
import { eventProblem, ImportError, type ImportItem, importLimits } from "./import.ts";
import { olistFiles } from "./olist.ts";
import { importOlist } from "./sources.ts";

const golden = join(import.meta.dirname, "golden");

type Files = Map<string, Bytes>;

async function all(files: Files): Promise<ImportItem[]> {
  return Array.fromAsync(importOlist(async (file) => files.get(file), { place: "drop it here" }));
}

describe("importOlist", () => {
  let files: Files = new Map();
  beforeEach(() => {
    files = new Map(
      Object.values(olistFiles).map((file) => [
        file,
        blobBytes(new Blob([readFileSync(join(golden, "olist", file))]), file),
      ]),
    );
  });

  test("gives the frozen items, in the same order every time", async () => {
    const lines = (await all(files)).map((item) => JSON.stringify(item));
    expect(lines).toEqual(readFileSync(join(golden, "olist.items.jsonl"), "utf8").trimEnd().split("\n"));
    expect((await all(files)).map((item) => JSON.stringify(item))).toEqual(lines);
  });

  test("every event passes ingestion's checks and has its own id", async () => {
    const events = (await all(files)).flatMap((item) => ("event" in item ? [item.event] : []));
    expect(events.flatMap((event) => eventProblem(event) ?? [])).toEqual([]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  });

  test("sums are exact: an order of two sellers adds up to what was paid", async () => {
    const placed = (await all(files)).flatMap((item) =>
      "event" in item && item.event.type === "order.placed" && item.event.data["order"] === "order-a"
        ? [Number(item.event.data["amount"])]
        : [],
    );
    expect(placed).toEqual([2_060, 21_687]);
    expect(placed.reduce((sum, amount) => sum + amount, 0)).toBe(23_747);
  });

  test("does without the translation, by the Portuguese name", async () => {
    files.delete(olistFiles.translation);
    const seller = (await all(files)).find(
      (item) => "event" in item && item.event.id === "merchant-registered:seller-1",
    );
    expect(seller).toMatchObject({ event: { data: { category: "perfumaria" } } });
  });

  test("names a missing file and where to get it", async () => {
    files.delete(olistFiles.items);
    const error = await all(files).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ImportError);
    expect(error).toMatchObject({ file: olistFiles.items, message: expect.stringContaining("kaggle.com") });
  });

  test("names a missing column", async () => {
    files.set(olistFiles.payments, blobBytes(new Blob(["order_id,payment_type\n1,boleto\n"]), olistFiles.payments));
    await expect(all(files)).rejects.toMatchObject({ file: olistFiles.payments, field: "payment_sequential" });
  });

  test("joins no more than fits in memory", async () => {
    const items = files.get(olistFiles.items);
    if (items) files.set(olistFiles.items, { ...items, size: importLimits.joinBytes });
    await expect(all(files)).rejects.toMatchObject({ name: "ImportError", rule: "joinBytes" });
  });
});
