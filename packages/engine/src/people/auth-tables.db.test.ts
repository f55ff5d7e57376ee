import type { DBAdapter } from "better-auth/adapters";
import { twoFactor } from "better-auth/plugins/two-factor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { databases, type TestDatabase } from "../platform/databases.fixture.ts";
import { authAdapter, authTables } from "./auth-tables.store.ts";

const second = 1_000;
const today = Date.parse("2026-11-20T12:00:00Z");

describe.each(databases.map((database) => [database.name, database] as const))(
  "the library's models on %s",
  (_name, database) => {
    if (database.absent !== undefined) {
      test.skip(`skipped: ${database.absent}`, () => undefined);
      return;
    }
    let opened: TestDatabase;
    let adapter: DBAdapter;
    beforeAll(async () => {
      opened = await database.open();
      adapter = authAdapter(opened.db)({
        user: { modelName: authTables.user },
        session: { modelName: authTables.session },
        account: { modelName: authTables.account },
        verification: { modelName: authTables.verification },
        plugins: [twoFactor({ schema: { twoFactor: { modelName: authTables.twoFactor } } })],
      });
    }, 60_000);
    afterAll(() => opened[Symbol.asyncDispose]());

    interface Step {
      readonly id: string;
      readonly identifier: string;
      readonly value: string;
      readonly expiresAt: Date;
    }

    const make = (identifier: string, value: string, offsetSeconds = 0): Promise<Step> =>
      adapter.create<Omit<Step, "id">, Step>({
        model: "verification",
        data: { identifier, value, expiresAt: new Date(today + offsetSeconds * second) },
      });
    const values = async (where: Parameters<typeof adapter.findMany>[0]["where"]): Promise<string[]> =>
      (
        await adapter.findMany<Step>({ model: "verification", where, sortBy: { field: "value", direction: "asc" } })
      ).map(({ value }) => value);

    test("come back as they were, times to the millisecond, signs of any kind", async () => {
      const odd = `'; DROP TABLE people_person; -- "\\ 诚 \u{1f511}`;
      const made = await make(odd, odd, 0.123);
      expect(made.id).toMatch(/.{16,}/);
      const found = await adapter.findOne<Step>({
        model: "verification",
        where: [{ field: "identifier", value: odd }],
      });
      expect(found).toMatchObject({ id: made.id, value: odd, expiresAt: new Date(today + 123) });
      expect(found).toEqual(made);
      expect(await adapter.findOne({ model: "verification", where: [{ field: "id", value: "none" }] })).toBeNull();
    });

    test("are found by every comparison that the library makes", async () => {
      for (const [value, offset] of [
        ["a", 1],
        ["b", 2],
        ["c", 3],
        ["D", 4],
      ] as const)
        await make("many", value, offset);
      const many = { field: "identifier", value: "many" } as const;
      const at = (offset: number): Date => new Date(today + offset * second);
      expect(await values([many])).toHaveLength(4);
      expect(await values([many, { field: "expiresAt", operator: "lt", value: at(2) }])).toEqual(["a"]);
      expect(await values([many, { field: "expiresAt", operator: "lte", value: at(2) }])).toEqual(["a", "b"]);
      expect(await values([many, { field: "expiresAt", operator: "gt", value: at(3) }])).toEqual(["D"]);
      expect(await values([many, { field: "expiresAt", operator: "gte", value: at(4) }])).toEqual(["D"]);
      expect(await values([many, { field: "value", operator: "in", value: ["a", "c"] }])).toEqual(["a", "c"]);
      expect(await values([many, { field: "value", operator: "in", value: [] }])).toEqual([]);
      expect(await values([many, { field: "value", operator: "not_in", value: ["a", "c", "D"] }])).toEqual(["b"]);
      expect(await values([many, { field: "value", operator: "ne", value: "D" }])).toEqual(["a", "b", "c"]);
      expect(await values([many, { field: "value", value: null }])).toEqual([]);
      expect(await values([many, { field: "value", operator: "ne", value: null }])).toHaveLength(4);
      expect(await values([many, { field: "value", value: "d" }])).toEqual([]);
      expect(await values([many, { field: "value", value: "d", mode: "insensitive" }])).toEqual(["D"]);
      const either = [
        { field: "value", value: "a", connector: "OR" },
        { field: "value", value: "c", connector: "OR" },
      ] as const;
      expect(await values([many, ...either])).toEqual(["a", "c"]);
      expect(await adapter.count({ model: "verification", where: [many] })).toBe(4);
      const page = await adapter.findMany<Step>({
        model: "verification",
        where: [many],
        sortBy: { field: "expiresAt", direction: "desc" },
        limit: 2,
        offset: 1,
      });
      expect(page.map(({ value }) => value)).toEqual(["c", "b"]);
      await expect(values([{ field: "value", operator: "contains", value: "a" }])).rejects.toThrow(/know no contains/);
    });

    test("are changed and deleted where they fit, and nowhere else", async () => {
      const first = await make("change", "1");
      await make("change", "2");
      const where = [{ field: "id", value: first.id }];
      expect(await adapter.update<Step>({ model: "verification", where, update: { value: "one" } })).toMatchObject({
        id: first.id,
        value: "one",
      });
      expect(
        await adapter.updateMany({
          model: "verification",
          where: [{ field: "identifier", value: "change" }],
          update: { value: "all" },
        }),
      ).toBe(2);
      await adapter.delete({ model: "verification", where });
      expect(await values([{ field: "identifier", value: "change" }])).toEqual(["all"]);
      expect(
        await adapter.deleteMany({ model: "verification", where: [{ field: "identifier", value: "change" }] }),
      ).toBe(1);
    });

    test("are consumed by one alone, however many come at once", async () => {
      await make("once", "x");
      const where = [{ field: "identifier", value: "once" }];
      const taken = await Promise.all(
        Array.from({ length: 12 }, () => adapter.consumeOne<Step>({ model: "verification", where })),
      );
      expect(taken.filter((step) => step !== null).map(({ value }) => value)).toEqual(["x"]);
    });

    test("are counted up behind a guard that holds, however many come at once", async () => {
      await opened.db.query(
        `INSERT INTO people_person (id, name, email, email_verified, created_ms, updated_ms)
         VALUES ('p', 'P', 'p@shop.example', false, $1, $1)`,
        [today],
      );
      await adapter.create({
        model: "twoFactor",
        data: { userId: "p", secret: "s", backupCodes: "c", verified: true, failedVerificationCount: 0 },
      });
      const guard = [
        { field: "userId", value: "p" },
        { field: "failedVerificationCount", operator: "lt", value: 5 },
      ] as const;
      const counted = await Promise.all(
        Array.from({ length: 12 }, () =>
          adapter.incrementOne<{ failedVerificationCount: number }>({
            model: "twoFactor",
            where: [...guard],
            increment: { failedVerificationCount: 1 },
            set: { lockedUntil: new Date(today) },
          }),
        ),
      );
      const done = counted.flatMap((row) => (row === null ? [] : [row.failedVerificationCount]));
      expect(done.sort()).toEqual([1, 2, 3, 4, 5]);
    });

    test("are written together or not at all", async () => {
      const work = adapter.transaction(async (inner) => {
        await inner.create({
          model: "verification",
          data: { identifier: "rolled back", value: "x", expiresAt: new Date(today) },
        });
        throw new Error("no");
      });
      await expect(work).rejects.toThrow("no");
      expect(await values([{ field: "identifier", value: "rolled back" }])).toEqual([]);
    });
  },
);
