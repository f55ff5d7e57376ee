import { limits } from "@probity/contract";

const counts: Readonly<Record<keyof typeof limits, string>> = {
  idChars: "an identifier",
  nameChars: "a name",
  textChars: "free text: a review, a message",
  noteChars: "a short note, a reason",
  uriChars: "an address",
  itemsPerOrder: "lines of one order",
  extensionFields: "`x-` fields of one event",
  extensionChars: "the text of one `x-` field",
  moneyMinorUnits: "one amount, in minor units",
  jsonDepthLevels: "levels of nesting of one event",
  eventBytes: "one event",
  bodyBytes: "a request's body, before and after decompression",
  batchEvents: "events of one request",
  entryBytes: "one entry of the ledger",
  entryDigests: "digests of one entry, decoys included; more only where an event has more fields",
  futureToleranceMs: "how far ahead of the server's clock a time may lie",
  earliestTimeMs: "the earliest time, in milliseconds since 1970: 2000-01-01",
  queueEvents: "events that wait in one process for one marketplace; more are refused with 429",
  commitEvents: "events of one commit",
  deadLettersOpen: "open dead letters of one marketplace; further rejected events are answered, not kept",
  pageRows: "rows of one page of a list",
  pairMonthCap: "what one buyer can count with one merchant in a calendar month",
  shopperReviews: "reviews through which one shopper's standing counts",
  telling: "events that an explanation names per indicator",
  whatIfsWaiting: "what-ifs that run or wait at once in a process",
  decisionItems: "reviews, orders or followers of one decision",
  bulkItems: "items of one decision in bulk",
  ringMembersShown: "members of a ring that its case names",
  ringEdgesShown: "ties of a ring that its case names",
  neighboursShown: "neighbours and near-duplicates beside what is judged",
  publishedRatingsKept: "published ratings of a kind whose lines are kept; their roots stand in the log for ever",
  openingEvents: "events that one entry rests on and that are opened for an auditor",
  logActs: "acts in one answer of the public log",
  credentialDays: "days for which a credential is valid",
  credentialBytes: "a credential, made or taken",
  statusListEntries: "places of one status list of credentials",
  statusListBytes: "a status list that is read",
  credentialIssuers: "other marketplaces whose credentials one marketplace takes",
  issuerKeys: "keys of one of them",
  modelsKept: "models of authenticity that are kept; older ones that were never in force go first",
};

/** The limits of the contract as a Markdown table. */
export function limitsTable(): string {
  const rows = Object.entries(counts).map(
    ([name, what]) => `| \`${name}\` | ${limits[name as keyof typeof limits].toLocaleString("en-US")} | ${what} |`,
  );
  return ["", "| limit | value | of |", "|---|---:|---|", ...rows, ""].join("\n");
}
