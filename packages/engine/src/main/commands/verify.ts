import { readFile } from "node:fs/promises";
import { FormatError } from "@probity/verifier/tlog/bytes";
import { checkReceipt } from "@probity/verifier/tlog/receipt";
import { readTrustPolicy } from "@probity/verifier/tlog/trust-policy";
import { nodePrimitives } from "../../log/index.ts";
import { readArgs, UsageError } from "./usage.ts";
import { credentialUsage, verifyCredentialFile } from "./verify-credential.ts";

const usage = `probity verify receipt FILE --policy FILE [--json]
Checks, without any server, that an event stands in a marketplace's public log.

  FILE      the receipt, a .tlog-proof
  --policy  the keys of the log and its witnesses, and the quorum (a tlog-policy)
  --json    what was found as JSON

Ends with 0 where the receipt is right, 1 where it is not.`;

async function read(path: string, what: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new UsageError(`The ${what} ${path} cannot be read: ${(error as Error).message}`);
  }
}

export async function verify(args: string[]): Promise<void> {
  if (args[0] === "credential") return verifyCredentialFile(args.slice(1));
  const parsed = readArgs(`${usage}\n\n${credentialUsage}`, args, {
    policy: { type: "string" },
    json: { type: "boolean" },
  });
  if (parsed === undefined) return;
  const { values, words } = parsed;
  const [what, file, ...more] = words;
  if (what !== "receipt" || file === undefined || more.length > 0 || values.policy === undefined)
    throw new UsageError(`${usage}\n\n${credentialUsage}`);
  const [bytes, policyBytes] = [await read(file, "receipt"), await read(values.policy, "policy")];
  try {
    const policy = await readTrustPolicy(nodePrimitives, policyBytes.toString("utf8"));
    const { checkpoint, index, content, fields } = await checkReceipt(nodePrimitives, bytes, policy);
    const witnesses = checkpoint.signed.flatMap(({ key, timeS }) =>
      timeS === null ? [] : [{ name: key.name, at: new Date(timeS * 1_000).toISOString() }],
    );
    const { origin, size } = checkpoint;
    const entry = JSON.parse(content.entry) as { t: string };
    if (values.json) {
      process.stdout.write(
        `${JSON.stringify({ ok: true, origin, size, index, type: entry.t, witnesses, fields, entry: content.entry })}\n`,
      );
      return;
    }
    const lines = [
      `OK: entry ${index} of ${origin}, under a checkpoint of ${size} entries`,
      `Type: ${entry.t}`,
      ...witnesses.map(({ name, at }) => `Witnessed by ${name} at ${at}`),
      ...fields.map(({ name, value }) => `${name} = ${JSON.stringify(value)}`),
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    process.stdout.write(
      values.json ? `${JSON.stringify({ ok: false, failure: error.message })}\n` : `FAILED: ${error.message}\n`,
    );
    process.exitCode = 1;
  }
}
