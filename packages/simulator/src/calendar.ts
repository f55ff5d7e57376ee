import type { EventData, EventType, ProbityEvent } from "@probity/contract";

export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

interface Pending {
  readonly timeMs: number;
  readonly type: EventType;
  readonly data: EventData<EventType>;
}

const two = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, "0"));

/** `YYYY-MM-DD` of a day number. */
export function dayText(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/**
 * What lies ahead, in a bucket per day. A life (of an order, a ticket, …) is drawn whole when it begins
 * and its events wait here, so memory holds the lives in flight and not the run.
 */
export class Calendar {
  readonly startDay: number;
  readonly endDay: number;
  readonly #source: string;
  readonly #buckets = new Map<number, Pending[]>();
  #today: number;
  #count = 0;

  constructor(startDay: number, endDay: number, source: string) {
    this.startDay = startDay;
    this.endDay = endDay;
    this.#source = source;
    this.#today = startDay;
  }

  get today(): number {
    return this.#today;
  }

  /** Events handed out so far. */
  get count(): number {
    return this.#count;
  }

  /** Files an event; false when its time lies beyond the last day, and it will never happen. */
  add<T extends EventType>(timeMs: number, type: T, data: EventData<T>): boolean {
    const day = Math.floor(timeMs / dayMs);
    if (day > this.endDay) return false;
    if (day < this.#today) throw new Error(`${type} on a day that is over`);
    const bucket = this.#buckets.get(day);
    const pending = { timeMs, type, data };
    if (bucket === undefined) this.#buckets.set(day, [pending]);
    else bucket.push(pending);
    return true;
  }

  /** Hands out today's events in order of time and turns the page. */
  *drain(): Generator<ProbityEvent, void> {
    const day = this.#today;
    const bucket = this.#buckets.get(day) ?? [];
    this.#buckets.delete(day);
    bucket.sort((left, right) => left.timeMs - right.timeMs);
    const date = dayText(day);
    const midnight = day * dayMs;
    this.#today = day + 1;
    for (const { timeMs, type, data } of bucket) {
      const second = Math.floor((timeMs - midnight) / 1_000);
      const minute = Math.floor(second / 60);
      const clock = `${two[Math.floor(minute / 60)]}:${two[minute % 60]}:${two[second % 60]}`;
      this.#count += 1;
      yield {
        specversion: "1.0",
        id: `e-${this.#count}`,
        source: this.#source,
        type,
        time: `${date}T${clock}Z`,
        data,
      } as ProbityEvent;
    }
  }
}

/** RFC 3339 text of a time, to the second. */
export function timeText(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}
