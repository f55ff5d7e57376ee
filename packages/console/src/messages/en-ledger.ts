/** Words of an event of the ledger. */
export const ledger = {
  title: (seq: string): string => `Event ${seq}`,
  type: "Type",
  source: "Source",
  id: "Id",
  time: "Time",
  sealed: "Sealed",
  sealedHint: "Stored under the person's key only, and not shown.",
  sealedNone: "Nothing in it is sealed.",
  data: "Data",
  entry: "Ledger entry",
  leaf: "Leaf",
  leafHint: "SHA-256 of the entry, as it stands in the log's tree",
  before: "Event before",
  after: "Event after",
};
