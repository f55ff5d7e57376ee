import type { AssessedKind, AuthenticityReason, ReasonCode } from "@probity/contract";

/** What each reason says to the person concerned, in one sentence. */
const sentences: Readonly<Record<ReasonCode, readonly [en: string, zh: string]>> = {
  purchase: ["how far a purchase stands behind it", "是否有真实购买"],
  timing: ["when it came after order and delivery", "与下单、收货的时间间隔"],
  handling: ["how the order was sent and confirmed", "订单的发货与确认过程"],
  burst: ["how many like it came at the same time", "同一时段内集中出现的程度"],
  deviation: ["how it compares with the others about this merchant", "与该商家其他评价的差异"],
  duplicates: ["words that are nearly those of other reviews", "与其他评价文字高度相似"],
  wording: ["its length and whether words and stars fit", "文字长度及与星级是否相符"],
  incentive: ["words or a declaration of money or gifts for it", "含返现、赠品等好评激励"],
  record: ["the account's record", "账号的历史记录"],
  repeat: ["how often the account deals with this merchant alone", "账号集中于同一商家的程度"],
  sharing: ["a device, payer or address shared with other accounts", "与其他账号共用设备、付款或地址"],
  insider: ["a declared tie to the merchant", "与商家存在申报的关系"],
  neighbours: ["what accounts tied to this one did", "关联账号的行为"],
  ring: ["a group of accounts that works together", "疑似协同的账号群体"],
  footprint: ["what else the account did here", "账号在平台上的其他活动"],
};

const names: Readonly<Record<AssessedKind, readonly [en: string, zh: string]>> = {
  review: ["review", "评价"],
  order: ["order", "订单"],
  follow: ["follow", "关注"],
};

/** What may be told to the person concerned: what it counts, why, and what can be done. Names no other person. */
export function statementOf(
  kind: AssessedKind,
  weight: number,
  reasons: readonly Pick<AuthenticityReason, "code" | "points">[],
  by: "live" | "batch" | "decided" | "platform",
): { readonly en: string; readonly zh: string } {
  const [en, zh] = names[kind];
  if (weight === 1_000) return { en: `Your ${en} counts in full.`, zh: `您的${zh}全额计入。` };
  const share = weight === 0 ? ["does not count", "不计入"] : [`counts ${weight / 10} %`, `按 ${weight / 10}% 计入`];
  const against = reasons.filter(({ points }) => points < 0).slice(0, 3);
  const why =
    by === "decided"
      ? ["A moderator decided so after looking at it.", "该结论由审核人员作出。"]
      : by === "platform"
        ? ["The platform decided so.", "该结论由平台作出。"]
        : against.length === 0
          ? ["", ""]
          : [
              `What spoke against it: ${against.map(({ code }) => sentences[code][0]).join("; ")}.`,
              `主要原因：${against.map(({ code }) => sentences[code][1]).join("；")}。`,
            ];
  return {
    en: `Your ${en} ${share[0]} in ratings; it stays visible and is not deleted. ${why[0]} You can appeal; a person will look at it.`.replace(
      /\s+/g,
      " ",
    ),
    zh: `您的${zh}在评级中${share[1]}，仍然展示且不会删除。${why[1]}您可以申诉，将由人工复核。`,
  };
}
