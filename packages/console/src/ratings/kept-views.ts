import type { Plural } from "../shell/navigation.ts";
import { subjectsSearch, type SubjectsSearch } from "./subjects-search.ts";

/** A list as somebody set it, under a name. */
export interface KeptView {
  readonly name: string;
  readonly search: SubjectsSearch;
}

export const viewNameChars = 60;
const viewsMax = 50;

const keyOf = (marketplace: string, plural: Plural): string => `probity-views-${marketplace}-${plural}`;

/** Views of a list, by name; what cannot be read is left out. */
export function readViews(marketplace: string, plural: Plural): readonly KeptView[] {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(marketplace, plural)) ?? "[]") as unknown;
    return Array.isArray(kept) ? kept.flatMap(viewOf) : [];
  } catch {
    return [];
  }
}

function viewOf(kept: unknown): readonly KeptView[] {
  const { name, search } = (kept ?? {}) as { name?: unknown; search?: unknown };
  return typeof name === "string" && name !== "" && typeof search === "object" && search !== null
    ? [{ name: name.slice(0, viewNameChars), search: subjectsSearch(search as Record<string, unknown>) }]
    : [];
}

/** The views with one more, which takes the place of another of its name; the newest fifty stay. */
export function withView(views: readonly KeptView[], view: KeptView): readonly KeptView[] {
  return [...views.filter(({ name }) => name !== view.name), view].slice(-viewsMax);
}

/** Keeps views; false where the browser has no room or forbids it. */
export function keepViews(marketplace: string, plural: Plural, views: readonly KeptView[]): boolean {
  try {
    localStorage.setItem(keyOf(marketplace, plural), JSON.stringify(views));
    return true;
  } catch {
    return false;
  }
}
