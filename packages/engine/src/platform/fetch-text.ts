/** An address did not give a text; the message says why. */
export class FetchError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "FetchError";
  }
}

/** Fetches the text at an address, of at most so many bytes. */
export type FetchText = (address: string, bytesMax: number) => Promise<string>;

const timeoutMs = 10_000;

/** Fetches a text in ten seconds or not at all; an address that leads elsewhere is not followed. */
export const fetchText: FetchText = async (address, bytesMax) => {
  let answer: Response;
  try {
    answer = await fetch(address, { redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    const { cause, message } = error as Error;
    throw new FetchError(`${address} cannot be reached: ${(cause as Error | undefined)?.message ?? message}`);
  }
  if (!answer.ok) {
    await answer.body?.cancel();
    throw new FetchError(`${address} answers ${answer.status}`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += (chunk as Uint8Array).length;
    if (size > bytesMax) throw new FetchError(`${address} answers with more than ${bytesMax} bytes`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString("utf8");
};
