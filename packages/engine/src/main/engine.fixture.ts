import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ApiKeyScope, apiKeyScopes, problem as problemSchema, type Problem } from "@probity/contract";
import type { FastifyInstance } from "fastify";
import { createKey } from "../keys/keys.store.ts";
import { freshMarket, testNowMs } from "../ledger/ledger.fixture.ts";
import { readConfig } from "../platform/config.ts";
import type { DatabaseUnderTest } from "../platform/databases.fixture.ts";
import type { FetchText } from "../platform/fetch-text.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { createApp, type Engine, openEngine } from "./engine.ts";

/** The whole engine behind HTTP on a test database. */
export interface TestEngine extends AsyncDisposable {
  readonly engine: Engine;
  readonly app: FastifyInstance;
  /** A marketplace of its own and a key that holds the scopes, all unless stated. */
  enter(scopes?: readonly ApiKeyScope[]): Promise<{ readonly market: Marketplace; readonly token: string }>;
  key(market: Marketplace, scopes: readonly ApiKeyScope[]): Promise<string>;
}

/** Whether an address is about signing in, people, keys or what they did: those are asked in tests of their own. */
export const isOfPeople = (path: string): boolean =>
  /^\/v1\/(session|people|keys|activity|marketplaces)(\/|$)/.test(path);

/** Whether an address is about what is genuine: those are asked in a test of their own. */
export const isOfAuthenticity = (path: string): boolean =>
  /^\/v1\/authenticity\/|\/verification$|\/reviews\/\{review\}$/.test(path);

/** Whether an address is about credentials: those are asked in a test of their own. */
export const isOfCredentials = (path: string): boolean => /^\/v1\/credentials(\/|$)/.test(path);

export interface TestOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly isDemo?: boolean;
  /** The engine's clock; it stands still unless told. */
  readonly now?: () => number;
  readonly fetchText?: FetchText;
}

export async function openTestEngine(
  database: DatabaseUnderTest,
  { env = {}, isDemo = false, now = () => testNowMs, fetchText }: TestOptions = {},
): Promise<TestEngine> {
  const opened = await database.open();
  const config = readConfig({
    PROBITY_MASTER_KEY: "07".repeat(32),
    PROBITY_LOG_LEVEL: "silent",
    PROBITY_PUBLIC_URL: "https://trust.example",
    PROBITY_LOG_KEYS: join(tmpdir(), `probity-log-keys-${randomUUID()}`),
    PROBITY_CREDENTIAL_KEYS: join(tmpdir(), `probity-credential-keys-${randomUUID()}`),
    ...env,
  });
  const engine = await openEngine(config, {
    db: opened.db,
    now,
    ...(fetchText === undefined ? {} : { fetchText }),
  });
  const app = await createApp(engine, { isDemo });
  const key = async (market: Marketplace, scopes: readonly ApiKeyScope[]): Promise<string> =>
    (await createKey(engine.db, market, "test", scopes, testNowMs)).token;
  return {
    engine,
    app,
    key,
    async enter(scopes = apiKeyScopes) {
      const market = await freshMarket(engine.db);
      return { market, token: await key(market, scopes) };
    },
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await engine.ledger[Symbol.asyncDispose]();
      await opened[Symbol.asyncDispose]();
    },
  };
}

export interface Sent {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  readonly token?: string;
  readonly body?: string | Buffer;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly json: unknown;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export async function call(app: FastifyInstance, { method, url, token, body, type, headers }: Sent): Promise<Answered> {
  const answer = await app.inject({
    method: method ?? (body === undefined ? "GET" : "POST"),
    url,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(type === undefined ? {} : { "content-type": type }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: body }),
  });
  return { status: answer.statusCode, headers: answer.headers, text: answer.body, json: parsed(answer.body) };
}

/** The answer as an RFC 9457 problem; throws if it is none. */
export function problemOf(answer: Answered): Problem {
  const type = String(answer.headers["content-type"]);
  if (!type.startsWith("application/problem+json"))
    throw new Error(`not a problem: ${answer.status} ${type} ${answer.text.slice(0, 300)}`);
  const problem = problemSchema.parse(answer.json);
  if (problem.status !== answer.status || problem.title === "" || problem.detail === "")
    throw new Error(`a poor problem: ${answer.text}`);
  return problem;
}
