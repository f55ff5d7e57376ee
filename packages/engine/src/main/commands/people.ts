import { email, role, roles } from "@probity/contract";
import { recordAct } from "../../people/activity.store.ts";
import { listInvites, listPeople, makeInvite } from "../../people/people.store.ts";
import { inviteLink } from "../../people/people.routes.ts";
import { readConfig } from "../../platform/config.ts";
import { findMarketplace, listMarketplaces } from "../../platform/marketplace.store.ts";
import type { Marketplace } from "../../platform/marketplace.ts";
import { type Engine, openEngine, originOf } from "../engine.ts";
import { defaultMarketplace } from "./serve.ts";
import { readArgs, UsageError } from "./usage.ts";

const usage = `probity people add --email E --role R [--marketplace M]   print an invite link to hand over
probity people list [--marketplace M]

Roles: ${roles.join(", ")}
With the embedded database stop the server first, or invite in the console.`;

async function add(engine: Engine, market: Marketplace, wanted: { email?: string; role?: string }): Promise<void> {
  const address = email.safeParse(wanted.email);
  if (!address.success) throw new UsageError(`--email must be an e-mail address.\n\n${usage}`);
  const wantedRole = role.safeParse(wanted.role);
  if (!wantedRole.success) throw new UsageError(`--role must be one of ${roles.join(", ")}`);
  const { invite, token } = await makeInvite(
    engine.db,
    market,
    { email: address.data, role: wantedRole.data },
    Date.now(),
  );
  await recordAct(
    engine.ledger,
    market,
    { by: "command", who: "people" },
    { act: "person-invited", object: invite.invite, after: invite.role },
  );
  process.stdout.write(`${inviteLink(originOf(engine.config), token)}\n`);
  process.stderr.write(`The link works once, until ${invite.expiresAt}; it is shown this once.\n`);
}

async function list(engine: Engine, market: Marketplace): Promise<void> {
  for (const person of await listPeople(engine.db, market)) {
    const factor = person.secondFactor ? "second factor" : "password alone";
    process.stdout.write(`${person.person}  ${person.role}  ${person.email}  ${person.name}  ${factor}\n`);
  }
  for (const invite of await listInvites(engine.db, market, Date.now())) {
    process.stdout.write(`${invite.invite}  ${invite.role}  ${invite.email}  invited until ${invite.expiresAt}\n`);
  }
}

export async function people(args: string[]): Promise<void> {
  const parsed = readArgs(usage, args, {
    email: { type: "string" },
    role: { type: "string" },
    marketplace: { type: "string" },
  });
  if (parsed === undefined) return;
  const [verb] = parsed.words;
  if (verb !== "add" && verb !== "list") throw new UsageError(usage);
  await using engine = await openEngine(readConfig({ ...process.env, PROBITY_LOG_LEVEL: "error" }));
  await defaultMarketplace(engine);
  const slug = parsed.values.marketplace ?? engine.config.marketplace;
  const market = await findMarketplace(engine.db, slug);
  if (market === undefined) {
    const known = (await listMarketplaces(engine.db)).map((item) => item.slug).join(", ");
    throw new UsageError(`There is no marketplace ${slug}; there are: ${known}`);
  }
  if (verb === "add") await add(engine, market, parsed.values);
  else await list(engine, market);
}
