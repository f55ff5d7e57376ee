import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BucketTarget } from "./bucket-target.ts";

const [keyId, secret, region] = ["AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "eu-test-1"];
const sha256 = (data: Uint8Array | string): string => createHash("sha256").update(data).digest("hex");
const hmac = (key: Uint8Array | string, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** Signature Version 4 once more, by its definition: what a store would compute. */
function signatureOf(request: IncomingMessage, body: Uint8Array): { told: string; right: string } {
  const [, credential = "", signed = "", told = ""] =
    /Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)/.exec(request.headers.authorization ?? "") ??
    [];
  const [, date = "", of = ""] = credential.split("/");
  const url = new URL(request.url ?? "/", "http://x");
  const headers = signed.split(";").map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const payload = String(request.headers["x-amz-content-sha256"]);
  const canonical = [request.method, url.pathname, url.search.slice(1), headers.join(""), signed, payload].join("\n");
  const scope = `${date}/${of}/s3/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, sha256(canonical)].join("\n");
  const key = [date, of, "s3", "aws4_request"].reduce<Uint8Array | string>(
    (by, part) => hmac(by, part),
    `AWS4${secret}`,
  );
  const isBody = payload === "UNSIGNED-PAYLOAD" || payload === sha256(body);
  return {
    told,
    right: isBody && credential.startsWith(`${keyId}/`) ? hmac(key, text).toString("hex") : "another body",
  };
}

describe("a mirror in a bucket", () => {
  const objects = new Map<string, { readonly bytes: Buffer; readonly type: string }>();
  let server: Server;
  let address: string;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      const { told, right } = signatureOf(request, body);
      const path = request.url ?? "";
      if (told !== right) return void response.writeHead(403).end("<Error><Code>SignatureDoesNotMatch</Code></Error>");
      if (request.method === "PUT") {
        objects.set(path, { bytes: body, type: String(request.headers["content-type"]) });
        return void response.writeHead(200, { etag: '"x"' }).end();
      }
      const found = objects.get(path);
      response.writeHead(found === undefined ? 404 : 200).end(found?.bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/bucket/logs`;
  });

  afterAll(() => server.close());

  test("objects are put under their addresses, signed, with their types, and read again", async () => {
    const target = new BucketTarget({ address, region, keyId, secret });
    const tile = Buffer.from(Array.from({ length: 512 }, (_, place) => place % 256));
    await target.put("main/tile/0/x001/234.p/16", tile);
    await target.put("main/checkpoint", Buffer.from("origin\n"));
    await target.put("main/acts", Buffer.from("{}"));
    expect([...objects].map(([path, { type }]) => [path, type])).toEqual([
      ["/bucket/logs/main/tile/0/x001/234.p/16", "application/octet-stream"],
      ["/bucket/logs/main/checkpoint", "text/plain; charset=utf-8"],
      ["/bucket/logs/main/acts", "application/json; charset=utf-8"],
    ]);
    expect(await target.get("main/tile/0/x001/234.p/16")).toEqual(tile);
    expect(await target.get("main/nothing")).toBeUndefined();
  });

  test("a wrong secret is an error, not a mirror that is silently old", async () => {
    const target = new BucketTarget({ address, region, keyId, secret: "another" });
    await expect(target.put("main/checkpoint", Buffer.from("x"))).rejects.toThrow(/403|SignatureDoesNotMatch/);
    await expect(target.get("main/checkpoint")).rejects.toThrow(/403|SignatureDoesNotMatch/);
    expect(objects.get("/bucket/logs/main/checkpoint")?.bytes.toString()).toBe("origin\n");
  });
});
