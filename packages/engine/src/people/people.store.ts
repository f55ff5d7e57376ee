import { hash, randomBytes, timingSafeEqual } from "node:crypto";
import {
  type ApiKeyScope,
  type Invite,
  type Person,
  ProblemError,
  type Role,
  roleScopes,
  signInLimits,
} from "@probity/contract";
import type { Db, Queryable } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { createMarketplace, listMarketplaces } from "../platform/marketplace.store.ts";
import { isWithin } from "./index.ts";

const sha256 = (text: string): string => hash("sha256", text, "hex");
const newId = (): string => randomBytes(16).toString("hex");
const newToken = (): string => randomBytes(24).toString("base64url");
const isoOf = (ms: number): string => new Date(ms).toISOString();

/** A role that a person has in a marketplace. */
export interface Membership {
  readonly market: Marketplace;
  readonly role: Role;
}

const marketColumns = "m.marketplace_id, m.slug, m.name, m.currency, m.clock, m.is_public";

interface MembershipRow {
  marketplace_id: number;
  slug: string;
  name: string;
  currency: string;
  clock: "wall" | "log";
  is_public: boolean;
  role: Role;
}

/** Roles of a person, by marketplace. */
export async function memberships(db: Queryable, personId: string): Promise<Membership[]> {
  const rows = await db.query<MembershipRow>(
    `SELECT ${marketColumns}, r.role FROM people_role r JOIN marketplace m USING (marketplace_id)
     WHERE r.person_id = $1 ORDER BY m.marketplace_id`,
    [personId],
  );
  return rows.map((row) => ({
    role: row.role,
    market: {
      marketplaceId: row.marketplace_id,
      slug: row.slug,
      name: row.name,
      currency: row.currency,
      clock: row.clock,
      isPublic: row.is_public,
    },
  }));
}

/** Whether nobody can sign in yet; visitors do not count. */
export async function isFirstRun(db: Queryable): Promise<boolean> {
  return (await db.query("SELECT 1 FROM people_person WHERE NOT is_visitor LIMIT 1")).length === 0;
}

/** Makes a setup code while there are no people; undefined once there is somebody. An older code ends. */
export async function makeSetupCode(db: Db, nowMs: number): Promise<string | undefined> {
  return db.transaction(async (tx) => {
    await tx.query("LOCK TABLE people_person IN SHARE ROW EXCLUSIVE MODE");
    if (!(await isFirstRun(tx))) return undefined;
    const code = newToken();
    await tx.query(
      `INSERT INTO people_setup (only_one, code_hash, made_ms) VALUES (true, $1, $2)
       ON CONFLICT (only_one) DO UPDATE SET code_hash = excluded.code_hash, made_ms = excluded.made_ms`,
      [sha256(code), nowMs],
    );
    return code;
  });
}

export interface NewPerson {
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string;
}

async function insertPerson(tx: Queryable, { name, email, passwordHash }: NewPerson, nowMs: number): Promise<string> {
  const personId = newId();
  await tx.query(
    `INSERT INTO people_person (id, name, email, email_verified, created_ms, updated_ms) VALUES ($1, $2, $3, false, $4, $4)`,
    [personId, name, email, nowMs],
  );
  await tx.query(
    `INSERT INTO people_account (id, user_id, provider_id, account_id, password, created_ms, updated_ms)
     VALUES ($1, $2, 'credential', $2, $3, $4, $4)`,
    [newId(), personId, passwordHash, nowMs],
  );
  return personId;
}

async function putRole(tx: Queryable, marketplaceId: number, personId: string, role: Role, nowMs: number) {
  await tx.query(
    `INSERT INTO people_role (marketplace_id, person_id, role, since_ms) VALUES ($1, $2, $3, $4)
     ON CONFLICT (marketplace_id, person_id) DO UPDATE SET role = excluded.role`,
    [marketplaceId, personId, role, nowMs],
  );
}

