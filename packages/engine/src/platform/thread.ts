import { Worker } from "node:worker_threads";

/** What the thread is asked to do: a function that a module exports, and its one argument. */
export interface ThreadTask {
  readonly module: string;
  readonly name: string;
  readonly input: unknown;
}

export type ThreadReply = { readonly result: unknown } | { readonly error: string };

/**
 * Runs a pure function in a thread of its own, so that numbers do not keep requests waiting: `name` is exported by the
 * module at `module`; input and result are copied. Rejects with what it threw, or when it is called off.
 */
export async function inThread<Input, Result>(
  module: URL,
  name: string,
  input: Input,
  signal?: AbortSignal,
): Promise<Result> {
  const task: ThreadTask = { module: module.href, name, input };
  const worker = new Worker(new URL("./thread-worker.ts", import.meta.url), { workerData: task });
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  worker.once("message", (reply: ThreadReply) => {
    if ("error" in reply) reject(new Error(reply.error));
    else resolve(reply.result as Result);
  });
  worker.once("error", reject);
  worker.once("exit", () => reject(new Error(`${name} ended without a result`)));
  const callOff = (): void => reject(new Error(`${name} was called off`));
  signal?.addEventListener("abort", callOff, { once: true });
  try {
    return await promise;
  } finally {
    signal?.removeEventListener("abort", callOff);
    await worker.terminate();
  }
}
