import type { TrustCard } from "@probity/contract";
import { cardCss } from "./card-style.ts";
import type * as CheckModule from "./check-rating.ts";
import { type CardFigures, type CardWords, figuresFor, wordsFor } from "./card-words.ts";
import { linkFor, make, nearestLang, serverOf } from "./element.ts";

const rowsMax = 4;
const warningsMax = 2;
const timeoutMs = 8_000;

type Words = TrustCard["warnings"][number];

const tones: Record<string, string> = { BBB: "fair", BB: "fair", B: "weak", C: "bad", D: "bad" };

interface View {
  readonly card: TrustCard;
  readonly words: CardWords;
  readonly figures: CardFigures;
  readonly base: string;
}

const say = (text: Words, { words }: View): string => (words.lang === "en" ? text.en : text.zh);

function seal({ card, words }: View): HTMLElement {
  const { grade } = card;
  const face = make("span", "", grade ?? words.earlySeal);
  face.setAttribute("aria-hidden", "true");
  const element = make("div", grade === null ? "seal early" : `seal l${grade.length} ${tones[grade] ?? ""}`, face);
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", grade === null ? words.early : words.grade(grade));
  return element;
}

function top(view: View): HTMLElement {
  const { card, words, figures } = view;
  const name = make("bdi", "name", card.name);
  name.title = card.name;
  const standing =
    card.grade === null
      ? make("span", "sub", words.early)
      : make(
          "span",
          "sub",
          make("b", "", figures.count(card.score)),
          words.outOf,
          " · ",
          words.notBelow(figures.count(card.bound)),
        );
  return make("div", "top", seal(view), make("div", "who", name, standing));
}

function warnings(view: View): HTMLElement | null {
  const { card, words, figures } = view;
  if (card.warnings.length === 0) return null;
  const more = card.warnings.length - warningsMax;
  const items = card.warnings
    .slice(0, warningsMax)
    .map((text, place) =>
      make(
        "li",
        "",
        say(text, view) + (more > 0 && place === warningsMax - 1 ? ` (${words.more(figures.count(more))})` : ""),
      ),
    );
  return make("ul", "warn", ...items);
}

function needRow(need: TrustCard["needs"][number], view: View): HTMLElement {
  const { words, figures } = view;
  const fill = make("i", "");
  fill.style.width = `${Math.min(100, Math.round((need.has / Math.max(1, need.needs)) * 100))}%`;
  const bar = make("div", "bar", fill);
  bar.setAttribute("aria-hidden", "true");
  return make(
    "li",
    "",
    say(need.title, view),
    make("b", "", words.has(figures.count(need.has), figures.count(need.needs))),
    bar,
  );
}

function rows(view: View): HTMLElement {
  const { card, words, figures } = view;
  const needs = card.status === "too-early" ? card.needs.map((need) => needRow(need, view)) : [];
  const highlights = card.highlights.map((item) =>
    make(
      "li",
      "",
      say(item.title, view),
      make(
        "span",
        "",
        make("b", item.good ? "" : "low", figures.share(item.share)),
        " ",
        make("em", "", words.sample(figures.count(item.sample))),
      ),
    ),
  );
  // Warnings take the place of rows, so that the card keeps the height it had reserved.
  const free = rowsMax - Math.min(card.warnings.length, warningsMax);
  return make("ul", "rows", ...[...needs, ...highlights].slice(0, free));
}

/** Address of the merchant's page; null unless it is http or https. */
function pageOf({ card, base, words }: View): string | null {
  return linkFor(/^[a-z]+:/i.test(card.url) ? card.url : base + card.url, words.lang);
}

function foot(view: View): HTMLElement {
  const chop = make("span", "chop", "信");
  chop.setAttribute("aria-hidden", "true");
  const href = pageOf(view);
  const link = href === null ? null : make("a", "", view.words.how);
  if (href !== null) link?.setAttribute("href", href);
  return make("div", "foot", chop, view.words.ledger(view.figures.count(view.card.logSize)), link);
}

