const pauseMs = 2_000;

/**
 * Loads a part of the page. Without a connection it waits and tries again instead of failing: a part that fails to
 * load would take the page down, and what is typed there with it.
 */
export async function patiently<T>(load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
