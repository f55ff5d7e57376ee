import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { did, makeList, makeVc, signer, statusUrl, vcHeader } from "../../credentials/credentials.fixture.ts";
import { didDocument } from "../../credentials/index.ts";
import { statusListClaims } from "../../credentials/status-list.ts";
import { UsageError } from "./usage.ts";
import { verify } from "./verify.ts";

const folder = mkdtempSync(join(tmpdir(), "probity-verify-"));
const path = (name: string): string => join(folder, name);
const now = Date.now();
const valid = { validFromMs: now, validUntilMs: now + 86_400_000 };

beforeAll(async () => {
  const files: Record<string, string> = {
    "did.json": JSON.stringify(didDocument(did, [{ kid: signer.kid, jwk: signer.jwk }])),
    "right.jwt": await makeVc(valid),
    "meant.jwt": await makeVc({ ...valid, audience: "bank" }),
    "foreign.jwt": await makeVc({ ...valid, statusListUrl: "https://evil.example/status/1" }),
    "list.jwt": await signer.sign(vcHeader, statusListClaims(did, statusUrl, [], now)),
    "revoked.jwt": await signer.sign(vcHeader, statusListClaims(did, statusUrl, [70_001], now)),
    "old.jwt": await makeList(),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path(name), `${text}\n`);
});

let printed = "";
let fetched = 0;
beforeEach(() => {
  [printed, fetched] = ["", 0];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  vi.stubGlobal("fetch", () => {
    fetched += 1;
    throw new Error("nobody may be asked");
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  process.exitCode = undefined;
});

const run = (file: string, ...options: string[]): Promise<void> => verify(["credential", path(file), ...options]);
const held = (list: string): string[] => ["--did", path("did.json"), "--status", path(list)];

test("a right credential is told in words and as JSON, without a request", async () => {
  await run("right.jwt", ...held("list.jwt"));
  expect(printed).toMatch(
    /^OK: did:web:trust\.example:credentials:main says of the merchant m1, 茶馆:\nGrade AA, 873 of 1000/,
  );
  expect(printed).toContain(", not revoked");
  printed = "";
  await run("right.jwt", "--did", path("did.json"), "--offline", "--json");
  expect(JSON.parse(printed)).toMatchObject({ ok: true, issuer: did, isStatusChecked: false });
  await run("meant.jwt", ...held("list.jwt"), "--audience", "bank");
  expect([process.exitCode, fetched]).toEqual([undefined, 0]);
});

test.each([
  ["right.jwt", held("revoked.jwt"), "revoked"],
  ["right.jwt", held("old.jwt"), "status-expired"],
  ["meant.jwt", held("list.jwt"), "audience"],
  ["foreign.jwt", [], "status-foreign"],
  ["foreign.jwt", held("list.jwt"), "status-foreign"],
  ["did.json", [], "malformed"],
])("%s %j is refused as %s, and nobody is asked", async (file, options, code) => {
  await run(file, ...options, "--json");
  expect(JSON.parse(printed)).toMatchObject({ ok: false, code });
  expect([process.exitCode, fetched]).toEqual([1, 0]);
});

test("without files the issuer's own host is asked, and nobody else", async () => {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (address: string) => {
    asked.push(address);
    throw new Error("made to fail");
  });
  await run("right.jwt");
  expect(asked).toEqual(["https://trust.example/credentials/main/did.json"]);
  expect(printed).toContain("cannot be reached");
  printed = "";
  await run("right.jwt", "--did", path("did.json"));
  expect(asked.slice(1)).toEqual([statusUrl]);
});

test("a command line that cannot be followed says what to write", async () => {
  await expect(run("right.jwt", "--offline")).rejects.toThrow(UsageError);
  await expect(run("nothing.jwt")).rejects.toThrow(/cannot be read/);
  await expect(verify(["credential"])).rejects.toThrow(/probity verify credential FILE/);
  await expect(verify(["nonsense"])).rejects.toThrow(/probity verify credential FILE/);
});
