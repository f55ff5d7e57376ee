/// <reference lib="dom" />
import type { Page } from "playwright-core";

/** What one interaction took, from the press until the next frame was painted. */
export interface Interaction {
  readonly name: string;
  readonly ms: number;
}

export interface Loaded {
  readonly path: string;
  readonly beginMs: number;
  readonly endMs: number;
}

interface Probe {
  /** Until the first view's content was painted, from the navigation's begin. */
  readonly firstView: Promise<number>;
  readonly largestPaintMs: () => number;
  /** Until the next click's effect was painted, from the click. */
  readonly afterClick: (selector: string) => Promise<number>;
  /** Interactions since it was asked last. */
  readonly take: () => readonly Interaction[];
}

declare global {
  interface Window {
    consoleProbe?: Probe;
  }
}

/** Runs in the page before anything else of it. */
function install(firstContent: string): void {
  const interactions = new Map<number, { name: string; ms: number }>();
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as PerformanceEventTiming[]) {
      const id = entry.interactionId ?? 0;
      if (id > 0 && entry.duration > (interactions.get(id)?.ms ?? 0))
        interactions.set(id, { name: entry.name, ms: entry.duration });
    }
  });
  observer.observe({ type: "event", durationThreshold: 16, buffered: true } as PerformanceObserverInit);
  let largestMs = 0;
  new PerformanceObserver((list) => {
    largestMs = list.getEntries().at(-1)?.startTime ?? largestMs;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  /** A task that is queued in a frame runs after that frame was handed to be painted. */
  const painted = (selector: string): Promise<number> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (document.querySelector(selector)?.checkVisibility() !== true) {
          requestAnimationFrame(look);
          return;
        }
        const channel = new MessageChannel();
        channel.port1.addEventListener("message", () => resolve(performance.now()));
        channel.port1.start();
        channel.port2.postMessage(0);
      };
      requestAnimationFrame(look);
    });
  window.consoleProbe = {
    firstView: painted(firstContent),
    largestPaintMs: () => largestMs,
    afterClick: (selector) =>
      new Promise((resolve) => {
        const pressed = (event: MouseEvent): void =>
          void painted(selector).then((atMs) => resolve(atMs - event.timeStamp));
        addEventListener("click", pressed, { capture: true, once: true });
      }),
    take: () => {
      const taken = [...interactions.values()];
      interactions.clear();
      return taken;
    },
  };
}

/** Times what happens in a page as its reader meets it. */
export class PageProbe {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  /** Before the page goes anywhere; `firstContent` selects what the first view is seen by. */
  static async install(page: Page, firstContent: string): Promise<PageProbe> {
    await page.addInitScript(install, firstContent);
    return new PageProbe(page);
  }

  async firstView(): Promise<{ readonly shownMs: number; readonly largestPaintMs: number }> {
    const shownMs = await this.#page.evaluate(() => window.consoleProbe?.firstView);
    const largestPaintMs = await this.#page.evaluate(() => window.consoleProbe?.largestPaintMs());
    return { shownMs: shownMs ?? Number.NaN, largestPaintMs: largestPaintMs ?? Number.NaN };
  }

  /** From the click until something that the selector means was painted. */
  async clickUntil(target: string, selector: string): Promise<number> {
    const shown = this.#page.evaluate((wanted) => window.consoleProbe?.afterClick(wanted), selector);
    const press = async (): Promise<void> => {
      // The listener is there once the page has answered anything asked after it.
      await this.#page.evaluate(() => undefined);
      await this.#page.locator(target).first().click();
    };
    const [ms] = await Promise.all([shown, press()]);
    return ms ?? Number.NaN;
  }

  /** The interactions since the last time, slow ones alone: the rest took less than 16 ms. */
  async takeInteractions(): Promise<readonly Interaction[]> {
    await this.#page.waitForTimeout(250);
    return (await this.#page.evaluate(() => window.consoleProbe?.take())) ?? [];
  }

  /** What was loaded up to a time: files of the console and answers of the API, with when each began and ended. */
  async loadedUntil(ms: number): Promise<readonly Loaded[]> {
    return this.#page.evaluate(
      (until) =>
        performance
          .getEntriesByType("resource")
          .filter(({ startTime }) => startTime <= until)
          .map(({ name, startTime, duration }) => ({
            path: new URL(name).pathname,
            beginMs: startTime,
            endMs: startTime + duration,
          })),
      ms,
    );
  }
}
