import { Worker } from "node:worker_threads";
import { type Db, DbError, toDbError, Turns, type Tx } from "./db.ts";
import { DirectoryLock } from "./directory-lock.ts";
import type { PgliteReply, PgliteRequest } from "./pglite-worker.ts";

interface Waiting {
  resolve(reply: PgliteReply): void;
  reject(error: Error): void;
}

/**
 * PGlite in a worker thread, one connection: transactions take turns. It never fsyncs: safe against
 * a killed process, not against power loss. A folder is owned by one process (see DirectoryLock).
 */
export class Pglite implements Db {
  readonly engine = "pglite";
  readonly #worker: Worker;
  readonly #lock: DirectoryLock | undefined;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ready: Promise<unknown>;
  #nextId = 0;
  #turn: Promise<unknown> = Promise.resolve();

  /** `folder` undefined: in memory. `dump`: start from a copy of another database. */
  constructor(folder?: string, dump?: Uint8Array) {
    this.#lock = folder === undefined ? undefined : new DirectoryLock(folder);
    this.#worker = new Worker(new URL("./pglite-worker.ts", import.meta.url), {
      workerData: { folder: folder === undefined ? undefined : `${folder}/pg`, dump },
    });
    this.#ready = this.#expect(-1);
    this.#ready.catch(() => undefined);
    this.#worker.on("message", ({ id, reply }: { id: number; reply: PgliteReply }) => {
      this.#waiting.get(id)?.resolve(reply);
      this.#waiting.delete(id);
    });
    this.#worker.on("error", (error: unknown) => this.#fail(error as Error));
    this.#worker.on("exit", () => this.#fail(new DbError("the embedded database has stopped", undefined)));
  }

  #expect(id: number): Promise<PgliteReply> {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  async #send(request: PgliteRequest): Promise<PgliteReply> {
    await this.#ready;
    const id = this.#nextId;
    this.#nextId += 1;
    const answer = this.#expect(id);
    this.#worker.postMessage({ id, request });
    const reply = await answer;
    if (reply.error !== undefined) throw toDbError(reply.error);
    return reply;
  }

  /** Runs `work` when every earlier turn has ended. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #rows<Row>(sql: string, params: readonly unknown[]): Promise<Row[]> {
    const { rows } = await this.#send({ op: "query", sql, params });
    return (rows ?? []) as Row[];
  }

  query<Row extends object>(sql: string, params: readonly unknown[] = []): Promise<Row[]> {
    return this.#inTurn(() => this.#rows<Row>(sql, params));
  }

  transaction<T>(work: (tx: Tx) => Promise<T>, isolation = "read committed"): Promise<T> {
    return this.#inTurn(async () => {
      const turns = new Turns();
      await this.#rows(`BEGIN ISOLATION LEVEL ${isolation}`, []);
      try {
        const result = await work({
          query: (sql, params = []) => turns.take(() => this.#rows(sql, params)),
          copyOut: (select) => this.#copy(select),
        });
        await turns.end();
        await this.#rows("COMMIT", []);
        return result;
      } catch (error) {
        await turns.end();
        await this.#rows("ROLLBACK", []).catch(() => undefined);
        throw error;
      }
    });
  }

  async *#copy(select: string): AsyncIterable<Uint8Array> {
    const { blob } = await this.#send({ op: "copy", sql: select });
    if (blob !== undefined) yield blob;
  }

  async *copyOut(select: string): AsyncIterable<Uint8Array> {
    const { blob } = await this.#inTurn(() => this.#send({ op: "copy", sql: select }));
    if (blob !== undefined) yield blob;
  }

  async script(sql: string): Promise<void> {
    await this.#inTurn(() => this.#send({ op: "script", sql }));
  }

  /** A copy of the database as a tar archive. */
  async dump(): Promise<Uint8Array> {
    const { blob } = await this.#inTurn(() => this.#send({ op: "dump" }));
    return blob ?? new Uint8Array();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#inTurn(() => this.#send({ op: "close" })).catch(() => undefined);
    await this.#worker.terminate();
    this.#lock?.[Symbol.dispose]();
  }
}
