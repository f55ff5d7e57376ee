import { hash } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { BundleReader, type ReadStart, type ServedBundle } from "@probity/verifier/audit/bundle-reader";

const reader = new BundleReader((bytes) => hash("sha256", bytes, "buffer"), workerData as ReadStart);

parentPort?.on("message", (served: ServedBundle) => {
  const content = reader.read(served);
  parentPort?.postMessage(
    content,
    content.steps.flatMap(({ facts }) => [facts.rows.buffer, facts.named.buffer]),
  );
});
