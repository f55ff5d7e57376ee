import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply } from "fastify";

/** Where the console is built to. */
export const consoleBuilt: string = fileURLToPath(new URL("../../../console/dist", import.meta.url));

const yearMs = 31_536_000_000;

/** Scripts, styles and requests of this very origin and nothing else; no exception for inline ones. */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** Files beside index.html that keep their name from build to build. */
const plainFiles = new Set(["seal.svg", "first-paint.js"]);

const notBuilt =
  "The console is not built. Run: npm run build -w @probity/console\nThen reload this page; the server need not be started again.\n";

function sendPage(reply: FastifyReply, folder: string): FastifyReply {
  if (!existsSync(join(folder, "index.html"))) {
    return reply.code(503).header("retry-after", "30").type("text/plain; charset=utf-8").send(notBuilt);
  }
  reply.header("cache-control", "no-cache");
  return reply.sendFile("index.html", folder, { cacheControl: false });
}

/**
 * Serves the built console below /console/. Files with a hash in their name are kept for good; every other address
 * answers index.html, so that reload and deep links work. Without a build it says how to make one.
 */
export async function addConsole(app: FastifyInstance, folder: string = consoleBuilt): Promise<void> {
  await app.register(fastifyStatic, { serve: false, root: folder });
  app.get("/console", (_request, reply) => reply.redirect("/console/", 308));
  app.get<{ Params: { "*": string } }>("/console/*", (request, reply) => {
    const path = request.params["*"];
    reply.header("content-security-policy", contentPolicy);
    reply.header("cross-origin-resource-policy", "same-origin");
    if (path.startsWith("assets/"))
      return reply.sendFile(path, folder, { immutable: true, maxAge: yearMs, index: false });
    if (!plainFiles.has(path)) return sendPage(reply, folder);
    reply.header("cache-control", "no-cache");
    return reply.sendFile(path, folder, { cacheControl: false });
  });
}
