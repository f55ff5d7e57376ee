import type { Pack, Policy, SubjectKind } from "@probity/contract";
import amazon from "./packs/amazon-account-health.json" with { type: "json" };
import ebay from "./packs/ebay-top-rated.json" with { type: "json" };
import etsy from "./packs/etsy-star-seller.json" with { type: "json" };
import taobao from "./packs/taobao-dsr.json" with { type: "json" };
import trustpilot from "./packs/trustpilot-like.json" with { type: "json" };
import merchant from "./policies/merchant-default.json" with { type: "json" };
import product from "./policies/product-default.json" with { type: "json" };
import promoter from "./policies/promoter-default.json" with { type: "json" };

/** Policies that a marketplace starts with. A test reads every one through `checkPolicy`. */
export const defaultPolicies: Readonly<Record<SubjectKind, Policy>> = {
  merchant: merchant as unknown as Policy,
  product: product as unknown as Policy,
  promoter: promoter as unknown as Policy,
};

/** What other marketplaces ask of their sellers, by id. */
export const packs: ReadonlyMap<string, Pack> = new Map(
  [amazon, ebay, etsy, taobao, trustpilot].map((item): [string, Pack] => [item.id, item as unknown as Pack]),
);
