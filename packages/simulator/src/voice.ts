import type { EventData } from "@probity/contract";
import { dayMs, hourMs } from "./calendar.ts";
import { messageText } from "./message-text.ts";
import { wordsFor, type Fate, type Order } from "./order.ts";
import { isOpen, type World } from "./world.ts";
import { momentOf } from "./rhythm.ts";
import { paidText, reviewText, type Opinion } from "./review-text.ts";
import type { Attack } from "./truth.ts";

// Stars that each fate earns before taste and chance.
const earned: Readonly<Record<Fate, number>> = {
  kept: 4.85,
  "not-as-described": 1.8,
  counterfeit: 1.1,
  defect: 1.6,
  damaged: 1.9,
  "wrong-item": 2.1,
  size: 3.7,
  "changed-mind": 4.1,
  lost: 1.2,
  "never-sent": 1,
};

function clampStars(value: number): number {
  return Math.max(1, Math.min(5, Math.round(value)));
}

function formOpinion(world: World, order: Order, late: boolean): Opinion {
  const random = world.dice.voice;
  const { shopper, quality, fate } = order;
  const base = order.wishes.stars ?? earned[fate] + shopper.generosity;
  const slow = Math.min(1.5, quality.replyMedianHours / 30);
  const stars = order.wishes.stars ?? clampStars(base - (late ? 0.9 : 0) - 0.2 * slow + 0.45 * random.normal());
  return {
    stars,
    described: clampStars(base + 0.3 * random.normal()),
    service: clampStars((stars + 4.9) / 2 - slow + 0.4 * random.normal()),
    logistics: clampStars((fate === "damaged" ? 2 : 4.8) - (late ? 2 : 0) + 0.4 * random.normal()),
    words: wordsFor(order, shopper.language),
    language: shopper.language,
  };
}

/** Perhaps a review of a delivered order, and what follows it: reply, edit, votes, reports, removal. */
export function speak(world: World, order: Order, deliveredMs: number, late: boolean): void {
  const random = world.dice.voice;
  const { shopper, quality, wishes } = order;
  const bribed = world.settings.crooks && wishes.fate === undefined && random.chance(quality.bribes);
  const habit = shopper.reviewHabit * (order.fate === "kept" ? 1 : 1.4) + (bribed ? 0.5 : 0);
  if (wishes.stars === undefined && !random.chance(habit)) return;
  const honestly = formOpinion(world, order, late);
  const opinion = bribed ? { ...honestly, stars: 5, described: 5, service: 5 } : honestly;
  const hours = wishes.swift === true ? random.between(2, 20) : random.logNormal(36, 0.9);
  const timeMs = deliveredMs + Math.floor(hours * hourMs);
  const data = reviewData(world, order, opinion);
  if (random.chance(0.78)) data.text = bribed ? paidText(opinion, random) : reviewText(opinion, random);
  if (shopper.language === "en" && random.chance(0.2)) data.title = opinion.stars >= 4 ? "Happy with it" : "Not for me";
  const abusive = shopper.maliciousReturner && opinion.stars <= 2;
  const alone: Attack | undefined = bribed ? "bribed" : abusive ? "malicious-return" : undefined;
  const { fake } = wishes;
  if (fake !== undefined) postReview(world, order, data, timeMs, { attack: fake.role, ring: fake.ring });
  else postReview(world, order, data, timeMs, alone === undefined ? undefined : { attack: alone });
}

/** The bare review of an order, without words. */
export function reviewData(world: World, order: Order, opinion: Opinion): EventData<"review.posted"> {
  const data: EventData<"review.posted"> = {
    review: world.newId("r"),
    merchant: order.merchant.id,
    buyer: order.shopper.id,
    product: order.product.id,
    order: order.id,
    stars: opinion.stars,
  };
  if (world.dice.voice.chance(0.7)) {
    data.aspects = {
      described: opinion.described,
      service: opinion.service,
      logistics: opinion.logistics,
    };
  }
  return data;
}

