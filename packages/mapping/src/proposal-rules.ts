import type { EventType } from "@probity/contract";
import type { Meaning } from "./meanings.ts";
import type { Found, RuleDraft } from "./rule-draft.ts";

type DraftOf = (type: EventType) => RuleDraft;

const cancelled = /取消|关闭|作废|cancel|void|closed/iu;

/** Reasons of a return by words that stand in them. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/描述|不符|not as described|different from/iu, "not-as-described"],
  [/质量|瑕疵|坏|defect|quality|broken|fault/iu, "defect"],
  [/破损|损坏|damag/iu, "damaged"],
  [/发错|错发|漏发|wrong item/iu, "wrong-item"],
  [/延迟|太慢|未按|超时|late|delay/iu, "late"],
  [/尺码|大小|尺寸|size|fit/iu, "size"],
  [/不想要|无理由|拍错|多拍|changed? (my )?mind|no longer/iu, "changed-mind"],
];

function cancelRule(draftOf: DraftOf, found: Found): RuleDraft[] {
  const status = found.get("status");
  const words = status?.shape.words?.filter((word) => cancelled.test(word)) ?? [];
  if (!found.has("cancelledAt") && words.length === 0) return [];
  const draft = draftOf("order.cancelled");
  draft.need("order", ["order"]);
  draft.merchant();
  draft.assume("by", { const: "platform" });
  if (found.has("cancelledAt")) {
    draft.onlyWith("cancelledAt");
    draft.date(["cancelledAt"]);
  } else if (status) {
    draft.conditions.push({ column: status.column, is: words });
    if (draft.date(["placedAt", "time"])) draft.note("time-of-order", { type: "order.cancelled" });
  }
  draft.idOf(["order", "merchant"]);
  return [draft];
}

function placedRule(draftOf: DraftOf, found: Found): RuleDraft {
  const draft = draftOf("order.placed");
  draft.need("order", ["order"]);
  draft.merchant();
  draft.need("buyer", ["buyer", "buyerEmail", "buyerPhone", "buyerName"]);
  draft.need("amount", ["amount", "paidAmount", "itemAmount"], "money");
  draft.currency();
  draft.items();
  draft.take("shipBy", ["shipBy"], "time");
  draft.take("deliverBy", ["deliverBy"], "time");
  draft.date(["placedAt", "time", "paidAt"]);
  draft.idOf(["order", "merchant"]);
  const time = found.get("placedAt") ?? found.get("time") ?? found.get("paidAt");
  if (time && time.filled < time.rows) draft.conditions.push({ column: time.column, present: true });
  return draft;
}

const milestones: readonly (readonly [EventType, Meaning])[] = [
  ["order.shipped", "shippedAt"],
  ["order.delivered", "deliveredAt"],
  ["order.confirmed", "confirmedAt"],
];

function milestoneRules(draftOf: DraftOf, found: Found): RuleDraft[] {
  return milestones.flatMap(([type, meaning]) => {
    if (!found.has(meaning)) return [];
    const draft = draftOf(type);
    draft.need("order", ["order"]);
    draft.merchant();
    if (type === "order.shipped") draft.take("carrier", ["carrier"]);
    draft.onlyWith(meaning);
    draft.date([meaning]);
    draft.idOf(["order", "merchant"]);
    return [draft];
  });
}

function paidRule(draftOf: DraftOf, found: Found): RuleDraft[] {
  if (!found.has("paidAt")) return [];
  const draft = draftOf("order.paid");
  draft.need("order", ["order"]);
  draft.merchant();
  draft.need("amount", ["paidAmount", "amount", "itemAmount"], "money");
  draft.currency();
  draft.take("method", ["paymentMethod"]);
  draft.onlyWith("paidAt");
  draft.date(["paidAt"]);
  draft.idOf(["order", "merchant"]);
  return [draft];
}

function returnRules(draftOf: DraftOf, found: Found): RuleDraft[] {
  const rules: RuleDraft[] = [];
  const order = found.get("order")?.column;
  const fill = (draft: RuleDraft): void => {
    if (!draft.take("return", ["return"])) {
      if (order === undefined) draft.missing.push("return");
      else draft.assume("return", { text: `{${order}}-return` });
    }
    draft.merchant();
  };
  if (found.has("returnAt")) {
    const draft = draftOf("return.requested");
    fill(draft);
    draft.need("order", ["order"]);
    draft.need("buyer", ["buyer", "buyerEmail", "buyerPhone", "buyerName"]);
    draft.assume("kind", { const: "return" });
    const reason = found.get("returnReason");
    if (reason) {
      const map = Object.fromEntries(
        (reason.shape.words ?? []).flatMap((word) => {
          const known = reasons.find(([pattern]) => pattern.test(word))?.[1];
          return known === undefined ? [] : [[word, known]];
        }),
      );
      draft.set(
        "reason",
        { column: reason.column, map, otherwise: "other" },
        { ...reason.guess, column: reason.column },
      );
    } else draft.assume("reason", { const: "other" });
    draft.onlyWith("returnAt");
    draft.date(["returnAt"]);
    draft.idOf(found.has("return") ? ["return"] : ["order", "merchant"]);
    rules.push(draft);
  }
  const refund = found.get("refundAmount");
  if (refund && found.has("refundedAt")) {
    const draft = draftOf("refund.issued");
    fill(draft);
    draft.take("order", ["order"]);
    draft.need("amount", ["refundAmount"], "money");
    draft.currency();
    draft.onlyWith("refundedAt");
    draft.conditions.push({ column: refund.column, not: ["", "0", "0.0", "0.00"] });
    draft.date(["refundedAt"]);
    draft.idOf(found.has("return") ? ["return"] : ["order", "merchant"]);
    rules.push(draft);
  }
  return rules;
}

/** Orders, what became of them, and what was sent back. Nothing without an order and a sign that it is one. */
export function orderRules(draftOf: DraftOf, found: Found): RuleDraft[] {
  if (!found.has("order")) return [];
  const signs: readonly Meaning[] = ["amount", "paidAmount", "itemAmount", "quantity", "placedAt"];
  const isOrder = signs.filter((meaning) => found.has(meaning)).length >= 2;
  return [
    ...(isOrder && !found.has("stars") ? [placedRule(draftOf, found), ...paidRule(draftOf, found)] : []),
    ...milestoneRules(draftOf, found),
    ...cancelRule(draftOf, found),
    ...returnRules(draftOf, found),
  ];
}

