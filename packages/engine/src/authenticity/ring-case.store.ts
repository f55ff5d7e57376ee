import { dayText, dayOf, limits, type RingCase, type RingSummary } from "@probity/contract";
import { integerArray, type Queryable } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import type { RatingsReader } from "../ratings/reader.store.ts";
import type { VerdictRef } from "./decisions.store.ts";
import { readEffects } from "./effects.store.ts";
import { disproofOf } from "./disproof.ts";
import type { StoredRing } from "./rings.store.ts";

const dayAt = (seconds: number): string => dayText(dayOf(1_000 * seconds));

interface TargetRow {
  readonly subject_no: number;
  readonly id: string;
  readonly name: string | null;
  readonly items: number;
}

/** Targets of rings, those with most items first; one statement, however many rings. */
async function targetsOf(
  db: Queryable,
  marketplaceId: number,
  rings: readonly StoredRing[],
): Promise<Map<number, TargetRow[]>> {
  const rows = await db.query<TargetRow & { ring_no: number }>(
    `SELECT t.ring_no, s.subject_no, s.id, s.name, (SELECT count(*)::integer FROM authenticity_verdict v WHERE v.marketplace_id = $1
       AND v.ring_no = t.ring_no AND v.owner_no = s.subject_no) AS items
     FROM unnest($2::integer[], $3::integer[]) AS t (ring_no, target)
     JOIN facts_subject s ON s.marketplace_id = $1 AND s.subject_no = t.target ORDER BY items DESC, s.subject_no`,
    [
      marketplaceId,
      integerArray(rings.flatMap(({ ring_no, targets }) => targets.map(() => ring_no))),
      integerArray(rings.flatMap(({ targets }) => targets)),
    ],
  );
  const byRing = new Map(rings.map(({ ring_no }): [number, TargetRow[]] => [ring_no, []]));
  for (const { ring_no, ...target } of rows) byRing.get(ring_no)?.push(target);
  return byRing;
}

function inBrief(ring: StoredRing, targets: readonly TargetRow[]): RingSummary {
  return {
    ring: String(ring.ring_no),
    kind: ring.kind,
    state: ring.state,
    targets: targets.map(({ id, name, items }) => ({ merchant: id, name, items })),
    members: ring.members,
    orders: ring.orders,
    reviews: ring.reviews,
    follows: ring.follows,
    from: dayAt(ring.from_s),
    to: dayAt(ring.to_s),
    p: ring.p,
    q: ring.q,
    evidence: JSON.parse(ring.evidence) as RingSummary["evidence"],
    effect: ring.effect,
    foundAt: new Date(ring.found_ms).toISOString(),
  };
}

/** Rings in brief, in their order. */
export async function presentRings(
  db: Queryable,
  marketplaceId: number,
  rings: readonly StoredRing[],
): Promise<RingSummary[]> {
  const targets = await targetsOf(db, marketplaceId, rings);
  return rings.map((ring) => inBrief(ring, targets.get(ring.ring_no) ?? []));
}

/** What belongs to a ring. */
export async function ringItemsOf(db: Queryable, marketplaceId: number, ringNo: number): Promise<VerdictRef[]> {
  return db.query<VerdictRef>(
    "SELECT kind, no FROM authenticity_verdict WHERE marketplace_id = $1 AND ring_no = $2 AND judged_by <> 'platform' ORDER BY kind, no",
    [marketplaceId, ringNo],
  );
}

interface MemberRow {
  readonly person_no: number;
  readonly id: string;
  readonly reliability: number | null;
  readonly first_s: number | null;
  readonly items: number;
}

async function membersOf(db: Queryable, marketplaceId: number, ringNo: number): Promise<MemberRow[]> {
  return db.query<MemberRow>(
    `SELECT m.person_no, p.id, (avg(v.reliability) FILTER (WHERE v.judged_by <> 'decided'))::integer AS reliability, min(v.at_s) AS first_s, count(v.no)::integer AS items
     FROM authenticity_ring_member m
     JOIN authenticity_person p ON p.marketplace_id = m.marketplace_id AND p.person_no = m.person_no
     LEFT JOIN authenticity_verdict v ON v.marketplace_id = m.marketplace_id AND v.person_no = m.person_no AND v.ring_no = m.ring_no
     WHERE m.marketplace_id = $1 AND m.ring_no = $2 GROUP BY m.person_no, p.id ORDER BY items DESC, m.person_no LIMIT ${limits.ringMembersShown + 1}`,
    [marketplaceId, ringNo],
  );
}

type Edge = RingCase["edges"][number];

