export { contribute, type Contribution, type FactDelta, type FactSettings } from "./contributions.ts";
export {
  type EntityRef,
  type EntityState,
  entityOf,
  type FoldEvent,
  keySeparator,
  type Slot,
  voiceSlot,
} from "./entity-state.ts";
export {
  entityKey,
  type EntityPass,
  type EventChange,
  type FactChange,
  foldEntities,
  foldFacts,
  type FoldStates,
  touchedBy,
} from "./fold.ts";
export type { PairState } from "./pair.ts";
export type { ShopperState } from "./shopper.ts";
