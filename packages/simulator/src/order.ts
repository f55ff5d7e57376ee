import type { Language, Words } from "./goods.ts";
import type { Merchant, Product } from "./merchants.ts";
import type { Shopper } from "./shoppers.ts";
import type { Fake, Quality } from "./truth.ts";

/** How an order turns out, drawn when it is placed. */
export type Fate =
  | "kept"
  | "not-as-described"
  | "counterfeit"
  | "defect"
  | "damaged"
  | "wrong-item"
  | "size"
  | "changed-mind"
  | "lost"
  | "never-sent";

/** What is known of an order beforehand; what is absent is drawn. */
export interface Purchase {
  readonly merchant: Merchant;
  readonly shopper: Shopper;
  readonly timeMs: number;
  readonly product?: Product;
  readonly amount?: number;
  readonly promoter?: string | undefined;
  readonly referral?: string | undefined;
  readonly fate?: Fate;
  /** Stars of the review that surely follows. */
  readonly stars?: number;
  /** Sent and delivered within a day or two. */
  readonly swift?: boolean;
  readonly fake?: Fake | undefined;
}

export interface Order {
  readonly id: string;
  readonly merchant: Merchant;
  readonly shopper: Shopper;
  readonly quality: Quality;
  readonly product: Product;
  readonly amount: number;
  readonly placedMs: number;
  readonly shipByMs: number;
  readonly deliverByMs: number;
  readonly fate: Fate;
  readonly wishes: Purchase;
}

/** Why and when an order that was delivered ended, as far as others care. */
export interface Ending {
  readonly kept: boolean;
  readonly timeMs: number;
}

export function wordsFor(order: Order, language: Language): Words {
  return order.merchant.category[language][order.product.noun]!;
}

export function nounOf(order: Order, language: Language): string {
  return wordsFor(order, language).noun;
}
