import { oneOfParam, present } from "../shell/search-params.ts";

export const sections = ["appearance", "account", "people", "keys", "marketplaces"] as const;
export type Section = (typeof sections)[number];

export interface SettingsSearch {
  /** Without it, the first. */
  readonly section?: Section;
}

export function settingsSearch(search: Readonly<Record<string, unknown>>): SettingsSearch {
  return present({ section: oneOfParam(search, "section", sections) });
}
