import { parentPort, workerData } from "node:worker_threads";
import { PGlite, type PGliteOptions, types } from "@electric-sql/pglite";

/** One message: a statement with parameters, a script, a binary copy, or the end. */
export type PgliteRequest =
  | { readonly op: "query"; readonly sql: string; readonly params: readonly unknown[] }
  | { readonly op: "script"; readonly sql: string }
  | { readonly op: "copy"; readonly sql: string }
  | { readonly op: "dump" }
  | { readonly op: "close" };

export interface PgliteReply {
  readonly rows?: unknown[];
  readonly blob?: Uint8Array;
  readonly error?: { readonly message: string; readonly code: string | undefined };
}

const { folder, dump } = workerData as { folder: string | undefined; dump: Uint8Array | undefined };

function exact(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError("a bigint is beyond 2^53");
  return value;
}

const options: PGliteOptions = {
  parsers: { [types.INT8]: exact },
  ...(folder === undefined ? {} : { dataDir: folder }),
  ...(dump === undefined ? {} : { loadDataDir: new Blob([dump]) }),
};
const db = await PGlite.create(options);

async function answer(request: PgliteRequest): Promise<PgliteReply> {
  switch (request.op) {
    case "query":
      return { rows: (await db.query(request.sql, request.params as unknown[])).rows };
    case "script":
      await db.exec(request.sql);
      return {};
    case "copy": {
      const { blob } = await db.query(`COPY (${request.sql}) TO '/dev/blob' (FORMAT binary)`);
      return { blob: new Uint8Array(await (blob ?? new Blob([])).arrayBuffer()) };
    }
    case "dump":
      return { blob: new Uint8Array(await (await db.dumpDataDir("none")).arrayBuffer()) };
    case "close":
      await db.close();
      return {};
  }
}

parentPort?.on("message", ({ id, request }: { id: number; request: PgliteRequest }) => {
  answer(request).then(
    (reply) => parentPort?.postMessage({ id, reply }, reply.blob ? [reply.blob.buffer as ArrayBuffer] : []),
    (error: unknown) => {
      const { message, code } = error as { message: string; code?: string };
      parentPort?.postMessage({ id, reply: { error: { message, code } } });
    },
  );
});
parentPort?.postMessage({ id: -1, reply: {} });
