import { figuresFor } from "./figures.ts";

const { count, plural } = figuresFor("en");

const entries = (n: number): string => `${count(n)} ${plural(n, "entry", "entries")}`;

/** Words of the public log, and of what is checked by it. */
export const log = {
  lead: "Every entry of the ledger stands in a tree whose root is signed and published. Whoever keeps a root can tell whether an entry was changed, moved or left out since.",
  notBegunTitle: "The public log has not begun",
  notBegun:
    "It begins when the worker first runs, usually within seconds. If this stays, the server runs without one: start it with PROBITY_WORKER=on.",
  figures: {
    entries: "Ledger",
    entriesHint: "entries, each with its event",
    integrated: "In the tree",
    integratedAll: "every entry of the ledger",
    integratedLess: (n: number): string => `${entries(n)} to come`,
    published: "Published",
    current: "up to date",
    behind: (n: number): string => `${entries(n)} behind`,
    none: "no checkpoint yet",
    quorum: "Quorum of witnesses",
    quorumNone: "none",
    quorumNoneHint: "no witness is asked for",
    cosigned: (signed: number, all: number): string =>
      `${count(signed)} of ${count(all)} ${plural(all, "witness has", "witnesses have")} cosigned`,
  },
  newest: {
    title: "Newest checkpoint",
    hint: "What everybody can fetch now. Keep size and root of one: every later one must continue it.",
    none: "No checkpoint is published yet. Either nothing has come in, or the witnesses do not make the quorum.",
    root: "Root",
    size: "Size",
    signed: "Signed",
    published: "Published",
    checkpoint: "Checkpoint as text",
    audit: "Public page on trust",
  },
  witnesses: {
    title: "Witnesses",
    hint: "A witness signs that the log only grows. It keeps an operator from showing different people different logs.",
    none: "No witness is asked for. So nobody but those who compare roots with each other would notice a log that is shown in two versions. Name witnesses of other parties in PROBITY_LOG_POLICY.",
    honest:
      "A witness that you run yourself is a demonstration: it shows how it works and proves nothing to others. What counts are witnesses of other parties.",
    cosigned: (when: string): string => `cosigned ${when}`,
    missing: "not on the newest checkpoint",
  },
  keys: {
    title: "Keys",
    hint: "Those who check need the key by another way than this server: on your site, in print, in a contract.",
    shard: (no: number): string => `Shard ${count(no)}`,
    signing: "signs now",
    ended: "ended",
    policy: "Trust policy",
    policyHint: "The same keys, the witnesses and the quorum as one text, for every command on this page.",
  },
  checkpoints: {
    title: "Recent checkpoints",
    hint: "The newest first; of older ones one a day is kept.",
    columns: { size: "Size", root: "Root", signed: "Signed", published: "Published", witnesses: "Witnesses" },
    waiting: "waits for witnesses",
    noWitness: "none",
  },
  audience: {
    title: "Who may read entries",
    who: {
      public: "Everybody. Entries hold counts under random ids and digests, nothing personal.",
      auditors: "Holders of an API key with the right log:read. Checkpoints, tiles and policies stay public.",
    },
    to: { public: "Publish to everybody", auditors: "Give to auditors only" },
    ask: { public: "Publish entries to everybody?", auditors: "Give entries to auditors only?" },
    text: {
      public: "Anybody can then read what each event changed in the counters, and recompute every rating.",
      auditors:
        "Outsiders can then check receipts and single ratings, but recompute all of them only with a key from you. What was read before stays with those who read it.",
    },
    done: { public: "Entries are published to everybody", auditors: "Entries are for auditors only" },
    cancel: "Cancel",
    failed: "It stays as it is",
  },
  entry: {
    title: "Look up an entry",
    hint: "Its proof is checked by this browser, not by the server.",
    number: "Number of the entry",
    show: "Show",
    wrong: "Type a whole number from 0.",
    outside: (size: number): string => `The published log has ${entries(size)}: numbers from 0 to ${count(size - 1)}.`,
    pending: "This entry stands in no published checkpoint yet. Try again in a few seconds.",
    missing: "The ledger has no such entry.",
    event: "Event behind it",
    named: "Named",
    noCategory: "no category",
    inCategory: (digest: string): string => `in category ${digest}`,
    differences: "What it changed in the counters",
    noDifferences: "It changed no counter.",
    columns: { subject: "Subject", metric: "Counter", day: "Day", n: "Cases", x: "Good" },
    act: "What the platform published",
    digests: (all: number, opened: number): string =>
      `${count(all)} digests commit to the event's fields, decoys among them; the receipt opens ${count(opened)}.`,
    fields: "Fields that the receipt opens",
    asText: "Entry as it is hashed",
    download: "Download the receipt",
  },
  check: {
    title: "What was checked",
    right: "Everything agrees",
    wrong: "It does not agree",
    steps: {
      policy: "Trust policy",
      form: "Form of the proof",
      checkpoint: "Signatures",
      place: "Place in the tree",
      content: "Content",
    },
    policy: (logs: number, witnesses: number, quorum: string): string =>
      `${count(logs)} ${plural(logs, "key", "keys")} of the log, ${count(witnesses)} ${plural(witnesses, "witness", "witnesses")}, quorum: ${quorum}.`,
    form: "It is a proof as the standard describes it (C2SP tlog-proof).",
    signed: (key: string, by: string): string => `The checkpoint is signed by ${key}. ${by}`,
    cosigned: (names: string): string => `Cosigned by ${names}.`,
    cosignedNone: "This policy asks for no witness.",
    place: (index: number, size: number, root: string): string =>
      `Entry ${count(index)} leads to the root ${root}… of ${entries(size)}.`,
    fields: (n: number): string =>
      `${count(n)} ${plural(n, "field of the event belongs", "fields of the event belong")} to digests of the entry.`,
    line: (index: number, lines: number, place: number): string =>
      `Line ${count(index)} of ${count(lines)} leads to the root that entry ${count(place)} publishes.`,
    quorumNone: "none",
    unreached: "not reached",
    not: "What this does not prove",
    limits: {
      happened: "That what the entry tells happened. It shows that it was recorded then, and not changed since.",
      left: "That nothing was left out before it was recorded. Holders of receipts can find their own events in the log.",
      server: "That the keys are right: they come from this very server, which so vouches for itself.",
      recomputed: "That the rating follows from the entries. Only an audit computes it anew; the commands below do so.",
      subject: "That this random id is this merchant's: that the server says.",
    },
    elsewhere: "Check with keys from elsewhere",
    lack: {
      insecure:
        "This browser offers no cryptography to pages without https. Open the console by https, or by localhost.",
      ed25519: "This browser is too old to check Ed25519 signatures. Use a newer one, or the command line.",
    },
  },
  audit: {
    title: "Check this log yourself",
    hint: "From any machine, without an account. The first command fetches the keys: better take them from elsewhere.",
    key: "Entries are for auditors only: both audits also need a key with the right log:read.",
    steps: {
      policy: "Fetch the trust policy",
      audit: "Recompute every rating",
      python: "The same by a second program, which shares no code with the server",
    },
  },
  rating: {
    title: "Check this rating",
    hint: "The published rating, checked by this browser against the public log.",
    held: (day: string, size: number): string => `As published on ${day}, from the first ${entries(size)} of the log`,
    score: (score: string, bound: string): string => `${score}, not below ${bound}`,
    same: "It is the rating that this page shows.",
    differs: "This page shows another computation; the log publishes ratings once a day.",
    checkedAt: (size: number): string => `checked by your browser against log size ${count(size)}`,
    none: "There is no proof of this rating yet: the log publishes ratings of public marketplaces once a day.",
    details: "What was checked, and what it does not prove",
    commands: "Recompute it from outside",
  },
};
