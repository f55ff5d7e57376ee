import type { EndpointName, PersonAct } from "@probity/contract";

interface Recorded {
  readonly act: PersonAct;
  readonly object: string;
  readonly before?: string;
  readonly after?: string;
}

type Told = Readonly<Record<string, unknown>>;
const told = (value: unknown): Told => (typeof value === "object" && value !== null ? (value as Told) : {});

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
      return undefined;
  }
}
