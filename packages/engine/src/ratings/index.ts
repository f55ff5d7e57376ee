export { type CompiledPolicy, compilePolicy } from "./compile.ts";
export { defaultPolicies, packs } from "./default-policies.ts";
export { type EvidenceSource, explain, type ExplainInput, type Telling } from "./explanation.ts";
export { evaluatePack } from "./packs.ts";
export { type PeerQuartiles, peerQuartiles } from "./peers.ts";
export { checkPolicy, type PolicyCheck, type PolicyIssue, policyId } from "./policy.ts";
export { type Categories, type EpochPriors, fitEpoch } from "./prior.ts";
export type { Obligation } from "./raise.ts";
export {
  type Link,
  type LinkColumns,
  rateAll,
  rateSubject,
  type Rating,
  type Ratings,
  type SubjectFact,
  type SubjectFacts,
  wholeDimensions,
} from "./ratings.ts";
export { compareRatings, type WhatIfInput } from "./what-if.ts";
