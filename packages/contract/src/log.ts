import { z } from "zod";
import { time } from "./primitives.ts";

/** What proves to others that an event stands in the public log. */
export const receipt = z.strictObject({
  seq: z.int().min(0),
  /** Size of the log whose checkpoint the receipt leads to. */
  size: z.int().min(1),
  fileName: z.string(),
  receipt: z.string().meta({
    description: "A tlog-proof (https://c2sp.org/tlog-proof) that carries the entry and the event's disclosures",
  }),
});
export type Receipt = z.infer<typeof receipt>;

/** What proves a published rating: its line, the way to the root over all of them, and the entry that holds this root. */
export const ratingProof = z.strictObject({
  merchant: z.string(),
  /** `["m:<id>","rated",score,bound,…]`, as docs/log-format.md says. */
  line: z.string(),
  index: z.int().min(0),
  lines: z.int().min(1),
  /** Base64, from the leaf's sibling up. */
  path: z.array(z.string()),
  /** A tlog-proof of the entry that published the root; it carries the entry. */
  proof: z.string(),
});
export type RatingProof = z.infer<typeof ratingProof>;

export const logAudience = z.enum(["public", "auditors"]);

const signedSize = z.strictObject({
  size: z.int().min(0),
  /** Hex. */
  root: z.string(),
  shard: z.int().min(1),
  signedAt: time,
  /** Null while the witnesses do not make the quorum. */
  publishedAt: time.nullable(),
  /** Names of the witnesses who have cosigned it. */
  witnesses: z.array(z.string()),
});

/** How the public log of a marketplace fares. */
export const logStatus = z.strictObject({
  audience: logAudience,
  /** Entries of the ledger. */
  entries: z.int().min(0),
  /** Entries whose hashes stand in tiles. */
  integrated: z.int().min(0),
  /** The newest checkpoint that everybody can fetch; null before the first. */
  published: signedSize.nullable(),
  quorum: z.string(),
  witnesses: z.array(
    z.strictObject({
      name: z.string(),
      verifierKey: z.string(),
      /** When it last cosigned, by its own clock; null if it is not on the newest published checkpoint. */
      cosignedAt: time.nullable(),
    }),
  ),
  /** Keys in order, the one that signs last. */
  shards: z.array(
    z.strictObject({ shard: z.int().min(1), origin: z.string(), verifierKey: z.string(), url: z.string() }),
  ),
  /** The newest first. */
  checkpoints: z.array(signedSize),
});
export type LogStatus = z.infer<typeof logStatus>;
