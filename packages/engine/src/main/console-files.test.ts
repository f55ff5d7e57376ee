import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createHttp } from "../platform/http.ts";
import { createMetrics } from "../platform/metrics.ts";
import { addConsole } from "./console-files.ts";

let base: string;
let folder: string;
let app: FastifyInstance;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "probity-console-"));
  folder = join(base, "dist");
  await mkdir(folder);
  app = await createHttp({ log: pino({ level: "silent" }), metrics: createMetrics(), bodyBytesMax: 1_000 });
  await addConsole(app, folder);
});
afterEach(async () => {
  await app.close();
  await rm(base, { recursive: true, force: true });
});

async function build(): Promise<void> {
  await mkdir(join(folder, "assets"));
  await mkdir(join(folder, ".vite"));
  await writeFile(join(folder, "index.html"), "<!doctype html><title>Console</title>");
  await writeFile(join(folder, "seal.svg"), "<svg/>");
  await writeFile(join(folder, "assets/index-AbC1.js"), "export {};");
  await writeFile(join(folder, ".vite/manifest.json"), "{}");
}

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ method: "GET", url, headers });

describe("the console's files", () => {
  test("without a build the page says how to make one, and a build is served without a restart", async () => {
    const before = await get("/console/");
    expect(before.statusCode).toBe(503);
    expect(before.body).toContain("npm run build -w @probity/console");
    expect(before.headers["content-type"]).toContain("text/plain");
    await build();
    expect((await get("/console/")).statusCode).toBe(200);
  });

  test("every address of the console answers the page, so that reload and deep links work", async () => {
    await build();
    for (const url of [
      "/console/",
      "/console/demo/merchants/m-1?tab=history",
      "/console/demo/a%2Fb/竹",
      "/console/.vite/manifest.json",
    ]) {
      const answer = await get(encodeURI(decodeURI(url)));
      expect([url, answer.statusCode, answer.headers["content-type"]]).toEqual([url, 200, "text/html; charset=utf-8"]);
      expect(answer.headers["cache-control"]).toBe("no-cache");
      expect(answer.body).toContain("<title>Console</title>");
    }
    const bare = await get("/console");
    expect([bare.statusCode, bare.headers.location]).toEqual([308, "/console/"]);
  });

  test("hashed files are kept for good, and one that is missing is not answered with the page", async () => {
    await build();
    const script = await get("/console/assets/index-AbC1.js");
    expect(script.statusCode).toBe(200);
    expect(script.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(script.headers["content-type"]).toContain("javascript");
    expect((await get("/console/assets/index-Old9.js")).statusCode).toBe(404);
  });

  test("files without a hash are asked for again, and not sent again where they are the same", async () => {
    await build();
    const seal = await get("/console/seal.svg");
    expect([seal.statusCode, seal.headers["cache-control"]]).toEqual([200, "no-cache"]);
    const again = await get("/console/seal.svg", { "if-none-match": String(seal.headers.etag) });
    expect(again.statusCode).toBe(304);
  });

  test("the content security policy allows nothing inline and no frame around it", async () => {
    await build();
    for (const url of ["/console/", "/console/assets/index-AbC1.js"]) {
      const policy = String((await get(url)).headers["content-security-policy"]);
      expect(policy).not.toContain("unsafe");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
    }
  });

  test("nothing outside of the folder is served", async () => {
    await build();
    await writeFile(join(base, "beside.txt"), "not for the world");
    for (const url of [
      "/console/assets/../../beside.txt",
      "/console/assets/%2e%2e/%2e%2e/beside.txt",
      "/console/..%2fbeside.txt",
    ]) {
      expect((await get(url)).body, url).not.toContain("not for the world");
    }
  });
});
