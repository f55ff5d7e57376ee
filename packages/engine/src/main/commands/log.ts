import type { Marketplace } from "../../platform/marketplace.ts";
import { readConfig } from "../../platform/config.ts";
import { findMarketplace } from "../../platform/marketplace.store.ts";
import { readLogStatus } from "../../log/status.store.ts";
import { setAudience } from "../../log/log.store.ts";
import { type Engine, openEngine, originOf } from "../engine.ts";
import { readArgs, UsageError } from "./usage.ts";

const usage = `probity log status [--marketplace M] [--json]      sizes, keys, witnesses and checkpoints
probity log seal [--marketplace M]                 integrate what the ledger has and publish a checkpoint now
probity log audience public|auditors [--marketplace M]   whom entries are served to
probity log rotate [--marketplace M] [--after-loss]      begin a new shard with a new key
    --after-loss  although entries that were signed are lost: readers of the old shard will see that they are gone`;

async function showStatus(engine: Engine, market: Marketplace, isJson: boolean): Promise<void> {
  const status = await readLogStatus(engine.db, market, engine.trustPolicy, originOf(engine.config));
  if (isJson) {
    process.stdout.write(`${JSON.stringify(status)}\n`);
    return;
  }
  const { audience, entries, integrated, published, quorum, witnesses, shards } = status;
  const lines = [
    `${entries} entries, ${integrated} integrated, ${published?.size ?? 0} published${published ? ` under root ${published.root}` : ""}`,
    `entries are served to: ${audience}`,
    `quorum: ${quorum}`,
    ...witnesses.map(({ name, cosignedAt }) => `witness ${name}: ${cosignedAt ?? "not on the newest checkpoint"}`),
    ...shards.map(({ url, verifierKey }) => `shard ${url}  ${verifierKey}`),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

export async function log(args: string[]): Promise<void> {
  const parsed = readArgs(usage, args, {
    marketplace: { type: "string" },
    json: { type: "boolean" },
    "after-loss": { type: "boolean" },
  });
  if (parsed === undefined) return;
  const { values, words } = parsed;
  const [verb, word, ...more] = words;
  if (verb === undefined || more.length > 0 || (word !== undefined && verb !== "audience")) throw new UsageError(usage);
  await using engine = await openEngine(readConfig(process.env));
  const slug = values.marketplace ?? engine.config.marketplace;
  const market = await findMarketplace(engine.db, slug);
  if (market === undefined) throw new UsageError(`There is no marketplace ${slug}`);
  if (verb === "status") await showStatus(engine, market, values.json === true);
  else if (verb === "seal") {
    const { entries, published, missing } = await engine.publicLog.seal(market);
    for (const reason of missing) process.stderr.write(`witness ${reason}\n`);
    process.stdout.write(
      `${entries} entries integrated; ${published === null ? "nothing published" : `${published} published`}\n`,
    );
  } else if (verb === "audience" && (word === "public" || word === "auditors")) {
    await setAudience(engine.db, market.marketplaceId, word);
    process.stdout.write(`Entries of ${slug} are served to: ${word}\n`);
  } else if (verb === "rotate") {
    const shard = await engine.publicLog.rotate(market, { afterLoss: values["after-loss"] === true });
    process.stdout.write(`Shard ${shard.shard}: ${shard.verifierKey}\nGive auditors and witnesses this key.\n`);
  } else throw new UsageError(usage);
}