/** Makes the first person, admin of every marketplace; the code works once. Throws where it does not fit. */
export async function makeFirstPerson(db: Db, setupCode: string, person: NewPerson, nowMs: number): Promise<string> {
  return db.transaction(async (tx) => {
    await tx.query("LOCK TABLE people_person IN SHARE ROW EXCLUSIVE MODE");
    const [row] = await tx.query<{ code_hash: string }>("SELECT code_hash FROM people_setup");
    const fits = row !== undefined && timingSafeEqual(Buffer.from(row.code_hash), Buffer.from(sha256(setupCode)));
    if (!fits || !(await isFirstRun(tx))) {
      throw new ProblemError("setup-refused", "Take the setup code from the server's newest start; it works once");
    }
    const personId = await insertPerson(tx, person, nowMs);
    const markets = await tx.query<{ marketplace_id: number }>(
      "SELECT marketplace_id FROM marketplace ORDER BY marketplace_id",
    );
    for (const { marketplace_id } of markets) await putRole(tx, marketplace_id, personId, "admin", nowMs);
    await tx.query("DELETE FROM people_setup");
    return personId;
  });
}

/** Whether a person signs in by a password, not through the identity provider. */
export async function hasPassword(db: Queryable, personId: string): Promise<boolean> {
  const rows = await db.query("SELECT 1 FROM people_account WHERE user_id = $1 AND provider_id = 'credential'", [
    personId,
  ]);
  return rows.length > 0;
}

/** Whether a second factor was begun and not yet confirmed. */
export async function isEnrolling(db: Queryable, personId: string): Promise<boolean> {
  const rows = await db.query("SELECT 1 FROM people_second_factor WHERE user_id = $1 AND NOT verified", [personId]);
  return rows.length > 0;
}

/** Makes a visitor of its own who may look at every marketplace. */
export async function makeVisitor(db: Db, nowMs: number): Promise<string> {
  return db.transaction(async (tx) => {
    const personId = newId();
    await tx.query(
      `INSERT INTO people_person (id, name, email, email_verified, is_visitor, created_ms, updated_ms)
       VALUES ($1, 'Visitor', $2, false, true, $3, $3)`,
      [personId, `visitor-${personId}@localhost`, nowMs],
    );
    await tx.query(
      `INSERT INTO people_role (marketplace_id, person_id, role, since_ms)
       SELECT marketplace_id, $1, 'viewer', $2 FROM marketplace`,
      [personId, nowMs],
    );
    return personId;
  });
}

interface PersonRow {
  id: string;
  name: string;
  email: string;
  role: Role;
  second_factor: boolean;
  since_ms: number;
  seen_ms: number | null;
}

const toPerson = (row: PersonRow): Person => ({
  person: row.id,
  name: row.name,
  email: row.email,
  role: row.role,
  secondFactor: row.second_factor,
  since: isoOf(row.since_ms),
  lastSeenAt: row.seen_ms === null ? null : isoOf(row.seen_ms),
});

/** People of a marketplace in order of their coming; one of them where a person is named. */
export async function listPeople(db: Queryable, market: Marketplace, personId?: string): Promise<Person[]> {
  const rows = await db.query<PersonRow>(
    `SELECT p.id, p.name, p.email, r.role, coalesce(p.two_factor_enabled, false) AS second_factor, r.since_ms,
       (SELECT max(s.updated_ms) FROM people_session s WHERE s.user_id = p.id) AS seen_ms
     FROM people_role r JOIN people_person p ON p.id = r.person_id
     WHERE r.marketplace_id = $1 AND NOT p.is_visitor AND ($2::text IS NULL OR p.id = $2)
     ORDER BY r.since_ms, p.id`,
    [market.marketplaceId, personId ?? null],
  );
  return rows.map(toPerson);
}

interface InviteRow {
  marketplace_id: number;
  invite_id: string;
  email: string;
  role: Role;
  created_ms: number;
  expires_ms: number;
}

const toInvite = (row: InviteRow): Invite => ({
  invite: row.invite_id,
  email: row.email,
  role: row.role,
  createdAt: isoOf(row.created_ms),
  expiresAt: isoOf(row.expires_ms),
});

/** Invites of a marketplace that somebody can still accept. */
export async function listInvites(db: Queryable, market: Marketplace, nowMs: number): Promise<Invite[]> {
  const rows = await db.query<InviteRow>(
    "SELECT * FROM people_invite WHERE marketplace_id = $1 AND expires_ms > $2 ORDER BY created_ms, invite_id",
    [market.marketplaceId, nowMs],
  );
  return rows.map(toInvite);
}

