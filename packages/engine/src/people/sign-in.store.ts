import { hash } from "node:crypto";
import { limits, ProblemError, type Session, signInLimits, roleScopes } from "@probity/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Ledger } from "../ledger/group-commit.store.ts";
import type { Db } from "../platform/db.ts";
import type { Caller, DoneCall, Sessions, SignedIn } from "../platform/http.ts";
import { actOf } from "./acts.ts";
import { type Act, type Doer, recordAct } from "./activity.store.ts";
import { type AttemptSubject, beginAttempt, endAttempts, forgetAttempts } from "./attempts.store.ts";
import { isLoopback, isLoopbackHost, networkOf } from "./index.ts";
import { isFirstRun, type Membership, memberships } from "./people.store.ts";
import { endSession, tidySessions } from "./sessions.store.ts";
import {
  addressHeader,
  cookiePrefix,
  openLibrary,
  type OidcSettings,
  type SignInLibrary,
} from "./sign-in-library.store.ts";

export interface PeopleOptions {
  readonly db: Db;
  readonly ledger: Ledger;
  /** 32 bytes of its own, drawn from the master key. */
  readonly secret: Uint8Array;
  /** Address under which browsers reach the server. */
  readonly origin: string;
  readonly oidc: OidcSettings | undefined;
  /** Whether this is the demo, where visitors may look around; and where it listens. */
  readonly demo: { readonly host: string } | undefined;
  readonly warn: (message: string) => void;
  /** The machine's clock: the sign-in library reads it by itself. */
  readonly now: () => number;
}

/** What an operation of the library answered, with the cookies that it sets. */
interface Told<T> {
  readonly response: T;
  readonly headers: Headers;
}

const wrongPassword = new Set(["INVALID_EMAIL_OR_PASSWORD", "INVALID_PASSWORD", "CREDENTIAL_ACCOUNT_NOT_FOUND"]);
const stepOver = new Set(["INVALID_TWO_FACTOR_COOKIE", "UNAUTHORIZED"]);
const lockedOut = new Set(["TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE", "ACCOUNT_TEMPORARILY_LOCKED"]);
const wrongCode = new Set(["INVALID_CODE", "INVALID_BACKUP_CODE"]);
const wrongState = new Set([
  "TOTP_ALREADY_ENABLED",
  "TOTP_NOT_ENABLED",
  "TWO_FACTOR_NOT_ENABLED",
  "BACKUP_CODES_NOT_ENABLED",
]);

export const signInRefused = (cause?: unknown): ProblemError =>
  new ProblemError("sign-in-refused", "E-mail address or password is wrong", { cause });

/** The library's refusal in the words of the house; anything else is our bug and stays what it is. */
function toProblem(error: unknown): unknown {
  const { body, status } = error as { body?: { code?: string }; status?: string };
  const code = body?.code ?? "";
  if (wrongPassword.has(code)) return signInRefused(error);
  if (wrongCode.has(code)) return new ProblemError("code-refused", "The code is wrong or was used", { cause: error });
  if (stepOver.has(code)) return new ProblemError("session-missing", "Sign in again from the start", { cause: error });
  if (lockedOut.has(code))
    return new ProblemError("sign-in-locked", "Too many codes were wrong; sign in again later", {
      cause: error,
      retryAfterSeconds: signInLimits.lockMs / 1_000,
    });
  if (wrongState.has(code))
    return new ProblemError("second-factor-state", "The second factor is not in a state for this", { cause: error });
  // Two that use the same recovery code at once: one of them is too late.
  if (status === "CONFLICT") return new ProblemError("code-refused", "The code was used", { cause: error });
  return error;
}

const sessionCookie = new RegExp(`(?:^|;\\s*)(?:__Secure-)?${cookiePrefix}\\.session_token=`);

/** Cookies of a request without those of the session. */
export function withoutSession(cookies: string): string {
  return cookies
    .split(/;\s*/)
    .filter((cookie) => !sessionCookie.test(cookie))
    .join("; ");
}

/** People who sign in: passwords, sessions and second factors through the library, rights and lock-out by the house. */
export class People implements Sessions {
  readonly db: Db;
  readonly ledger: Ledger;
  readonly now: () => number;
  readonly library: SignInLibrary;
  readonly origin: string;
  readonly oidc: OidcSettings | undefined;
  readonly #demo: PeopleOptions["demo"];

  constructor(options: PeopleOptions) {
    this.db = options.db;
    this.ledger = options.ledger;
    this.now = options.now;
    this.origin = options.origin;
    this.oidc = options.oidc;
    this.#demo = options.demo;
    this.library = openLibrary(options);
  }

  carried(request: FastifyRequest): boolean {
    return sessionCookie.test(request.headers.cookie ?? "");
  }

