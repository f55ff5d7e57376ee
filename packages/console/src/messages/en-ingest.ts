import { figuresFor } from "./figures.ts";

const { count, decimal, plural } = figuresFor("en");

const events = (n: number): string => `${count(n)} ${plural(n, "event", "events")}`;

/** Words of the page on what comes in. */
export const ingest = {
  lead: "What comes in, from where, and whether ratings keep up with it.",
  tabs: "Ingest",
  flow: "What comes in",
  letters: (waiting: number): string => (waiting === 0 ? "Rejected events" : `Rejected events (${count(waiting)})`),
  noRightTitle: "Nothing to see here for your role",
  noRight: "Your role shows neither events nor what was rejected.",
  figures: {
    hour: "Last hour",
    perMinute: (n: number): string => `about ${decimal(n, n < 10 ? 1 : 0)} a minute`,
    day: "Last 24 hours",
    verdicts: (accepted: string, rejected: string): string => `${accepted} accepted, ${rejected} rejected`,
    nothingToday: "nothing came in",
    ledger: "Ledger",
    newest: (when: string): string => `newest event of ${when}`,
    noneYet: "no event yet",
    last: "Last received",
    never: "never",
    ratings: "Ratings",
    upToDate: "up to date",
    behind: (n: number): string => `${events(n)} behind`,
    behindHint: "Ratings follow within a minute.",
    upToDateHint: "Ratings count every event in the ledger.",
    notRated: "Nothing is rated yet.",
    lagUnknown: "Asking how far they are…",
    waiting: (n: number): string => `${events(n)} rejected and waiting`,
  },
  ages: {
    second: (): string => "just now",
    minute: (n: number): string => `${count(n)} minutes ago`,
    hour: (n: number): string => `${count(n)} hours ago`,
    day: (n: number): string => `${count(n)} days ago`,
  },
  silences: {
    second: (): string => "silent",
    minute: (n: number): string => `silent for ${count(n)} minutes`,
    hour: (n: number): string => `silent for ${count(n)} hours`,
    day: (n: number): string => `silent for ${count(n)} days`,
  },
  chart: {
    title: "Accepted and rejected",
    hint: "A repeated event is answered and changes nothing; it is not counted.",
    span: "Period",
    spans: { day: "24 hours", week: "7 days", month: "30 days" },
    columns: { period: "Period", accepted: "accepted", rejected: "rejected" },
    label: (accepted: number, rejected: number, from: string): string =>
      `${count(accepted)} accepted and ${count(rejected)} rejected since ${from}`,
    nothing: "Nothing came in during this time.",
  },
  sources: {
    title: "Sources",
    hint: "Who sends, as events name it. Rejected events belong to none: their source may be what was wrong.",
    own: "Probity itself",
    silentHint: "It used to send about every hour.",
    columns: {
      source: "Source",
      events: "Accepted",
      share: "Share",
      received: "Last received",
      newest: "Newest event",
    },
  },
  keys: {
    title: "API keys",
    hint: "Those that are in force, and when each was used last.",
    manage: "Manage keys",
    unused: "never used",
    stops: (when: string): string => `stops ${when}`,
    columns: { label: "Label", used: "Last used", sends: "May send events", state: "State" },
    yes: "yes",
    no: "no",
    inForce: "in force",
    none: "There is no key in force: programs cannot send.",
  },
  empty: {
    title: "Nothing has come in yet",
    text: "Import a file of past orders, or let your shop send events with an API key. The keys page shows a command that sends the first one.",
    import: "Import a file",
    keys: "API keys and a first event",
  },
};
