import { hash } from "node:crypto";
import { ProblemError, signInLimits } from "@probity/contract";
import type { Queryable } from "../platform/db.ts";

/** What attempts are counted for: an account, whether it exists or not, or a network. */
export type AttemptSubject = `account:${string}` | `network:${string}`;

const keyOf = (subject: AttemptSubject): string => hash("sha256", subject, "hex");

/**
 * Counts an attempt before it is made, so that many at once cannot slip through together; throws where too many
 * went wrong in a row. The last one that is allowed sets the lock, which a success takes away. The first subject that
 * is locked ends it: name the network first, so that a locked one locks no accounts.
 */
export async function beginAttempt(db: Queryable, subjects: readonly AttemptSubject[], nowMs: number): Promise<void> {
  const { wrongAttempts, lockMs } = signInLimits;
  for (const subject of subjects) {
    const [row] = await db.query<{ attempts: number; locked_until_ms: number }>(
      `INSERT INTO people_attempt AS a (subject, attempts, locked_until_ms, last_ms) VALUES ($1, 1, 0, $2)
       ON CONFLICT (subject) DO UPDATE SET
         attempts = CASE WHEN a.locked_until_ms > $2 THEN $3 + 1 WHEN a.attempts >= $3 THEN 1 ELSE a.attempts + 1 END,
         locked_until_ms = CASE WHEN a.locked_until_ms > $2 THEN a.locked_until_ms
           WHEN a.attempts + 1 = $3 THEN $2 + $4 ELSE 0 END,
         last_ms = $2
       RETURNING attempts, locked_until_ms`,
      [keyOf(subject), nowMs, wrongAttempts, lockMs],
    );
    if (row !== undefined && row.attempts > wrongAttempts) {
      throw new ProblemError(
        "sign-in-locked",
        "Too many attempts went wrong; wait a quarter of an hour and try again",
        {
          retryAfterSeconds: Math.max(1, Math.ceil((row.locked_until_ms - nowMs) / 1_000)),
        },
      );
    }
  }
}

/** The attempt was right: nothing counts against these any more. */
export async function endAttempts(db: Queryable, subjects: readonly AttemptSubject[]): Promise<void> {
  for (const subject of subjects) await db.query("DELETE FROM people_attempt WHERE subject = $1", [keyOf(subject)]);
}

/** Forgets what no lock stands on any more. */
export async function forgetAttempts(db: Queryable, nowMs: number): Promise<void> {
  await db.query("DELETE FROM people_attempt WHERE last_ms < $1 AND locked_until_ms < $2", [
    nowMs - 24 * 3_600_000,
    nowMs,
  ]);
}
