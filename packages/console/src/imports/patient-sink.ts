import type { ImportEvent, ImportSink, SinkAnswer } from "@probity/mapping";
import { type Client, type ProbityError, type ProbityEvent, SendError } from "@probity/sdk";

/** Why an import stands still by itself. */
export type Waiting = "busy" | "offline";

/** What the person decides while events are being sent. */
export interface SinkControl {
  /** Resolves when events may go on; rejects when the import was stopped. */
  gate(): Promise<void>;
  /** Waits, or less if the person does not want to wait. */
  rest(why: Waiting, seconds: number): Promise<void>;
  /** The session is over: the gate stays shut until somebody has signed in. */
  hold(): void;
}

const firstRestSeconds = 2;
const restSecondsMax = 30;
const endedCodes = new Set(["session-missing", "key-missing", "key-unknown"]);
type Verdict = SinkAnswer["verdicts"][number];

/** The verdict on an event that was sent alone: it comes as a problem. */
function loneVerdict(error: ProbityError, event: ProbityEvent): Verdict | undefined {
  const [said, letter] = error.problem.errors ?? [];
  if (error.code !== "event-rejected" || said === undefined) return undefined;
  const [code = "", ...message] = said.rule.split(": ");
  const deadLetter = letter?.rule.startsWith("dead-letter: ") === true ? letter.rule.slice(13) : null;
  return {
    verdict: "rejected",
    id: event.id,
    code,
    path: said.path,
    message: message.join(": "),
    deadLetter,
  } as Verdict;
}

function waitingFor(error: ProbityError): Waiting | undefined {
  if (error.status === 0) return "offline";
  return error.status === 429 || (error.status >= 502 && error.status <= 504) ? "busy" : undefined;
}

/**
 * Sends a batch until every event has its verdict, however often the server is busy or the connection lost. What was
 * answered is not sent again; what was sent and not answered is, and is then a duplicate that changes nothing.
 */
export function patientSink(client: Pick<Client, "send">, control: SinkControl): ImportSink {
  return async (events) => {
    const total = { accepted: 0, duplicates: 0, rejected: 0 };
    const verdicts: Verdict[] = [];
    const take = (answer: SinkAnswer): void => {
      total.accepted += answer.accepted;
      total.duplicates += answer.duplicates;
      total.rejected += answer.rejected;
      for (const verdict of answer.verdicts) verdicts.push(verdict);
    };
    let left: readonly ImportEvent[] = events;
    for (let tried = 0; left.length > 0;) {
      await control.gate();
      try {
        // Ingestion has checked each event before: the types are the contract's.
        take(await client.send(left as unknown as readonly ProbityEvent[]));
        break;
      } catch (error) {
        if (!(error instanceof SendError)) throw error;
        if (error.answered.verdicts.length > 0) tried = 0;
        take(error.answered);
        left = error.unsent;
        const [first] = error.unsent;
        const verdict = first === undefined ? undefined : loneVerdict(error, first);
        const why = waitingFor(error);
        if (verdict !== undefined) {
          take({ accepted: 0, duplicates: 0, rejected: 1, verdicts: [verdict] });
          left = left.slice(1);
        } else if (endedCodes.has(error.code)) control.hold();
        else if (why === undefined) throw error;
        else {
          await control.rest(why, error.retryAfterSeconds ?? Math.min(restSecondsMax, firstRestSeconds * 2 ** tried));
          tried += 1;
        }
      }
    }
    return { ...total, verdicts };
  };
}
