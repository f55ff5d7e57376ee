import { NetworkLayout, type NetworkShape, reachAt, stepsFor } from "./network-layout.ts";

/** Places of all nodes after some steps; `done` with the last. */
export interface Places {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly done: boolean;
}

/** The part of a worker's global scope that is used here. */
interface WorkerScope {
  postMessage(places: Places): void;
  addEventListener(type: "message", take: (event: { readonly data: NetworkShape }) => void): void;
}
const scope = globalThis as unknown as WorkerScope;

/** What stands so far is shown several times, so that nobody waits before an empty frame. */
const shownTimes = 12;

scope.addEventListener("message", ({ data }) => {
  const layout = new NetworkLayout(data);
  const steps = stepsFor(data.nodes);
  const every = Math.ceil(steps / shownTimes);
  for (let step = 0; step < steps; step += 1) {
    layout.step(reachAt(step, steps));
    if (step % every === every - 1 || step === steps - 1)
      scope.postMessage({ x: layout.x, y: layout.y, done: step === steps - 1 });
  }
});
