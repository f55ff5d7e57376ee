import type pg from "pg";
import { CopyFrames } from "./copy-frames.ts";

/** Chunks wait for their reader up to this size; then the server has to wait. */
const queueBytes = 1 << 20;

/**
 * A COPY whose answer is handed on as the connection's own chunks. The driver and its stream library would cut each
 * row out, which costs more than the reader's whole work. While it runs it takes the place of the driver's listener
 * and gives the connection back with the first byte behind the data.
 */
export class CopyOut implements pg.Submittable {
  readonly #text: string;
  readonly #queue: Uint8Array[] = [];
  #waitingBytes = 0;
  #stream: pg.Connection["stream"] | undefined;
  #error: Error | undefined;
  #isEnded = false;
  #isUnread = false;
  #wake: () => void = () => undefined;

  constructor(text: string) {
    this.#text = text;
  }

  submit(connection: pg.Connection): void {
    const { stream } = connection;
    this.#stream = stream;
    const driver = stream.listeners("data") as ((chunk: Uint8Array) => void)[];
    const frames = new CopyFrames();
    const take = (chunk: Uint8Array): void => {
      const { whole, after } = frames.push(chunk);
      for (const messages of whole) this.#hand(messages);
      if (after === undefined) return;
      stream.off("data", take);
      for (const listener of driver) stream.on("data", listener);
      for (const listener of driver) listener(after);
      stream.resume();
    };
    for (const listener of driver) stream.off("data", listener);
    stream.on("data", take);
    connection.query(this.#text);
  }

  #hand(chunk: Uint8Array): void {
    if (this.#isUnread) return;
    this.#queue.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes >= queueBytes) this.#stream?.pause();
    this.#wake();
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.#isEnded = true;
    this.#wake();
  }

  handleError(error: Error): void {
    this.#error = error;
    this.handleReadyForQuery();
  }

  /** Resolves with true when there are chunks, with false at the end. */
  async #hasMore(): Promise<boolean> {
    while (this.#queue.length === 0 && !this.#isEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#stream?.resume();
      });
    }
    if (this.#queue.length > 0) return true;
    if (this.#error !== undefined) throw this.#error;
    return false;
  }

  /** Whole messages of the protocol. A reader that leaves early waits until the server has sent the rest. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    try {
      while (await this.#hasMore()) {
        const chunks = this.#queue.splice(0);
        this.#waitingBytes = 0;
        yield* chunks;
      }
    } finally {
      this.#isUnread = true;
      this.#queue.length = 0;
      if (!this.#isEnded) await this.#hasMore();
    }
  }
}
