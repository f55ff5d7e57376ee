import type { Grade } from "@probity/contract";
import { textArray, type Queryable } from "../platform/db.ts";
import type { Link } from "./index.ts";

/** Most links that are looked at. */
const linksMax = 100_000;

/** Links between identities of the same owner, as the latest word says: pairs of merchant ids. */
export async function loadLinks(db: Queryable, marketplaceId: number): Promise<[string, string][]> {
  const rows = await db.query<{ id: string; state: string }>(
    "SELECT id, state FROM facts_entity WHERE marketplace_id = $1 AND kind = 'link' LIMIT $2",
    [marketplaceId, linksMax],
  );
  return rows.flatMap(heldLink);
}

/** A link's two merchants where it holds. */
function heldLink({ id, state }: { readonly id: string; readonly state: string }): [string, string][] {
  const { linked } = JSON.parse(state) as { linked?: { d: { holds?: boolean } } };
  if (linked?.d.holds !== true) return [];
  const [one = "", other = ""] = id.split("\u001f");
  return [[one, other]];
}

/** Own grades of the identities that are linked with each of some merchants; a merchant without any has none. */
export async function loadLinkedGrades(
  db: Queryable,
  marketplaceId: number,
  merchants: readonly string[],
): Promise<Map<string, Link[]>> {
  const near = new Map<string, Link[]>();
  if (merchants.length === 0) return near;
  const rows = await db.query<{ id: string; state: string }>(
    `SELECT id, state FROM facts_entity WHERE marketplace_id = $1 AND kind = 'link'
       AND (split_part(id, chr(31), 1) = ANY($2::text[]) OR split_part(id, chr(31), 2) = ANY($2::text[])) LIMIT $3`,
    [marketplaceId, textArray(merchants), linksMax],
  );
  const links = rows.flatMap(heldLink);
  if (links.length === 0) return near;
  const grades = await loadOwnGrades(db, marketplaceId, [...new Set(links.flat())]);
  const others = new Map(merchants.map((merchant): [string, Set<string>] => [merchant, new Set()]));
  for (const [one, other] of links) {
    others.get(one)?.add(other);
    others.get(other)?.add(one);
  }
  for (const [merchant, ids] of others) {
    near.set(
      merchant,
      [...ids].map((id) => ({ id, grade: grades.get(id) ?? null })),
    );
  }
  return near;
}

async function loadOwnGrades(
  db: Queryable,
  marketplaceId: number,
  merchants: readonly string[],
): Promise<Map<string, Grade | null>> {
  const rows = await db.query<{ id: string; own_grade: Grade | null }>(
    `SELECT s.id, c.own_grade FROM unnest($2::text[]) AS t (id)
     JOIN facts_subject s ON s.id = t.id AND s.kind = 'm' AND s.marketplace_id = $1
     JOIN ratings_current c ON c.marketplace_id = $1 AND c.subject_no = s.subject_no`,
    [marketplaceId, textArray(merchants)],
  );
  return new Map(rows.map(({ id, own_grade }) => [id, own_grade]));
}
