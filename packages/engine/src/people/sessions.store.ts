import { hash } from "node:crypto";
import type { SessionRecord } from "@probity/contract";
import type { Queryable } from "../platform/db.ts";

interface Row {
  id: string;
  created_ms: number;
  updated_ms: number;
  expires_ms: number;
  ip_address: string | null;
  user_agent: string | null;
}

const isoOf = (ms: number): string => new Date(ms).toISOString();

/** Sessions of a person that still hold, newest use first. */
export async function listSessions(
  db: Queryable,
  personId: string,
  currentId: string,
  nowMs: number,
): Promise<SessionRecord[]> {
  const rows = await db.query<Row>(
    `SELECT id, created_ms, updated_ms, expires_ms, ip_address, user_agent FROM people_session
     WHERE user_id = $1 AND expires_ms > $2 ORDER BY updated_ms DESC, id`,
    [personId, nowMs],
  );
  return rows.map((row) => ({
    session: row.id,
    createdAt: isoOf(row.created_ms),
    lastUsedAt: isoOf(row.updated_ms),
    expiresAt: isoOf(row.expires_ms),
    address: row.ip_address === "" ? null : row.ip_address,
    agent: row.user_agent === "" ? null : row.user_agent,
    current: row.id === currentId,
  }));
}

/** Ends a session of this person; false if there is none of that id. */
export async function endSession(db: Queryable, personId: string, sessionId: string): Promise<boolean> {
  const rows = await db.query("DELETE FROM people_session WHERE user_id = $1 AND id = $2 RETURNING id", [
    personId,
    sessionId,
  ]);
  return rows.length === 1;
}

/** Ends a session by its token. */
export async function endByToken(db: Queryable, token: string): Promise<void> {
  await db.query("DELETE FROM people_session WHERE token = $1", [token]);
}

/** Takes a code for used; false if it was used before. */
export async function takeCode(db: Queryable, personId: string, code: string, nowMs: number): Promise<boolean> {
  const rows = await db.query(
    `INSERT INTO people_code (person_id, code_hash, used_ms) VALUES ($1, $2, $3)
     ON CONFLICT (person_id, code_hash) DO NOTHING RETURNING person_id`,
    [personId, hash("sha256", `${personId}|${code}`, "hex"), nowMs],
  );
  return rows.length === 1;
}

const codeMs = 600_000;

/** Forgets what is over: sessions, steps under way, codes, visitors without a session. */
export async function tidySessions(db: Queryable, nowMs: number): Promise<void> {
  await db.query("DELETE FROM people_session WHERE expires_ms <= $1", [nowMs]);
  await db.query("DELETE FROM people_verification WHERE expires_ms <= $1", [nowMs]);
  await db.query("DELETE FROM people_code WHERE used_ms <= $1", [nowMs - codeMs]);
  await db.query(
    `DELETE FROM people_person p WHERE p.is_visitor AND p.created_ms < $1
       AND NOT EXISTS (SELECT 1 FROM people_session s WHERE s.user_id = p.id)`,
    [nowMs - codeMs],
  );
}
