import { randomBytes } from "node:crypto";
import { ProblemError } from "@probity/contract";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { addPersonEndpoint, addSessionEndpoint, type SignedIn } from "../platform/http.ts";
import { hashPassword, isPassword } from "./index.ts";
import { finishOidc, startOidc } from "./oidc.store.ts";
import { saltBytes } from "./password.ts";
import { inviteRefused, makeFirstPerson, makeVisitor, readInvite, useInvite } from "./people.store.ts";
import { addSecondFactor } from "./second-factor.routes.ts";
import { endSession, listSessions } from "./sessions.store.ts";
import { type People, signInRefused } from "./sign-in.store.ts";

const salted = (password: string): Promise<string> => hashPassword(password, randomBytes(saltBytes));

interface Credentials {
  readonly email: string;
  readonly password: string;
}

type Next = { next: "done" | "second-factor" };

/** Signs in by password; the attempt has been counted. */
async function enter(
  people: People,
  request: FastifyRequest,
  reply: FastifyReply,
  { email, password }: Credentials,
): Promise<Next> {
  const told = await people.run(reply, () =>
    people.library.api.signInEmail({
      body: { email, password },
      headers: people.headersOf(request, ""),
      returnHeaders: true,
    }),
  );
  if (!("user" in told)) return { next: "second-factor" };
  await people.leave(request);
  await people.record(told.user.id, { act: "signed-in", after: "password" });
  return { next: "done" };
}

function addSignIn(app: FastifyInstance, people: People): void {
  addSessionEndpoint(app, "readSession", async ({ request, reply }) =>
    people.session(request, await people.person(request, reply)),
  );
  addSessionEndpoint(app, "signIn", async ({ body, request, reply }) => {
    const attempt = await people.attempt(request, body.email);
    const next = await enter(people, request, reply, body);
    await people.succeed(attempt);
    return next;
  });
  addSessionEndpoint(app, "signOut", async ({ request, reply }) => {
    const person = await people.person(request, reply);
    if (person === undefined) return {};
    await people.run(reply, () =>
      people.library.api.signOut({ headers: people.headersOf(request), returnHeaders: true }),
    );
    await people.record(person.personId, { act: "signed-out" });
    return {};
  });
  addSessionEndpoint(app, "signInVisitor", async ({ request, reply }) => {
    if (!people.isVisitorWelcome(request)) {
      throw new ProblemError("visitor-refused", "Only the demo lets visitors in, and only on the machine it runs on");
    }
    const personId = await makeVisitor(people.db, people.now());
    await people.run(reply, () =>
      people.library.api.startVisitor({
        body: { personId },
        headers: people.headersOf(request, ""),
        returnHeaders: true,
      }),
    );
    await people.record(personId, { act: "signed-in", after: "visitor" });
    return { next: "done" as const };
  });
}

function addJoining(app: FastifyInstance, people: People): void {
  const { db, now } = people;
  addSessionEndpoint(app, "setUpFirstPerson", async ({ body, request, reply }) => {
    const attempt = await people.attempt(request);
    const person = { name: body.name, email: body.email, passwordHash: await salted(body.password) };
    const personId = await makeFirstPerson(db, body.setupCode, person, now());
    await people.record(personId, { act: "person-joined", after: "admin" });
    const next = await enter(people, request, reply, body);
    await people.succeed(attempt);
    return next;
  });
  addSessionEndpoint(app, "acceptInvite", async ({ body, request, reply }) => {
    const found = await readInvite(db, body.token, now());
    // Counted for the account only where the invite is real: who holds none cannot lock anybody.
    const attempt = await people.attempt(request, found?.email);
    if (found === undefined) throw inviteRefused();
    const { email, personId, passwordHash } = found;
    if (personId === null) {
      const joined = await useInvite(
        db,
        body.token,
        { name: body.name, passwordHash: await salted(body.password) },
        now(),
      );
      await people.record(joined.personId, { act: "person-joined", after: joined.role });
    } else {
      if (passwordHash === null) {
        throw new ProblemError(
          "invite-refused",
          "This address signs in through the identity provider, which gives the roles",
        );
      }
      if (!(await isPassword(body.password, passwordHash))) throw signInRefused();
      const joined = await useInvite(db, body.token, { personId }, now());
      await people.record(joined.personId, { act: "person-joined", after: joined.role });
    }
    const next = await enter(people, request, reply, { email, password: body.password });
    await people.succeed(attempt);
    return next;
  });
}

/** Visitors have nothing of their own that could be changed. */
export function refuseVisitor(person: SignedIn): void {
  if (person.isVisitor) throw new ProblemError("scope-missing", "A visitor may look, and change nothing");
}

function addOwn(app: FastifyInstance, people: People): void {
  const { db, now } = people;
  addPersonEndpoint(app, "listSessions", async ({ person }) => ({
    items: await listSessions(db, person.personId, person.sessionId, now()),
  }));
  addPersonEndpoint(app, "revokeSession", async ({ person, params }) => {
    if (!(await endSession(db, person.personId, params.session))) {
      throw new ProblemError("not-found", `You have no session ${params.session}`);
    }
    await people.record(person.personId, { act: "session-revoked", object: params.session });
    return {};
  });
  addPersonEndpoint(app, "changePassword", async ({ person, body, request, reply }) => {
    refuseVisitor(person);
    const attempt = await people.attempt(request, person.email);
    await people.run(reply, () =>
      people.library.api.changePassword({
        body: { currentPassword: body.password, newPassword: body.newPassword, revokeOtherSessions: true },
        headers: people.headersOf(request),
        returnHeaders: true,
      }),
    );
    await people.succeed(attempt);
    await people.record(person.personId, { act: "password-changed" });
    return {};
  });
}

function addOidc(app: FastifyInstance, people: People): void {
  addSessionEndpoint(
    app,
    "startOidc",
    async ({ query, request, reply }) =>
      reply.redirect(await startOidc(people, request, reply, query.returnTo)) as never,
  );
  addSessionEndpoint(
    app,
    "finishOidc",
    async ({ request, reply }) => reply.redirect(await finishOidc(people, request, reply)) as never,
  );
}

/** Signing in and out, and what a person does about the own account. */
export function addSessionRoutes(app: FastifyInstance, people: People): void {
  addSignIn(app, people);
  addJoining(app, people);
  addOwn(app, people);
  addSecondFactor(app, people);
  addOidc(app, people);
}
