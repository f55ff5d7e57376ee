import type { z } from "zod";
import { afterSalesEvents } from "./after-sales.ts";
import type { EventDefinition } from "./define.ts";
import { listingEvents } from "./listings.ts";
import { merchantEvents } from "./merchants.ts";
import { orderEvents } from "./orders.ts";
import { platformEvents } from "./platform.ts";
import { safetyEvents } from "./safety.ts";
import { serviceEvents } from "./service.ts";
import { socialEvents } from "./social.ts";
import { voiceEvents } from "./voice.ts";

const all = {
  ...merchantEvents,
  ...listingEvents,
  ...orderEvents,
  ...afterSalesEvents,
  ...voiceEvents,
  ...socialEvents,
  ...serviceEvents,
  ...safetyEvents,
  ...platformEvents,
};

/** Every trust-bearing event type: its data, its person, what is sealed, which entity it changes. */
export const events: typeof all = all;

export type EventType = keyof typeof all;

/** Data of one event type, as the schema infers it. */
export type EventData<T extends EventType> = z.infer<(typeof all)[T]["data"]>;

/** Extension fields: names start with `x-`, values are plain. */
export type Extensions = { readonly [name: `x-${string}`]: string | number | boolean };

/** A CloudEvents 1.0 event of a known type. */
export type ProbityEvent<T extends EventType = EventType> = {
  [K in T]: {
    specversion: "1.0";
    id: string;
    source: string;
    type: K;
    time: string;
    subject?: string;
    datacontenttype?: string;
    dataschema?: string;
    data: EventData<K> & Extensions;
  };
}[T];

/** The definition of a type, or undefined if the type is unknown. */
export function eventDefinition(type: string): EventDefinition | undefined {
  return Object.hasOwn(all, type) ? all[type as EventType] : undefined;
}

export const eventTypes: readonly EventType[] = Object.keys(all) as EventType[];
