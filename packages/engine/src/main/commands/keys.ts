import { type ApiKeyScope, apiKeyScopes } from "@probity/contract";
import { createKey, listKeys, revokeKey } from "../../keys/keys.store.ts";
import { makeMasterKeyFile, readConfig } from "../../platform/config.ts";
import { findMarketplace, listMarketplaces } from "../../platform/marketplace.store.ts";
import { openEngine } from "../engine.ts";
import { defaultMarketplace } from "./serve.ts";
import { readArgs, UsageError } from "./usage.ts";

const usage = `probity keys create [--marketplace M] [--label L] [--scopes events:write,ratings:read]
probity keys list
probity keys revoke KEY
probity keys master FILE     write a fresh master key, readable by its owner only

Scopes: ${apiKeyScopes.join(", ")}`;

function readScopes(text: string | undefined): ApiKeyScope[] {
  const wanted = text?.split(",") ?? ["events:write", "events:read", "ratings:read"];
  const unknown = wanted.find((scope) => !(apiKeyScopes as readonly string[]).includes(scope));
  if (unknown !== undefined)
    throw new UsageError(`There is no scope ${unknown}; the scopes are ${apiKeyScopes.join(", ")}`);
  return wanted as ApiKeyScope[];
}

export async function keys(args: string[]): Promise<void> {
  const parsed = readArgs(usage, args, {
    marketplace: { type: "string" },
    label: { type: "string" },
    scopes: { type: "string" },
  });
  if (parsed === undefined) return;
  const [verb, subject] = parsed.words;
  if (verb === "master") {
    if (subject === undefined) throw new UsageError(`Name the file.\n\n${usage}`);
    makeMasterKeyFile(subject);
    process.stdout.write(
      `Wrote ${subject}. Keep a copy apart from the database's backups: without it sealed fields stay closed.\n`,
    );
    return;
  }
  if (!["create", "list", "revoke"].includes(verb ?? "")) throw new UsageError(usage);
  await using engine = await openEngine(readConfig({ ...process.env, PROBITY_LOG_LEVEL: "error" }));
  await defaultMarketplace(engine);
  if (verb === "create") {
    const slug = parsed.values.marketplace ?? engine.config.marketplace;
    const market = await findMarketplace(engine.db, slug);
    if (market === undefined) {
      const known = (await listMarketplaces(engine.db)).map((item) => item.slug).join(", ");
      throw new UsageError(`There is no marketplace ${slug}; there are: ${known}`);
    }
    const { token } = await createKey(
      engine.db,
      market,
      parsed.values.label ?? "",
      readScopes(parsed.values.scopes),
      engine.now(),
    );
    process.stdout.write(`${token}\n`);
    process.stderr.write("The key is shown once; only its hash is kept.\n");
  } else if (verb === "list") {
    for (const key of await listKeys(engine.db)) {
      const used = key.lastUsedMs === null ? "never used" : `used ${new Date(key.lastUsedMs).toISOString()}`;
      process.stdout.write(
        `${key.keyId}  ${key.marketplace}  ${key.scopes.join(",")}  ${key.label}  ${key.revoked ? "revoked" : used}\n`,
      );
    }
  } else {
    if (subject === undefined || !(await revokeKey(engine.db, subject, engine.now()))) {
      throw new UsageError(`There is no key ${subject ?? ""} in force; see: probity keys list`);
    }
    process.stdout.write(`Revoked ${subject}; it stops within five seconds.\n`);
  }
}
