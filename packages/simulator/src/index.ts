export { type RingScenarioOptions, scenarios, type Scenario, type ScenarioOptions } from "./scenarios.ts";
export { simulate, simulateWithTruth, truthOf, type Simulation } from "./simulate.ts";
export type { MerchantTruth, Truth } from "./truth.ts";
export type { SimulationOptions } from "./world.ts";
