/** An address did not give a text; the message says why. */
export class FetchError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "FetchError";
  }
}

/** The whole body of an answer; undefined, and no more of it is read, where it has more bytes than `bytesMax`. */
export async function readBody(answer: Response, bytesMax: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += (chunk as Uint8Array).length;
    if (size > bytesMax) return undefined;
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}

/** Fetches the text at an address, of at most so many bytes. */
export type FetchText = (address: string, bytesMax: number) => Promise<string>;

const timeoutMs = 10_000;

async function read(address: string, bytesMax: number): Promise<Buffer | undefined> {
  const answer = await fetch(address, { redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
  if (answer.ok) return readBody(answer, bytesMax);
  await answer.body?.cancel();
  throw new FetchError(`${address} answers ${answer.status}`);
}

/** Fetches a text in ten seconds or not at all; an address that leads elsewhere is not followed. */
export const fetchText: FetchText = async (address, bytesMax) => {
  const body = await read(address, bytesMax).catch((error: unknown) => {
    if (error instanceof FetchError) throw error;
    const { cause, message } = error as Error;
    throw new FetchError(`${address} cannot be reached: ${(cause as Error | undefined)?.message ?? message}`);
  });
  if (body === undefined) throw new FetchError(`${address} answers with more than ${bytesMax} bytes`);
  return body.toString("utf8");
};
