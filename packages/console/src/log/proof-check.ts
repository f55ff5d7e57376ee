import type { RatingProof, Receipt } from "@probity/contract";
import { type Entry, readEntry } from "@probity/verifier/audit/entry";
import { utf8 } from "@probity/verifier/tlog/bytes";
import { type Finding, findRating, findReceipt, webCryptoLack } from "@probity/verifier/tlog/findings";
import { webPrimitives } from "@probity/verifier/tlog/primitives";
import type { CheckedRating } from "@probity/verifier/tlog/rating-proof";
import type { CheckedReceipt } from "@probity/verifier/tlog/receipt";
import { queryOptions } from "@tanstack/react-query";
import { clientFor } from "../api/client.ts";
import { readPolicyText } from "./log-queries.ts";

/** Why nothing can be checked here, else what was found. */
type Checked<T> =
  | { readonly lack: "insecure" | "ed25519"; readonly finding: undefined }
  | { readonly lack: undefined; readonly finding: Finding<T> };

export type EntryCheck = Checked<CheckedReceipt> & {
  readonly receipt: Receipt;
  /** Undefined where the receipt does not hold. */
  readonly entry: Entry | undefined;
};

export type RatingCheck = Checked<CheckedRating> & { readonly proof: RatingProof };

async function checkedHere<T>(check: () => Promise<Finding<T>>): Promise<Checked<T>> {
  const lack = await webCryptoLack();
  return lack === undefined ? { lack, finding: await check() } : { lack, finding: undefined };
}

/** An entry with its proof, checked in this browser by the policy that the server names. */
export const entryCheckQuery = (marketplace: string, seq: number) =>
  queryOptions({
    queryKey: [marketplace, "entry-check", seq],
    queryFn: async (): Promise<EntryCheck> => {
      const [receipt, policy] = await Promise.all([
        clientFor(marketplace).call("readReceipt", { params: { seq } }),
        readPolicyText(marketplace),
      ]);
      const checked = await checkedHere(() => findReceipt(webPrimitives, utf8(receipt.receipt), policy));
      const text = checked.finding?.isRight === true ? checked.finding.checked.content.entry : undefined;
      return { ...checked, receipt, entry: text === undefined ? undefined : readEntry(utf8(text)) };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

/** A merchant's published rating, checked in this browser by the policy that the server names. */
export const ratingCheckQuery = (marketplace: string, merchant: string) =>
  queryOptions({
    queryKey: [marketplace, "rating-check", merchant],
    queryFn: async (): Promise<RatingCheck> => {
      const [proof, policy] = await Promise.all([
        clientFor(marketplace).call("readRatingProof", { params: { marketplace, merchant } }),
        readPolicyText(marketplace),
      ]);
      return { ...(await checkedHere(() => findRating(webPrimitives, proof, policy))), proof };
    },
    staleTime: 60_000,
  });
