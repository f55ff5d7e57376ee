import { fork } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChildReady, Question, Reply } from "./engine-child.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";

export interface EngineProcess extends ChildReady {
  /** Processor time that the process has used so far, all threads. */
  processorMs(): Promise<number>;
  snapshot(fromSeq: number): Promise<LedgerSnapshot>;
  /** Lets it close in order. */
  stop(): Promise<void>;
  /** Kills it where it stands (SIGKILL). */
  kill(): Promise<void>;
}

/** Starts an engine in a child process; resolves once it listens. */
export async function startEngine(
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  nodeArgs: readonly string[] = [],
): Promise<EngineProcess> {
  const child = fork(new URL("./engine-child.ts", import.meta.url), [...args], {
    // Engines that start again and again need not strip and compile the same files each time.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), "probity-bench-compiled"), ...env },
    execArgv: ["--disable-warning=FSTDEP023", ...nodeArgs],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const exit = once(child, "exit");
  const message = async <T>(): Promise<T> => {
    const waiting = new AbortController();
    const gone = exit.then(([code, signal]) => {
      throw new Error(`the engine ended before it answered (${String(code ?? signal)})`);
    });
    try {
      const [answer] = (await Promise.race([once(child, "message", { signal: waiting.signal }), gone])) as [T];
      return answer;
    } finally {
      waiting.abort();
    }
  };
  const ask = async (question: Question): Promise<Reply> => {
    const answer = message<Reply>();
    child.send(question);
    return answer;
  };
  const ready = await message<ChildReady>();
  return {
    ...ready,
    processorMs: async () => ((await ask({ ask: "processorMs" })) as { processorMs: number }).processorMs,
    snapshot: async (fromSeq) => ((await ask({ ask: "snapshot", fromSeq })) as { snapshot: LedgerSnapshot }).snapshot,
    stop: async () => {
      if (child.connected) child.disconnect();
      await exit;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await exit;
    },
  };
}
