const key = "probity-tour-left";

/** Whether the tour was left in this browser. */
export function tourLeft(): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return true;
  }
}

export function keepTour(): void {
  try {
    localStorage.setItem(key, "1");
  } catch {
    // Without storage it comes again with the next visit.
  }
}
