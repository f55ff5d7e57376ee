import type { ApiKeyScope } from "@probity/contract";
import type { Messages } from "../messages/en.ts";
import {
  Activity,
  ArrowUpFromLine,
  Fingerprint,
  type Icon,
  Inbox,
  LayoutDashboard,
  Megaphone,
  Package,
  Scale,
  ScrollText,
  Settings,
  Store,
} from "../ui/icons.ts";

export const plurals = ["merchants", "products", "promoters"] as const;
export type Plural = (typeof plurals)[number];

export type PageName =
  | "overview"
  | Plural
  | "authenticity"
  | "policies"
  | "log"
  | "import"
  | "ingest"
  | "activity"
  | "settings";

export interface PageEntry {
  readonly page: PageName;
  readonly group: keyof Messages["pages"]["groups"];
  readonly icon: Icon;
  /** Pressed after `g`. */
  readonly key: string;
  /** Without this right the entry is not there. */
  readonly scope: ApiKeyScope | null;
}

export const pageEntries: readonly PageEntry[] = [
  { page: "overview", group: "ratings", icon: LayoutDashboard, key: "o", scope: "ratings:read" },
  { page: "merchants", group: "ratings", icon: Store, key: "m", scope: "ratings:read" },
  { page: "products", group: "ratings", icon: Package, key: "p", scope: "ratings:read" },
  { page: "promoters", group: "ratings", icon: Megaphone, key: "r", scope: "ratings:read" },
  { page: "authenticity", group: "desk", icon: Fingerprint, key: "t", scope: "authenticity:read" },
  { page: "policies", group: "governance", icon: Scale, key: "l", scope: "ratings:read" },
  { page: "log", group: "governance", icon: ScrollText, key: "b", scope: "log:read" },
  { page: "import", group: "governance", icon: ArrowUpFromLine, key: "u", scope: "events:write" },
  { page: "ingest", group: "governance", icon: Inbox, key: "i", scope: "letters:read" },
  { page: "activity", group: "governance", icon: Activity, key: "a", scope: "activity:read" },
  { page: "settings", group: "governance", icon: Settings, key: "s", scope: null },
];
