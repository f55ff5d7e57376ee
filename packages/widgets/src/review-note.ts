import type { ReviewNote } from "@probity/contract";
import { askNote } from "./asked-notes.ts";
import { type Child, linkFor, make, nearestLang, serverOf } from "./element.ts";
import { noteCss } from "./note-style.ts";
import { type NoteWords, noteWordsFor, partText } from "./note-words.ts";

/** A note is asked for when it is so near to what is seen. */
const nearPx = 600;

function purchase({ verified, daysAfterDelivery }: ReviewNote, words: NoteWords): Child[] {
  if (verified === "delivered")
    return [
      make("b", "yes", words.verified.delivered),
      ...(daysAfterDelivery === null ? [] : [words.delivered(daysAfterDelivery)]),
    ];
  return [verified === "ordered" ? make("b", "yes", words.verified.ordered) : make("b", "", words.verified.none)];
}

function why({ by, top }: ReviewNote, words: NoteWords): string | undefined {
  if (by === "decided") return words.decided;
  if (by === "platform") return words.platform;
  return top !== null && Object.hasOwn(words.reasons, top) ? words.reasons[top] : undefined;
}

function effect(note: ReviewNote, words: NoteWords): Child[] {
  if (note.weight >= 1_000) return [];
  const what = note.weight <= 0 ? words.none : words.part(partText(note.weight));
  const reason = why(note, words);
  const text = reason === undefined ? what : words.because(what, reason);
  return [make("span", note.weight <= 0 ? "off" : "less", text)];
}

/** The line: purchase, what the author got, what it counts, how it is known. */
function line(note: ReviewNote, words: NoteWords, how: string | null): HTMLElement {
  const link = how === null ? null : make("a", "", words.how);
  if (how !== null) link?.setAttribute("href", how);
  const parts = [
    ...purchase(note, words),
    ...(note.incentive ? [make("span", "less", words.incentive)] : []),
    ...effect(note, words),
    link,
  ].filter((part) => part !== null);
  const dot = (): HTMLElement => make("i", "", "·");
  const paragraph = make(
    "p",
    "",
    ...parts.flatMap((part, place) => (place === 0 ? [part] : ["\u00a0", dot(), " ", part])),
  );
  paragraph.lang = words.lang;
  return paragraph;
}

/**
 * `<probity-review-note review merchant marketplace src lang theme>`: one line under a review. Its child stands until the
 * line is there, and again if the answer never comes; of a review that is not known nothing is shown.
 */
export class ProbityReviewNote extends HTMLElement {
  static readonly observedAttributes: readonly string[] = ["review", "merchant", "marketplace", "src", "lang"];
  readonly #root: ShadowRoot = this.attachShadow({ mode: "open" });
  #asked: AbortController | null = null;
  #queued = false;
  /** Tells when the element comes near to what is seen. */
  readonly #near: IntersectionObserver = new IntersectionObserver(
    (seen) => {
      if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
      this.#near.disconnect();
      void this.#load();
    },
    { rootMargin: `${nearPx}px` },
  );

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(noteCss);
    this.#root.adoptedStyleSheets = [sheet];
    this.#root.replaceChildren(make("slot", ""));
  }

  connectedCallback(): void {
    this.#queue();
  }

  disconnectedCallback(): void {
    this.#near.disconnect();
    this.#asked?.abort();
  }

  attributeChangedCallback(_name: string, before: string | null, after: string | null): void {
    if (this.isConnected && before !== after) this.#queue();
  }

  /** Several attributes set at once are one request, and none before the element is near to what is seen. */
  #queue(): void {
    if (this.#queued) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      if (!this.isConnected) return;
      this.#asked?.abort();
      this.removeAttribute("empty");
      this.#root.replaceChildren(make("slot", ""));
      this.#near.disconnect();
      this.#near.observe(this);
    });
  }

  async #load(): Promise<void> {
    const asked = new AbortController();
    this.#asked = asked;
    const words = noteWordsFor(nearestLang(this));
    const base = serverOf(this, import.meta.url);
    const part = (name: string): string => encodeURIComponent(this.getAttribute(name) ?? "");
    const marketplace = part("marketplace");
    try {
      const note = await askNote(
        `${base}/v1/public/${marketplace}/merchants/${part("merchant")}/reviews/${part("review")}`,
        asked.signal,
      );
      if (this.#asked !== asked) return;
      this.toggleAttribute("empty", note === null);
      const how = linkFor(`${base}/at/${marketplace}/how-we-verify`, words.lang);
      this.#root.replaceChildren(...(note === null ? [] : [line(note, words, how)]));
    } catch {
      if (this.#asked !== asked || asked.signal.aborted) return;
      const failed = make("p", "", words.failed);
      failed.lang = words.lang;
      this.#root.replaceChildren(make("slot", "", failed));
    }
  }
}

if (customElements.get("probity-review-note") === undefined)
  customElements.define("probity-review-note", ProbityReviewNote);
