import helmet from "@fastify/helmet";
import {
  type Endpoint,
  type EndpointAnswer,
  type EndpointName,
  endpoints,
  issuesOf,
  type ParsedBody,
  type ParsedParams,
  type ParsedQuery,
  type ProblemCode,
  ProblemError,
  problems,
  type ApiKeyScope,
} from "@probity/contract";
import {
  fastify,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import type { Marketplace } from "./marketplace.ts";
import type { Metrics } from "./metrics.ts";

/** Who acts: a person who is signed in, or an API key. */
export interface Actor {
  readonly by: "person" | "key";
  readonly who: string;
}

/** What a key or a person's role lets its holder do in one marketplace. */
export interface Caller {
  readonly market: Marketplace;
  readonly scopes: readonly ApiKeyScope[];
  readonly actor: Actor;
}

/** Who holds a token; undefined if nobody does. */
export type CheckToken = (token: string) => Promise<Caller | undefined>;

/** A person behind a session cookie. */
export interface SignedIn {
  readonly personId: string;
  readonly sessionId: string;
  readonly name: string;
  readonly email: string;
  readonly isVisitor: boolean;
  readonly hasSecondFactor: boolean;
}

/** The console's sessions, as the door asks for them. */
export interface Sessions {
  /** Whether the request carries a session cookie, valid or not. */
  carried(request: FastifyRequest): boolean;
  /** Who is signed in; the cookie is renewed where it is time. */
  person(request: FastifyRequest, reply: FastifyReply): Promise<SignedIn | undefined>;
  /** What the person may do in a marketplace; undefined without a role there. */
  enter(person: SignedIn, slug: string): Promise<Caller | undefined>;
  /** Called when a keyed endpoint has done its work, before it is answered. */
  acted(act: DoneCall): Promise<void>;
}

/** A call of a keyed endpoint that has succeeded. */
export interface DoneCall {
  readonly endpoint: EndpointName;
  readonly caller: Caller;
  readonly params: unknown;
  readonly body: unknown;
  readonly answer: unknown;
}

export interface Call<N extends EndpointName> {
  readonly params: ParsedParams<N>;
  readonly query: ParsedQuery<N>;
  readonly body: ParsedBody<N>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** A handler of a keyed endpoint also knows the caller and the caller's marketplace. */
export type Handler<N extends EndpointName> = (
  call: Call<N> & { readonly market: Marketplace; readonly caller: Caller },
) => Promise<EndpointAnswer<N>>;
export type PersonHandler<N extends EndpointName> = (
  call: Call<N> & { readonly person: SignedIn },
) => Promise<EndpointAnswer<N>>;
export type PublicHandler<N extends EndpointName> = (call: Call<N>) => Promise<EndpointAnswer<N>>;

const fastifyProblems: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "body-too-large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "content-type",
  FST_ERR_CTP_EMPTY_JSON_BODY: "body-not-json",
  FST_ERR_CTP_INVALID_JSON_BODY: "body-not-json",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "request-invalid",
};

function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const { code, statusCode, message } = error as FastifyError;
  const known = fastifyProblems[code];
  if (known !== undefined) return new ProblemError(known, message, { cause: error });
  if (error instanceof SyntaxError) return new ProblemError("body-not-json", message, { cause: error });
  if (statusCode !== undefined && statusCode < 500)
    return new ProblemError("request-invalid", message, { cause: error });
  return new ProblemError("internal", "The error was logged; try again, and report it if it stays", { cause: error });
}

function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toProblem(error);
  const { status } = problems[problem.code];
  if (status >= 500) request.log.error({ err: problem.cause ?? problem }, "request failed");
  if (problem.retryAfterSeconds !== undefined) reply.header("retry-after", String(problem.retryAfterSeconds));
  if (status === 401) reply.header("www-authenticate", 'Bearer realm="probity"');
  return reply.code(status).type("application/problem+json").send(problem.toProblem());
}

export interface HttpOptions {
  readonly log: FastifyBaseLogger;
  readonly metrics: Metrics;
  readonly bodyBytesMax: number;
  /** Whose word on a request's address is taken: addresses or networks of proxies. */
  readonly trustedProxies?: readonly string[];
  /** Sessions of people; without them only API keys are let in. */
  readonly sessions?: Sessions;
  /** Address under which browsers reach the server. */
  readonly publicUrl?: string | undefined;
}

