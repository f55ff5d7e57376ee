import { integerArray, type Queryable } from "../platform/db.ts";
import type { MasterKey } from "../privacy/index.ts";
import { letterContext } from "./group-commit.store.ts";

const lettersPerRead = 500;

/** Drops dead letters that name somebody anywhere: they hold events as they came. Returns how many. */
export async function dropLettersAbout(
  db: Queryable,
  master: MasterKey,
  marketplaceId: number,
  id: string,
): Promise<number> {
  let [dropped, after] = [0, 0];
  for (;;) {
    const letters = await db.query<{ dead_letter_id: number; sealed: Uint8Array }>(
      `SELECT dead_letter_id, sealed FROM ledger_dead_letter WHERE marketplace_id = $1 AND dead_letter_id > $2
       ORDER BY dead_letter_id LIMIT $3`,
      [marketplaceId, after, lettersPerRead],
    );
    const about = letters.flatMap(({ dead_letter_id, sealed }) => {
      const text = master.openLetter(sealed, letterContext(marketplaceId)).toString("utf8");
      return text.includes(id) ? [dead_letter_id] : [];
    });
    await db.query("DELETE FROM ledger_dead_letter WHERE marketplace_id = $1 AND dead_letter_id = ANY ($2::bigint[])", [
      marketplaceId,
      integerArray(about),
    ]);
    dropped += about.length;
    if (letters.length < lettersPerRead) return dropped;
    after = letters.at(-1)?.dead_letter_id ?? after;
  }
}
