import { readFileSync } from "node:fs";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import {
  type EndpointAnswer,
  type EndpointName,
  endpoints,
  type Explanation,
  type RatingSummary,
  roleScopes,
} from "@probity/contract";
import { builtFile, contentPolicy, listen } from "../ui/browser.fixture.ts";

const engine = new URL("../../../engine/src/ratings/", import.meta.url);
const readJson = (path: string): unknown => JSON.parse(readFileSync(new URL(path, engine), "utf8"));

const explanation = endpoints.explainRating.answer.parse(readJson("golden/merchant-explanation-seed-26.json"));
const policy = endpoints.readPolicy.answer.shape.policy.parse(readJson("policies/merchant-default.json"));
const policyId = explanation.rating.policy;

/** A name in three scripts and two directions, as long as the contract lets it be. */
const longName = `${"清和竹器 متجر الخيزران <script>alert(1)</script> ".repeat(6)}end`.slice(0, 200);

const merchants: RatingSummary[] = Array.from({ length: 230 }, (_, place) => ({
  ...explanation.rating,
  id: place === 0 ? explanation.rating.id : `m-${String(place).padStart(4, "0")}`,
  name: place === 1 ? longName : place === 2 ? null : `商家 Merchant ${place}`,
  score: 900 - place,
  bound: Math.max(0, 860 - place),
}));

const pageOf = <T>(items: readonly T[], query: URLSearchParams): { items: T[]; nextCursor: string | null } => {
  const [from, rows] = [Number(query.get("cursor") ?? 0), Number(query.get("limit") ?? 50)];
  return { items: items.slice(from, from + rows), nextCursor: from + rows < items.length ? String(from + rows) : null };
};

const letters: EndpointAnswer<"listDeadLetters">["items"] = [1, 2].map((no) => ({
  deadLetter: String(no),
  receivedAt: "2026-11-21T08:00:00Z",
  code: "type-unknown",
  path: "/type",
  message: `no such type (${no})`,
  state: "open",
  body: { specversion: "1.0", id: `bad-${no}`, type: "order.shiped" },
  seq: null,
}));

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly marketplace: string | undefined;
  readonly body: unknown;
}

/** How the server stands, for a test to change. */
export interface ServerState {
  signedIn: boolean;
  firstRun: boolean;
  visitor: boolean;
  secondFactor: boolean;
  broken: boolean;
  /** How long a request is kept waiting. */
  delayMs: (url: URL) => number;
  /** Where the built console lies: a build of the test's own, which nobody makes anew meanwhile. */
  readonly folder: string;
  readonly asked: Asked[];
}

export interface TestServer extends AsyncDisposable {
  readonly base: string;
  readonly state: ServerState;
}

type Answers = { readonly [N in EndpointName]?: (asked: Asked, query: URLSearchParams, part: string) => unknown };

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, code: string) {
    super(code);
    this.status = status;
  }
}

const isPerson = (body: unknown): boolean =>
  (body as { password?: string } | null)?.password === "correct horse battery";

function answersOf(state: ServerState): Answers {
  const history: Explanation["rating"][] = [];
  return {
    readSession: () => ({
      person: state.signedIn ? { id: "p1", name: "林 Lin", email: "lin@example.org", isVisitor: false } : null,
      signIn: { firstRun: state.firstRun, oidc: null, visitor: state.visitor },
      secondFactor: state.secondFactor,
      marketplaces: state.signedIn
        ? [
            { slug: "demo", name: "Demo", currency: "CNY", clock: "wall", role: "admin", scopes: roleScopes.admin },
            {
              slug: "lake",
              name: "湖畔 Lakeside",
              currency: "CNY",
              clock: "wall",
              role: "viewer",
              scopes: roleScopes.viewer,
            },
          ]
        : [],
    }),
    signIn: ({ body }) => {
      if (!isPerson(body)) throw new Refusal(401, "sign-in-refused");
      state.signedIn = !state.secondFactor;
      return { next: state.secondFactor ? "second-factor" : "done" };
    },
    signInSecondFactor: ({ body }) => {
      if ((body as { code: string }).code !== "123456") throw new Refusal(401, "code-refused");
      state.signedIn = true;
      return { next: "done" };
    },
    signInVisitor: () => {
      state.signedIn = true;
      return { next: "done" };
    },
    setUpFirstPerson: () => {
      Object.assign(state, { firstRun: false, signedIn: true });
      return { next: "done" };
    },
    acceptInvite: ({ body }) => {
      if ((body as { token: string }).token !== "good") throw new Refusal(410, "invite-refused");
      state.signedIn = true;
      return { next: "done" };
    },
    signOut: () => {
      state.signedIn = false;
      return {};
    },
    listSessions: () => ({ items: [] }),
    listMetrics: () => ({ items: [] }),
    listRatings: ({ marketplace }, query) => {
      const q = (query.get("q") ?? "").toLowerCase();
      const [grade, found] = [
        query.get("grade"),
        merchants.filter(({ name, id }) => `${name} ${id}`.toLowerCase().includes(q)),
      ];
      const fitting = found.filter((one) => grade === null || one.grade === grade);
      const sorted = query.get("sort") === "score" ? fitting.toReversed() : fitting;
      return pageOf(marketplace === "lake" ? [] : sorted, query);
    },
    listCategories: () => ({ items: [{ category: explanation.rating.category, subjects: 230, rated: 230 }] }),
    explainRating: (_, __, part) => {
      const rating = merchants.find(({ id }) => part.startsWith(`merchant/${id}/`));
      if (rating === undefined) throw new Refusal(404, "not-found");
      return rating.id === explanation.rating.id ? explanation : { ...explanation, rating };
    },
    readHistory: () => ({ points: history, markers: [] }),
    readPacks: () => ({ items: [] }),
    listPolicies: () => ({ items: [recordOf()] }),
    readPolicy: () => ({ record: recordOf(), policy }),
    readPolicyContent: () => ({ record: recordOf(), policy }),
    listDeadLetters: (_, query) => pageOf((query.get("state") ?? "open") === "open" ? letters : [], query),
    replayDeadLetter: ({ body }) => {
      const event = (body as { event?: { type?: string } }).event;
      return event?.type === "order.shipped"
        ? { accepted: 1, duplicates: 0, rejected: 0, verdicts: [{ verdict: "accepted", id: "bad-1", seq: 63_041 }] }
        : {
            accepted: 0,
            duplicates: 0,
            rejected: 1,
            verdicts: [
              {
                verdict: "rejected",
                id: "bad-1",
                code: "type-unknown",
                path: "/type",
                message: "no such type",
                deadLetter: "1",
              },
            ],
          };
    },
    discardDeadLetter: () => ({ ...letters[0], state: "discarded" }),
    listActivity: () => ({ items: [], nextCursor: null }),
  };
}