/** The HTTP server: problems, security headers, request metrics. Routes are added by capabilities. */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const { log, metrics, bodyBytesMax, trustedProxies = [] } = options;
  const app = fastify({
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    loggerInstance: log,
    bodyLimit: bodyBytesMax,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 1_000 },
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(error, request, reply),
    requestTimeout: 60_000,
    keepAliveTimeout: 72_000,
  } as Parameters<typeof fastify>[0]) as unknown as FastifyInstance;
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'"],
        imgSrc: ["'self'", "data:"],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
      },
    },
    crossOriginResourcePolicy: { policy: "cross-origin" },
    strictTransportSecurity: false,
  });
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  app.setNotFoundHandler((request, reply) =>
    sendProblem(
      new ProblemError("not-found", `There is no ${request.method} ${request.url.slice(0, 200)}`),
      request,
      reply,
    ),
  );
  closeInTime(app);
  const streams = new Set<AbortController>();
  app.decorate(doorName, {
    sessions: options.sessions,
    origin: options.publicUrl && new URL(options.publicUrl).origin,
    streams,
  } satisfies Door);
  app.addHook("preClose", async () => {
    for (const stream of streams) stream.abort();
  });
  app.addHook("onResponse", (request, reply, done) => {
    metrics.requestSeconds.observe(
      { method: request.method, route: request.routeOptions.url ?? "none", status: String(reply.statusCode) },
      reply.elapsedTime / 1000,
    );
    done();
  });
  return app;
}

const idleEveryMs = 100;
const patienceMs = 8_000;

/** A connection that falls idle while the server closes would hold it until its keep-alive ends. */
function closeInTime(app: FastifyInstance): void {
  app.addHook("preClose", async () => {
    const idle = setInterval(() => app.server.closeIdleConnections(), idleEveryMs);
    const all = setTimeout(() => app.server.closeAllConnections(), patienceMs);
    app.server.once("close", () => {
      clearInterval(idle);
      clearTimeout(all);
    });
    if (!app.server.listening) {
      clearInterval(idle);
      clearTimeout(all);
    }
  });
}

function parse(definition: Endpoint, request: FastifyRequest): { params: unknown; query: unknown; body: unknown } {
  const parts = { params: request.params, query: request.query, body: request.body };
  const read = (name: "params" | "query" | "body"): unknown => {
    const schema = definition[name];
    if (schema === undefined) return undefined;
    if (schema === "events") return parts.body;
    const parsed = schema.safeParse(parts[name] ?? {});
    if (parsed.success) return parsed.data;
    const errors = issuesOf(parsed.error, [name]);
    const code =
      definition.problems.includes("policy-invalid") && name === "body" ? "policy-invalid" : "request-invalid";
    const first = errors[0];
    throw new ProblemError(code, `${first?.path ?? name} ${first?.rule ?? "is not valid"}`, {
      errors,
      cause: parsed.error,
    });
  };
  return { params: read("params"), query: read("query"), body: read("body") };
}

const doorName = "door";

interface Door {
  readonly sessions: Sessions | undefined;
  readonly origin: string | undefined;
  /** Streams that are open: they end when the server closes, which would wait for them. */
  readonly streams: Set<AbortController>;
}

const doorOf = (request: FastifyRequest): Door =>
  (request.server as unknown as Record<typeof doorName, Door>)[doorName];

function tokenOf(request: FastifyRequest): string {
  const [scheme, token] = (request.headers.authorization ?? "").split(" ");
  if (scheme?.toLowerCase() === "bearer" && token !== undefined && token !== "") return token;
  throw new ProblemError("key-missing", "Send the API key as: Authorization: Bearer pk_…, or sign in");
}

/**
 * Refuses what another site's page makes a browser send with the session's cookie. Browsers say where a request
 * comes from: by Sec-Fetch-Site, older ones by Origin alone.
 */
function checkOrigin(request: FastifyRequest): void {
  const { "sec-fetch-site": site, origin } = request.headers;
  const isOwn = (value: string): boolean =>
    value === doorOf(request).origin || value === `${request.protocol}://${request.host}`;
  if (site !== undefined ? site === "same-origin" : origin !== undefined && isOwn(origin)) return;
  throw new ProblemError("origin-foreign", "Requests that change something must come from the console's own pages");
}

function checkJson(request: FastifyRequest): void {
  const [type] = (request.headers["content-type"] ?? "").split(";");
  if (type?.trim().toLowerCase() === "application/json") return;
  throw new ProblemError("content-type", "Send the body as application/json");
}

const readOnly: ReadonlySet<string> = new Set(["GET", "HEAD"]);

async function callerOfKey(request: FastifyRequest, check: CheckToken): Promise<Caller> {
  const caller = await check(tokenOf(request));
  if (caller === undefined)
    throw new ProblemError(
      "key-unknown",
      "The API key is not known or was revoked; make one with: probity keys create",
    );
  const wanted = request.headers["probity-marketplace"];
  if (wanted !== undefined && wanted !== caller.market.slug) {
    throw new ProblemError(
      "marketplace-foreign",
      "The API key belongs to another marketplace than the Probity-Marketplace header names",
    );
  }
  return caller;
}

async function personOf(request: FastifyRequest, reply: FastifyReply): Promise<SignedIn> {
  reply.header("cache-control", "no-store");
  const person = await doorOf(request).sessions?.person(request, reply);
  if (person === undefined) throw new ProblemError("session-missing", "The session has ended; sign in again");
  return person;
}

async function callerOfSession(request: FastifyRequest, reply: FastifyReply): Promise<Caller> {
  const person = await personOf(request, reply);
  if (!readOnly.has(request.method)) checkOrigin(request);
  const slug = request.headers["probity-marketplace"];
  if (typeof slug !== "string" || slug === "")
    throw new ProblemError("marketplace-missing", "Name the marketplace by the header Probity-Marketplace");
  const caller = await doorOf(request).sessions?.enter(person, slug);
  if (caller === undefined)
    throw new ProblemError("marketplace-foreign", "There is no such marketplace, or you have no role in it");
  return caller;
}

