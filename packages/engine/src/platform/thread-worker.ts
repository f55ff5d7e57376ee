import { parentPort, workerData } from "node:worker_threads";
import type { ThreadReply, ThreadTask } from "./thread.ts";

const { module, name, input } = workerData as ThreadTask;

async function run(): Promise<ThreadReply> {
  try {
    const exported = (await import(module)) as Readonly<Record<string, (input: unknown) => unknown>>;
    const work = exported[name];
    if (work === undefined) return { error: `${module} exports no ${name}` };
    return { result: await work(input) };
  } catch (error) {
    return { error: (error as Error).stack ?? String(error) };
  }
}

parentPort?.postMessage(await run());
