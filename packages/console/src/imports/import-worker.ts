import { createClient } from "@probity/sdk";
import { ImportWork } from "./import-work.ts";
import type { Order, Report } from "./protocol.ts";

/** The part of a worker's global scope that is used here. */
interface WorkerScope {
  postMessage(report: Report): void;
  addEventListener(type: "message", take: (event: { readonly data: Order }) => void): void;
}
const scope = globalThis as unknown as WorkerScope;

const work = new ImportWork({
  post: (report) => scope.postMessage(report),
  // Waiting is the import's own affair: it tells the person, who may stop it.
  connect: (address, marketplace) =>
    createClient({ url: address, marketplace, compress: true, retries: 1, timeoutMs: 120_000 }),
  nowMs: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
});

scope.addEventListener("message", ({ data }) => void work.take(data));
