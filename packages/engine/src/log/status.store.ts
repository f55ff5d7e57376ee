import { type LogStatus, ProblemError } from "@probity/contract";
import { type Note, readNote, readVerifierKey, verifierKeyText } from "@probity/verifier/tlog/note";
import { type TrustPolicy, trustPolicyText } from "@probity/verifier/tlog/trust-policy";
import { readHead } from "../ledger/ledger.store.ts";
import type { Db } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import {
  listCheckpoints,
  loadShards,
  readLogHead,
  readPublished,
  type Shard,
  type StoredCheckpoint,
} from "./log.store.ts";
import { nodePrimitives } from "./primitives.ts";

const checkpointsShown = 20;
const text = (ms: number): string => new Date(ms).toISOString();

type SignedSize = LogStatus["checkpoints"][number];

const cosignersOf = ({ witnesses }: TrustPolicy, note: Note): string[] =>
  witnesses.flatMap(({ name, key }) =>
    note.signatures.some((line) => line.name === key.name && line.keyId === key.keyId) ? [name] : [],
  );

function presentCheckpoint(policy: TrustPolicy, row: StoredCheckpoint): SignedSize {
  return {
    size: row.size,
    root: Buffer.from(row.root).toString("hex"),
    shard: row.shard,
    signedAt: text(row.signed_ms),
    publishedAt: row.published_ms === null ? null : text(row.published_ms),
    witnesses: cosignersOf(policy, readNote(Buffer.from(row.note))),
  };
}

/** When a witness cosigned, by its own clock; null without its cosignature. */
function cosignedAt(note: Note | undefined, name: string, keyId: string): string | null {
  const line = note?.signatures.find((item) => item.name === name && item.keyId === keyId);
  const seconds = line === undefined ? undefined : Number(Buffer.from(line.signature).readBigUInt64BE());
  return seconds === undefined ? null : text(seconds * 1_000);
}

/** The keys of a log's shards with the witnesses and the quorum, as a tlog-policy. */
export async function trustPolicyOfLog(
  { policy, serverUrl }: { readonly policy: TrustPolicy; readonly serverUrl: string },
  slug: string,
  shards: readonly Shard[],
): Promise<string> {
  const prefix = `${serverUrl}/log/${slug}`;
  const logs = await Promise.all(
    shards.map(async ({ shard, verifierKey }) => ({
      key: await readVerifierKey(nodePrimitives, verifierKey),
      url: shard === 1 ? prefix : `${prefix}/${shard}`,
    })),
  );
  return trustPolicyText({ ...policy, logs });
}

/** How the public log of a marketplace fares. */
export async function readLogStatus(
  db: Db,
  market: Marketplace,
  policy: TrustPolicy,
  serverUrl: string,
): Promise<LogStatus> {
  const { marketplaceId, slug } = market;
  const head = await readLogHead(db, marketplaceId);
  if (head === undefined)
    throw new ProblemError("log-state", `The log of ${slug} has not begun: no worker runs (PROBITY_WORKER=off)`);
  const [ledger, shards, published, checkpoints] = await Promise.all([
    readHead(db, marketplaceId),
    loadShards(db, marketplaceId),
    readPublished(db, marketplaceId),
    listCheckpoints(db, marketplaceId, Number.MAX_SAFE_INTEGER, checkpointsShown),
  ]);
  const note = published && readNote(Buffer.from(published.note));
  return {
    audience: head.audience,
    entries: ledger.size,
    integrated: head.size,
    published: published === undefined ? null : presentCheckpoint(policy, published),
    quorum: policy.quorum,
    witnesses: policy.witnesses.map(({ name, key }) => ({
      name,
      verifierKey: verifierKeyText(key),
      cosignedAt: cosignedAt(note, key.name, key.keyId),
    })),
    shards: shards.map((shard) => ({
      ...shard,
      url: `${serverUrl}/log/${slug}${shard.shard === 1 ? "" : `/${shard.shard}`}`,
    })),
    checkpoints: checkpoints.map((row) => presentCheckpoint(policy, row)),
  };
}