/** Files a review with its aftermath; a fake one is noted in the truth. */
export function postReview(
  world: World,
  order: Order,
  data: EventData<"review.posted">,
  timeMs: number,
  fake: { readonly attack: Attack; readonly ring?: string } | undefined,
): void {
  const random = world.dice.voice;
  if (!world.calendar.add(timeMs, "review.posted", data)) return;
  world.truth.counts.reviews += 1;
  if (fake !== undefined) world.truth.reviews.set(data.review, fake);
  replyTo(world, order, data, timeMs);
  const about = { review: data.review, merchant: data.merchant };
  for (let votes = random.poisson(data.text === undefined ? 0.1 : 0.45); votes > 0; votes -= 1) {
    const voter = world.shoppers.draw(random).id;
    const helpful = random.chance(fake === undefined ? 0.8 : 0.35);
    world.calendar.add(timeMs + random.between(1, 700) * hourMs, "review.voted", {
      ...about,
      voter,
      helpful,
    });
  }
  const suspicion = fake === undefined ? (data.stars <= 2 ? 0.03 : 0.004) : 0.07;
  if (random.chance(suspicion)) {
    const reportedMs = timeMs + random.between(2, 200) * hourMs;
    const reporter = world.shoppers.draw(random).id;
    const reason = random.pick(["advertising", "fake", "abuse", "irrelevant"]);
    world.calendar.add(reportedMs, "review.reported", { ...about, reporter, reason });
    if (random.chance(fake === undefined ? 0.06 : 0.6)) {
      const removedMs = reportedMs + random.between(4, 90) * hourMs;
      world.calendar.add(removedMs, "review.removed", {
        ...about,
        by: "platform",
        reason: `moderation: ${reason}`,
      });
    }
  }
  if (fake === undefined) changeMind(world, order, data, timeMs);
}

function replyTo(world: World, order: Order, data: EventData<"review.posted">, timeMs: number): void {
  const random = world.dice.voice;
  const { merchant, quality } = order;
  const low = data.stars <= 3;
  if (!random.chance(low ? quality.answersReviews : 0.15 * quality.answersReviews)) return;
  const repliedMs = timeMs + Math.floor(random.logNormal(4 + 2 * quality.replyMedianHours, 0.8) * hourMs);
  const text = messageText(low ? "review-sorry" : "review-reply", merchant.language, "", random);
  world.calendar.add(repliedMs, "review.replied", {
    review: data.review,
    merchant: merchant.id,
    text,
  });
}

function changeMind(world: World, order: Order, data: EventData<"review.posted">, timeMs: number): void {
  const random = world.dice.voice;
  const laterMs = timeMs + random.between(1, 25) * dayMs;
  if (random.chance(0.003)) {
    world.calendar.add(laterMs, "review.removed", {
      review: data.review,
      merchant: data.merchant,
      by: "author",
      reason: "withdrawn",
    });
    return;
  }
  const softened = data.stars <= 2 && random.chance(0.15 * order.quality.solves);
  if (!softened && !random.chance(0.01)) return;
  const stars = clampStars(data.stars + (softened ? random.integer(1, 2) : random.pick([-1, 0])));
  const { language } = order.shopper;
  const words = wordsFor(order, language);
  const opinion: Opinion = {
    stars,
    described: stars,
    service: softened ? 5 : stars,
    logistics: 4,
    words,
    language,
  };
  world.calendar.add(laterMs, "review.edited", {
    review: data.review,
    merchant: data.merchant,
    buyer: data.buyer,
    stars,
    text: `${language === "zh" ? "追评：" : "Update: "}${reviewText(opinion, random)}`,
  });
}

/** Perhaps an answered satisfaction survey. */
export function answerSurvey(world: World, order: Order, deliveredMs: number, late: boolean): void {
  const random = world.dice.voice;
  const { merchant, shopper } = order;
  if (!random.chance(0.035)) return;
  const liking = earned[order.fate] + shopper.generosity - (late ? 0.8 : 0) + 0.5 * random.normal();
  const data: EventData<"survey.answered"> = {
    survey: world.newId("s"),
    merchant: merchant.id,
    buyer: shopper.id,
    order: order.id,
    score: Math.max(0, Math.min(10, Math.round(2.5 * (liking - 1)))),
  };
  if (random.chance(0.3)) data.text = messageText("survey", shopper.language, "", random);
  world.calendar.add(deliveredMs + random.between(3, 12) * dayMs, "survey.answered", data);
}

/** Questions of the day, before anybody buys. */
export function askQuestions(world: World, day: number, orders: number): void {
  const random = world.dice.voice;
  for (let count = random.poisson(0.03 * orders); count > 0; count -= 1) {
    const merchant = random.pick(world.merchants);
    if (!isOpen(merchant, day)) continue;
    const shopper = world.shoppers.draw(random);
    const product = random.pick(merchant.products);
    const noun = merchant.category[shopper.language][product.noun]!.noun;
    const about = { question: world.newId("q"), merchant: merchant.id };
    const timeMs = momentOf(day, random);
    const text = messageText("question", shopper.language, noun, random);
    world.calendar.add(timeMs, "question.asked", {
      ...about,
      product: product.id,
      asker: shopper.id,
      text,
    });
    if (random.chance(0.75)) {
      const answer = messageText("question-answer", shopper.language, noun, random);
      const by = random.chance(0.5) ? "merchant" : "shopper";
      world.calendar.add(timeMs + random.logNormal(6, 1) * hourMs, "question.answered", {
        ...about,
        by,
        text: answer,
      });
    }
  }
}
