import { randomBytes } from "node:crypto";
import { type Activity, type PersonAct, ProblemError } from "@probity/contract";
import type { Ledger } from "../ledger/group-commit.store.ts";
import type { Queryable } from "../platform/db.ts";
import type { Actor } from "../platform/http.ts";
import type { Marketplace } from "../platform/marketplace.ts";

/** What somebody did, in short canonical values: ids, roles, scopes, states; never a name or an address. */
export interface Act {
  readonly act: PersonAct;
  readonly object: string;
  readonly before?: string;
  readonly after?: string;
}

/** Who did it; `command` is somebody at the server's own command line. */
export type Doer = Actor | { readonly by: "command"; readonly who: string };

/** Writes an act into the marketplace's ledger; durable when it resolves. */
export async function recordAct(ledger: Ledger, market: Marketplace, doer: Doer, act: Act): Promise<void> {
  await ledger.act(market, "person.acted", `act:${randomBytes(12).toString("hex")}`, {
    by: doer.by,
    who: doer.who,
    act: act.act,
    object: act.object,
    ...(act.before === undefined ? {} : { before: act.before }),
    ...(act.after === undefined ? {} : { after: act.after }),
  });
}

interface Row {
  seq: number;
  body: string;
}

interface Stored {
  readonly time: string;
  readonly data: {
    readonly by: Activity["by"];
    readonly who: string;
    readonly act: PersonAct;
    readonly object: string;
    readonly before?: string;
    readonly after?: string;
  };
}

/** Names of people and labels of keys as they are now, within one marketplace. */
export async function namesOf(
  db: Queryable,
  market: Marketplace,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await db.query<{ id: string; name: string }>(
    `SELECT p.id, p.name FROM people_person p WHERE p.id = ANY (string_to_array($2, ','))
       AND EXISTS (SELECT 1 FROM people_role r WHERE r.marketplace_id = $1 AND r.person_id = p.id)
     UNION ALL
     SELECT k.key_id, k.label FROM keys_key k WHERE k.marketplace_id = $1 AND k.key_id = ANY (string_to_array($2, ','))`,
    [market.marketplaceId, ids.join(",")],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** What was done in a marketplace, newest first, before a place in the ledger. */
export async function listActs(
  db: Queryable,
  market: Marketplace,
  query: { readonly cursor?: string | undefined; readonly limit: number; readonly act?: PersonAct | undefined },
): Promise<{ items: Activity[]; nextCursor: string | null }> {
  const before = query.cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(query.cursor);
  if (!Number.isSafeInteger(before) || before < 0)
    throw new ProblemError("request-invalid", "/query/cursor is not a cursor of this list");
  const rows = await db.query<Row>(
    `SELECT seq, body FROM ledger_event WHERE marketplace_id = $1 AND type = 'person.acted' AND seq < $2
       AND ($3::text IS NULL OR (body::jsonb -> 'data' ->> 'act') = $3)
     ORDER BY seq DESC LIMIT $4`,
    [market.marketplaceId, before, query.act ?? null, query.limit + 1],
  );
  const acts = rows.slice(0, query.limit).map(({ seq, body }) => ({ seq, ...(JSON.parse(body) as Stored) }));
  const ids = new Set(acts.flatMap(({ data }) => [data.who, data.object]).filter((id) => /^[A-Za-z0-9_-]+$/.test(id)));
  const names = await namesOf(db, market, [...ids]);
  return {
    items: acts.map(({ seq, time, data }) => ({
      seq,
      at: time,
      by: data.by,
      who: data.who,
      name: names.get(data.who) ?? null,
      act: data.act,
      object: data.object,
      objectName: names.get(data.object) ?? null,
      before: data.before ?? null,
      after: data.after ?? null,
    })),
    nextCursor: rows.length > query.limit ? String(acts.at(-1)?.seq ?? 0) : null,
  };
}
