export type Who = "visitor" | "admin" | "nobody";

/** A page that the tour shows. In its path MERCHANT, BEST, WEAKEST, POLICY and DRAFT stand for ids of the demo. */
export interface Place {
  readonly name: string;
  readonly title: string;
  readonly sentence: string;
  readonly who: Who;
  readonly path: string;
  /** Shown in all four looks. */
  readonly isMain?: true;
  /** What is done there before the picture is taken. */
  readonly act?: "files" | "letter" | "reasons";
  /** What is brought to the top. */
  readonly scrollTo?: string;
}

const demo = "/console/demo";
const staff = "/console/main";

export const places: readonly Place[] = [
  {
    name: "sign-in",
    title: "Sign-in",
    sentence: "One signs in with a password and, if one likes, a second factor; the demo lets visitors look around.",
    who: "nobody",
    path: "/console/",
  },
  {
    name: "overview",
    title: "Overview",
    sentence: "What changed since the last visit: who moved, by which indicators, and what waits for somebody.",
    who: "visitor",
    path: `${demo}/overview`,
    isMain: true,
  },
  {
    name: "merchants",
    title: "Merchants",
    sentence: "Every merchant with grade, score and the bound below which the score is not with 90 % confidence.",
    who: "visitor",
    path: `${demo}/merchants`,
    isMain: true,
  },
  {
    name: "merchant",
    title: "A merchant",
    sentence: "A score stands with its five dimensions, and with what would raise it.",
    who: "visitor",
    path: `${demo}/merchants/MERCHANT`,
    isMain: true,
  },
  {
    name: "reasons",
    title: "Reasons",
    sentence: "Each part of a score opens into its reasons, down to single events of the ledger.",
    who: "visitor",
    path: `${demo}/merchants/MERCHANT`,
    act: "reasons",
    scrollTo: "section[aria-labelledby=reasons-title]",
  },
  {
    name: "history",
    title: "History",
    sentence:
      "Score and bound day by day, with the days on which rules or comparison changed; also as a table and a file.",
    who: "visitor",
    path: `${demo}/merchants/MERCHANT?tab=history`,
  },
  {
    name: "compare",
    title: "Comparison",
    sentence: "Up to four merchants side by side, indicator by indicator.",
    who: "visitor",
    path: `${demo}/compare/merchants?ids=["BEST","WEAKEST"]`,
  },
  {
    name: "report",
    title: "Report",
    sentence: "Everything about a merchant on paper, for those who have no account.",
    who: "visitor",
    path: `${demo}/merchants/MERCHANT/report`,
  },
  {
    name: "policy",
    title: "Policy",
    sentence: "The rules as data: dimensions, indicators with their curves, grades and red lines.",
    who: "visitor",
    path: `${demo}/policies/POLICY`,
    isMain: true,
  },
  {
    name: "policy-diff",
    title: "What a draft changes",
    sentence: "Two policies beside each other, told in sentences.",
    who: "visitor",
    path: `${demo}/policies/DRAFT/diff`,
  },
  {
    name: "what-if",
    title: "What if",
    sentence: "Everybody rated by a draft beside the rules in force, before anything is announced.",
    who: "visitor",
    path: `${demo}/policies/DRAFT/what-if`,
  },
  {
    name: "authenticity",
    title: "What is genuine",
    sentence: "What waits for a moderator, by what hangs on it, with the evidence laid out beside it.",
    who: "visitor",
    path: `${demo}/authenticity`,
    isMain: true,
  },
  {
    name: "rings",
    title: "Rings",
    sentence: "Groups of accounts that work together, each found by two kinds of evidence at least.",
    who: "visitor",
    path: `${demo}/authenticity/rings`,
  },
  {
    name: "models",
    title: "Models",
    sentence: "Which model judges, what it was trained on, and whether another may take its place.",
    who: "visitor",
    path: `${demo}/authenticity/models`,
  },
  {
    name: "agreement",
    title: "Agreement and self-audit",
    sentence: "How far moderators agree, and whether what weighs less leans to criticism.",
    who: "visitor",
    path: `${demo}/authenticity/agreement`,
  },
  {
    name: "ingest",
    title: "Ingest",
    sentence: "What comes in and from where, who has fallen silent, and whether ratings keep up.",
    who: "admin",
    path: `${staff}/ingest`,
    isMain: true,
  },
  {
    name: "rejected",
    title: "Rejected events",
    sentence: "An event that was refused waits with the reason; it is corrected and sent again, or set aside.",
    who: "admin",
    path: `${staff}/ingest?tab=letters`,
    act: "letter",
  },
  {
    name: "log",
    title: "The public log",
    sentence: "How far it is published, who vouches for it, and any entry with its proof, checked by the browser.",
    who: "visitor",
    path: `${demo}/log?entry=100`,
  },
  {
    name: "import",
    title: "Import",
    sentence: "Files of a shop are recognised, mapped and checked in the browser before anything is sent.",
    who: "admin",
    path: `${staff}/import`,
    act: "files",
  },
  {
    name: "activity",
    title: "Activity",
    sentence: "Who did what, from the same ledger as everything else.",
    who: "admin",
    path: `${staff}/activity`,
  },
  {
    name: "settings",
    title: "Settings",
    sentence: "People and their roles, keys, the second factor, marketplaces.",
    who: "admin",
    path: `${staff}/settings?section=people`,
  },
  {
    name: "keys",
    title: "API keys",
    sentence: "Keys of programs with their rights and last use, and a command that sends the first event.",
    who: "admin",
    path: `${staff}/settings?section=keys`,
  },
  {
    name: "card",
    title: "The card of a shop",
    sentence: "What a storefront embeds, and the markup for it.",
    who: "visitor",
    path: `${demo}/merchants/BEST?tab=card`,
  },
  {
    name: "public-page",
    title: "The public page of a merchant",
    sentence: "What shoppers read: grade, score with its lower bound, and the reasons, without an account.",
    who: "nobody",
    path: "/m/BEST",
    isMain: true,
  },
  {
    name: "how-we-rate",
    title: "How we rate",
    sentence: "The policy in force, in words for everybody.",
    who: "nobody",
    path: "/how-we-rate",
  },
  {
    name: "how-we-verify",
    title: "How we verify",
    sentence: "What is looked at, what counts and what does not, and whether criticism is hidden.",
    who: "nobody",
    path: "/how-we-verify",
  },
  {
    name: "trust",
    title: "Trust and audit",
    sentence: "Rules in force and past, where the public log stands, and how anybody audits both.",
    who: "nobody",
    path: "/trust/demo",
  },
  {
    name: "check-receipt",
    title: "Check a receipt",
    sentence: "A receipt is checked by the reader's browser; nothing is uploaded.",
    who: "nobody",
    path: "/verify?log=demo",
  },
];
