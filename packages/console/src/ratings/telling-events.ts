import type { EventReason, Explanation } from "@probity/contract";
import type { Figures } from "../messages/figures.ts";
import type { Evidence } from "../ui/evidence-list.tsx";

export function evidenceOf(events: readonly EventReason[], f: Figures): Evidence[] {
  return events.map((event) => ({
    key: `${event.entity}-${event.entityId}-${event.day}`,
    day: event.day,
    what: f.words(event.what),
    good: event.good,
    places: event.events,
  }));
}

/** Telling events of every indicator, newest first, each once. */
export function newestTelling(explanation: Explanation, most: number): EventReason[] {
  const found = new Map<string, EventReason>();
  for (const { indicators } of explanation.dimensions) {
    for (const event of indicators.flatMap(({ events }) => events)) {
      found.set(`${event.entity}-${event.entityId}-${event.day}`, event);
    }
  }
  return [...found.values()]
    .sort((one, other) => (one.day < other.day ? 1 : one.day > other.day ? -1 : 0))
    .slice(0, most);
}
