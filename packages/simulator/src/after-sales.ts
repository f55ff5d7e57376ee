import type { EventData } from "@probity/contract";
import { dayMs, hourMs } from "./calendar.ts";
import { messageText } from "./message-text.ts";
import { nounOf, type Ending, type Fate, type Order } from "./order.ts";
import { awake } from "./rhythm.ts";
import type { World } from "./world.ts";

type ReturnReason = EventData<"return.requested">["reason"];
type DisputeKind = EventData<"dispute.opened">["kind"];
type Topic = "delivery" | "quality" | "description" | "service";

/** What buyers do about a fate: how often they return, for which reason, what they complain about. */
interface Grievance {
  readonly returns: number;
  readonly reason: ReturnReason;
  readonly complains: number;
  readonly about: Topic;
  readonly dispute: DisputeKind;
}

const grievances: Readonly<Partial<Record<Fate, Grievance>>> = {
  "not-as-described": {
    returns: 0.6,
    reason: "not-as-described",
    complains: 0.25,
    about: "description",
    dispute: "not-as-described",
  },
  counterfeit: {
    returns: 0.6,
    reason: "not-as-described",
    complains: 0.5,
    about: "description",
    dispute: "counterfeit",
  },
  defect: {
    returns: 0.65,
    reason: "defect",
    complains: 0.25,
    about: "quality",
    dispute: "not-as-described",
  },
  damaged: {
    returns: 0.6,
    reason: "damaged",
    complains: 0.2,
    about: "quality",
    dispute: "not-as-described",
  },
  "wrong-item": {
    returns: 0.8,
    reason: "wrong-item",
    complains: 0.2,
    about: "description",
    dispute: "not-as-described",
  },
  size: { returns: 0.75, reason: "size", complains: 0.01, about: "description", dispute: "other" },
  "changed-mind": {
    returns: 0.9,
    reason: "changed-mind",
    complains: 0.003,
    about: "service",
    dispute: "other",
  },
  lost: {
    returns: 0,
    reason: "other",
    complains: 0.55,
    about: "delivery",
    dispute: "not-received",
  },
  "never-sent": {
    returns: 0,
    reason: "other",
    complains: 0.3,
    about: "delivery",
    dispute: "not-received",
  },
};

/** Returns, refunds, complaints and disputes of an order, from the time its buyer knows how it turned out. */
export function settleAfterSales(world: World, order: Order, knownMs: number, late: boolean): Ending {
  const random = world.dice.desk;
  const { shopper, fate } = order;
  const grievance = grievances[fate];
  if (grievance === undefined) {
    if (shopper.maliciousReturner && order.wishes.fate === undefined && random.chance(0.55))
      return abuse(world, order, knownMs);
    if (late && random.chance(0.06 * shopper.complaintHabit)) complain(world, order, knownMs, "delivery");
    return { kept: true, timeMs: knownMs + dayMs };
  }
  const startMs = knownMs + random.between(1, 60) * hourMs;
  const scripted = order.wishes.fate !== undefined;
  if (fate === "never-sent" && (scripted || random.chance(0.8))) {
    dispute(world, order, startMs, grievance.dispute, "merchant");
    return { kept: false, timeMs: startMs };
  }
  let open = fate !== "size" && fate !== "changed-mind";
  let ending: Ending = { kept: fate !== "lost" && fate !== "never-sent", timeMs: knownMs + dayMs };
  if (random.chance(grievance.returns)) {
    const accepted = requestReturn(world, order, startMs, grievance.reason);
    if (accepted) {
      open = false;
      ending = { kept: false, timeMs: startMs + dayMs };
    }
  }
  if (random.chance(grievance.complains * shopper.complaintHabit)) {
    const solved = complain(world, order, startMs + random.between(2, 40) * hourMs, grievance.about);
    if (solved) open = false;
  }
  if (open && random.chance(fate === "counterfeit" ? 0.5 : 0.22)) {
    dispute(
      world,
      order,
      startMs + random.between(2, 8) * dayMs,
      grievance.dispute,
      fate === "lost" ? "carrier" : "merchant",
    );
    return { kept: false, timeMs: startMs + 9 * dayMs };
  }
  return ending;
}

