import type { Queryable } from "../platform/db.ts";

/**
 * Unties what an account did: its orders and reviews are then nobody's, and nothing that was like or shared between them
 * (devices, payers, addresses, wording) is kept. Verdicts and their weights stand.
 */
export async function forgetAccount(db: Queryable, marketplaceId: number, id: string): Promise<void> {
  const [row] = await db.query<{ person_no: number }>(
    "DELETE FROM authenticity_person WHERE marketplace_id = $1 AND id = $2 RETURNING person_no",
    [marketplaceId, id],
  );
  if (row === undefined) return;
  const params = [marketplaceId, row.person_no];
  const ofPerson = "marketplace_id = $1 AND person_no = $2";
  // Figures of a verdict are made of what was shared; a number below 0 is nobody's and no other row's.
  for (const statement of [
    `DELETE FROM authenticity_band b USING authenticity_review r WHERE r.${ofPerson.replaceAll(" AND ", " AND r.")}
       AND b.marketplace_id = r.marketplace_id AND b.review_no = r.review_no`,
    `UPDATE authenticity_order SET person_no = NULL, device = NULL, payer = NULL, address = NULL WHERE ${ofPerson}`,
    `UPDATE authenticity_review SET person_no = NULL, signature = NULL WHERE ${ofPerson}`,
    `UPDATE authenticity_follow SET person_no = -1 - follow_no WHERE ${ofPerson}`,
    `DELETE FROM authenticity_insider WHERE ${ofPerson}`,
    `UPDATE authenticity_verdict SET person_no = -1 - no, ring_no = NULL, figures = ''::bytea WHERE ${ofPerson}`,
  ])
    await db.query(statement, params);
}
