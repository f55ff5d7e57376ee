import { gunzipSync, gzipSync } from "node:zlib";
import { limits, type SubjectKind } from "@probity/contract";
import type { Queryable } from "../platform/db.ts";

/** Keeps the lines of published ratings; the oldest of a kind go. */
export async function savePublished(
  db: Queryable,
  marketplaceId: number,
  published: { readonly kind: SubjectKind; readonly logSize: number; readonly root: string; readonly lines: string[] },
): Promise<void> {
  const { kind, logSize, root, lines } = published;
  const body = gzipSync(lines.map((line) => `${line}\n`).join("")).toString("hex");
  await db.query(
    `INSERT INTO ratings_published (marketplace_id, kind, log_size, root, lines) VALUES ($1, $2, $3, $4, decode($5, 'hex'))
     ON CONFLICT (marketplace_id, kind, log_size) DO UPDATE SET root = excluded.root, lines = excluded.lines`,
    [marketplaceId, kind, logSize, root, body],
  );
  await db.query(
    `DELETE FROM ratings_published WHERE marketplace_id = $1 AND kind = $2 AND log_size <
       (SELECT min(log_size) FROM (SELECT log_size FROM ratings_published WHERE marketplace_id = $1 AND kind = $2
         ORDER BY log_size DESC LIMIT $3) AS kept)`,
    [marketplaceId, kind, limits.publishedRatingsKept],
  );
}

/** Canonical text of a policy that is or was published, by its hash. */
export async function readPolicyText(db: Queryable, marketplaceId: number, id: string): Promise<string | undefined> {
  const [row] = await db.query<{ body: string }>(
    `SELECT body FROM ratings_policy WHERE marketplace_id = $1 AND policy_id = $2
       AND state IN ('published', 'in-force', 'superseded')`,
    [marketplaceId, id],
  );
  return row?.body;
}

/** Lines of the ratings with a root, each ended by a newline; undefined where they are no longer kept. */
export async function loadPublished(db: Queryable, marketplaceId: number, root: string): Promise<string | undefined> {
  const [row] = await db.query<{ lines: Uint8Array }>(
    "SELECT lines FROM ratings_published WHERE marketplace_id = $1 AND root = $2 LIMIT 1",
    [marketplaceId, root],
  );
  return row && gunzipSync(row.lines).toString("utf8");
}
