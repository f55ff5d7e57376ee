import type { Ledger } from "../ledger/group-commit.store.ts";
import type { Db } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { markMonthTold, untoldMonths } from "./erasure.store.ts";

const dateText = (month: number, day: number): string =>
  new Date(Date.UTC(Math.floor(month / 12), month % 12, day)).toISOString().slice(0, 10);

/** Tells the ledger how many people were erased in each month that is over: a count, never who or when. */
export async function tellErasures(
  { db, ledger, now }: { readonly db: Db; readonly ledger: Ledger; readonly now: () => number },
  market: Marketplace,
): Promise<number> {
  const months = await untoldMonths(db, market.marketplaceId, now());
  for (const { month, people } of months) {
    await ledger.act(market, "erasure.completed", `erasures:${month}`, {
      periodFrom: dateText(month, 1),
      periodTo: dateText(month + 1, 0),
      people,
    });
    await markMonthTold(db, market.marketplaceId, month);
  }
  return months.length;
}