/** Ties among members: a shared thing joins each to the first who had it, so that a device of fifty is no square of lines. */
async function tiesOf(
  db: Queryable,
  marketplaceId: number,
  ringNo: number,
  place: ReadonlyMap<number, number>,
): Promise<Edge[]> {
  const edges: Edge[] = [];
  for (const tie of ["device", "payer", "address"] as const) {
    const rows = await db.query<{ first: number; person_no: number; at_s: number | null }>(
      `SELECT DISTINCT ON (o.${tie}, o.person_no) first_value(o.person_no) OVER (PARTITION BY o.${tie} ORDER BY o.placed_s, o.order_no) AS first,
         o.person_no, o.placed_s AS at_s
       FROM authenticity_ring_member m JOIN authenticity_order o ON o.marketplace_id = m.marketplace_id AND o.person_no = m.person_no
       WHERE m.marketplace_id = $1 AND m.ring_no = $2 AND o.${tie} IS NOT NULL
       ORDER BY o.${tie}, o.person_no, o.placed_s LIMIT ${limits.ringEdgesShown}`,
      [marketplaceId, ringNo],
    );
    for (const { first, person_no, at_s } of rows) {
      const [from, to] = [place.get(first), place.get(person_no)];
      if (from === undefined || to === undefined || from === to) continue;
      edges.push({ from, to, tie, day: at_s === null ? null : dayAt(at_s) });
    }
  }
  const rows = await db.query<{ first: number; person_no: number; at_s: number | null }>(
    `SELECT DISTINCT ON (b.band, r.person_no) first_value(r.person_no) OVER (PARTITION BY b.band ORDER BY r.posted_s, r.review_no) AS first,
       r.person_no, r.posted_s AS at_s
     FROM authenticity_verdict v JOIN authenticity_review r ON r.marketplace_id = v.marketplace_id AND r.review_no = v.no
     JOIN authenticity_band b ON b.marketplace_id = v.marketplace_id AND b.review_no = v.no
     WHERE v.marketplace_id = $1 AND v.ring_no = $2 AND v.kind = 'review'
     ORDER BY b.band, r.person_no, r.posted_s LIMIT ${limits.ringEdgesShown}`,
    [marketplaceId, ringNo],
  );
  const seen = new Set<string>();
  for (const { first, person_no, at_s } of rows) {
    const [from, to] = [place.get(first), place.get(person_no)];
    if (from === undefined || to === undefined || from === to || seen.has(`${from} ${to}`)) continue;
    seen.add(`${from} ${to}`);
    edges.push({ from, to, tie: "text", day: at_s === null ? null : dayAt(at_s) });
  }
  return edges;
}

/** What members did to the targets: a line for each member, target and kind. */
async function deedsOf(
  db: Queryable,
  marketplaceId: number,
  ringNo: number,
  place: ReadonlyMap<number, number>,
  targetPlace: ReadonlyMap<number, number>,
): Promise<Edge[]> {
  const rows = await db.query<{ person_no: number; owner_no: number; kind: Edge["tie"]; at_s: number }>(
    `SELECT person_no, owner_no, kind, min(at_s) AS at_s FROM authenticity_verdict WHERE marketplace_id = $1 AND ring_no = $2
     GROUP BY person_no, owner_no, kind ORDER BY at_s LIMIT ${limits.ringEdgesShown}`,
    [marketplaceId, ringNo],
  );
  return rows.flatMap(({ person_no, owner_no, kind, at_s }): Edge[] => {
    const [from, to] = [place.get(person_no), targetPlace.get(owner_no)];
    return from === undefined || to === undefined ? [] : [{ from, to, tie: kind, day: dayAt(at_s) }];
  });
}

/** A ring as a case. */
export async function readRingCase(
  db: Queryable,
  ratings: RatingsReader,
  market: Marketplace,
  ring: StoredRing,
): Promise<RingCase> {
  const { marketplaceId } = market;
  const targets = (await targetsOf(db, marketplaceId, [ring])).get(ring.ring_no) ?? [];
  const summary = inBrief(ring, targets);
  const found = await membersOf(db, marketplaceId, ring.ring_no);
  const members = found.slice(0, limits.ringMembersShown);
  const place = new Map(members.map(({ person_no }, index) => [person_no, index]));
  const targetPlace = new Map(targets.map(({ subject_no }, index) => [subject_no, members.length + index]));
  const edges = [
    ...(await tiesOf(db, marketplaceId, ring.ring_no, place)),
    ...(await deedsOf(db, marketplaceId, ring.ring_no, place, targetPlace)),
  ];
  const items = await ringItemsOf(db, marketplaceId, ring.ring_no);
  const effects = await readEffects(db, ratings, market, items, { before: 1_000, after: 0 });
  return {
    summary,
    nodes: [
      ...members.map((member) => ({
        id: member.id,
        kind: "user" as const,
        reliability: member.reliability,
        day: member.first_s === null ? null : dayAt(member.first_s),
        items: member.items,
      })),
      ...targets.map(({ id, items: count }) => ({
        id,
        kind: "merchant" as const,
        reliability: null,
        day: null,
        items: count,
      })),
    ],
    edges: edges.slice(0, limits.ringEdgesShown),
    complete: found.length <= limits.ringMembersShown && edges.length <= limits.ringEdgesShown,
    effects: effects.map(({ merchant, name, before, after }) => ({
      merchant,
      name,
      scoreWith: before,
      scoreWithout: after,
    })),
    disproof: disproofOf(summary.evidence),
  };
}
