import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testMaster } from "../ledger/ledger.fixture.ts";
import { databases, type TestDatabase } from "../platform/databases.fixture.ts";
import { MasterKey } from "./index.ts";
import { ensurePeople, loadPersonByNo } from "./privacy.store.ts";

describe.each(databases.map((database) => [database.name, database] as const))("persons on %s", (_name, database) => {
  if (database.absent !== undefined) {
    test.skip(`skipped: ${database.absent}`, () => undefined);
    return;
  }
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await database.open();
  }, 60_000);
  afterAll(() => opened[Symbol.asyncDispose]());

  test("have one key each, the same for all who ask at once", async () => {
    const ids = Array.from({ length: 40 }, (_, no) => `b${no}`);
    const answers = await Promise.all(Array.from({ length: 8 }, () => ensurePeople(opened.db, testMaster, 1, ids)));
    const keys = answers.map((people) => ids.map((id) => people.get(id)?.key.toString("hex")));
    for (const other of keys) expect(other).toEqual(keys[0]);
    expect(new Set(keys[0]).size).toBe(40);
    expect(new Set([...(answers[0]?.values() ?? [])].map(({ no }) => no)).size).toBe(40);
  });

  test("are others in another marketplace, and are found by their number there only", async () => {
    const [one, other] = [
      await ensurePeople(opened.db, testMaster, 2, ["b1"]),
      await ensurePeople(opened.db, testMaster, 3, ["b1"]),
    ];
    const [here, there] = [one.get("b1"), other.get("b1")];
    expect(here?.key.equals(there?.key as Buffer)).toBe(false);
    expect((await loadPersonByNo(opened.db, testMaster, 2, here?.no as number))?.key).toEqual(here?.key);
    expect(await loadPersonByNo(opened.db, testMaster, 3, here?.no as number)).toBeUndefined();
  });

  test("stand under the master key: another one finds nobody and opens nothing", async () => {
    const person = (await ensurePeople(opened.db, testMaster, 4, ["b1"])).get("b1");
    const stranger = new MasterKey(Buffer.alloc(32, 9));
    await expect(loadPersonByNo(opened.db, stranger, 4, person?.no as number)).rejects.toThrow();
    const rows = await opened.db.query<{ blind: string; wrapped: string }>(
      "SELECT blind, encode(wrapped_key, 'hex') AS wrapped FROM privacy_person WHERE marketplace_id = 4",
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.blind).not.toContain("b1");
    expect(rows[0]?.wrapped).not.toContain(person?.key.toString("hex"));
  });

  test("are gone with their row", async () => {
    const person = (await ensurePeople(opened.db, testMaster, 5, ["b1"])).get("b1");
    await opened.db.query("DELETE FROM privacy_person WHERE marketplace_id = 5");
    expect(await loadPersonByNo(opened.db, testMaster, 5, person?.no as number)).toBeUndefined();
  });
});