function recordOf(): EndpointAnswer<"listPolicies">["items"][number] {
  return {
    policy: policyId,
    name: policy.name,
    subject: policy.subject,
    title: policy.title,
    state: "in-force",
    createdAt: "2026-01-01T00:00:00Z",
    publishedAt: "2026-01-01T00:00:00Z",
    effectiveDay: "2026-01-08",
    noticeDays: 7,
  };
}

const routes = Object.entries(endpoints).map(([name, { method, path }]) => ({
  name: name as EndpointName,
  method,
  pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "([^/]+)")}$`),
}));

const open = new Set<EndpointName>([
  "readSession",
  "signIn",
  "signInSecondFactor",
  "signInVisitor",
  "setUpFirstPerson",
  "acceptInvite",
  "signOut",
  "listMetrics",
  "readPolicy",
]);

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return parts.length === 0 ? undefined : (JSON.parse(Buffer.concat(parts).toString("utf8")) as unknown);
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  state: ServerState,
  answers: Answers,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://localhost");
  if (!url.pathname.startsWith("/v1/")) {
    const { type, content } = await builtFile(state.folder, url.pathname.replace(/^\/console\/?/, ""), "index.html");
    response.writeHead(200, { "content-type": type, "content-security-policy": contentPolicy }).end(content);
    return;
  }
  const route = routes.find(({ method, pattern }) => method === request.method && pattern.test(url.pathname));
  const marketplace = request.headers["probity-marketplace"];
  const asked: Asked = {
    method: request.method ?? "",
    path: url.pathname,
    marketplace: Array.isArray(marketplace) ? undefined : marketplace,
    body: await bodyOf(request),
  };
  state.asked.push(asked);
  response.setHeader("content-type", "application/json");
  await new Promise((resolve) => setTimeout(resolve, state.delayMs(url)));
  try {
    if (state.broken) throw new Refusal(500, "internal");
    const make = route === undefined ? undefined : answers[route.name];
    if (route === undefined || make === undefined) throw new Refusal(404, "not-found");
    if (!state.signedIn && !open.has(route.name)) throw new Refusal(401, "session-missing");
    const made = make(asked, url.searchParams, decodeURIComponent(url.pathname.split("/").slice(3).join("/")));
    response.end(JSON.stringify(endpoints[route.name].answer.parse(made)));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status, message } = error;
    response.writeHead(status, { "content-type": "application/problem+json" });
    response.end(
      JSON.stringify({ type: `https://probity.dev/problems/${message}`, title: message, status, detail: message }),
    );
  }
}

/** Serves the built console over made-up answers that keep the contract. */
export async function openServer(folder: string): Promise<TestServer> {
  const state: ServerState = {
    signedIn: true,
    firstRun: false,
    visitor: false,
    secondFactor: false,
    broken: false,
    delayMs: () => 0,
    folder,
    asked: [],
  };
  const answers = answersOf(state);
  const { server, base }: { server: Server; base: string } = await listen((request, response) => {
    answer(request, response, state, answers).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  return {
    base: `${base}/console`,
    state,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const merchantId: string = explanation.rating.id;
export const policyOfMerchants: string = policyId;
