/**
 * An engine in a process of its own, configured by the environment: says port and key to its parent once it listens,
 * answers its parent's questions and closes in order when the parent lets go of it. With the argument `worker` it runs the
 * jobs as well.
 */
import { createKey } from "../packages/engine/src/keys/keys.store.ts";
import { createApp, openEngine, startWorker } from "../packages/engine/src/main/engine.ts";
import { readConfig } from "../packages/engine/src/platform/config.ts";
import { ensureMarketplace } from "../packages/engine/src/platform/marketplace.store.ts";
import { type LedgerSnapshot, readSnapshot } from "./ledger-snapshot.ts";

/** What the child says once it listens. */
export interface ChildReady {
  readonly port: number;
  readonly token: string;
}

/** What a parent may ask: the processor time used so far, in ms; the ledger from a place on. */
export type Question = { readonly ask: "processorMs" } | { readonly ask: "snapshot"; readonly fromSeq: number };
export type Reply = { readonly processorMs: number } | { readonly snapshot: LedgerSnapshot };

const config = readConfig(process.env);
const engine = await openEngine(config);
const wanted = { slug: "bench", name: "Benchmark", currency: "CNY", clock: "log", isPublic: true } as const;
const market = await ensureMarketplace(engine.db, wanted, Date.now());
const scopes = ["events:write", "events:read", "ratings:read", "policies:write"] as const;
const { token } = await createKey(engine.db, market, "benchmark", scopes, Date.now());
const app = await createApp(engine);
await app.listen({ host: config.host, port: config.port });
const worker = process.argv.includes("worker") ? startWorker(engine) : undefined;

async function replyTo(question: Question): Promise<Reply> {
  if (question.ask === "snapshot") return { snapshot: await readSnapshot(engine.db, market, question.fromSeq) };
  const { user, system } = process.cpuUsage();
  return { processorMs: (user + system) / 1_000 };
}

process.on("message", (question: Question) => {
  void replyTo(question).then((reply) => process.send?.(reply));
});
process.once("disconnect", () => {
  void (async () => {
    await app.close();
    await worker?.[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
  })();
});
const address = app.server.address();
const ready: ChildReady = { port: typeof address === "object" && address !== null ? address.port : 0, token };
process.send?.(ready);
