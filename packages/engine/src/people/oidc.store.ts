import { ProblemError } from "@probity/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { recordAct } from "./activity.store.ts";
import { takeOidcRoles } from "./people.store.ts";
import { oidcProvider } from "./sign-in-library.store.ts";
import type { People } from "./sign-in.store.ts";

/** Where the browser goes when the provider's answer is not accepted. */
const refusedPath = "/console/sign-in?problem=oidc-refused";

function checkConfigured(people: People): void {
  if (people.oidc === undefined) throw new ProblemError("not-found", "No identity provider is set up here");
}

/** Address of the identity provider at which the sign-in goes on; a cookie binds it to this browser. */
export async function startOidc(
  people: People,
  request: FastifyRequest,
  reply: FastifyReply,
  returnTo: string,
): Promise<string> {
  checkConfigured(people);
  try {
    const told = await people.run(reply, () =>
      people.library.api.signInSocial({
        body: {
          provider: oidcProvider,
          callbackURL: `${people.origin}${returnTo}`,
          errorCallbackURL: `${people.origin}${refusedPath}`,
          disableRedirect: true,
        },
        headers: people.headersOf(request),
        returnHeaders: true,
      }),
    );
    if (told.url === undefined) throw new Error("the library gave no address of the provider");
    return told.url;
  } catch (error) {
    throw new ProblemError("oidc-refused", "The identity provider does not answer; try again, or ask who runs it", {
      cause: error,
    });
  }
}

/** Takes the provider's answer: the person signs in with the roles that the claims give, or is sent back. */
export async function finishOidc(people: People, request: FastifyRequest, reply: FastifyReply): Promise<string> {
  checkConfigured(people);
  const { library, origin, db, now } = people;
  const query = request.url.includes("?") ? request.url.slice(request.url.indexOf("?")) : "";
  const answer = await library.handler(
    new Request(`${origin}/sign-in-library/callback/${oidcProvider}${query}`, { headers: people.headersOf(request) }),
  );
  const place = answer.headers.get("location") ?? "";
  const isDone =
    answer.status === 302 && place.startsWith(`${origin}/`) && !place.startsWith(`${origin}${refusedPath}`);
  const session = isDone ? await sessionOf(people, request, answer.headers) : undefined;
  if (session === undefined) {
    request.log.warn({ place: place.replace(/[?&]code=[^&]*/, "") }, "the identity provider's answer was refused");
    return refusedPath;
  }
  const changes = await takeOidcRoles(db, session.personId, now());
  if (changes === undefined) return `${refusedPath}&reason=no-role`;
  await people.leave(request);
  people.passCookies(reply, answer.headers);
  for (const { market, before, after } of changes) {
    await recordAct(
      people.ledger,
      market,
      { by: "person", who: session.personId },
      {
        act: "role-set",
        object: session.personId,
        before: before ?? "none",
        after: after ?? "none",
      },
    );
  }
  await people.record(session.personId, { act: "signed-in", after: "identity provider" });
  return place.slice(origin.length);
}

/** Whom the cookies that an answer sets belong to. */
async function sessionOf(
  people: People,
  request: FastifyRequest,
  answered: Headers,
): Promise<{ personId: string } | undefined> {
  const cookies = answered.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "");
  const found = await people.library.api.getSession({ headers: people.headersOf(request, cookies.join("; ")) });
  return found === null ? undefined : { personId: found.user.id };
}
