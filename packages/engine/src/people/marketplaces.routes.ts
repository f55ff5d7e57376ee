import { ProblemError } from "@probity/contract";
import type { FastifyInstance } from "fastify";
import { addPersonEndpoint } from "../platform/http.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { recordAct } from "./activity.store.ts";
import { makeMarketplace, memberships } from "./people.store.ts";
import type { People } from "./sign-in.store.ts";

/** Makes marketplaces; `prepare` gives a new one its first policies. */
export function addMarketplacesRoutes(
  app: FastifyInstance,
  people: People,
  prepare: (market: Marketplace) => Promise<void>,
): void {
  const { db, ledger, now } = people;
  addPersonEndpoint(app, "createMarketplace", async ({ person, body }) => {
    const held = await memberships(db, person.personId);
    if (!held.some(({ role }) => role === "admin"))
      throw new ProblemError("scope-missing", "Only who is admin of a marketplace may make another");
    const market = await makeMarketplace(db, person.personId, body, now());
    await prepare(market);
    await recordAct(
      ledger,
      market,
      { by: "person", who: person.personId },
      { act: "marketplace-created", object: market.slug, after: `${market.currency}, ${market.clock}` },
    );
    return { slug: market.slug };
  });
}