/** Invites an address; an older invite of the same address ends. The token is answered once, only its hash is kept. */
export async function makeInvite(
  db: Db,
  market: Marketplace,
  wanted: { readonly email: string; readonly role: Role },
  nowMs: number,
): Promise<{ readonly invite: Invite; readonly token: string }> {
  return db.transaction(async (tx) => {
    const { marketplaceId } = market;
    await tx.query("DELETE FROM people_invite WHERE marketplace_id = $1 AND (email = $2 OR expires_ms <= $3)", [
      marketplaceId,
      wanted.email,
      nowMs,
    ]);
    if ((await listInvites(tx, market, nowMs)).length >= signInLimits.invitesOpen) {
      throw new ProblemError("people-limit", `${signInLimits.invitesOpen} invites are open; withdraw some first`);
    }
    const token = newToken();
    const [row] = await tx.query<InviteRow>(
      `INSERT INTO people_invite (marketplace_id, invite_id, token_hash, email, role, created_ms, expires_ms)
       VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *`,
      [marketplaceId, newId(), sha256(token), wanted.email, wanted.role, nowMs, nowMs + signInLimits.inviteMs],
    );
    return { invite: toInvite(row as InviteRow), token };
  });
}

/** Takes an invite back; answers it, undefined if there is none. */
export async function withdrawInvite(db: Queryable, market: Marketplace, id: string): Promise<Invite | undefined> {
  const [row] = await db.query<InviteRow>(
    "DELETE FROM people_invite WHERE marketplace_id = $1 AND invite_id = $2 RETURNING *",
    [market.marketplaceId, id],
  );
  return row && toInvite(row);
}

/** Who an invite is for, and the password's hash of the account that the address has, if it has one. */
export async function readInvite(
  db: Queryable,
  token: string,
  nowMs: number,
): Promise<{ email: string; personId: string | null; passwordHash: string | null } | undefined> {
  const [row] = await db.query<{ email: string; person_id: string | null; password: string | null }>(
    `SELECT i.email, p.id AS person_id, a.password FROM people_invite i
     LEFT JOIN people_person p ON p.email = i.email
     LEFT JOIN people_account a ON a.user_id = p.id AND a.provider_id = 'credential'
     WHERE i.token_hash = $1 AND i.expires_ms > $2`,
    [sha256(token), nowMs],
  );
  return row && { email: row.email, personId: row.person_id, passwordHash: row.password };
}

/** Uses an invite up: the person is made, or the account that is there gets the role. Throws if it was used meanwhile. */
export async function useInvite(
  db: Db,
  token: string,
  joining: { readonly personId: string } | Omit<NewPerson, "email">,
  nowMs: number,
): Promise<{ readonly personId: string; readonly role: Role; readonly marketplaceId: number }> {
  return db.transaction(async (tx) => {
    const [row] = await tx.query<InviteRow>(
      "DELETE FROM people_invite WHERE token_hash = $1 AND expires_ms > $2 RETURNING *",
      [sha256(token), nowMs],
    );
    if (row === undefined) throw inviteRefused();
    const personId =
      "personId" in joining ? joining.personId : await insertPerson(tx, { ...joining, email: row.email }, nowMs);
    await putRole(tx, row.marketplace_id, personId, row.role, nowMs);
    return { personId, role: row.role, marketplaceId: row.marketplace_id };
  });
}

export function inviteRefused(): ProblemError {
  return new ProblemError("invite-refused", "The invite was used, withdrawn or has expired; ask for a new one");
}

/** The role of a person, its row and those of all admins locked: two admins cannot remove each other. */
async function lockRole(tx: Queryable, market: Marketplace, personId: string, held: readonly ApiKeyScope[]) {
  const rows = await tx.query<{ person_id: string; role: Role }>(
    `SELECT r.person_id, r.role FROM people_role r JOIN people_person p ON p.id = r.person_id
     WHERE r.marketplace_id = $1 AND NOT p.is_visitor AND (r.role = 'admin' OR r.person_id = $2)
     ORDER BY r.person_id FOR UPDATE OF r`,
    [market.marketplaceId, personId],
  );
  const own = rows.find(({ person_id }) => person_id === personId);
  if (own === undefined) throw new ProblemError("not-found", `There is no person ${personId} in this marketplace`);
  if (!isWithin(roleScopes[own.role], held)) {
    throw new ProblemError("scope-missing", "The person may do more than the caller; an admin can change this");
  }
  return { role: own.role, isLastAdmin: own.role === "admin" && rows.length === 1 };
}

