import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildTrustCard, trustCardGzipBytesMax } from "@probity/widgets/build";
import { describe, expect, it } from "vitest";
import { goldenFiles } from "./golden.ts";
import { exists, root } from "./tree.ts";

describe("golden files", () => {
  it.for([...goldenFiles])("%s is what it is made from", async ([path, make]) => {
    expect(exists(path), "missing; npm run golden makes it").toBe(true);
    const made = await make();
    const kept = readFileSync(join(root, path), "utf8");
    expect(kept === made, "differs from what it is made from; npm run golden, then look at the difference").toBe(true);
  });

  it("keep the trust card inside its budget", async () => {
    const { gzipBytes } = await buildTrustCard();
    expect(gzipBytes).toBeLessThanOrEqual(trustCardGzipBytesMax);
    expect(trustCardGzipBytesMax).toBe(8_192);
  });
});
