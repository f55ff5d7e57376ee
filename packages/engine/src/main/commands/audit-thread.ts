import { Worker } from "node:worker_threads";
import type { BundleContent, Reader, ReadStart } from "@probity/verifier/audit/bundle-reader";

/**
 * Reads a log's bundles in a thread of its own, so that facts and ratings are computed meanwhile. A bundle that is alone
 * in its memory is handed over, not copied: the caller cannot read it afterwards.
 */
export function openAuditThread(start: ReadStart): Reader {
  const worker = new Worker(new URL("./audit-thread-worker.ts", import.meta.url), { workerData: start });
  const waiting: PromiseWithResolvers<BundleContent>[] = [];
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    for (const { reject } of waiting.splice(0)) reject(failure);
  };
  worker.on("message", (content: BundleContent) => waiting.shift()?.resolve(content));
  worker.on("error", fail);
  worker.on("exit", () => fail(new Error("the thread that reads bundles has ended")));
  return {
    read: (served) => {
      if (failure !== undefined) throw failure;
      const read = Promise.withResolvers<BundleContent>();
      waiting.push(read);
      const { buffer, byteLength } = served.bundle;
      worker.postMessage(served, buffer.byteLength === byteLength ? [buffer as ArrayBuffer] : []);
      return read.promise;
    },
    close: () => worker.terminate(),
  };
}
