import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fastify } from "fastify";
import { readTrustPolicy } from "@probity/verifier/tlog/trust-policy";
import { nodePrimitives } from "../../log/index.ts";
import { fileNameOf, type Seen, Witness } from "../../log/witness.ts";
import { DirectoryLock } from "../../platform/directory-lock.ts";
import { LogKeyError, makeKeyFile, readKeyFile, replaceFile } from "../../platform/log-keys.ts";
import { stopSignal } from "./serve.ts";
import { readArgs, UsageError, wholeNumber } from "./usage.ts";

const usage = `probity witness --state DIR --policy FILE [--name NAME] [--host H] [--port P]
Cosigns the checkpoints of other parties' logs (POST /add-checkpoint of tlog-witness): one history for each, never back.

  --state   folder of its key (made at the first start) and of what it has seen; losing it ends the witness
  --policy  a tlog-policy whose log lines are the logs that it witnesses
  --name    name of a new key, by custom an address without its scheme
  --port    7071 unless stated

A witness that the log's operator runs is a demonstration: whoever forks the log can fork it too.`;

const bodyBytesMax = 100_000;
const seenForm = /^(\d{1,16}) ([0-9a-f]{64}) (\d{1,16})\n$/;

/** What was seen of each log, a file each. */
function seenIn(folder: string): { read(origin: string): Seen | undefined; write(origin: string, seen: Seen): void } {
  const path = (origin: string): string => join(folder, `${fileNameOf(origin)}.seen`);
  return {
    read(origin) {
      if (!existsSync(path(origin))) return undefined;
      const [, size, root = "", timeS] = seenForm.exec(readFileSync(path(origin), "utf8")) ?? [];
      if (size === undefined) throw new LogKeyError(`${path(origin)} is broken; restore it from its backup`);
      return { size: Number(size), root, timeS: Number(timeS) };
    },
    write: (origin, { size, root, timeS }) => replaceFile(path(origin), `${size} ${root} ${timeS}\n`),
  };
}

export async function witness(args: string[]): Promise<void> {
  const parsed = readArgs(usage, args, {
    state: { type: "string" },
    policy: { type: "string" },
    name: { type: "string" },
    host: { type: "string" },
    port: { type: "string" },
  });
  if (parsed === undefined) return;
  const { state, policy: policyFile, name, host = "127.0.0.1", port } = parsed.values;
  if (state === undefined || policyFile === undefined) throw new UsageError(usage);
  const folder = resolve(state);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  using _lock = new DirectoryLock(folder);
  const keyFile = join(folder, "witness.key");
  if (!existsSync(keyFile) && name === undefined)
    throw new UsageError(`${keyFile} is made at the first start, which needs --name NAME\n\n${usage}`);
  const signer = existsSync(keyFile) ? readKeyFile(keyFile) : makeKeyFile(keyFile, name as string, 4);
  const policy = await readTrustPolicy(nodePrimitives, readFileSync(policyFile, "utf8")).catch((error: unknown) => {
    throw new UsageError(`--policy ${policyFile} breaks a rule: ${(error as Error).message}`);
  });
  const desk = new Witness({ policy, signer, now: Date.now, ...seenIn(folder) });
  const app = fastify({ bodyLimit: bodyBytesMax });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.post("/add-checkpoint", async (request, reply) => {
    const { status, type, body } = await desk.addCheckpoint((request.body as Buffer | undefined) ?? Buffer.alloc(0));
    return reply.code(status).type(type).send(body);
  });
  const address = await app.listen({ host, port: wholeNumber("port", port, 7_071, 0, 65_535) });
  process.stdout.write(`Witness ${signer.verifierKey}\nat ${address}, for ${policy.logs.length} logs\n`);
  await stopSignal();
  await app.close();
}
