import { describe, expect, test } from "vitest";
import { databases } from "../platform/databases.fixture.ts";
import { loadEvidence } from "./evidence.store.ts";

describe.each(databases.map((database) => [database.name, database] as const))("evidence on %s", (_name, database) => {
  if (database.absent !== undefined) {
    test.skip(`skipped: ${database.absent}`, () => undefined);
    return;
  }
  test("is the newest of each kind up to the day, whatever the other kinds, and every certificate", async () => {
    await using opened = await database.open();
    const { db } = opened;
    const put = (kind: string, count: number, firstDay: number, merchantNo: number): Promise<unknown> =>
      db.query(
        `INSERT INTO facts_entity (marketplace_id, kind, id, merchant_no, day, state, seqs)
         SELECT 1, $1, 'm' || $4::integer || chr(31) || no, $4::integer, $3::integer + no, '{"opened":{"t":' || no || ',"k":"\\u001f,]","d":{}}}', ARRAY[no, no + 1]
         FROM generate_series(0, $2::integer - 1) AS no`,
        [kind, count, firstDay, merchantNo],
      );
    await put("order", 2_000, 1_000, 3);
    await put("order", 5, 1_000, 4);
    await put("complaint", 2, 100, 3);
    await put("certificate", 2, 4_000, 3);
    const { entities, certificates } = await loadEvidence(db, 1, 3, 1_899);
    const orders = entities.filter(({ kind }) => kind === "order");
    expect(orders.map(({ id }) => id)).toEqual(Array.from({ length: 500 }, (_, no) => `m3\u001f${899 - no}`));
    expect(orders[0]).toEqual({
      kind: "order",
      id: "m3\u001f899",
      state: { opened: { t: 899, k: "\u001f,]", d: {} } },
      seqs: [899, 900],
    });
    expect(entities.filter(({ kind }) => kind !== "order").map(({ kind, seqs }) => [kind, seqs])).toEqual([
      ["complaint", [1, 2]],
      ["complaint", [0, 1]],
    ]);
    expect(certificates.map(({ kind, id }) => [kind, id])).toEqual([
      ["certificate", "m3\u001f0"],
      ["certificate", "m3\u001f1"],
    ]);
    expect(await loadEvidence(db, 1, 5, 1_899)).toEqual({ entities: [], certificates: [] });
  });
});
