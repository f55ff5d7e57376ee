import type { IngestAnswer, ProbityEvent, Problem } from "@probity/contract";

export interface ProbityErrorOptions {
  readonly cause?: unknown;
  readonly retryAfterSeconds?: number | undefined;
}

/** What the server refused, or what kept it from answering (status 0). `problem` is an RFC 9457 problem. */
export class ProbityError extends Error {
  override readonly name = "ProbityError";
  readonly problem: Problem;
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: Problem, options: ProbityErrorOptions = {}) {
    super(problem.detail === "" ? problem.title : `${problem.title}: ${problem.detail}`, { cause: options.cause });
    this.problem = problem;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return this.problem.status;
  }

  /** Last word of the problem's type: `rate-limited`, `event-rejected`, … */
  get code(): string {
    return this.problem.type.split("/").at(-1) ?? "";
  }
}

/**
 * `send` stopped half-way. What was answered is durable; `unsent` are the events of the batch that failed and of
 * those after it. Sending any of them again is safe: events are idempotent on (source, id).
 */
export class SendError extends ProbityError {
  readonly answered: IngestAnswer;
  readonly unsent: readonly ProbityEvent[];

  constructor(error: ProbityError, answered: IngestAnswer, unsent: readonly ProbityEvent[]) {
    super(error.problem, { cause: error, retryAfterSeconds: error.retryAfterSeconds });
    this.answered = answered;
    this.unsent = unsent;
  }
}

function isProblem(value: unknown): value is Problem {
  if (typeof value !== "object" || value === null) return false;
  const { type, title, status, detail } = value as Record<string, unknown>;
  return (
    typeof type === "string" && typeof title === "string" && typeof status === "number" && typeof detail === "string"
  );
}

/** Seconds of a Retry-After header, which holds seconds or a date; undefined if it holds neither. */
export function readRetryAfter(value: string | null, nowMs: number): number | undefined {
  if (value === null || value.trim() === "") return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value);
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : Math.max(0, Math.ceil((time - nowMs) / 1_000));
}

/** Error of an answer that is not 2xx. A body that is no problem is quoted, shortened. */
export async function errorOf(answer: Response, nowMs: number): Promise<ProbityError> {
  const text = await answer.text().catch(() => "");
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  const problem: Problem = isProblem(body)
    ? body
    : {
        type: "about:blank",
        title: answer.statusText || `HTTP ${answer.status}`,
        status: answer.status,
        detail: text.slice(0, 500),
      };
  return new ProbityError(problem, { retryAfterSeconds: readRetryAfter(answer.headers.get("retry-after"), nowMs) });
}

/** Error of a request that got no answer at all, or one that cannot be read. */
export function silenceOf(cause: unknown): ProbityError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new ProbityError({ type: "about:blank", title: "The server gave no answer", status: 0, detail }, { cause });
}
