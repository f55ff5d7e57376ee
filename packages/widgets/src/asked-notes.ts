import type { ReviewNote } from "@probity/contract";

const timeoutMs = 8_000;
const keptMs = 60_000;
const keptNotes = 500;

interface Asked {
  readonly answer: Promise<ReviewNote | null>;
  readonly abort: AbortController;
  /** How many elements wait for the answer. */
  waiting: number;
  /** When the answer came; null while it is awaited. */
  cameMs: number | null;
}

const asked = new Map<string, Asked>();

/** A note that says what a note says; throws for anything else. */
function checked(json: unknown): ReviewNote {
  const note = json as ReviewNote;
  if (typeof note?.verified !== "string" || !Number.isFinite(note.weight)) throw new TypeError("no note");
  return note;
}

async function fetchNote(url: string, signal: AbortSignal): Promise<ReviewNote | null> {
  const answer = await fetch(url, { signal, credentials: "omit", headers: { accept: "application/json" } });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(String(answer.status));
  return checked(await answer.json());
}

function start(url: string): Asked {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  const one: Asked = { answer: fetchNote(url, abort.signal), abort, waiting: 0, cameMs: null };
  const forget = (): void => {
    if (asked.get(url) === one) asked.delete(url);
  };
  void one.answer
    .then(() => {
      one.cameMs = Date.now();
    }, forget)
    .finally(() => clearTimeout(timer));
  if (asked.size >= keptNotes) for (const [key, { cameMs }] of asked) if (cameMs !== null) asked.delete(key);
  asked.set(url, one);
  return one;
}

/**
 * The note at an address, null where there is none. Whoever asks for the same one within a minute gets the same answer;
 * a request that nobody waits for any more is aborted, and one that failed is asked again by the next.
 */
export async function askNote(url: string, signal: AbortSignal): Promise<ReviewNote | null> {
  const kept = asked.get(url);
  const fresh = kept !== undefined && (kept.cameMs === null || Date.now() - kept.cameMs < keptMs);
  const one = fresh ? kept : start(url);
  one.waiting += 1;
  const left = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new DOMException("left", "AbortError")), { once: true });
  });
  try {
    return await Promise.race([one.answer, left]);
  } finally {
    one.waiting -= 1;
    if (one.waiting === 0 && one.cameMs === null) {
      asked.delete(url);
      one.abort.abort();
    }
  }
}
