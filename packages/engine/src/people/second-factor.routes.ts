import { ProblemError } from "@probity/contract";
import type { FastifyInstance } from "fastify";
import { addPersonEndpoint, addSessionEndpoint, type SignedIn } from "../platform/http.ts";
import { hasPassword, isEnrolling } from "./people.store.ts";
import { endByToken, takeCode } from "./sessions.store.ts";
import { type People, withoutSession } from "./sign-in.store.ts";

const codeRefused = (): ProblemError =>
  new ProblemError("code-refused", "The code is wrong or was used; wait for the next one");

/** Six digits are the authenticator's, anything else is a recovery code; spaces are how people write them. */
const digitsOf = (code: string): string | undefined => /^\d{6}$/.exec(code.replaceAll(/\s/g, ""))?.[0];

async function checkOwn(people: People, person: SignedIn): Promise<void> {
  if (person.isVisitor) throw new ProblemError("scope-missing", "A visitor may look, and change nothing");
  if (!(await hasPassword(people.db, person.personId))) {
    throw new ProblemError(
      "second-factor-state",
      "You sign in through the identity provider: the second factor is there",
    );
  }
}

function addSignInStep(app: FastifyInstance, people: People): void {
  const { db, library, now } = people;
  addSessionEndpoint(app, "signInSecondFactor", async ({ body, request, reply }) => {
    const attempt = await people.attempt(request);
    const headers = people.headersOf(request, withoutSession(request.headers.cookie ?? ""));
    const digits = digitsOf(body.code);
    // The cookies are held back until it is sure that the code was not used before.
    const held = { set: new Headers() };
    const told = await people.run(reply, async () => {
      const answer =
        digits === undefined
          ? await library.api.verifyBackupCode({ body: { code: body.code.trim() }, headers, returnHeaders: true })
          : await library.api.verifyTOTP({ body: { code: digits }, headers, returnHeaders: true });
      held.set = answer.headers;
      return { response: answer.response, headers: new Headers() };
    });
    const { user, token } = told as { user: { id: string }; token: string };
    if (digits !== undefined && !(await takeCode(db, user.id, digits, now()))) {
      await endByToken(db, token);
      throw codeRefused();
    }
    await people.leave(request);
    people.passCookies(reply, held.set);
    await people.succeed(attempt);
    await people.record(user.id, { act: "signed-in", after: digits === undefined ? "recovery code" : "second factor" });
    return { next: "done" as const };
  });
}

/** The second factor: signing in with it, and taking it on or giving it up. */
export function addSecondFactor(app: FastifyInstance, people: People): void {
  const { db, library, now } = people;
  addSignInStep(app, people);
  addPersonEndpoint(app, "enrolSecondFactor", async ({ person, body, request, reply }) => {
    await checkOwn(people, person);
    const attempt = await people.attempt(request, person.email);
    const told = await people.run(reply, () =>
      library.api.enableTwoFactor({
        body: { password: body.password },
        headers: people.headersOf(request),
        returnHeaders: true,
      }),
    );
    await people.succeed(attempt);
    if (told.method !== "totp") throw new Error("the library enrolled another second factor than the authenticator");
    return {
      uri: told.totpURI,
      secret: new URL(told.totpURI).searchParams.get("secret") ?? "",
      recoveryCodes: told.backupCodes,
    };
  });
  addPersonEndpoint(app, "confirmSecondFactor", async ({ person, body, request, reply }) => {
    await checkOwn(people, person);
    if (!(await isEnrolling(db, person.personId)))
      throw new ProblemError("second-factor-state", "Begin with a second factor first");
    const attempt = await people.attempt(request);
    const digits = digitsOf(body.code);
    if (digits === undefined) throw codeRefused();
    await people.run(reply, () =>
      library.api.verifyTOTP({ body: { code: digits }, headers: people.headersOf(request), returnHeaders: true }),
    );
    await takeCode(db, person.personId, digits, now());
    await people.succeed(attempt);
    await people.record(person.personId, { act: "second-factor-added" });
    return {};
  });
  addPersonEndpoint(app, "removeSecondFactor", async ({ person, body, request, reply }) => {
    await checkOwn(people, person);
    if (!person.hasSecondFactor) throw new ProblemError("second-factor-state", "There is no second factor to give up");
    const attempt = await people.attempt(request, person.email);
    await people.run(reply, () =>
      library.api.disableTwoFactor({
        body: { password: body.password },
        headers: people.headersOf(request),
        returnHeaders: true,
      }),
    );
    await people.succeed(attempt);
    await people.record(person.personId, { act: "second-factor-removed" });
    return {};
  });
}
