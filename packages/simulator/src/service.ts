import { hourMs, minuteMs } from "./calendar.ts";
import { messageText } from "./message-text.ts";
import { nounOf, type Order } from "./order.ts";
import { awake } from "./rhythm.ts";
import type { World } from "./world.ts";

/** Perhaps a ticket about an order, with its reply and its closing. */
export function askForHelp(world: World, order: Order, sinceMs: number, stage: "before" | "after"): void {
  const random = world.dice.desk;
  const { calendar } = world;
  const { merchant, shopper, quality } = order;
  const rate = stage === "before" ? 0.06 : order.fate === "kept" ? 0.05 : 0.4;
  if (!random.chance(rate)) return;
  const topic =
    stage === "before"
      ? random.pick(["logistics", "invoice"] as const)
      : random.pick(["product", "logistics"] as const);
  const noun = nounOf(order, shopper.language);
  const openedMs = sinceMs + random.integer(10, 2_000) * minuteMs;
  const ticket = { ticket: world.newId("t"), merchant: merchant.id };
  calendar.add(openedMs, "ticket.opened", {
    ...ticket,
    buyer: shopper.id,
    order: order.id,
    topic,
    text: messageText(`ticket-${topic}`, shopper.language, noun, random),
  });
  if (!random.chance(quality.replies)) return;
  const repliedMs = awake(openedMs + Math.floor(random.logNormal(quality.replyMedianHours, 0.9) * hourMs), random);
  calendar.add(repliedMs, "ticket.replied", {
    ...ticket,
    text: messageText("ticket-reply", merchant.language, noun, random),
  });
  if (random.chance(0.93)) {
    const closedMs = repliedMs + Math.floor(random.logNormal(6, 1) * hourMs);
    calendar.add(closedMs, "ticket.closed", {
      ...ticket,
      solved: random.chance(0.1 + 0.9 * quality.solves),
    });
  }
}
