import type { EndpointName } from "@probity/contract";

/** Method and path of every endpoint; a test keeps it equal to the contract's table. */
export const routes: Readonly<Record<EndpointName, readonly ["GET" | "POST", string]>> = {
  ingest: ["POST", "/v1/events"],
  readEvent: ["GET", "/v1/events/{seq}"],
  listDeadLetters: ["GET", "/v1/dead-letters"],
  replayDeadLetter: ["POST", "/v1/dead-letters/{deadLetter}/replay"],
  discardDeadLetter: ["POST", "/v1/dead-letters/{deadLetter}/discard"],
  listMetrics: ["GET", "/v1/metrics"],
  readFacts: ["GET", "/v1/facts/{kind}/{id}"],
  listRatings: ["GET", "/v1/ratings/{kind}"],
  readRating: ["GET", "/v1/ratings/{kind}/{id}"],
  explainRating: ["GET", "/v1/ratings/{kind}/{id}/explanation"],
  readHistory: ["GET", "/v1/ratings/{kind}/{id}/history"],
  readPacks: ["GET", "/v1/ratings/{kind}/{id}/packs"],
  listPolicies: ["GET", "/v1/policies"],
  readPolicy: ["GET", "/v1/policies/{policy}"],
  draftPolicy: ["POST", "/v1/policies"],
  simulatePolicy: ["POST", "/v1/policies/{policy}/simulate"],
  publishPolicy: ["POST", "/v1/policies/{policy}/publish"],
  readTrustCard: ["GET", "/v1/public/{marketplace}/merchants/{id}"],
};
