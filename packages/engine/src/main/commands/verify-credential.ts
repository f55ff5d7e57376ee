import { readFile } from "node:fs/promises";
import { limits, oneLine } from "@probity/contract";
import {
  CredentialRefused,
  documentUrlOf,
  type IssuerKey,
  keysOfDocument,
  type VerifiedCredential,
  verifyCredential,
} from "../../credentials/index.ts";
import { FetchError, fetchText } from "../../platform/fetch-text.ts";
import { readArgs, UsageError } from "./usage.ts";

export const credentialUsage = `probity verify credential FILE [--did FILE_OR_URL] [--status FILE] [--audience A] [--offline] [--json]
Checks a merchant trust credential: a W3C Verifiable Credential 2.0 as JWT, or an SD-JWT VC.

  FILE        the credential
  --did       the issuer's DID document; without it, it is fetched from the issuer's own host
  --status    the issuer's status list; without it, it is fetched from the issuer's own host
  --host      a further host at which the status list may lie (may be repeated)
  --audience  who checks (may be repeated); a credential for somebody else is refused
  --offline   ask nobody: needs --did, and without --status revocation is not checked
  --json      what was found as JSON

Nobody but the issuer's own host is asked, whatever addresses the credential names.
Ends with 0 where the credential is right, 1 where it is not.`;

const documentBytes = 262_144;

async function read(path: string, what: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    throw new UsageError(`The ${what} ${path} cannot be read: ${(error as Error).message}`);
  }
}

interface Asked {
  readonly did?: string | undefined;
  readonly status?: string | undefined;
  readonly host?: string[] | undefined;
  readonly audience?: string[] | undefined;
  readonly offline?: boolean | undefined;
}

async function keysFrom(issuer: string, { did, offline }: Asked): Promise<IssuerKey[]> {
  const isFile = did !== undefined && !/^https?:\/\//.test(did);
  if (isFile) return keysOfDocument(await read(did, "DID document"), issuer);
  if (offline === true) throw new UsageError("--offline needs the issuer's DID document as a file: --did FILE");
  return keysOfDocument(await fetchText(did ?? documentUrlOf(issuer), documentBytes), issuer);
}

function statusListFrom({ status, offline }: Asked): ((address: string) => Promise<string>) | undefined {
  if (status !== undefined) return () => read(status, "status list");
  return offline === true ? undefined : (address) => fetchText(address, limits.statusListBytes);
}

const iso = (ms: number): string => new Date(ms).toISOString();

function linesOf({ issuer, subject, validFromMs, validUntilMs, isStatusChecked, hash }: VerifiedCredential): string[] {
  const { merchant = "(not disclosed)", name, rating, log } = subject;
  return [
    `OK: ${issuer} says of the merchant ${merchant}${typeof name === "string" ? `, ${name}` : ""}:`,
    `Grade ${rating.grade ?? "none"}, ${rating.score} of ${rating.outOf}, at least ${rating.bound}, on ${rating.day}`,
    `By policy ${rating.policy}`,
    `In the log ${log.origin}, of ${log.size} entries under ${log.root}`,
    ...(log.line === undefined ? [] : [`As ${log.line}, published by entry ${String(log.place)}`]),
    `Valid from ${iso(validFromMs)} to ${iso(validUntilMs)}${isStatusChecked ? ", not revoked" : "; revocation was not checked"}`,
    `SHA-256 ${hash}`,
  ];
}

/** `probity verify credential`: reads, verifies, tells. */
export async function verifyCredentialFile(args: string[]): Promise<void> {
  const parsed = readArgs(credentialUsage, args, {
    did: { type: "string" },
    status: { type: "string" },
    host: { type: "string", multiple: true },
    audience: { type: "string", multiple: true },
    offline: { type: "boolean" },
    json: { type: "boolean" },
  });
  if (parsed === undefined) return;
  const { values, words } = parsed;
  const [file, ...more] = words;
  if (file === undefined || more.length > 0) throw new UsageError(credentialUsage);
  const text = await read(file, "credential");
  try {
    const verified = await verifyCredential(text, {
      nowMs: Date.now(),
      audiences: values.audience ?? [],
      hosts: values.host ?? [],
      keysOf: (issuer) => keysFrom(issuer, values),
      statusListOf: statusListFrom(values),
    });
    const told = values.json ? JSON.stringify({ ok: true, ...verified }) : linesOf(verified).map(oneLine).join("\n");
    process.stdout.write(`${told}\n`);
  } catch (error) {
    if (!(error instanceof CredentialRefused) && !(error instanceof FetchError)) throw error;
    const { message } = error;
    const code = error instanceof CredentialRefused ? error.code : "unreachable";
    process.stdout.write(
      values.json ? `${JSON.stringify({ ok: false, code, failure: message })}\n` : `FAILED: ${oneLine(message)}\n`,
    );
    process.exitCode = 1;
  }
}
