import type { FastifyInstance } from "fastify";
import { addEndpoint, type CheckToken } from "../platform/http.ts";
import { erasePerson, type ErasureParts } from "./erasure.store.ts";

export interface ErasureRoutesOptions extends ErasureParts {
  readonly check: CheckToken;
}

/** `POST /v1/erasures`: who asks to be forgotten is. */
export function addErasureRoutes(app: FastifyInstance, options: ErasureRoutesOptions): void {
  addEndpoint(app, options.check, "erasePerson", async ({ market, body }) => erasePerson(options, market, body.person));
}
