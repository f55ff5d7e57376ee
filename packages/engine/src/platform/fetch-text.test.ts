import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FetchError, fetchText } from "./fetch-text.ts";

let server: Server;
let origin = "";
const asked: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    if (request.url === "/away") response.writeHead(302, { location: `${origin}/text` }).end();
    else if (request.url === "/cut") response.write("half of it", () => response.destroy());
    else if (request.url === "/text") response.end("好".repeat(10));
    else response.writeHead(503).end("no");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

test("a text comes whole or not at all", async () => {
  expect(await fetchText(`${origin}/text`, 30)).toBe("好".repeat(10));
  await expect(fetchText(`${origin}/text`, 29)).rejects.toThrow(/more than 29 bytes/);
});

test("an address that leads elsewhere is not followed", async () => {
  asked.length = 0;
  await expect(fetchText(`${origin}/away`, 100)).rejects.toBeInstanceOf(FetchError);
  expect(asked).toEqual(["/away"]);
});

test("an error, and nobody there, are told with the address", async () => {
  await expect(fetchText(`${origin}/broken`, 100)).rejects.toThrow(`${origin}/broken answers 503`);
  await expect(fetchText(`${origin}/cut`, 100)).rejects.toBeInstanceOf(FetchError);
  await expect(fetchText("http://127.0.0.1:1/x", 100)).rejects.toThrow("http://127.0.0.1:1/x cannot be reached");
});
