import { type DraftReview, limits } from "@probity/contract";
import type { Db } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import type { MasterKey } from "../privacy/index.ts";
import { loadNeighbourhood } from "./evidence.store.ts";
import type { MarketEvidence } from "./evidence.ts";
import { type WordReader } from "./text-marks.ts";
import { writePatches } from "./patches.store.ts";

/** Ends the transaction of a draft: nothing of it is to stay. */
class Drafted extends Error {
  readonly evidence: MarketEvidence;
  readonly place: number;

  constructor(evidence: MarketEvidence, place: number) {
    super("a draft is not kept");
    this.evidence = evidence;
    this.place = place;
  }
}

/** Numbers that no real row has: drafts begin there, so that they never wait for one another's or the follower's. */
const draftFrom = 2_000_000_000;
const draftSpan = 100_000_000;
let drafts = 0;

/**
 * Evidence around a draft as if it had just been posted: written, looked at, and rolled back. So a draft is judged by the
 * very same code as a review that comes in. A merchant that is not known has no evidence: then the draft is all there is.
 */
export async function draftEvidence(
  { db, master, reader }: { readonly db: Db; readonly master: MasterKey; readonly reader: WordReader },
  { marketplaceId }: Marketplace,
  draft: DraftReview,
  nowMs: number,
): Promise<{ readonly evidence: MarketEvidence; readonly place: number }> {
  drafts = (drafts + 1) % draftSpan;
  const no = draftFrom + drafts;
  const words = [draft.title, draft.text].filter((part) => part !== undefined && part !== "").join("\n");
  const patch = {
    table: "review",
    merchant: draft.merchant,
    review: `draft ${no}`.slice(0, limits.idChars),
    reviewer: draft.buyer,
    posted: nowMs / 1_000,
    stars: draft.stars,
    ...(draft.product === undefined ? {} : { product: draft.product }),
    ...(draft.order === undefined ? {} : { order: draft.order }),
    ...(words === "" ? {} : { words }),
    declared: draft.incentive !== undefined && draft.incentive !== "none",
  } as const;
  try {
    await db.transaction(async (tx) => {
      const counters = { people: no, orders: no, reviews: no, follows: no };
      await tx.query(
        `INSERT INTO facts_subject (marketplace_id, subject_no, kind, id, public_id) VALUES ($1, $2, 'm', $3, $4) ON CONFLICT DO NOTHING`,
        [marketplaceId, no, draft.merchant, `draft ${no}`],
      );
      await writePatches({ db: tx, marketplaceId, master, reader }, [patch], counters);
      const { evidence, reviewNos } = await loadNeighbourhood(tx, marketplaceId, [no]);
      throw new Drafted(evidence, reviewNos.indexOf(no));
    });
  } catch (error) {
    if (error instanceof Drafted) return { evidence: error.evidence, place: error.place };
    throw error;
  }
  throw new Error("a draft was kept");
}
