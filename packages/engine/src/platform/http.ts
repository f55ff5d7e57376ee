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

/** What a key lets its holder do. */
export interface Caller {
  readonly market: Marketplace;
  readonly scopes: readonly ApiKeyScope[];
}

/** Who holds a token; undefined if nobody does. */
export type CheckToken = (token: string) => Promise<Caller | undefined>;

export interface Call<N extends EndpointName> {
  readonly params: ParsedParams<N>;
  readonly query: ParsedQuery<N>;
  readonly body: ParsedBody<N>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** A handler of a keyed endpoint also knows the caller's marketplace. */
export type Handler<N extends EndpointName> = (
  call: Call<N> & { readonly market: Marketplace },
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
}

/** The HTTP server: problems, security headers, request metrics. Routes are added by capabilities. */
export async function createHttp({ log, metrics, bodyBytesMax }: HttpOptions): Promise<FastifyInstance> {
  const app = fastify({
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

function tokenOf(request: FastifyRequest): string {
  const [scheme, token] = (request.headers.authorization ?? "").split(" ");
  if (scheme?.toLowerCase() === "bearer" && token !== undefined && token !== "") return token;
  throw new ProblemError("key-missing", "Send the API key as: Authorization: Bearer pk_…");
}

async function authorise(definition: Endpoint, request: FastifyRequest, check: CheckToken): Promise<Marketplace> {
  const caller = await check(tokenOf(request));
  if (caller === undefined)
    throw new ProblemError(
      "key-unknown",
      "The API key is not known or was revoked; make one with: probity keys create",
    );
  if (definition.scope !== null && !caller.scopes.includes(definition.scope)) {
    throw new ProblemError("scope-missing", `This needs a key with the scope ${definition.scope}`);
  }
  const wanted = request.headers["probity-marketplace"];
  if (wanted !== undefined && wanted !== caller.market.slug) {
    throw new ProblemError(
      "marketplace-foreign",
      "The API key belongs to another marketplace than the Probity-Marketplace header names",
    );
  }
  return caller.market;
}

const pathOf = (definition: Endpoint): string => definition.path.replaceAll(/\{(\w+)\}/g, ":$1");

/** Adds a keyed endpoint of the contract: key and scope are checked, then params, query and body. */
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
    preParsing: async (request) => {
      (request as { market?: Marketplace }).market = await authorise(definition, request, check);
    },
    handler: async (request, reply) => {
      const { market } = request as unknown as { market: Marketplace };
      return handle({ ...(parse(definition, request) as Call<N>), market, request, reply });
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