async function authorise(
  definition: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  check: CheckToken,
): Promise<Caller> {
  const isSession = request.headers.authorization === undefined && doorOf(request).sessions?.carried(request) === true;
  const caller = isSession ? await callerOfSession(request, reply) : await callerOfKey(request, check);
  if (!(caller.scopes as readonly unknown[]).includes(definition.scope)) {
    throw new ProblemError(
      "scope-missing",
      `This needs ${isSession ? "a role" : "a key"} with the scope ${definition.scope}`,
    );
  }
  return caller;
}

const pathOf = (definition: Endpoint): string => definition.path.replaceAll(/\{(\w+)\}/g, ":$1");

/** Adds a keyed endpoint of the contract: caller and scope are checked, then params, query and body. */
export function addEndpoint<N extends EndpointName>(
  app: FastifyInstance,
  check: CheckToken,
  name: N,
  handle: Handler<N>,
): void {
  const definition: Endpoint = endpoints[name];
  app.route({
    method: definition.method,
    url: pathOf(definition),
    preParsing: async (request, reply) => {
      (request as { caller?: Caller }).caller = await authorise(definition, request, reply, check);
    },
    handler: async (request, reply) => {
      const { caller } = request as unknown as { caller: Caller };
      const call = { ...(parse(definition, request) as Call<N>), request, reply };
      const answer = await handle({ ...call, caller, market: caller.market });
      const { params, body } = call;
      await doorOf(request).sessions?.acted({ endpoint: name, caller, params, body, answer });
      return answer;
    },
  });
}

const beatMs = 15_000;

/**
 * Adds a keyed endpoint that answers with server-sent events: what `open` yields, until it ends or the reader goes.
 * A comment now and then keeps proxies from closing it.
 */
export function addStreamEndpoint<N extends EndpointName>(
  app: FastifyInstance,
  check: CheckToken,
  name: N,
  open: (call: Call<N> & { readonly market: Marketplace }, gone: AbortSignal) => AsyncIterable<EndpointAnswer<N>>,
): void {
  const definition: Endpoint = endpoints[name];
  app.route({
    method: definition.method,
    url: pathOf(definition),
    handler: async (request, reply) => {
      const { market } = await authorise(definition, request, reply, check);
      const call = { ...(parse(definition, request) as Call<N>), request, reply, market };
      const gone = new AbortController();
      const { streams } = doorOf(request);
      streams.add(gone);
      reply.raw.once("close", () => gone.abort());
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      });
      const beat = setInterval(() => raw.write(": still here\n\n"), beatMs);
      try {
        for await (const message of open(call, gone.signal)) raw.write(`data: ${JSON.stringify(message)}\n\n`);
      } catch (error) {
        if (!gone.signal.aborted) request.log.error({ err: error }, "stream failed");
      } finally {
        clearInterval(beat);
        streams.delete(gone);
        raw.end();
      }
    },
  });
}

/** Adds an endpoint about the session cookie: open to anybody, but what changes something only from this very site. */
export function addSessionEndpoint<N extends EndpointName>(
  app: FastifyInstance,
  name: N,
  handle: PublicHandler<N>,
): void {
  const definition: Endpoint = endpoints[name];
  app.route({
    method: definition.method,
    url: pathOf(definition),
    preParsing: async (request, reply) => {
      reply.header("cache-control", "no-store");
      if (readOnly.has(request.method)) return;
      checkOrigin(request);
      checkJson(request);
    },
    handler: async (request, reply) => handle({ ...(parse(definition, request) as Call<N>), request, reply }),
  });
}

/** Adds an endpoint for anybody who is signed in; what changes something only from this very site. */
export function addPersonEndpoint<N extends EndpointName>(
  app: FastifyInstance,
  name: N,
  handle: PersonHandler<N>,
): void {
  const definition: Endpoint = endpoints[name];
  app.route({
    method: definition.method,
    url: pathOf(definition),
    preParsing: async (request, reply) => {
      (request as { person?: SignedIn }).person = await personOf(request, reply);
      if (readOnly.has(request.method)) return;
      checkOrigin(request);
      checkJson(request);
    },
    handler: async (request, reply) => {
      const { person } = request as unknown as { person: SignedIn };
      return handle({ ...(parse(definition, request) as Call<N>), request, reply, person });
    },
  });
}

/** Adds a public endpoint of the contract; any origin may read it. */
export function addPublicEndpoint<N extends EndpointName>(
  app: FastifyInstance,
  name: N,
  handle: PublicHandler<N>,
): void {
  const definition: Endpoint = endpoints[name];
  app.route({
    method: definition.method,
    url: pathOf(definition),
    handler: async (request, reply) => {
      reply.header("access-control-allow-origin", "*");
      return handle({ ...(parse(definition, request) as Call<N>), request, reply });
    },
  });
}