const lastAdmin = (): ProblemError =>
  new ProblemError("last-admin", "The person is the only admin here; make somebody else an admin first");

/** Gives a person another role; answers the one before. `held` are the rights of who does it. */
export async function setRole(
  db: Db,
  market: Marketplace,
  personId: string,
  role: Role,
  held: readonly ApiKeyScope[],
): Promise<Role> {
  return db.transaction(async (tx) => {
    const before = await lockRole(tx, market, personId, held);
    if (before.isLastAdmin && role !== "admin") throw lastAdmin();
    await tx.query("UPDATE people_role SET role = $3 WHERE marketplace_id = $1 AND person_id = $2", [
      market.marketplaceId,
      personId,
      role,
    ]);
    return before.role;
  });
}

/** Takes a person's role away; an account without any role ends, with its sessions. Answers the role. */
export async function removePerson(
  db: Db,
  market: Marketplace,
  personId: string,
  held: readonly ApiKeyScope[],
): Promise<Role> {
  return db.transaction(async (tx) => {
    const before = await lockRole(tx, market, personId, held);
    if (before.isLastAdmin) throw lastAdmin();
    await tx.query("DELETE FROM people_role WHERE marketplace_id = $1 AND person_id = $2", [
      market.marketplaceId,
      personId,
    ]);
    await tx.query(
      "DELETE FROM people_person WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM people_role WHERE person_id = $1)",
      [personId],
    );
    return before.role;
  });
}

/** A role that the identity provider gave or took. */
export interface RoleChange {
  readonly market: Marketplace;
  readonly before: Role | undefined;
  readonly after: Role | undefined;
}

/**
 * Makes a person's roles those that the identity provider's claims gave; answers what changed. Without any role the
 * account ends, which is answered as undefined.
 */
export async function takeOidcRoles(db: Db, personId: string, nowMs: number): Promise<RoleChange[] | undefined> {
  return db.transaction(async (tx) => {
    const [row] = await tx.query<{ oidc_roles: string | null }>(
      "SELECT oidc_roles FROM people_person WHERE id = $1 FOR UPDATE",
      [personId],
    );
    const wanted = JSON.parse(row?.oidc_roles ?? "{}") as Record<string, Role>;
    const had = new Map((await memberships(tx, personId)).map(({ market, role }) => [market.slug, role]));
    const changes: RoleChange[] = [];
    let given = 0;
    for (const market of await listMarketplaces(tx)) {
      const before = had.get(market.slug);
      const after = Object.hasOwn(wanted, market.slug) ? wanted[market.slug] : undefined;
      if (after !== undefined) given += 1;
      if (before === after) continue;
      changes.push({ market, before, after });
      if (after !== undefined) await putRole(tx, market.marketplaceId, personId, after, nowMs);
      else {
        await tx.query("DELETE FROM people_role WHERE marketplace_id = $1 AND person_id = $2", [
          market.marketplaceId,
          personId,
        ]);
      }
    }
    if (given > 0) return changes;
    await tx.query("DELETE FROM people_person WHERE id = $1", [personId]);
    return undefined;
  });
}

/** Makes a marketplace of which the person is admin. */
export async function makeMarketplace(
  db: Db,
  personId: string,
  wanted: Omit<Marketplace, "marketplaceId">,
  nowMs: number,
): Promise<Marketplace> {
  return db.transaction(async (tx) => {
    const [row] = await tx.query<{ oidc_roles: string | null }>("SELECT oidc_roles FROM people_person WHERE id = $1", [
      personId,
    ]);
    // The next sign-in would take the role away, and leave a marketplace that nobody can enter.
    if (row?.oidc_roles !== null)
      throw new ProblemError(
        "scope-missing",
        "Your roles come from the identity provider: let an admin with a password make the marketplace, and add a rule for it to PROBITY_OIDC_ROLES",
      );
    const market = await createMarketplace(tx, wanted, nowMs);
    await putRole(tx, market.marketplaceId, personId, "admin", nowMs);
    return market;
  });
}
