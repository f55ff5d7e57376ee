/** A file to read from: of a disk or of a browser's file picker. */
export interface Bytes {
  /** Name without its folder. */
  readonly file: string;
  /** As a message names it. */
  readonly path: string;
  readonly size: number;
  /** Time of the last change, where it is known. */
  readonly modifiedMs?: number;
  read(start: number, end: number): Promise<Uint8Array>;
  /** Blocks from the beginning to the end. Whoever stops early closes what was opened. */
  blocks(): AsyncIterable<Uint8Array>;
}

/** Reads a File or any named Blob piece by piece: a file of gigabytes is never in memory whole. */
export function blobBytes(blob: Blob, name: string, modifiedMs?: number): Bytes {
  return {
    file: name,
    path: name,
    size: blob.size,
    ...(modifiedMs === undefined ? {} : { modifiedMs }),
    read: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
    async *blocks() {
      // Not every browser can iterate over a stream.
      const reader = blob.stream().getReader();
      try {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return;
          yield value;
        }
      } finally {
        await reader.cancel();
      }
    },
  };
}

export function joinBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
