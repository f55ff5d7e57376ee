import { createHmac } from "node:crypto";
import { type Endpoint, type EndpointName, endpoints, type Role } from "@probity/contract";
import type { FastifyInstance } from "fastify";
import { makeInvite, makeSetupCode } from "../people/people.store.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import type { Answered, TestEngine } from "./engine.fixture.ts";

export const goodPassword = "correct horse battery";

export interface Asked {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Address of the connection; a browser's own unless told. */
  readonly from?: string;
}

let browsers = 0;

/** A browser: keeps cookies, says where its requests come from, names the marketplace that it was told. */
export class Browser {
  readonly #app: FastifyInstance;
  readonly cookies = new Map<string, string>();
  readonly address: string;
  market: string | undefined;
  /** The attributes of the cookies as they were last set. */
  readonly attributes = new Map<string, string>();

  constructor(app: FastifyInstance, market?: Marketplace) {
    this.#app = app;
    this.market = market?.slug;
    browsers += 1;
    this.address = `10.${(browsers >> 8) & 255}.${browsers & 255}.9`;
  }

  async ask(name: EndpointName, asked: Asked = {}): Promise<Answered> {
    const { method, path }: Endpoint = endpoints[name];
    const url = path.replaceAll(/\{(\w+)\}/g, (_all, part: string) => encodeURIComponent(asked.params?.[part] ?? ""));
    return this.fetch(method, `${url}${asked.query === undefined ? "" : `?${asked.query}`}`, asked);
  }

  async fetch(method: "GET" | "POST", url: string, { body, headers = {}, from }: Asked = {}): Promise<Answered> {
    const answer = await this.#app.inject({
      method,
      url,
      remoteAddress: from ?? this.address,
      headers: {
        host: "trust.example",
        "user-agent": "Mozilla/5.0 (test)",
        "sec-fetch-site": "same-origin",
        ...(this.cookies.size === 0 ? {} : { cookie: [...this.cookies].map((pair) => pair.join("=")).join("; ") }),
        ...(this.market === undefined ? {} : { "probity-marketplace": this.market }),
        ...(method === "POST" ? { "content-type": "application/json" } : {}),
        ...headers,
      },
      ...(method === "POST" ? { payload: typeof body === "string" ? body : JSON.stringify(body ?? {}) } : {}),
    });
    const set = answer.headers["set-cookie"] ?? [];
    for (const cookie of Array.isArray(set) ? set : [set]) this.keep(cookie);
    let json: unknown;
    try {
      json = JSON.parse(answer.body) as unknown;
    } catch {
      json = undefined;
    }
    return { status: answer.statusCode, headers: answer.headers, text: answer.body, json };
  }

  keep(cookie: string): void {
    const [pair = "", ...attributes] = cookie.split("; ");
    const at = pair.indexOf("=");
    const name = pair.slice(0, at);
    this.attributes.set(name, attributes.join("; "));
    if (attributes.some((item) => /^max-age=0$/i.test(item))) this.cookies.delete(name);
    else this.cookies.set(name, pair.slice(at + 1));
  }
}

/** Somebody with a role, signed in. */
export async function join(house: TestEngine, market: Marketplace, role: Role, email: string): Promise<Browser> {
  const browser = new Browser(house.app, market);
  const { token } = await makeInvite(house.engine.db, market, { email, role }, Date.now());
  const answer = await browser.ask("acceptInvite", { body: { token, name: `${role} 诚`, password: goodPassword } });
  if (answer.status !== 200) throw new Error(`${role} could not join: ${answer.text}`);
  return browser;
}

/** The first person of a server, signed in. */
export async function setUp(house: TestEngine, email: string): Promise<Browser> {
  const setupCode = await makeSetupCode(house.engine.db, Date.now());
  const browser = new Browser(house.app);
  const body = { setupCode, name: "First", email, password: goodPassword };
  const answer = await browser.ask("setUpFirstPerson", { body });
  if (answer.status !== 200) throw new Error(`nobody could be set up: ${answer.text}`);
  return browser;
}

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** What an authenticator shows at a time (RFC 6238). */
export function authenticatorCode(secret: string, timeMs: number): string {
  let bits = "";
  for (const sign of secret) bits += base32.indexOf(sign).toString(2).padStart(5, "0");
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(timeMs / 30_000)));
  const mac = createHmac("sha1", bytes).update(counter).digest();
  const value = mac.readUInt32BE((mac.at(-1) as number) & 15) & 0x7fff_ffff;
  return String(value % 1_000_000).padStart(6, "0");
}
