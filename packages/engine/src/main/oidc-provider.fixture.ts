import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Claims = Readonly<Record<string, unknown>>;

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

interface Grant {
  readonly challenge: string;
  readonly nonce: string | null;
  readonly redirect: string;
}

/** A small OpenID provider (authorization code with PKCE): it signs whoever it is told to in. */
export class OidcProvider implements AsyncDisposable {
  readonly clientId = "probity";
  readonly clientSecret: string = randomBytes(12).toString("hex");
  readonly #keys: { privateKey: KeyObject; publicKey: KeyObject } = generateKeyPairSync("rsa", {
    modulusLength: 2_048,
  });
  readonly #grants = new Map<string, Grant>();
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));
  /** Who signs in next. */
  claims: Claims = {};
  /** What the provider does wrong: these claims are put over the right ones, this key signs. */
  forged: Claims = {};
  signer: KeyObject = this.#keys.privateKey;
  /** Answers refused at the token endpoint, with the reason. */
  readonly refusals: string[] = [];

  get issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  setRight(): void {
    this.forged = {};
    this.signer = this.#keys.privateKey;
  }

  /** What the person does at the provider: the address to which the browser is sent back. */
  authorise(address: string): string {
    const { searchParams: query } = new URL(address);
    const code = randomBytes(12).toString("hex");
    this.#grants.set(code, {
      challenge: query.get("code_challenge") ?? "",
      nonce: query.get("nonce"),
      redirect: query.get("redirect_uri") ?? "",
    });
    const back = new URL(query.get("redirect_uri") ?? "");
    back.searchParams.set("code", code);
    back.searchParams.set("state", query.get("state") ?? "");
    return back.href;
  }

  #idToken(nonce: string | null): string {
    const now = Math.floor(Date.now() / 1_000);
    const body = {
      iss: this.issuer,
      aud: this.clientId,
      iat: now,
      exp: now + 300,
      ...(nonce === null ? {} : { nonce }),
      ...this.claims,
      ...this.forged,
    };
    const head = `${part({ alg: "RS256", kid: "one", typ: "JWT" })}.${part(body)}`;
    return `${head}.${sign("sha256", Buffer.from(head), this.signer).toString("base64url")}`;
  }

  #token(form: URLSearchParams, authorization: string): object | string {
    const code = form.get("code") ?? "";
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    const [id, secret] = authorization.startsWith("Basic ")
      ? Buffer.from(authorization.slice(6), "base64").toString().split(":")
      : [form.get("client_id"), form.get("client_secret")];
    if (id !== this.clientId || secret !== this.clientSecret) return "invalid_client";
    if (grant === undefined) return "unknown code";
    if (form.get("redirect_uri") !== grant.redirect) return "other redirect_uri";
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    if (challenge !== grant.challenge) return "wrong verifier";
    return {
      access_token: randomBytes(12).toString("hex"),
      token_type: "Bearer",
      expires_in: 300,
      id_token: this.#idToken(grant.nonce),
    };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    const parts: Buffer[] = [];
    for await (const chunk of request) parts.push(chunk as Buffer);
    if (request.url === "/.well-known/openid-configuration") {
      send(200, {
        issuer: this.issuer,
        authorization_endpoint: `${this.issuer}/authorize`,
        token_endpoint: `${this.issuer}/token`,
        jwks_uri: `${this.issuer}/jwks`,
        id_token_signing_alg_values_supported: ["RS256"],
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
      });
    } else if (request.url === "/jwks") {
      send(200, {
        keys: [{ ...this.#keys.publicKey.export({ format: "jwk" }), kid: "one", alg: "RS256", use: "sig" }],
      });
    } else if (request.url === "/token") {
      const form = new URLSearchParams(Buffer.concat(parts).toString());
      const token = this.#token(form, request.headers.authorization ?? "");
      if (typeof token === "string") this.refusals.push(token);
      send(typeof token === "string" ? 400 : 200, typeof token === "string" ? { error: token } : token);
    } else send(404, {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
