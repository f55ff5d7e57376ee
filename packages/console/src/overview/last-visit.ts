const keyOf = (marketplace: string): string => `probity-visit-${marketplace}`;

/** The marketplace's own day at the last visit; undefined on the first, or where nothing can be kept. */
export function lastVisit(marketplace: string): string | undefined {
  try {
    const day = localStorage.getItem(keyOf(marketplace));
    return day !== null && /^\d{4}-\d{2}-\d{2}$/.test(day) ? day : undefined;
  } catch {
    return undefined;
  }
}

export function keepVisit(marketplace: string, day: string): void {
  try {
    localStorage.setItem(keyOf(marketplace), day);
  } catch {
    // Without storage every visit is the first.
  }
}

/** The day a number of days before another, both `YYYY-MM-DD`. */
export function dayBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}
