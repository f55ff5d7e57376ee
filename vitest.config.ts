import { defineConfig } from "vitest/config";

// Two processors are the smallest machine that has to hold the suite.
const workersMax = 2;
const database = ["packages/**/*.db.test.ts"];
const browser = ["packages/**/*.dom.test.ts"];
/** Far longer than any step of a page takes on two busy processors; a second is not. */
const patience = { poll: { timeout: 15_000 } };
const elsewhere = ["**/node_modules/**", "**/.tsbuild/**"];

export default defineConfig({
  test: {
    maxWorkers: workersMax,
    projects: [
      {
        test: {
          name: "house",
          include: ["house/**/*.test.ts"],
          exclude: elsewhere,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "unit",
          include: ["packages/**/*.test.ts", "bench/**/*.test.ts"],
          exclude: [...elsewhere, ...database, ...browser],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "db",
          include: database,
          exclude: elsewhere,
          pool: "forks",
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "dom",
          expect: patience,
          include: browser,
          exclude: elsewhere,
          pool: "forks",
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "e2e",
          expect: patience,
          include: ["e2e/**/*.test.ts"],
          exclude: elsewhere,
          pool: "forks",
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
