import { ProblemError, signInLimits } from "@probity/contract";
import type { Db, Queryable } from "./db.ts";
import type { Marketplace } from "./marketplace.ts";

interface Row {
  marketplace_id: number;
  slug: string;
  name: string;
  currency: string;
  clock: "wall" | "log";
  is_public: boolean;
}

const toMarketplace = (row: Row): Marketplace => ({
  marketplaceId: row.marketplace_id,
  slug: row.slug,
  name: row.name,
  currency: row.currency,
  clock: row.clock,
  isPublic: row.is_public,
});

const columns = "marketplace_id, slug, name, currency, clock, is_public";

export async function findMarketplace(db: Queryable, slug: string): Promise<Marketplace | undefined> {
  const [row] = await db.query<Row>(`SELECT ${columns} FROM marketplace WHERE slug = $1`, [slug]);
  return row && toMarketplace(row);
}

export async function listMarketplaces(db: Queryable): Promise<Marketplace[]> {
  return (await db.query<Row>(`SELECT ${columns} FROM marketplace ORDER BY marketplace_id`)).map(toMarketplace);
}

type NewMarketplace = Omit<Marketplace, "marketplaceId">;
const lock = "LOCK TABLE marketplace IN SHARE ROW EXCLUSIVE MODE";

async function insert(tx: Queryable, wanted: NewMarketplace, nowMs: number): Promise<Marketplace> {
  const [row] = await tx.query<Row>(
    `INSERT INTO marketplace (${columns}, created_ms)
     SELECT coalesce(max(marketplace_id), 0) + 1, $1, $2, $3, $4, $5, $6 FROM marketplace RETURNING ${columns}`,
    [wanted.slug, wanted.name, wanted.currency, wanted.clock, wanted.isPublic, nowMs],
  );
  const made = toMarketplace(row as Row);
  await tx.query("INSERT INTO ledger_head (marketplace_id, size, subjects, newest_ms) VALUES ($1, 0, 0, 0)", [
    made.marketplaceId,
  ]);
  return made;
}

/** Makes a marketplace with its empty ledger, or returns the one that has the slug. */
export async function ensureMarketplace(db: Db, wanted: NewMarketplace, nowMs: number): Promise<Marketplace> {
  return db.transaction(async (tx) => {
    await tx.query(lock);
    return (await findMarketplace(tx, wanted.slug)) ?? (await insert(tx, wanted, nowMs));
  });
}

/** Makes a marketplace within a transaction; throws where the slug is taken or there are too many. */
export async function createMarketplace(tx: Queryable, wanted: NewMarketplace, nowMs: number): Promise<Marketplace> {
  await tx.query(lock);
  if ((await findMarketplace(tx, wanted.slug)) !== undefined)
    throw new ProblemError("marketplace-taken", `There is a marketplace ${wanted.slug} already; choose another slug`);
  if ((await listMarketplaces(tx)).length >= signInLimits.marketplaces)
    throw new ProblemError(
      "people-limit",
      `This server has ${signInLimits.marketplaces} marketplaces, as many as it may`,
    );
  return insert(tx, wanted, nowMs);
}
