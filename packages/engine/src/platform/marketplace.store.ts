import type { Queryable } from "./db.ts";
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

/** Makes a marketplace with its empty ledger, or returns the one that has the slug. */
export async function ensureMarketplace(
  db: { transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> },
  wanted: Omit<Marketplace, "marketplaceId">,
  nowMs: number,
): Promise<Marketplace> {
  return db.transaction(async (tx) => {
    await tx.query("LOCK TABLE marketplace IN SHARE ROW EXCLUSIVE MODE");
    const known = await findMarketplace(tx, wanted.slug);
    if (known !== undefined) return known;
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
  });
}
