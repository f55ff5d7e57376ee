import {
  type ApiKey,
  apiKeyScopes,
  type EndpointAnswer,
  type EndpointName,
  endpoints,
  type Invite,
  type Person,
  type Role,
  roleScopes,
} from "@probity/contract";
import type { Page, Route } from "playwright-core";
import type { TestServer } from "../shell/server.fixture.ts";

/** People and keys as a server keeps them, for a test to look at and to change. */
export interface SettingsState {
  readonly people: Person[];
  readonly invites: Invite[];
  readonly keys: ApiKey[];
  secondFactor: boolean;
  /** Who asks, in the marketplace `demo`. */
  role: Role;
  isVisitor: boolean;
  readonly asked: { readonly name: EndpointName; readonly body: unknown }[];
}

export const goodPassword = "correct horse battery";
export const shownToken = `pk_${"a".repeat(18)}_shown-once`;
const at = "2026-11-20T08:00:00Z";

const personOf = (person: string, name: string, role: Role): Person => ({
  person,
  name,
  email: `${person}@example.org`,
  role,
  secondFactor: role === "admin",
  since: at,
  lastSeenAt: person === "p3" ? null : at,
});

export function newSettings(): SettingsState {
  const key = (sign: string, label: string, scopes: ApiKey["scopes"], revokedAt: string | null): ApiKey => ({
    key: sign.repeat(18),
    label,
    scopes,
    createdAt: at,
    lastUsedAt: null,
    revokedAt,
  });
  return {
    people: [
      personOf("p1", "林 Lin", "admin"),
      personOf("p2", "王 Wang", "operator"),
      personOf("p3", `${"清和竹器 متجر الخيزران ".repeat(8)}end`, "viewer"),
    ],
    invites: [{ invite: "i1", email: "new@example.org", role: "analyst", createdAt: at, expiresAt: at }],
    keys: [
      key("1", "old", ["events:write"], "2026-11-20T08:00:00Z"),
      key("2", "shop", ["events:write", "events:read"], null),
      key("3", "", [...apiKeyScopes], "2099-01-01T00:00:00Z"),
    ],
    secondFactor: false,
    role: "admin",
    isVisitor: false,
    asked: [],
  };
}

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, code: string) {
    super(code);
    this.status = status;
  }
}

interface Asked {
  readonly part: string;
  readonly body: Readonly<Record<string, unknown>>;
}
type Answers = { readonly [N in EndpointName]?: (asked: Asked) => EndpointAnswer<N> };

function checkPassword({ body }: Asked): void {
  if (body["password"] !== goodPassword) throw new Refusal(401, "sign-in-refused");
}

function findPerson(state: SettingsState, id: string): Person {
  const person = state.people.find((one) => one.person === id);
  if (person === undefined) throw new Refusal(404, "not-found");
  const admins = state.people.filter(({ role }) => role === "admin");
  if (person.role === "admin" && admins.length === 1) throw new Refusal(409, "last-admin");
  return person;
}

function peopleAnswers(state: SettingsState): Answers {
  return {
    listPeople: () => ({ items: state.people, invites: state.invites }),
    setRole: ({ part, body }) => {
      const changed: Person = { ...findPerson(state, part), role: body["role"] as Role };
      state.people.splice(
        state.people.findIndex(({ person }) => person === part),
        1,
        changed,
      );
      return changed;
    },
    removePerson: ({ part }) => {
      state.people.splice(state.people.indexOf(findPerson(state, part)), 1);
      return {};
    },
    invitePerson: ({ body }) => {
      const email = String(body["email"]);
      const invite: Invite = { invite: "i2", email, role: body["role"] as Role, createdAt: at, expiresAt: at };
      state.invites.push(invite);
      return { invite, link: "https://trust.example/console/invite#shown-once" };
    },
    withdrawInvite: ({ part }) => {
      const place = state.invites.findIndex(({ invite }) => invite === part);
      if (place === -1) throw new Refusal(404, "not-found");
      state.invites.splice(place, 1);
      return {};
    },
  };
}

