import {
  type Agreement,
  type DecisionRecord,
  decisionBody,
  type EndpointAnswer,
  type EndpointName,
  endpoints,
  type QueueFilter,
  type Role,
  roleScopes,
  type SuppressionAudit,
} from "@probity/contract";
import type { Page, Route } from "playwright-core";
import type { TestServer } from "../shell/server.fixture.ts";
import {
  dossierOf,
  items,
  modelReportOf,
  modelSummaries,
  ringCaseOf,
  ringSummaries,
  userRecordOf,
} from "./authenticity-data.fixture.ts";

/** Authenticity as a server keeps it, for a test to look at and to change. */
export interface DeskState {
  role: Role;
  /** Keys of what is decided, by decision. */
  readonly decided: Map<string, string[]>;
  readonly rings: typeof ringSummaries;
  readonly models: typeof modelSummaries;
  training: boolean;
  labels: number;
  failure: string | null;
  /** Somebody else decides between the preview and the decision. */
  changesMeanwhile: boolean;
  /** The next decision is refused so. */
  refusal: readonly [number, string] | undefined;
  /** There is nothing of anything. */
  empty: boolean;
  readonly asked: { readonly name: EndpointName; readonly query: string; readonly body: unknown }[];
}

export const newDesk = (): DeskState => ({
  role: "admin",
  decided: new Map(),
  rings: structuredClone(ringSummaries),
  models: structuredClone(modelSummaries),
  training: false,
  labels: 412,
  failure: null,
  changesMeanwhile: false,
  refusal: undefined,
  empty: false,
  asked: [],
});

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, code: string) {
    super(code);
    this.status = status;
  }
}

interface Asked {
  readonly query: URLSearchParams;
  readonly parts: readonly string[];
  readonly body: unknown;
}
type Answers = { readonly [N in EndpointName]?: (asked: Asked) => EndpointAnswer<N> };

type Item = (typeof items)[number];
const keyOf = ({ kind, merchant, id }: Pick<Item, "kind" | "merchant" | "id">): string => `${kind}/${merchant}/${id}`;

function matching(state: DeskState, filter: QueueFilter): Item[] {
  const gone = new Set([...state.decided.values()].flat());
  if (state.empty) return [];
  return items.filter(
    (item) =>
      !gone.has(keyOf(item)) &&
      (filter.kind === undefined || item.kind === filter.kind) &&
      (filter.merchant === undefined || item.merchant === filter.merchant) &&
      (filter.user === undefined || item.user === filter.user) &&
      (filter.ring === undefined || item.ring === filter.ring) &&
      (filter.reason === undefined || item.top === filter.reason) &&
      (filter.appealed === undefined || item.appealed === filter.appealed) &&
      item.reliability >= (filter.reliabilityMin ?? 0) &&
      item.reliability <= (filter.reliabilityMax ?? 1_000),
  );
}

const recordOf = (no: number, parts: Partial<DecisionRecord>): DecisionRecord => ({
  decision: String(no).padStart(32, "0"),
  verdict: "genuine",
  items: 1,
  at: "2026-11-20T09:00:00Z",
  by: "p1",
  note: null,
  undone: false,
  secondLook: false,
  ...parts,
});

function queueAnswers(state: DeskState): Answers {
  const find = (kind: string, [merchant, id]: readonly string[]): Item => {
    const item = items.find((one) => one.kind === kind && one.merchant === merchant && one.id === id);
    if (item === undefined) throw new Refusal(404, "not-found");
    return item;
  };
  return {
    listQueue: ({ query }) => {
      const { order, cursor, limit, ...filter } = endpoints.listQueue.query.parse(Object.fromEntries(query));
      const all = matching(state, filter);
      const sorted = order === "newest" ? all.toSorted((one, other) => other.at.localeCompare(one.at)) : all;
      const from = Number(cursor ?? 0);
      const next = from + limit;
      return {
        items: sorted.slice(from, next),
        nextCursor: next < sorted.length ? String(next) : null,
        waiting: sorted.length,
      };
    },
    readReviewDossier: ({ parts }) => dossierOf(find("review", parts)),
    readOrderDossier: ({ parts }) => dossierOf(find("order", parts)),
    readFollowDossier: ({ parts }) => dossierOf(find("follow", parts)),
    decideReviews: ({ body }) => {
      if (state.refusal !== undefined) throw new Refusal(...state.refusal);
      const { items: decided, decision, secondLook, note } = decisionBody.parse(body);
      const record = recordOf(state.decided.size + 1, {
        verdict: decision,
        items: decided.length,
        secondLook,
        note: note ?? null,
      });
      state.decided.set(record.decision, decided.map(keyOf));
      return record;
    },
    undoDecision: ({ parts: [decision = ""] }) => {
      if (!state.decided.delete(decision)) throw new Refusal(409, "decision-state");
      return { ...recordOf(1, { undone: true }), decision };
    },
    decideInBulk: ({ body }) => {
      const { filter, decision, expected } = endpoints.decideInBulk.body.parse(body);
      const all = matching(state, filter);
      if (expected === undefined) {
        const effects = [...new Set(all.map(({ merchant }) => merchant))].slice(0, 3).map((merchant, place) => ({
          merchant,
          name: all.find((item) => item.merchant === merchant)?.merchantName ?? null,
          items: all.filter((item) => item.merchant === merchant).length,
          before: 812 - 31 * place,
          after: 770.5 - 20 * place,
        }));
        return { items: all.length, effects, record: null };
      }
      if (state.changesMeanwhile || expected !== all.length) {
        state.changesMeanwhile = false;
        throw new Refusal(409, "selection-changed");
      }
      const record = recordOf(state.decided.size + 1, { verdict: decision, items: all.length });
      state.decided.set(record.decision, all.map(keyOf));
      return { items: all.length, effects: [], record };
    },
    readUserRecord: ({ parts: [user = ""] }) => {
      if (!user.startsWith("u-")) throw new Refusal(404, "not-found");
      return userRecordOf(user);
    },
    readAuthenticity: () => ({
      reviews: 132,
      reviewsNotCounted: 9,
      reviewsReduced: 4,
      orders: 611,
      ordersNotCounted: 12,
      followers: 88,
      followersNotCounted: 0,
      reasons: [
        { code: "duplicates", items: 6 },
        { code: "ring", items: 4 },
        { code: "decision", items: 3 },
      ],
    }),
  };
}

