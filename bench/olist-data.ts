import { dayOf } from "@probity/contract";
import type { FactColumns } from "@probity/kernels/stats/decayed-sums";
import type { ImportEvent } from "@probity/mapping";
import {
  foldEntities,
  foldFacts,
  type FoldEvent,
  type FoldStates,
  keySeparator,
} from "../packages/engine/src/facts/index.ts";
import { importOlistFolder } from "../packages/engine/src/import/import.store.ts";
import { say } from "./flags.ts";

export const olistLayout =
  "the CSV files of the Brazilian E-Commerce Public Dataset by Olist under their published names (orders, order_items, customers, sellers, products, order_payments, order_reviews)";

/** Events of the folder in order of time. */
export async function readOlistEvents(folder: string): Promise<FoldEvent[]> {
  const events: FoldEvent[] = [];
  let rejects = 0;
  for await (const item of importOlistFolder(folder)) {
    if ("reject" in item) rejects += 1;
    else events.push(toFold(item.event));
  }
  events.sort((a, b) => a.timeMs - b.timeMs || (a.key < b.key ? -1 : 1));
  say(`${events.length} events, ${rejects} rows left out`);
  return events;
}

function toFold({ source, id, type, time, data }: ImportEvent): FoldEvent {
  return { type, timeMs: Date.parse(time), key: source + keySeparator + id, data };
}

/** What became of one order of one merchant. */
export interface Outcome {
  readonly merchant: string;
  readonly placedDay: number;
  /** Undefined where nothing was promised or the order was called off in time. */
  readonly late: boolean | undefined;
  /** Undefined where no review was written. */
  readonly low: boolean | undefined;
}

interface Life {
  placed?: FoldEvent;
  handedOverMs: number;
  cancelledMs: number;
  stars?: number;
}

/** Outcomes that the data knows: a promise that falls due after the last event has none. */
export function outcomesOf(events: readonly FoldEvent[]): Outcome[] {
  const endMs = events.at(-1)?.timeMs ?? 0;
  const lives = new Map<string, Life>();
  for (const event of events) {
    const { order, merchant } = event.data as { order?: string; merchant?: string };
    if (order === undefined || merchant === undefined) continue;
    const key = order + keySeparator + merchant;
    const life = lives.get(key) ?? { handedOverMs: Number.POSITIVE_INFINITY, cancelledMs: Number.POSITIVE_INFINITY };
    lives.set(key, life);
    if (event.type === "order.placed") life.placed = event;
    else if (event.type === "order.cancelled") life.cancelledMs = Math.min(life.cancelledMs, event.timeMs);
    else if (event.type === "review.posted") life.stars ??= Number(event.data["stars"]);
    else if (event.type === "order.shipped" || event.type === "order.delivered")
      life.handedOverMs = Math.min(life.handedOverMs, event.timeMs);
  }
  return [...lives.values()].flatMap(({ placed, handedOverMs, cancelledMs, stars }): Outcome[] => {
    if (placed === undefined) return [];
    const dueMs = Date.parse(String(placed.data["shipBy"]));
    const known = dueMs < endMs && !(cancelledMs <= dueMs && handedOverMs > cancelledMs);
    const merchant = String(placed.data["merchant"]);
    return [
      {
        merchant,
        placedDay: dayOf(placed.timeMs),
        late: known ? handedOverMs > dueMs : undefined,
        low: stars === undefined ? undefined : stars <= 2,
      },
    ];
  });
}

interface Counter {
  readonly subject: number;
  readonly metric: number;
  readonly day: number;
  n: number;
  x: number;
}

/** Merchants' facts as the ledger would hold them after a prefix of the events. */
export class MerchantFacts {
  readonly #events: readonly FoldEvent[];
  readonly #states: FoldStates = { entities: new Map(), pairs: new Map(), shoppers: new Map() };
  readonly #counters = new Map<string, Counter>();
  #next = 0;
  readonly merchants = new Map<string, number>();

  constructor(events: readonly FoldEvent[]) {
    this.#events = events;
  }

  /** Folds the events before a moment. */
  advance(untilMs: number): void {
    const from = this.#next;
    while (this.#next < this.#events.length && (this.#events[this.#next] as FoldEvent).timeMs < untilMs)
      this.#next += 1;
    const passes = foldEntities(this.#events.slice(from, this.#next), this.#states.entities, { currency: "BRL" });
    for (const { facts } of foldFacts(passes, this.#states)) {
      for (const { subject, metric, day, n, x } of facts) {
        if (!subject.startsWith("m")) continue;
        const merchant = this.merchants.get(subject.slice(1)) ?? this.merchants.size;
        this.merchants.set(subject.slice(1), merchant);
        const key = `${merchant}|${metric}|${day}`;
        const counter = this.#counters.get(key);
        if (counter === undefined) this.#counters.set(key, { subject: merchant, metric, day, n, x });
        else {
          counter.n += n;
          counter.x += x;
        }
      }
    }
  }

  /** Rows up to a day; later ones are promises that nobody can judge yet. */
  columns(day: number): FactColumns {
    const rows = [...this.#counters.values()].filter((row) => row.day <= day);
    return {
      rows: rows.length,
      subject: Int32Array.from(rows, (row) => row.subject),
      metric: Int16Array.from(rows, (row) => row.metric),
      day: Int32Array.from(rows, (row) => row.day),
      n: Float64Array.from(rows, (row) => row.n),
      x: Float64Array.from(rows, (row) => row.x),
    };
  }
}