function keyAnswers(state: SettingsState): Answers {
  const make = (label: string, scopes: ApiKey["scopes"]): EndpointAnswer<"createKey"> => {
    const key: ApiKey = { key: "a".repeat(18), label, scopes, createdAt: at, lastUsedAt: null, revokedAt: null };
    state.keys.unshift(key);
    return { key, token: shownToken };
  };
  const end = (id: string, revokedAt: string): ApiKey => {
    const place = state.keys.findIndex(({ key }) => key === id);
    const key = state.keys[place];
    if (key === undefined) throw new Refusal(404, "not-found");
    state.keys.splice(place, 1, { ...key, revokedAt });
    return key;
  };
  return {
    listKeys: () => ({ items: state.keys }),
    createKey: ({ body }) => make(String(body["label"]), body["scopes"] as ApiKey["scopes"]),
    rotateKey: ({ part }) => {
      const { label, scopes } = end(part, "2099-01-01T00:00:00Z");
      return make(label, scopes);
    },
    revokeKey: ({ part }) => {
      end(part, at);
      return {};
    },
  };
}

function accountAnswers(state: SettingsState): Answers {
  return {
    listSessions: () => ({ items: [] }),
    changePassword: (asked) => {
      checkPassword(asked);
      return {};
    },
    enrolSecondFactor: (asked) => {
      checkPassword(asked);
      const secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
      return {
        uri: `otpauth://totp/Probity:lin@example.org?secret=${secret}&issuer=Probity`,
        secret,
        recoveryCodes: ["aaaaa-11111", "bbbbb-22222"],
      };
    },
    confirmSecondFactor: ({ body }) => {
      if (body["code"] !== "123456") throw new Refusal(401, "code-refused");
      state.secondFactor = true;
      return {};
    },
    removeSecondFactor: (asked) => {
      checkPassword(asked);
      state.secondFactor = false;
      return {};
    },
    createMarketplace: ({ body }) => {
      if (body["slug"] === "lake") throw new Refusal(409, "marketplace-taken");
      return { slug: String(body["slug"]) };
    },
  };
}

const routes = Object.entries(endpoints).map(([name, { method, path }]) => ({
  name: name as EndpointName,
  method,
  pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "([^/]+)")}$`),
}));

function answerTo(route: Route, made: unknown): Promise<void> {
  return made instanceof Refusal
    ? route.fulfill({
        status: made.status,
        contentType: "application/problem+json",
        json: {
          type: `https://probity.dev/problems/${made.message}`,
          title: made.message,
          status: made.status,
          detail: made.message,
        },
      })
    : route.fulfill({ json: made });
}

function sessionOf(state: SettingsState, isSignedIn: boolean): EndpointAnswer<"readSession"> {
  const demo = { slug: "demo", name: "Demo", currency: "CNY", clock: "wall" as const };
  const shore = { slug: "shore", name: "湖畔 Lakeside", currency: "EUR", clock: "log" as const };
  const viewer = { role: "viewer" as const, scopes: [...roleScopes.viewer] };
  const made = state.asked.some(({ name }) => name === "createMarketplace");
  return endpoints.readSession.answer.parse({
    person: isSignedIn ? { id: "p1", name: "林 Lin", email: "p1@example.org", isVisitor: state.isVisitor } : null,
    signIn: { firstRun: false, oidc: { label: "Acme" }, visitor: false },
    secondFactor: state.secondFactor,
    marketplaces: isSignedIn
      ? [
          { ...demo, role: state.role, scopes: [...roleScopes[state.role]] },
          { ...shore, ...(made ? { role: "admin", scopes: [...roleScopes.admin] } : viewer) },
        ]
      : [],
  });
}

/** Answers what the settings ask, by the contract; everything else goes on to the server. */
export async function serveSettings(page: Page, server: TestServer, state: SettingsState): Promise<void> {
  const answers: Answers = { ...peopleAnswers(state), ...keyAnswers(state), ...accountAnswers(state) };
  await page.route("**/v1/**", async (route) => {
    const request = route.request();
    const { pathname } = new URL(request.url());
    if (pathname === "/v1/session" && request.method() === "GET") {
      return route.fulfill({ json: sessionOf(state, server.state.signedIn) });
    }
    const found = routes.find(({ method, pattern }) => method === request.method() && pattern.test(pathname));
    const make = found === undefined ? undefined : answers[found.name];
    if (found === undefined || make === undefined) return route.fallback();
    if (!server.state.signedIn) return answerTo(route, new Refusal(401, "session-missing"));
    const body = (request.postDataJSON() ?? {}) as Asked["body"];
    state.asked.push({ name: found.name, body });
    const part = found.pattern.exec(pathname)?.[1] ?? "";
    try {
      return await answerTo(route, endpoints[found.name].answer.parse(make({ part, body })));
    } catch (error) {
      if (error instanceof Refusal) return answerTo(route, error);
      throw error;
    }
  });
}
