import { parentPort, workerData } from "node:worker_threads";
import { PGlite, type PGliteOptions, types } from "@electric-sql/pglite";
import { CopyFrames, errorMessage } from "./copy-frames.ts";

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

/** A statement in PostgreSQL's protocol. */
function statement(sql: string): Uint8Array {
  const text = Buffer.from(`${sql}\u0000`);
  const head = Buffer.from("Q\u0000\u0000\u0000\u0000", "latin1");
  head.writeUInt32BE(text.length + 4, 1);
  return Buffer.concat([head, text]);
}

/** Messages of a copy. PGlite's own way, over a file in memory, takes twice as long. */
async function copy(sql: string): Promise<Uint8Array> {
  let [bytes, used] = [new Uint8Array(1 << 16), 0];
  await db.execProtocolRawStream(statement(sql), {
    syncToFs: false,
    onRawData: (chunk) => {
      if (used + chunk.length > bytes.length) {
        const grown = new Uint8Array(2 * (used + chunk.length));
        grown.set(bytes.subarray(0, used));
        bytes = grown;
      }
      bytes.set(chunk, used);
      used += chunk.length;
    },
  });
  const { whole, after } = new CopyFrames().push(bytes.subarray(0, used));
  const error = after && errorMessage(after);
  if (error !== undefined) throw Object.assign(new Error(error.message), { code: error.code });
  return whole[0] ?? new Uint8Array();
}

async function answer(request: PgliteRequest): Promise<PgliteReply> {
  switch (request.op) {
    case "query":
      return { rows: (await db.query(request.sql, request.params as unknown[])).rows };
    case "script":
      await db.exec(request.sql);
      return {};
    case "copy":
      return { blob: await db.runExclusive(() => copy(`COPY (${request.sql}) TO STDOUT (FORMAT binary)`)) };
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
