import {
  contribute,
  type EntityPass,
  type EntityRef,
  entityKey,
  type EntityState,
  entityOf,
  type FactSettings,
  type FoldEvent,
  foldFacts,
  keySeparator,
  type PairState,
  type ShopperState,
  voiceSlot,
} from "../facts/index.ts";

/** An event that names the person, by its place. */
export interface NamingEvent extends FoldEvent {
  readonly seq: number;
  /** As its sender wrote it. */
  readonly time: string;
  /** Field of the data that names the person. */
  readonly personField: string;
}

export interface KeptEntity extends EntityRef {
  readonly state: EntityState;
}

/** What becomes of a person's events and entities: a name of its own for each purchase, so that none leads to another. */
export interface Parted {
  /** By place of the event: the name that it then carries. */
  readonly names: ReadonlyMap<number, string>;
  readonly entities: readonly { readonly before: EntityRef; readonly after: KeptEntity }[];
  readonly pairs: ReadonlyMap<string, PairState>;
  readonly shoppers: ReadonlyMap<string, ShopperState>;
}

class Groups {
  readonly #parent = new Map<string, string>();

  find(key: string): string {
    const parent = this.#parent.get(key) ?? key;
    if (parent === key) return key;
    const root = this.find(parent);
    this.#parent.set(key, root);
    return root;
  }

  join(one: string, other: string): void {
    this.#parent.set(this.find(one), this.find(other));
  }
}

/** What an event belongs to: its entity, else itself; and the purchase that it names. */
function keysOf(event: NamingEvent): { own: string; purchase: string | undefined } {
  const entity = entityOf(event);
  const { merchant, order } = event.data;
  const isOfOrder = typeof merchant === "string" && typeof order === "string";
  return {
    own: entity === undefined ? `event ${event.seq}` : entityKey(entity.kind, entity.id),
    purchase: isOfOrder ? entityKey("order", merchant + keySeparator + order) : undefined,
  };
}

function renamed(entity: KeptEntity, id: string, name: string): KeptEntity {
  const state = Object.fromEntries(
    Object.entries(entity.state).map(([slot, { t, k, d }]) => [
      slot === voiceSlot + id ? voiceSlot + name : slot,
      {
        t,
        k,
        d: Object.fromEntries(Object.entries(d).map(([key, value]) => [key, isName(key, value, id) ? name : value])),
      },
    ]),
  );
  const parts = entity.id.split(keySeparator);
  // Of the entities' keys a follower's alone names a person.
  if (entity.kind === "follow") parts[2] = name;
  return { kind: entity.kind, id: parts.join(keySeparator), state };
}

const isName = (key: string, value: unknown, id: string): boolean =>
  value === id && (key === "buyer" || key === "user");

/**
 * Parts what a person did: events that belong to one purchase (or to one review, follow, ticket without one) share a new
 * name, and nothing else does. Pairs and shoppers are those of the new names: later events about a purchase fold on as if
 * it had been somebody's only one. What was booked stays booked.
 */
export function partWays(
  id: string,
  events: readonly NamingEvent[],
  entities: ReadonlyMap<string, KeptEntity>,
  settings: FactSettings,
  newName: () => string,
): Parted {
  const groups = new Groups();
  for (const event of events) {
    const { own, purchase } = keysOf(event);
    if (purchase !== undefined) groups.join(own, purchase);
  }
  const nameOf = new Map<string, string>();
  const nameFor = (own: string): string => {
    const group = groups.find(own);
    const known = nameOf.get(group) ?? newName();
    nameOf.set(group, known);
    return known;
  };
  const names = new Map(events.map((event) => [event.seq, nameFor(keysOf(event).own)]));
  const parted = [...entities].map(([key, before]) => ({ before, after: renamed(before, id, nameFor(key)) }));
  const states = {
    entities: new Map(),
    pairs: new Map<string, PairState>(),
    shoppers: new Map<string, ShopperState>(),
  };
  foldFacts(
    parted.map(({ after }): EntityPass => ({
      event: { type: "", timeMs: 0, key: "", data: {} },
      entity: after,
      before: {},
      after: after.state,
      minus: undefined,
      plus: contribute(after.kind, after.id.split(keySeparator), after.state, settings),
    })),
    states,
  );
  return { names, entities: parted, pairs: states.pairs, shoppers: states.shoppers };
}
