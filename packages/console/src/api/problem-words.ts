import { ProbityError } from "@probity/sdk";
import type { Messages } from "../messages/en.ts";

/** What an error means for the reader: our words where there are some, else the server's detail. */
export function problemWords(error: unknown, t: Messages): string {
  if (!(error instanceof ProbityError)) return t.problem.internal;
  const known = t.problem.codes[error.code];
  if (known !== undefined) return known;
  if (error.status === 0) return t.problem.offline;
  if (error.status === 403) return t.problem.forbidden;
  if (error.status === 404) return t.problem.notFound;
  if (error.status === 429 || error.status === 503) return t.problem.busy(error.retryAfterSeconds);
  return error.status >= 500 ? t.problem.internal : error.problem.detail || error.problem.title;
}
