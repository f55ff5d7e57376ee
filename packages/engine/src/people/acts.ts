import type { EndpointName, PersonAct } from "@probity/contract";

interface Recorded {
  readonly act: PersonAct;
  readonly object: string;
  readonly before?: string;
  readonly after?: string;
}

type Told = Readonly<Record<string, unknown>>;
const told = (value: unknown): Told => (typeof value === "object" && value !== null ? (value as Told) : {});

/** What is done with credentials: their hashes and issuers, which are public. */
function credentialActOf(
  endpoint: EndpointName,
  params: unknown,
  body: unknown,
  answer: unknown,
): Recorded | undefined {
  const said = told(answer);
  const { credential, import: imported, issuer } = told(params);
  switch (endpoint) {
    case "issueCredential": {
      const { credential: made, expiresAt } = told(said["credential"]);
      return { act: "credential-issued", object: String(made), after: `until ${String(expiresAt)}` };
    }
    case "revokeCredential":
      return { act: "credential-revoked", object: String(credential), before: "valid", after: "revoked" };
    case "rotateCredentialKey": {
      const newest = (said["keys"] as unknown[] | undefined)?.at(-1);
      return { act: "credential-key-rotated", object: String(told(newest)["kid"]) };
    }
    case "importCredential":
      return { act: "credential-imported", object: String(said["import"]), after: String(said["issuer"]) };
    case "removeImport":
      return { act: "credential-removed", object: String(imported), before: "counts", after: "withdrawn" };
    case "setCredentialIssuer":
      return {
        act: "credential-issuer-set",
        object: String(told(body)["issuer"]),
        after: `weight ${String(told(body)["weight"])}`,
      };
    case "removeCredentialIssuer":
      return { act: "credential-issuer-removed", object: String(issuer) };
    default:
      return undefined;
  }
}

/**
 * What a call that has succeeded leaves in the audit trail; undefined where reading or sending events leaves nothing.
 * People, invites and keys are recorded where they are changed, because there what was before is known.
 */
export function actOf(endpoint: EndpointName, params: unknown, body: unknown, answer: unknown): Recorded | undefined {
  const { deadLetter, policy } = told(params);
  switch (endpoint) {
    case "replayDeadLetter": {
      const { verdict } = told((told(answer)["verdicts"] as unknown[] | undefined)?.[0]);
      return { act: "dead-letter-replayed", object: String(deadLetter), before: "open", after: String(verdict) };
    }
    case "discardDeadLetter":
      return { act: "dead-letter-discarded", object: String(deadLetter), before: "open", after: "discarded" };
    case "draftPolicy":
      return { act: "policy-drafted", object: String(told(answer)["policy"]), after: String(told(answer)["state"]) };
    case "simulatePolicy":
      return { act: "policy-simulated", object: String(policy) };
    case "publishPolicy": {
      const { noticeDays } = told(body);
      return {
        act: "policy-published",
        object: String(policy),
        before: "simulated",
        after: `${String(told(answer)["state"])}, ${String(noticeDays)} days' notice`,
      };
    }
    case "setLogAudience":
      return { act: "log-audience-set", object: "log", after: String(told(answer)["audience"]) };
    default:
      return credentialActOf(endpoint, params, body, answer);
  }
}