/** Where the browser's own check is told; the card keeps its place from the beginning. */
function checkLine(): HTMLElement {
  const line = make("p", "check");
  line.setAttribute("role", "status");
  return line;
}

function region(view: View, check: HTMLElement | null): HTMLElement {
  const early = view.card.status === "too-early" ? make("p", "note", view.words.earlyWhy) : null;
  const card = make("section", "card", top(view), warnings(view), rows(view), early, check, foot(view));
  card.setAttribute("aria-label", view.words.region(view.card.name));
  card.lang = view.words.lang;
  return card;
}

/**
 * `<probity-trust-card merchant marketplace src lang theme check log-policy>`: what a shopper can expect of a merchant.
 * Its child link stands until the data is there, and again if it never comes. With `check` the reader's browser checks
 * the published rating by the public log afterwards, with a script of its own.
 */
export class ProbityTrustCard extends HTMLElement {
  static readonly observedAttributes: readonly string[] = [
    "merchant",
    "marketplace",
    "src",
    "lang",
    "check",
    "log-policy",
  ];
  readonly #root: ShadowRoot = this.attachShadow({ mode: "open" });
  #asked: AbortController | null = null;
  #checked = new AbortController();
  #queued = false;

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(cardCss);
    this.#root.adoptedStyleSheets = [sheet];
  }

  connectedCallback(): void {
    this.#queue();
  }

  disconnectedCallback(): void {
    this.#asked?.abort();
    this.#checked.abort();
  }

  attributeChangedCallback(_name: string, before: string | null, after: string | null): void {
    if (this.isConnected && before !== after) this.#queue();
  }

  /** Several attributes set at once are one request. */
  #queue(): void {
    if (this.#queued) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      if (this.isConnected) void this.#load();
    });
  }

  async #load(): Promise<void> {
    this.#asked?.abort();
    const asked = new AbortController();
    this.#asked = asked;
    const words = wordsFor(nearestLang(this));
    const wait = make("div", "card wait", make("slot", ""));
    wait.setAttribute("aria-busy", "true");
    this.#root.replaceChildren(wait);
    const timer = setTimeout(() => asked.abort(), timeoutMs);
    try {
      const base = serverOf(this, import.meta.url);
      const merchant = encodeURIComponent(this.getAttribute("merchant") ?? "");
      const marketplace = encodeURIComponent(this.getAttribute("marketplace") ?? "");
      const answer = await fetch(`${base}/v1/public/${marketplace}/merchants/${merchant}`, {
        signal: asked.signal,
        credentials: "omit",
        headers: { accept: "application/json" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const card = (await answer.json()) as TrustCard;
      const view = {
        card,
        words,
        figures: figuresFor(words.lang),
        base: new URL(base, location.href).href.replace(/\/+$/, ""),
      };
      const check = this.hasAttribute("check") ? checkLine() : null;
      const shown = region(view, check);
      if (this.#asked !== asked) return;
      this.#root.replaceChildren(shown);
      if (check !== null)
        void this.#check(check, view, {
          proof: `${base}/v1/public/${marketplace}/merchants/${merchant}/proof`,
          ownPolicy: `${base}/log/${marketplace}/trust-policy`,
        });
    } catch {
      // The link in the page says less, but it stands.
      if (this.#asked === asked && this.isConnected) this.#root.replaceChildren(make("slot", ""));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Loads what checks, after the card is shown; where it never comes the card says nothing of it. */
  async #check(
    line: HTMLElement,
    { card, words }: View,
    addresses: Pick<CheckModule.CheckRequest, "proof" | "ownPolicy">,
  ): Promise<void> {
    const gone = new AbortController();
    this.#checked.abort();
    this.#checked = gone;
    try {
      const { checkRating } = (await import(new URL("check-rating.js", import.meta.url).href)) as typeof CheckModule;
      await checkRating({
        line,
        ...addresses,
        logPolicy: this.getAttribute("log-policy"),
        lang: words.lang,
        shown: card,
        signal: gone.signal,
      });
    } catch {
      line.remove();
    }
  }
}

if (customElements.get("probity-trust-card") === undefined)
  customElements.define("probity-trust-card", ProbityTrustCard);
