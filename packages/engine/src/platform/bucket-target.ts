import { S3mini } from "s3mini";
import type { MirrorTarget } from "./folder-target.ts";

export interface BucketOptions {
  /** Address of the bucket, perhaps with a prefix: `https://s3.example.org/bucket/logs`. */
  readonly address: string;
  readonly region: string;
  readonly keyId: string;
  readonly secret: string;
}

/** Media type of an object by its name: a bucket has no rules of its own. */
function typeOf(path: string): string {
  if (/\/(checkpoint|trust-policy|mirrored)$|\/ratings\/\d+$/.test(path)) return "text/plain; charset=utf-8";
  return /\/acts$|\/policies\/[0-9a-f]+$/.test(path) ? "application/json; charset=utf-8" : "application/octet-stream";
}

/** A bucket of an S3-compatible store, written by signed requests (AWS Signature Version 4). */
export class BucketTarget implements MirrorTarget {
  readonly #client: S3mini;
  readonly #prefix: string;

  constructor({ address, region, keyId, secret }: BucketOptions) {
    const url = new URL(address);
    const [bucket = "", ...prefix] = url.pathname.split("/").filter((part) => part !== "");
    this.#prefix = prefix.map((part) => `${part}/`).join("");
    this.#client = new S3mini({
      endpoint: `${url.origin}/${bucket}`,
      region,
      accessKeyId: keyId,
      secretAccessKey: secret,
    });
  }

  async put(path: string, bytes: Uint8Array): Promise<void> {
    await this.#client.putObject(this.#prefix + path, Buffer.from(bytes), typeOf(path));
  }

  async get(path: string): Promise<Buffer | undefined> {
    const found = await this.#client.getObjectArrayBuffer(this.#prefix + path);
    return found === null ? undefined : Buffer.from(found);
  }
}
