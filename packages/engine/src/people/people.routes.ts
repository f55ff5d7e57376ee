import { ProblemError, roleScopes, type Role } from "@probity/contract";
import type { FastifyInstance } from "fastify";
import { addEndpoint, type Caller, type CheckToken } from "../platform/http.ts";
import { listActs, recordAct } from "./activity.store.ts";
import { isWithin } from "./index.ts";
import { listInvites, listPeople, makeInvite, removePerson, setRole, withdrawInvite } from "./people.store.ts";
import type { People } from "./sign-in.store.ts";

/** Address of the console's page that accepts an invite; the token stays in the fragment, out of every log. */
export function inviteLink(origin: string, token: string): string {
  return `${origin}/console/invite#${token}`;
}

function checkGiven(role: Role, caller: Caller): void {
  if (isWithin(roleScopes[role], caller.scopes)) return;
  throw new ProblemError(
    "scope-missing",
    `The role ${role} may do more than the caller; nobody gives more than they have`,
  );
}

/** People, invites and roles of a marketplace, and what they did. */
export function addPeopleRoutes(app: FastifyInstance, people: People, check: CheckToken): void {
  const { db, ledger, now } = people;
  addEndpoint(app, check, "listPeople", async ({ market }) => ({
    items: await listPeople(db, market),
    invites: await listInvites(db, market, now()),
  }));
  addEndpoint(app, check, "invitePerson", async ({ body, market, caller }) => {
    checkGiven(body.role, caller);
    const { invite, token } = await makeInvite(db, market, body, now());
    await recordAct(ledger, market, caller.actor, { act: "person-invited", object: invite.invite, after: invite.role });
    return { invite, link: inviteLink(people.origin, token) };
  });
  addEndpoint(app, check, "withdrawInvite", async ({ params, market, caller }) => {
    const invite = await withdrawInvite(db, market, params.invite);
    if (invite === undefined) throw new ProblemError("not-found", `There is no open invite ${params.invite}`);
    await recordAct(ledger, market, caller.actor, {
      act: "invite-withdrawn",
      object: invite.invite,
      before: invite.role,
    });
    return {};
  });
  addEndpoint(app, check, "setRole", async ({ params, body, market, caller }) => {
    checkGiven(body.role, caller);
    const before = await setRole(db, market, params.person, body.role, caller.scopes);
    if (before !== body.role) {
      await recordAct(ledger, market, caller.actor, {
        act: "role-set",
        object: params.person,
        before,
        after: body.role,
      });
    }
    const [person] = await listPeople(db, market, params.person);
    if (person === undefined) throw new ProblemError("not-found", `The person ${params.person} has just been removed`);
    return person;
  });
  addEndpoint(app, check, "removePerson", async ({ params, market, caller }) => {
    const before = await removePerson(db, market, params.person, caller.scopes);
    await recordAct(ledger, market, caller.actor, { act: "person-removed", object: params.person, before });
    return {};
  });
  addEndpoint(app, check, "listActivity", ({ query, market }) => listActs(db, market, query));
}
