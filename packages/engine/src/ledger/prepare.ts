import type { KeyObject } from "node:crypto";
import type { Admitted } from "@probity/contract";
import { seal } from "../privacy/index.ts";
import { disclose, fieldsOf } from "./entry.ts";

/** An admitted event with everything that does not depend on its place in the ledger. */
export interface Prepared extends Admitted {
  /** `{"time":…,"data":…}`: what is stored in the open. */
  readonly body: string;
  readonly sealedHex: string | null;
  readonly personNo: number | null;
  /** The secret from which the salts are drawn. */
  readonly salt: Uint8Array;
  readonly digests: readonly string[];
}

/** Context of an event's sealed fields: bound to its source and id, so that none can stand in for another. */
export function sealContext(event: { readonly source: string; readonly id: string }, marketplaceId: number): string {
  return `ledger_event|sealed|${marketplaceId}:${event.source}\u001f${event.id}|1`;
}

/** Seals and salts an event. `secret` is 32 random bytes of its own. */
export function prepare(
  event: Admitted,
  secret: Buffer,
  person: { readonly no: number; readonly key: Uint8Array; readonly sealing: KeyObject } | undefined,
  marketplaceId: number,
): Prepared {
  const { digests } = disclose(fieldsOf({ ...event, personField: event.definition.person }), secret, person?.key);
  let sealedHex: string | null = null;
  for (const _field in event.sealed) {
    if (person === undefined) throw new Error(`${event.type} has sealed fields but names no person`);
    sealedHex = seal(
      person.sealing,
      Buffer.from(JSON.stringify(event.sealed)),
      sealContext(event, marketplaceId),
    ).toString("hex");
    break;
  }
  return {
    ...event,
    body: `{"time":${JSON.stringify(event.time)},"data":${JSON.stringify(event.data)}}`,
    sealedHex,
    personNo: person?.no ?? null,
    salt: secret,
    digests,
  };
}
