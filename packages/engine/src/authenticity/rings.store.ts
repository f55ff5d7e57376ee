import { type RingEvidence, type RingKind } from "@probity/contract";
import { integerArray, type Queryable } from "../platform/db.ts";

/** A ring as a whole run found it, in numbers of the store. */
export interface RingFound {
  readonly kind: RingKind;
  readonly targets: readonly number[];
  readonly members: readonly number[];
  readonly orders: number;
  readonly reviews: number;
  readonly follows: number;
  readonly from: number;
  readonly to: number;
  readonly p: number;
  readonly q: number;
  readonly evidence: readonly RingEvidence[];
  readonly effect: number;
}

export interface StoredRing {
  readonly ring_no: number;
  readonly kind: RingKind;
  readonly state: "open" | "confirmed" | "dismissed";
  readonly gone: boolean;
  readonly targets: number[];
  readonly members: number;
  readonly orders: number;
  readonly reviews: number;
  readonly follows: number;
  readonly from_s: number;
  readonly to_s: number;
  readonly p: number;
  readonly q: number;
  readonly evidence: string;
  readonly effect: number;
  readonly found_ms: number;
  readonly decision_id: string | null;
}

const ringColumns = `ring_no, kind, state, gone, targets, members, orders, reviews, follows, from_s, to_s, p, q, evidence, effect,
  found_ms, decision_id`;

/** Two findings are one ring where so much of the smaller is in the other. */
const sameShareMin = 0.5;
const family = (kind: RingKind): string => (kind === "farm" ? "brushing" : kind);

async function membersOf(db: Queryable, marketplaceId: number): Promise<Map<number, number[]>> {
  const rows = await db.query<{ ring_no: number; person_no: number }>(
    "SELECT ring_no, person_no FROM authenticity_ring_member WHERE marketplace_id = $1 ORDER BY ring_no, person_no",
    [marketplaceId],
  );
  const members = new Map<number, number[]>();
  for (const { ring_no, person_no } of rows) {
    const known = members.get(ring_no);
    if (known === undefined) members.set(ring_no, [person_no]);
    else known.push(person_no);
  }
  return members;
}

function matchOf(
  found: RingFound,
  stored: readonly StoredRing[],
  members: ReadonlyMap<number, readonly number[]>,
  taken: ReadonlySet<number>,
): StoredRing | undefined {
  const own = new Set(found.members);
  let [best, most] = [undefined as StoredRing | undefined, 0];
  for (const ring of stored) {
    if (family(ring.kind) !== family(found.kind) || taken.has(ring.ring_no)) continue;
    const others = members.get(ring.ring_no) ?? [];
    const common = others.filter((person) => own.has(person)).length;
    const share = common / Math.max(1, Math.min(own.size, others.length));
    if (share >= sameShareMin && common > most) [best, most] = [ring, common];
  }
  return best;
}

/**
 * Writes what a run found. A ring that was found before keeps its number and what was decided on it; one that was not
 * found again is gone, unless it was decided. Returns numbers by place, and the next free one. In a transaction.
 */
export async function saveRings(
  db: Queryable,
  marketplaceId: number,
  rings: readonly RingFound[],
  nextNo: number,
  nowMs: number,
): Promise<{ readonly nos: number[]; readonly next: number }> {
  const stored = await db.query<StoredRing>(
    `SELECT ${ringColumns} FROM authenticity_ring WHERE marketplace_id = $1 ORDER BY ring_no`,
    [marketplaceId],
  );
  const members = await membersOf(db, marketplaceId);
  const taken = new Set<number>();
  let next = nextNo;
  const nos: number[] = [];
  for (const ring of rings) {
    const known = matchOf(ring, stored, members, taken);
    const no = known?.ring_no ?? next;
    if (known === undefined) next += 1;
    taken.add(no);
    nos.push(no);
    await writeRing(db, marketplaceId, no, ring, known?.found_ms ?? nowMs);
  }
  await db.query("UPDATE authenticity_ring SET gone = NOT (ring_no = ANY ($2::integer[])) WHERE marketplace_id = $1", [
    marketplaceId,
    integerArray(nos),
  ]);
  return { nos, next };
}

async function writeRing(
  db: Queryable,
  marketplaceId: number,
  no: number,
  ring: RingFound,
  foundMs: number,
): Promise<void> {
  await db.query(
    `INSERT INTO authenticity_ring AS r (marketplace_id, ring_no, kind, state, gone, targets, members, orders, reviews, follows,
       from_s, to_s, p, q, evidence, effect, found_ms)
     VALUES ($1, $2, $3, 'open', false, $4::integer[], $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
     ON CONFLICT (marketplace_id, ring_no) DO UPDATE SET kind = excluded.kind, gone = false, targets = excluded.targets,
       members = excluded.members, orders = excluded.orders, reviews = excluded.reviews, follows = excluded.follows,
       from_s = excluded.from_s, to_s = excluded.to_s, p = excluded.p, q = excluded.q, evidence = excluded.evidence,
       effect = excluded.effect`,
    [
      marketplaceId,
      no,
      ring.kind,
      integerArray(ring.targets),
      ring.members.length,
      ring.orders,
      ring.reviews,
      ring.follows,
      ring.from,
      ring.to,
      ring.p,
      ring.q,
      JSON.stringify(ring.evidence),
      ring.effect,
      foundMs,
    ],
  );
  await db.query("DELETE FROM authenticity_ring_member WHERE marketplace_id = $1 AND ring_no = $2", [
    marketplaceId,
    no,
  ]);
  await db.query(
    `INSERT INTO authenticity_ring_member (marketplace_id, ring_no, person_no) SELECT $1, $2, p FROM unnest($3::integer[]) AS p`,
    [marketplaceId, no, integerArray(ring.members)],
  );
}

/** Rings by what hangs on them; `before` the place where the last page ended. */
export async function listRings(
  db: Queryable,
  marketplaceId: number,
  filter: { readonly state?: string | undefined; readonly merchantNo?: number | undefined },
  offset: number,
  limit: number,
): Promise<StoredRing[]> {
  return db.query<StoredRing>(
    `SELECT ${ringColumns} FROM authenticity_ring WHERE marketplace_id = $1 AND ($2::text IS NULL OR state = $2)
       AND ($3::integer IS NULL OR $3 = ANY (targets)) AND NOT (gone AND state = 'open')
     ORDER BY state = 'open' DESC, effect DESC, ring_no OFFSET $4 LIMIT $5`,
    [marketplaceId, filter.state ?? null, filter.merchantNo ?? null, offset, limit],
  );
}

export async function loadRing(db: Queryable, marketplaceId: number, no: number): Promise<StoredRing | undefined> {
  const [row] = await db.query<StoredRing>(
    `SELECT ${ringColumns} FROM authenticity_ring WHERE marketplace_id = $1 AND ring_no = $2`,
    [marketplaceId, no],
  );
  return row;
}

export async function setRingState(
  db: Queryable,
  marketplaceId: number,
  no: number,
  state: "open" | "confirmed" | "dismissed",
  decisionId: string | null,
): Promise<void> {
  await db.query(
    "UPDATE authenticity_ring SET state = $3, decision_id = $4 WHERE marketplace_id = $1 AND ring_no = $2",
    [marketplaceId, no, state, decisionId],
  );
}
