/** First byte of a message with data of a copy. Each message: one byte, int32 length of what follows with itself, content. */
export const copyDataCode = 100;
export const messageHeadBytes = 5;
const errorCode = 69;
/** CopyOutResponse, ParameterStatus, NoticeResponse, NotificationResponse: they may stand before or between the data. */
const passing: ReadonlySet<number> = new Set([copyDataCode, 72, 83, 78, 65]);
const none: Uint8Array = new Uint8Array();

/** What came of a copy: whole messages, and what follows the last of them once it has come. */
export interface CopyPart {
  readonly whole: readonly Uint8Array[];
  readonly after: Uint8Array | undefined;
}

/** Cuts what a server sends for a copy into whole messages, wherever the network cut it. */
export class CopyFrames {
  /** Begins with a message of the copy that is not whole. */
  #rest: Uint8Array = none;

  push(chunk: Uint8Array): CopyPart {
    const whole: Uint8Array[] = [];
    const from = this.#complete(chunk, whole);
    if (from === undefined) return { whole, after: undefined };
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = from;
    let next = from;
    while (next <= chunk.length) {
      at = next;
      if (at < chunk.length && !passing.has(chunk[at] as number)) break;
      if (at + messageHeadBytes > chunk.length) break;
      next = at + 1 + view.getUint32(at + 1);
    }
    if (at > from) whole.push(chunk.subarray(from, at));
    const isOver = at < chunk.length && !passing.has(chunk[at] as number);
    this.#rest = isOver ? none : chunk.subarray(at);
    return { whole, after: isOver ? chunk.subarray(at) : undefined };
  }

  /** Completes the message that was cut, without copying the chunk; where the next begins, undefined if it does not. */
  #complete(chunk: Uint8Array, whole: Uint8Array[]): number | undefined {
    const rest = this.#rest;
    if (rest.length === 0) return 0;
    const head = Buffer.concat([rest.subarray(0, messageHeadBytes), chunk.subarray(0, messageHeadBytes)]);
    const missing = head.length < messageHeadBytes ? Number.POSITIVE_INFINITY : 1 + head.readUInt32BE(1) - rest.length;
    const message = Buffer.concat([rest, chunk.subarray(0, Math.min(missing, chunk.length))]);
    this.#rest = missing > chunk.length ? message : none;
    if (missing > chunk.length) return undefined;
    whole.push(message);
    return missing;
  }
}

/** The error that a server's message tells, undefined if it is another message. */
export function errorMessage(message: Uint8Array): { message: string; code: string | undefined } | undefined {
  if (message[0] !== errorCode) return undefined;
  const length = new DataView(message.buffer, message.byteOffset).getUint32(1);
  const fields = Buffer.from(message.subarray(messageHeadBytes, 1 + length))
    .toString("utf8")
    .split("\u0000");
  const field = (letter: string): string | undefined => fields.find((text) => text.startsWith(letter))?.slice(1);
  return { message: field("M") ?? "database error", code: field("C") };
}
