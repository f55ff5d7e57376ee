import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConfigError, makeMasterKeyFile, readConfig, readMasterKey } from "./config.ts";

let dir = "";
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "probity-config-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

describe("the environment", () => {
  test("may say nothing", () => {
    expect(readConfig({})).toMatchObject({
      databaseUrl: undefined,
      host: "127.0.0.1",
      port: 7070,
      marketplace: "main",
      worker: true,
      masterKey: undefined,
    });
  });

  test.each([
    ["PROBITY_PORT", "65536"],
    ["PROBITY_PORT", "http"],
    ["PROBITY_DB_CONNECTIONS", "1"],
    ["PROBITY_DATABASE_URL", "mysql://x"],
    ["PROBITY_PUBLIC_URL", "trust.example"],
    ["PROBITY_MARKETPLACE", "Main Shop"],
    ["PROBITY_LOG_LEVEL", "loud"],
    ["PROBITY_WORKER", "yes"],
    ["PROBITY_HOST", ""],
    ["PROBITY_TRUSTED_PROXIES", "proxy.internal"],
    ["PROBITY_TRUSTED_PROXIES", "10.0.0.0/33"],
    ["PROBITY_TRUSTED_PROXIES", "10.0.0.1, 10.0.0.0/8/8"],
    ["PROBITY_OIDC_ISSUER", "login.example"],
    ["PROBITY_OIDC_LABEL", ""],
  ])("%s=%s is refused by its name and rule", (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(ConfigError);
    expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`${name}: .+`));
  });

  test("is told of every broken variable at once", () => {
    expect(() => readConfig({ PROBITY_PORT: "x", PROBITY_WORKER: "x" })).toThrow(/PROBITY_PORT: .*PROBITY_WORKER: /);
  });
});

describe("the identity provider", () => {
  const whole = {
    PROBITY_PUBLIC_URL: "https://trust.example",
    PROBITY_OIDC_ISSUER: "https://login.example",
    PROBITY_OIDC_CLIENT_ID: "probity",
    PROBITY_OIDC_CLIENT_SECRET: "secret",
    PROBITY_OIDC_ROLES: "risk=main/analyst",
  };

  test("is set up whole or not at all", () => {
    expect(readConfig({ PROBITY_PUBLIC_URL: "https://trust.example" }).oidc).toBeUndefined();
    expect(readConfig(whole).oidc).toEqual({
      issuer: "https://login.example",
      clientId: "probity",
      clientSecret: "secret",
      label: "Single sign-on",
      roleClaim: "groups",
      roles: "risk=main/analyst",
    });
    for (const name of Object.keys(whole))
      expect(() => readConfig({ ...whole, [name]: undefined }), name).toThrow(new RegExp(`also needs ${name}`));
  });

  test("and proxies are addresses and networks", () => {
    expect(readConfig({}).trustedProxies).toEqual([]);
    expect(readConfig({ PROBITY_TRUSTED_PROXIES: "127.0.0.1, 10.0.0.0/8,fd00::/8" }).trustedProxies).toEqual([
      "127.0.0.1",
      "10.0.0.0/8",
      "fd00::/8",
    ]);
  });
});

describe("the master key", () => {
  const at = (name: string): string => join(dir, name);

  test("comes from the environment as hex or base64", () => {
    const bytes = Buffer.alloc(32, 5);
    for (const text of [bytes.toString("hex"), bytes.toString("base64"), ` ${bytes.toString("hex")}\n`])
      expect(readMasterKey(readConfig({ PROBITY_MASTER_KEY: text }))).toEqual(bytes);
    for (const text of ["", "short", "00".repeat(31)])
      expect(() => readMasterKey(readConfig({ PROBITY_MASTER_KEY: text }))).toThrow(
        /PROBITY_MASTER_KEY must hold 32 bytes/,
      );
  });

  test("comes from a file that its owner alone may read", () => {
    const file = at("key");
    expect(() => readMasterKey(readConfig({ PROBITY_MASTER_KEY_FILE: file }))).toThrow(/is missing; make one with/);
    makeMasterKeyFile(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readMasterKey(readConfig({ PROBITY_MASTER_KEY_FILE: file }))).toHaveLength(32);
    const text = readFileSync(file, "utf8");
    expect(() => makeMasterKeyFile(file)).toThrow(/EEXIST/);
    expect(readFileSync(file, "utf8")).toBe(text);
    chmodSync(file, 0o644);
    expect(() => readMasterKey(readConfig({ PROBITY_MASTER_KEY_FILE: file }))).toThrow(
      /may be read by others; restrict it with: chmod 600/,
    );
    writeFileSync(at("bad"), "nonsense", { mode: 0o600 });
    expect(() => readMasterKey(readConfig({ PROBITY_MASTER_KEY_FILE: at("bad") }))).toThrow(/must hold 32 bytes/);
  });

  test("is made beside an embedded database, and must be given for PostgreSQL", () => {
    const config = readConfig({ PROBITY_DATA_DIR: at("data") });
    const made = readMasterKey(config);
    expect(readMasterKey(config)).toEqual(made);
    expect(() => readMasterKey(readConfig({ PROBITY_DATABASE_URL: "postgres://x" }))).toThrow(
      /PROBITY_MASTER_KEY_FILE is not set/,
    );
  });
});