/** Reviews. */
export function voiceRules(draftOf: DraftOf, found: Found): RuleDraft[] {
  if (!found.has("stars")) return [];
  const draft = draftOf("review.posted");
  const time = found.get("reviewedAt") ?? found.get("time") ?? found.get("placedAt");
  const parts = [found.get("order"), found.get("buyer"), found.get("product"), time].flatMap(
    (own) => own?.column ?? [],
  );
  if (!draft.take("review", ["review"])) {
    if (parts.length < 2) draft.missing.push("review");
    else
      draft.assume("review", {
        text: parts
          .slice(0, 3)
          .map((column) => `{${column}}`)
          .join("-"),
      });
  }
  draft.merchant();
  draft.need("buyer", ["buyer", "buyerEmail", "buyerPhone", "buyerName"]);
  draft.take("product", ["product"]);
  draft.take("order", ["order"]);
  draft.need("stars", ["stars"], "integer");
  draft.take("title", ["reviewTitle"]);
  draft.take("text", ["reviewText"]);
  draft.date(["reviewedAt", "time", "placedAt"]);
  draft.idOf(found.has("review") ? ["review"] : []);
  if (!found.has("review")) draft.idColumns = parts.slice(0, 3);
  return [draft];
}

/** Shops and listings: lists that name them and no order. */
export function partyRules(draftOf: DraftOf, found: Found): RuleDraft[] {
  if (found.has("order") || found.has("stars")) return [];
  if (found.has("product") && found.has("productName")) {
    const draft = draftOf("listing.published");
    draft.need("product", ["product"]);
    draft.merchant();
    draft.need("title", ["productName"]);
    draft.take("category", ["category"]);
    if (draft.take("price", ["itemAmount", "amount"], "money")) draft.currency();
    draft.assume("images", { const: 0 });
    draft.assume("descriptionChars", { const: 0 });
    draft.date(["publishedAt", "placedAt", "time"]);
    draft.idOf(["product"]);
    return [draft];
  }
  if (found.has("merchant") && found.has("merchantName")) {
    const draft = draftOf("merchant.registered");
    draft.need("merchant", ["merchant"]);
    draft.need("name", ["merchantName"]);
    draft.take("category", ["category"]);
    draft.take("region", ["region"]);
    draft.date(["registeredAt", "placedAt", "time"]);
    draft.idOf(["merchant"]);
    return [draft];
  }
  return [];
}
