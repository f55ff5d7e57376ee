import { z } from "zod";

/** RFC 9457 problem. `errors` names each field and rule that was broken. */
export const problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z.array(z.strictObject({ path: z.string(), rule: z.string() })).optional(),
});
export type Problem = z.infer<typeof problem>;

/** Every error the world can see: code → status and title. The detail says what to do. */
export const problems = {
  "body-not-json": { status: 400, title: "The body is not JSON" },
  "body-not-utf8": { status: 400, title: "The body is not UTF-8" },
  "body-encoding": { status: 400, title: "The compressed body cannot be read" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "batch-too-large": { status: 413, title: "The batch has too many events" },
  "content-type": { status: 415, title: "The content type is not accepted" },
  "request-invalid": { status: 400, title: "The request breaks a rule" },
  "key-missing": { status: 401, title: "No API key was sent" },
  "key-unknown": { status: 401, title: "The API key is not known" },
  "session-missing": { status: 401, title: "Nobody is signed in" },
  "sign-in-refused": { status: 401, title: "E-mail address and password do not fit" },
  "code-refused": { status: 401, title: "The code does not fit" },
  "sign-in-locked": { status: 429, title: "Too many wrong attempts" },
  "scope-missing": { status: 403, title: "The right to do this is missing" },
  "marketplace-missing": { status: 400, title: "No marketplace was named" },
  "marketplace-foreign": { status: 403, title: "The marketplace is not one of the caller's" },
  "origin-foreign": { status: 403, title: "The request comes from another site" },
  "setup-refused": { status: 403, title: "The first person cannot be made like this" },
  "visitor-refused": { status: 403, title: "Visitors are not let in here" },
  "oidc-refused": { status: 403, title: "The identity provider's answer is not accepted" },
  "invite-refused": { status: 410, title: "The invite is not valid any more" },
  "second-factor-state": { status: 409, title: "The second factor is not in a state that allows this" },
  "last-admin": { status: 409, title: "A marketplace needs an admin" },
  "marketplace-taken": { status: 409, title: "The marketplace is there already" },
  "people-limit": { status: 409, title: "There are too many of these" },
  "not-found": { status: 404, title: "Nothing is there" },
  "event-rejected": { status: 422, title: "The event was rejected" },
  "policy-invalid": { status: 422, title: "The policy breaks a rule" },
  "policy-state": { status: 409, title: "The policy is not in a state that allows this" },
  "model-state": { status: 409, title: "The model is not in a state that allows this" },
  "labels-missing": { status: 409, title: "There is too little to learn from" },
  "decision-state": { status: 409, title: "The decision is not in a state that allows this" },
  "selection-changed": { status: 409, title: "The selection is not what was previewed" },
  "log-state": { status: 409, title: "The public log is not in a state that allows this" },
  "credential-refused": { status: 422, title: "The credential does not verify" },
  "credential-state": { status: 409, title: "Credentials are not in a state that allows this" },
  "dead-letter-state": { status: 409, title: "The dead letter is not open" },
  "queue-full": { status: 429, title: "Too many events are waiting" },
  "not-ready": { status: 503, title: "The engine is not ready" },
  internal: { status: 500, title: "Something went wrong on our side" },
} as const;

export type ProblemCode = keyof typeof problems;

/** An error for the world. `cause` is kept for the log and never shown. */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly errors: Problem["errors"];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ProblemCode,
    detail: string,
    options: { errors?: Problem["errors"]; cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(detail, { cause: options.cause });
    this.name = "ProblemError";
    this.code = code;
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  toProblem(): Problem {
    const { status, title } = problems[this.code];
    return {
      type: `https://probity.dev/problems/${this.code}`,
      title,
      status,
      detail: this.message,
      ...(this.errors ? { errors: this.errors } : {}),
    };
  }
}

/** JSON Pointer (RFC 6901) of a path. */
export function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** Field and rule of each issue of a failed parse. */
export function issuesOf(error: z.ZodError, base: readonly PropertyKey[] = []): { path: string; rule: string }[] {
  return error.issues.map((issue) => ({ path: pointer([...base, ...issue.path]), rule: issue.message }));
}
