import { type ApiKey, ProblemError } from "@probity/contract";
import type { FastifyInstance } from "fastify";
import type { Ledger } from "../ledger/group-commit.store.ts";
import { recordAct } from "../people/activity.store.ts";
import { isWithin } from "../people/index.ts";
import type { Db } from "../platform/db.ts";
import { addEndpoint, type Caller, type CheckToken } from "../platform/http.ts";
import { createKey, type KeyRecord, listKeysOf, revokeKeyOf, rotateKey } from "./keys.store.ts";

export interface KeysRoutesOptions {
  readonly db: Db;
  readonly ledger: Ledger;
  readonly check: CheckToken;
  readonly now: () => number;
}

const isoOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

const present = (key: KeyRecord): ApiKey => ({
  key: key.keyId,
  label: key.label,
  scopes: [...key.scopes],
  createdAt: new Date(key.createdMs).toISOString(),
  lastUsedAt: isoOf(key.lastUsedMs),
  revokedAt: isoOf(key.revokedMs),
});

function checkGiven(scopes: KeyRecord["scopes"], caller: Caller): void {
  const missing = scopes.find((scope) => !isWithin([scope], caller.scopes));
  if (missing === undefined) return;
  throw new ProblemError("scope-missing", `A key with the scope ${missing} needs that right oneself`);
}

/** API keys of a marketplace: listed, made, rotated, revoked. A secret is answered once. */
export function addKeysRoutes(app: FastifyInstance, { db, ledger, check, now }: KeysRoutesOptions): void {
  const find = async (caller: Caller, keyId: string): Promise<KeyRecord> => {
    const found = (await listKeysOf(db, caller.market)).find((key) => key.keyId === keyId);
    if (found === undefined) throw new ProblemError("not-found", `There is no key ${keyId} in this marketplace`);
    return found;
  };
  addEndpoint(app, check, "listKeys", async ({ market }) => ({
    items: (await listKeysOf(db, market)).reverse().map(present),
  }));
  addEndpoint(app, check, "createKey", async ({ body, market, caller }) => {
    checkGiven(body.scopes, caller);
    const { keyId, token } = await createKey(db, market, body.label, body.scopes, now());
    await recordAct(ledger, market, caller.actor, {
      act: "key-created",
      object: keyId,
      after: body.scopes.join(","),
    });
    return { key: present(await find(caller, keyId)), token };
  });
  addEndpoint(app, check, "rotateKey", async ({ params, body, market, caller }) => {
    const old = await find(caller, params.key);
    checkGiven(old.scopes, caller);
    const made = await rotateKey(db, market, old, now(), body.overlapHours * 3_600_000);
    if (made === undefined) throw new ProblemError("not-found", `The key ${params.key} is not in force any more`);
    await recordAct(ledger, market, caller.actor, {
      act: "key-rotated",
      object: made.keyId,
      before: old.keyId,
      after: `${body.overlapHours} hours' overlap`,
    });
    return { key: present(await find(caller, made.keyId)), token: made.token };
  });
  addEndpoint(app, check, "revokeKey", async ({ params, market, caller }) => {
    if (!(await revokeKeyOf(db, market, params.key, now())))
      throw new ProblemError("not-found", `There is no key ${params.key} in force in this marketplace`);
    await recordAct(ledger, market, caller.actor, { act: "key-revoked", object: params.key });
    return {};
  });
}