function ringAnswers(state: DeskState): Answers {
  const find = (id: string | undefined) => {
    const ring = state.rings.find((one) => one.ring === id);
    if (ring === undefined) throw new Refusal(404, "not-found");
    return ring;
  };
  return {
    listRings: ({ query }) => ({
      items: state.empty
        ? []
        : state.rings.filter(
            ({ state: stands, targets }) =>
              (query.get("state") ?? stands) === stands &&
              (query.get("merchant") === null || targets.some(({ merchant }) => merchant === query.get("merchant"))),
          ),
      nextCursor: null,
    }),
    readRing: ({ parts: [id] }) => ringCaseOf(find(id)),
    decideRing: ({ parts: [id], body }) => {
      const { decision } = endpoints.decideRing.body.parse(body);
      return Object.assign(find(id), { state: decision === "reopened" ? "open" : decision });
    },
  };
}

const agreement: Agreement = {
  pairs: 84,
  agreed: 74,
  kappa: 0.74,
  kappaLow: 0.6,
  kappaHigh: 0.86,
  byModerator: [
    { who: "p1", name: "林 Lin", decisions: 412, pairs: 60, agreed: 55 },
    { who: "p2", name: null, decisions: 12, pairs: 0, agreed: 0 },
  ],
};

const audit: SuppressionAudit = {
  day: "2026-11-19",
  reviews: 9_310,
  reduced: 412,
  lowShareReduced: 0.14,
  lowShareCounted: 0.11,
  difference: 0.03,
  low: -0.004,
  high: 0.066,
  sentimentDifference: -21,
  sentimentLow: -70,
  sentimentHigh: 28,
  verdict: "even",
};

function modelAnswers(state: DeskState): Answers {
  const find = (id: string | undefined) => {
    const model = state.models.find((one) => one.model === id);
    if (model === undefined) throw new Refusal(404, "not-found");
    return model;
  };
  return {
    listModels: () => ({
      items: state.empty ? [] : [...state.models],
      training: state.training,
      labels: state.labels,
      failure: state.failure,
    }),
    readModel: ({ parts: [id] }) => modelReportOf(find(id)),
    trainModel: () => {
      state.training = true;
      return { training: true };
    },
    promoteModel: ({ parts: [id] }) => {
      const model = find(id);
      if (!model.passed) throw new Refusal(409, "model-state");
      for (const one of state.models) if (one.state === "in-force") Object.assign(one, { state: "retired" });
      return Object.assign(model, { state: "in-force", promotedAt: "2026-11-20T09:00:00Z" });
    },
    readAgreement: () =>
      state.empty
        ? { ...agreement, pairs: 0, kappa: null, kappaLow: null, kappaHigh: null, byModerator: [] }
        : agreement,
    readSuppressionAudit: () =>
      state.empty
        ? { ...audit, difference: null, lowShareReduced: null, sentimentDifference: null, verdict: "too-little" }
        : audit,
  };
}

const routes = Object.entries(endpoints).map(([name, { method, path }]) => ({
  name: name as EndpointName,
  method,
  pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "([^/]+)")}$`),
}));

function refuse(route: Route, { status, message }: Refusal): Promise<void> {
  const type = `https://probity.dev/problems/${message}`;
  return route.fulfill({
    status,
    contentType: "application/problem+json",
    json: { type, title: message, status, detail: message },
  });
}

function sessionOf(state: DeskState): EndpointAnswer<"readSession"> {
  return endpoints.readSession.answer.parse({
    person: { id: "p1", name: "林 Lin", email: "p1@example.org", isVisitor: false },
    signIn: { firstRun: false, oidc: null, visitor: false },
    secondFactor: false,
    marketplaces: [
      {
        slug: "demo",
        name: "Demo",
        currency: "CNY",
        clock: "wall",
        role: state.role,
        scopes: [...roleScopes[state.role]],
      },
    ],
  });
}

/** Answers what the desk asks, by the contract; everything else goes on to the server. */
export async function serveDesk(page: Page, server: TestServer, state: DeskState): Promise<void> {
  const answers: Answers = { ...queueAnswers(state), ...ringAnswers(state), ...modelAnswers(state) };
  await page.route("**/v1/**", async (route) => {
    const request = route.request();
    const { pathname, searchParams: query } = new URL(request.url());
    if (pathname === "/v1/session" && request.method() === "GET") return route.fulfill({ json: sessionOf(state) });
    const found = routes.find(({ method, pattern }) => method === request.method() && pattern.test(pathname));
    const make = found === undefined ? undefined : answers[found.name];
    if (found === undefined || make === undefined) return route.fallback();
    if (server.state.broken) return refuse(route, new Refusal(500, "internal"));
    const body = (request.postDataJSON() ?? {}) as unknown;
    state.asked.push({ name: found.name, query: query.toString(), body });
    const parts = (found.pattern.exec(pathname) ?? []).slice(1).map(decodeURIComponent);
    try {
      return await route.fulfill({ json: endpoints[found.name].answer.parse(make({ query, parts, body })) });
    } catch (error) {
      if (error instanceof Refusal) return refuse(route, error);
      throw error;
    }
  });
}
