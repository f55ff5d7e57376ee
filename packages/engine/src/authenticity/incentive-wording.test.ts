import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { incentivePatterns, incentiveWording } from "./incentive-wording.ts";

describe("incentiveWording", () => {
  it("finds offers in Chinese, however they are disguised", () => {
    const offers: readonly string[] = [
      "好评返现",
      "好评返现5元，已到账",
      "晒图返红包",
      "五星返",
      "5星好评返3元",
      "返5元",
      "加微信领红包",
      "东西不错 加V信领返现",
      "好 评 返 现",
      "好*评*返*现",
      "好\u200B评\u200D返\uFEFF现",
      "好.评.返.现",
      "好👍评👍返👍现",
      "好平反现",
      "好評返現",
      "五⭐星⭐好评⭐返⭐红包",
      "５星好评返２元",
      "晒图好评返8元红包",
      "客服说五星好评返现，确实返了6元",
      "加客服好友领了3块红包",
      "好评截图发客服返5元",
      "带图评价送小礼品",
      "好评送话费",
      "收货好评全额退款，做任务",
      "扫二维码加群领福利",
      "评价截图给客服，返还两元",
    ];
    expect(offers.filter((text) => [undefined, "declared"].includes(incentiveWording(text)))).toEqual([]);
  });

  it("finds offers in English", () => {
    const offers: readonly string[] = [
      "They send a gift card for 5 stars",
      "$20 gift card if you leave a positive review",
      "Full refund after review, just email them",
      "they refund 5 yuan for five stars",
      "got 8 yuan back for this review",
      "the card in the box pays 3 yuan for praise",
      "The seller offered me $10 for a good review",
      "Leave a 5 star review and get a free gift",
      "ＧＩＦＴ ＣＡＲＤ ｆｏｒ ５ ｓｔａｒｓ",
      "g\u200Bift car\u200Bd for 5 stars",
      "gіft саrd for 5 stars",
      "WhatsApp us for a refund",
      "Five-star review gets you a voucher",
    ];
    expect(offers.filter((text) => [undefined, "declared"].includes(incentiveWording(text)))).toEqual([]);
  });

  it("tells what is declared in the open from what is passed on", () => {
    const declared: readonly string[] = [
      "I received this product for free in exchange for my honest review",
      "I was given this item at no cost for testing",
      "Free product in exchange for an honest review.",
      "Sponsored. All opinions are my own",
      "商家赠送试用，感受如下",
      "受邀体验，本评价为推广合作",
      "品牌方提供样品",
    ];
    expect(declared.filter((text) => incentiveWording(text) !== "declared")).toEqual([]);
  });

  it("accuses no honest review", () => {
    const honest: readonly string[] = [
      "",
      "👍",
      "好评",
      "五星好评，下次还来",
      "很好，返校用的",
      "东西不错，物流快，客服态度好",
      "客服三天才回，退货退了50元运费",
      "价格便宜，用了优惠券",
      "没有好评返现，真心觉得不错",
      "微信支付很方便",
      "换了一个新的，给个好评",
      "过年给孩子发红包用的红包袋",
      "Great, 5 stars",
      "I bought this as a gift for my wife, five stars",
      "They gave me a refund after two weeks. Poor service.",
      "Nobody paid me for this review",
      "I was not paid or given a free gift for this review",
      "Free shipping, good price",
      "I got a discount at checkout",
      "The room was free of charge for kids",
      "хорошо",
    ];
    expect(honest.filter((text) => incentiveWording(text) !== undefined)).toEqual([]);
  });

  it("never throws, whatever it reads", () => {
    const part = fc.oneof(
      fc.string({ unit: "binary", maxLength: 5 }),
      fc.constantFrom(
        "好评",
        "返",
        "现",
        "5",
        "元",
        "gift card",
        " for ",
        "5 stars",
        "free",
        "review",
        "\u200B",
        "👍",
        "加",
        "微信",
      ),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 10 }), (parts) => {
        expect([undefined, ...incentivePatterns]).toContain(incentiveWording(parts.join("")));
      }),
      { numRuns: 50 },
    );
  });

  it("takes a text of 100 kB in bounded time", () => {
    for (const unit of ["好评", "返", "free review ", "i received this ", "5 star ", "加微信", "refund after "]) {
      const began = performance.now();
      incentiveWording(unit.repeat(Math.ceil(100_000 / unit.length)));
      expect(performance.now() - began, unit).toBeLessThan(1_000);
    }
  });
});
