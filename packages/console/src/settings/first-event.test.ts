import { admit } from "@probity/contract";
import { expect, test } from "vitest";
import { firstEventCommand } from "./first-event.ts";

test("the example is an event that the engine takes, in a command that a shell takes", () => {
  const now = new Date("2026-11-22T08:00:00.123Z");
  const command = firstEventCommand("https://trust.example", "CNY", now);
  const [, body = ""] = /-d '([^']*)'$/.exec(command) ?? [];
  expect(admit(JSON.parse(body), now.getTime())).not.toHaveProperty("refused");
  expect(command).toContain("curl https://trust.example/v1/events");
});