function requestReturn(world: World, order: Order, timeMs: number, reason: ReturnReason): boolean {
  const random = world.dice.desk;
  const { calendar } = world;
  const { merchant, shopper, quality } = order;
  const about = { return: world.newId("rt"), merchant: merchant.id };
  const requested: EventData<"return.requested"> = {
    ...about,
    order: order.id,
    buyer: shopper.id,
    product: order.product.id,
    kind: reason === "size" && random.chance(0.6) ? "exchange" : "return",
    reason,
  };
  if (random.chance(0.6)) {
    requested.text = messageText("return", shopper.language, nounOf(order, shopper.language), random);
  }
  calendar.add(timeMs, "return.requested", requested);
  const resolvedMs = awake(timeMs + Math.floor(random.logNormal(quality.solveMedianHours, 0.7) * hourMs), random);
  if (random.chance(0.03)) {
    calendar.add(resolvedMs, "return.resolved", { ...about, outcome: "withdrawn" });
    return false;
  }
  const accepted = random.chance(0.25 + 0.74 * quality.solves);
  calendar.add(resolvedMs, "return.resolved", {
    ...about,
    outcome: accepted ? "accepted" : "rejected",
  });
  if (accepted && requested.kind === "return") {
    const refundedMs = resolvedMs + Math.floor(random.logNormal(quality.refundMedianHours, 0.6) * hourMs);
    calendar.add(refundedMs, "refund.issued", {
      ...about,
      order: order.id,
      amount: order.amount,
      currency: "CNY",
    });
  }
  return accepted;
}

/** Files a complaint and its answer; true when the answer solved it. */
export function complain(world: World, order: Order, timeMs: number, about: Topic): boolean {
  const random = world.dice.desk;
  const { merchant, shopper, quality } = order;
  const noun = nounOf(order, shopper.language);
  const complaint = { complaint: world.newId("c"), merchant: merchant.id };
  world.calendar.add(timeMs, "complaint.opened", {
    ...complaint,
    buyer: shopper.id,
    order: order.id,
    about,
    text: messageText(`complaint-${about}`, shopper.language, noun, random),
  });
  if (!random.chance(0.3 + 0.69 * quality.replies)) return false;
  const answeredMs = awake(timeMs + Math.floor(random.logNormal(quality.solveMedianHours, 0.7) * hourMs), random);
  const solved = random.chance(quality.solves);
  const text = messageText("complaint-answer", merchant.language, noun, random);
  world.calendar.add(answeredMs, "complaint.answered", { ...complaint, solved, text });
  return solved;
}

/** Files a dispute; its decision names the guilty party nine times out of ten, and always where a script fixed the fate. */
export function dispute(
  world: World,
  order: Order,
  timeMs: number,
  kind: DisputeKind,
  guilty: "merchant" | "buyer" | "carrier",
): void {
  const random = world.dice.desk;
  const { merchant, shopper } = order;
  const about = { dispute: world.newId("ds"), merchant: merchant.id };
  world.calendar.add(timeMs, "dispute.opened", {
    ...about,
    buyer: shopper.id,
    order: order.id,
    kind: kind !== "other" && random.chance(0.08) ? "charge-back" : kind,
    amount: order.amount,
    currency: "CNY",
    text: messageText("dispute", shopper.language, nounOf(order, shopper.language), random),
  });
  const decidedMs = timeMs + random.between(2, 9) * dayMs;
  const clear = order.wishes.fate !== undefined || random.chance(0.9);
  const fault = clear ? guilty : random.pick(["merchant", "buyer", "platform", "none"] as const);
  world.calendar.add(decidedMs, "dispute.decided", {
    ...about,
    fault,
    reason: `evidence points to: ${fault}`,
  });
  if (fault === "merchant" || fault === "platform") {
    world.calendar.add(decidedMs + 2 * hourMs, "compensation.paid", {
      compensation: world.newId("k"),
      merchant: merchant.id,
      buyer: shopper.id,
      order: order.id,
      amount: order.amount,
      currency: "CNY",
      by: fault === "merchant" && random.chance(0.6) ? "merchant" : "platform",
    });
  }
}

/** A malicious returner sends back goods that were in order, for a reason that is made up. */
function abuse(world: World, order: Order, knownMs: number): Ending {
  const random = world.dice.desk;
  const startMs = knownMs + random.between(24, 150) * hourMs;
  const accepted = requestReturn(
    world,
    order,
    startMs,
    random.pick(["not-as-described", "defect", "damaged", "wrong-item"]),
  );
  if (!accepted && random.chance(0.7)) dispute(world, order, startMs + 4 * dayMs, "not-as-described", "buyer");
  return { kept: !accepted, timeMs: startMs + dayMs };
}
