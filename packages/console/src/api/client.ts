import { type Client, createClient, ProbityError } from "@probity/sdk";

/** What the server says goes by itself after a moment is asked for again; the page says so meanwhile. */
const retries = 2;

const clients = new Map<string, Client>();

/** Client for a marketplace; the session cookie goes along by itself. */
export function clientFor(marketplace: string): Client {
  const known = clients.get(marketplace);
  if (known !== undefined) return known;
  const client = createClient({ url: "", marketplace, retries });
  clients.set(marketplace, client);
  return client;
}

/** A what-if rates everybody twice; on a large marketplace that takes a while. */
const whatIfTimeoutMs = 180_000;

export const whatIfClient = (marketplace: string): Client =>
  createClient({ url: "", marketplace, retries: 0, timeoutMs: whatIfTimeoutMs });

/** For signing in: a wrong password must be told at once, not tried again. */
export const sessionClient: Client = createClient({ url: "", retries: 0 });

const ended = new Set(["session-missing", "key-missing", "key-unknown"]);

/** Whether the server no longer knows who asks. */
export const isSessionEnded = (error: unknown): boolean => error instanceof ProbityError && ended.has(error.code);

export const isNotFound = (error: unknown): boolean => error instanceof ProbityError && error.status === 404;
