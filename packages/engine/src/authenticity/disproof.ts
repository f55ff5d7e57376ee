import type { RingCase, RingEvidence } from "@probity/contract";

/** What would speak against each kind of evidence. */
const against: Readonly<Record<RingEvidence["kind"], readonly [en: string, zh: string]>> = {
  devices: [
    "The shared devices are of one household, dormitory or shop terminal, and their users buy elsewhere, too.",
    "共用设备属于同一家庭、宿舍或门店终端，且各账号也在其他商家购买。",
  ],
  payers: [
    "The shared payers are one family's or one company's account, for goods that its members use.",
    "共用付款账户为同一家庭或公司账户，且商品确由成员使用。",
  ],
  addresses: [
    "The shared addresses are parcel lockers, campuses or offices.",
    "共用地址为快递柜、校园或办公楼等集中收货点。",
  ],
  couriers: [
    "The courier of these parcels shows weights and signatures as for other parcels.",
    "承运方能提供与其他包裹一致的重量与签收记录。",
  ],
  texts: [
    "The words alike are the shop's own template or a common phrase that others use as often.",
    "相似文字来自商家模板或常用短语，且其他人同样频繁使用。",
  ],
  timing: [
    "A sale, a live room or a press report explains why so many came in these days.",
    "促销、直播或媒体报道可以解释该时段的集中。",
  ],
  handling: [
    "The parcels were picked up in person, so that delivery and confirmation fall together.",
    "包裹为当面自提，因此送达与确认时间接近。",
  ],
  repeats: ["The goods are used up and bought again by their nature.", "商品属于消耗品，复购属正常现象。"],
  returns: [
    "The goods cannot be returned by their nature, and other buyers do not return them either.",
    "商品性质不支持退货，其他买家同样极少退货。",
  ],
  shape: [
    "The accounts came from one campaign or group purchase that the shop can show.",
    "账号来自同一次活动或团购，商家可提供记录。",
  ],
  footprint: [
    "The accounts are new because the shop brought new people to the marketplace, and they stay and buy elsewhere later.",
    "账号较新是因为商家引入了新用户，且其后续在其他商家有活动。",
  ],
};

/** What would disprove a ring, for the evidence that speaks for it, the strongest first. */
export function disproofOf(evidence: readonly RingEvidence[]): RingCase["disproof"] {
  return evidence
    .filter(({ p }) => p <= 0.05)
    .sort((a, b) => a.p - b.p)
    .map(({ kind }) => ({ en: against[kind][0], zh: against[kind][1] }));
}
