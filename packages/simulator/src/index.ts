export { simulate, simulateWithTruth, truthOf, type Simulation } from "./simulate.ts";
export type { MerchantTruth, RingTruth, Truth } from "./truth.ts";
export type { SimulationOptions } from "./world.ts";
