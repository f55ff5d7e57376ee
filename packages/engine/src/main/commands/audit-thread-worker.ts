import { parentPort, workerData } from "node:worker_threads";
import { BundleReader, type ReadStart, type ServedBundle } from "@probity/verifier/audit/bundle-reader";
import { sha256 } from "../../log/tile-edge.ts";

const reader = new BundleReader(sha256, workerData as ReadStart);

parentPort?.on("message", (served: ServedBundle) => {
  const content = reader.read(served);
  parentPort?.postMessage(
    content,
    content.steps.flatMap(({ facts }) => [facts.rows.buffer, facts.named.buffer]),
  );
});
