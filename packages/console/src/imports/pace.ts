/** Seconds over which the rate is taken: long enough to be calm, short enough to follow a slow server. */
const windowMs = 8_000;

interface Mark {
  readonly atMs: number;
  readonly events: number;
  readonly done: number;
}

export interface PaceReading {
  readonly eventsPerSecond: number;
  /** Undefined while it cannot be told. */
  readonly secondsLeft: number | undefined;
}

/** How fast an import goes, from its last seconds. */
export class Pace {
  #marks: Mark[] = [];

  /** After a pause: what was before says nothing. */
  restart(): void {
    this.#marks = [];
  }

  read(mark: Mark, total: number): PaceReading {
    this.#marks = [...this.#marks.filter(({ atMs }) => mark.atMs - atMs <= windowMs), mark];
    const [first] = this.#marks;
    const seconds = first === undefined ? 0 : (mark.atMs - first.atMs) / 1_000;
    if (first === undefined || seconds < 0.25) return { eventsPerSecond: 0, secondsLeft: undefined };
    const done = mark.done - first.done;
    return {
      eventsPerSecond: Math.round((mark.events - first.events) / seconds),
      secondsLeft: done <= 0 ? undefined : Math.max(0, Math.round(((total - mark.done) * seconds) / done)),
    };
  }
}