  /** What the library is told about a request: cookies, address and browser, nothing else. */
  headersOf(request: FastifyRequest, cookies: string = request.headers.cookie ?? ""): Headers {
    return new Headers({
      cookie: cookies,
      "user-agent": (request.headers["user-agent"] ?? "").slice(0, signInLimits.agentChars),
      [addressHeader]: request.ip.slice(0, signInLimits.addressChars),
      host: new URL(this.origin).host,
    });
  }

  /** Runs an operation of the library; its cookies go to the browser, its refusals become problems. */
  async run<T>(reply: FastifyReply, operation: () => Promise<Told<T>>): Promise<T> {
    try {
      const { response, headers } = await operation();
      this.passCookies(reply, headers);
      return response;
    } catch (error) {
      throw toProblem(error);
    }
  }

  passCookies(reply: FastifyReply, headers: Headers): void {
    for (const cookie of headers.getSetCookie()) reply.header("set-cookie", cookie);
  }

  async person(request: FastifyRequest, reply: FastifyReply): Promise<SignedIn | undefined> {
    if (!this.carried(request)) return undefined;
    const found = await this.run(reply, () =>
      this.library.api.getSession({ headers: this.headersOf(request), returnHeaders: true }),
    );
    if (found === null) return undefined;
    const { session, user } = found;
    if (session.createdAt.getTime() + signInLimits.sessionMs <= this.now()) {
      await endSession(this.db, user.id, session.id);
      return undefined;
    }
    return {
      personId: user.id,
      sessionId: session.id,
      name: user.name,
      email: user.email,
      isVisitor: user.isVisitor === true,
      hasSecondFactor: user.twoFactorEnabled === true,
    };
  }

  async enter(person: SignedIn, slug: string): Promise<Caller | undefined> {
    const found = (await memberships(this.db, person.personId)).find(({ market }) => market.slug === slug);
    if (found === undefined) return undefined;
    return {
      market: found.market,
      scopes: roleScopes[found.role],
      actor: { by: "person", who: person.personId },
    };
  }

  async acted({ endpoint, caller, params, body, answer }: DoneCall): Promise<void> {
    // Keys send events and publish policies; of those the ledger tells by itself.
    if (caller.actor.by !== "person") return;
    const act = actOf(endpoint, params, body, answer);
    if (act !== undefined) await recordAct(this.ledger, caller.market, caller.actor, act);
  }

  /** Records what a person did about the account: it belongs to every marketplace of that person. */
  async record(personId: string, act: Omit<Act, "object"> & { readonly object?: string }): Promise<void> {
    const doer: Doer = { by: "person", who: personId };
    for (const { market } of await memberships(this.db, personId)) {
      await recordAct(this.ledger, market, doer, { object: personId, ...act });
    }
  }

  /** Ends the session that a request came with: another one has begun in its place. */
  async leave(request: FastifyRequest): Promise<void> {
    if (!this.carried(request)) return;
    const found = await this.library.api.getSession({ headers: this.headersOf(request) });
    if (found !== null) await endSession(this.db, found.user.id, found.session.id);
  }

  /** Counts an attempt of this network and, where it is about one, of an account. */
  async attempt(request: FastifyRequest, email?: string): Promise<readonly AttemptSubject[]> {
    const network: AttemptSubject = `network:${networkOf(request.ip)}`;
    const subjects: AttemptSubject[] = [
      network,
      ...(email === undefined ? [] : [`account:${hash("sha256", email, "hex")}` as const]),
    ];
    await beginAttempt(this.db, subjects, this.now());
    return subjects;
  }

  async succeed(subjects: readonly AttemptSubject[]): Promise<void> {
    await endAttempts(this.db, subjects);
    await forgetAttempts(this.db, this.now());
    await tidySessions(this.db, this.now());
  }

  /** Whether this request may become a visitor: the demo, asked from the very machine, under its own name. */
  isVisitorWelcome(request: FastifyRequest): boolean {
    if (this.#demo === undefined || !isLoopback(this.#demo.host)) return false;
    const { "x-forwarded-for": forwarded, forwarded: said } = request.headers;
    const address = request.socket.remoteAddress ?? "";
    return isLoopback(address) && isLoopbackHost(request.host) && forwarded === undefined && said === undefined;
  }

  async session(request: FastifyRequest, person: SignedIn | undefined): Promise<Session> {
    const roles: readonly Membership[] = person === undefined ? [] : await memberships(this.db, person.personId);
    return {
      person:
        person === undefined
          ? null
          : {
              id: person.personId,
              name: person.name.slice(0, limits.nameChars),
              email: person.isVisitor ? null : person.email,
              isVisitor: person.isVisitor,
            },
      signIn: {
        firstRun: await isFirstRun(this.db),
        oidc: this.oidc === undefined ? null : { label: this.oidc.label },
        visitor: this.isVisitorWelcome(request),
      },
      secondFactor: person?.hasSecondFactor ?? false,
      marketplaces: roles.map(({ market, role }) => ({
        slug: market.slug,
        name: market.name,
        currency: market.currency,
        clock: market.clock,
        role,
        scopes: [...roleScopes[role]],
      })),
    };
  }
}
