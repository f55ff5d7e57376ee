import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CredentialKeyError, CredentialKeys } from "./credential-keys.ts";

const fresh = (): { keys: CredentialKeys; folder: string } => {
  const folder = join(mkdtempSync(join(tmpdir(), "probity-credential-keys-")), "keys");
  return { keys: new CredentialKeys(folder), folder };
};

test("a key is made once, for its owner alone, and read again by its thumbprint", async () => {
  const { keys, folder } = fresh();
  const made = keys.make("main");
  const path = join(folder, `main.${made.kid}.jwk`);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(made.kid).toMatch(/^[A-Za-z0-9_-]{43}$/);
  const read = new CredentialKeys(folder).read("main", made.kid);
  expect([read.kid, read.jwk]).toEqual([made.kid, made.jwk]);
  expect(Object.keys(read.jwk)).toEqual(["kty", "crv", "x", "y"]);
  expect((await read.sign({ typ: "vc+jwt" }, { a: 1 })).split(".")).toHaveLength(3);
});

test("a thumbprint is that of RFC 7638, and no two keys are alike", () => {
  const { keys } = fresh();
  const [one, other] = [keys.make("main"), keys.make("main")];
  expect(one.kid).not.toBe(other.kid);
});

test("a file that others may read, that is missing, broken or another's is refused by its name", () => {
  const { keys, folder } = fresh();
  const [one, other] = [keys.make("main"), keys.make("main")];
  const path = join(folder, `main.${one.kid}.jwk`);
  const refused = (rule: RegExp): void => {
    const again = (): unknown => keys.read("main", one.kid);
    expect(again).toThrow(CredentialKeyError);
    expect(again).toThrow(rule);
  };
  chmodSync(path, 0o640);
  refused(/may be read by others; restrict it with: chmod 600/);
  writeFileSync(path, "{}");
  chmodSync(path, 0o600);
  refused(/is broken/);
  writeFileSync(path, readFileSync(join(folder, `main.${other.kid}.jwk`)));
  refused(/another key than its name says/);
  rmSync(path);
  refused(/is missing; restore it from its backup/);
});
