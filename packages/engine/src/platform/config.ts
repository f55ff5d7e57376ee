import { readFileSync, statSync, writeFileSync, mkdirSync, existsSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { isIP } from "node:net";
import { join, resolve } from "node:path";
import { z } from "zod";

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);

/** What the environment may say. Every variable of the engine is here; nobody else reads `process.env`. */
const environment = z.object({
  PROBITY_DATABASE_URL: z.string().startsWith("postgres").optional(),
  PROBITY_DATA_DIR: z.string().min(1).default(".probity"),
  PROBITY_DB_CONNECTIONS: z.coerce.number().int().min(2).max(200).default(10),
  PROBITY_HOST: z.string().min(1).default("127.0.0.1"),
  PROBITY_PORT: z.coerce.number().int().min(0).max(65_535).default(7070),
  PROBITY_PUBLIC_URL: z.url().optional(),
  PROBITY_MASTER_KEY: z.string().optional(),
  PROBITY_MASTER_KEY_FILE: z.string().optional(),
  PROBITY_MARKETPLACE: slug.default("main"),
  PROBITY_LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  PROBITY_WORKER: z.enum(["on", "off"]).default("on"),
  PROBITY_TRUSTED_PROXIES: z.string().optional(),
  PROBITY_LOG_KEYS: z.string().min(1).optional(),
  PROBITY_LOG_POLICY: z.string().min(1).optional(),
  PROBITY_LOG_CHECKPOINT_MS: z.coerce.number().int().min(100).max(86_400_000).default(5_000),
  PROBITY_LOG_BATCH: z.coerce.number().int().min(256).max(10_000_000).default(262_144),
  PROBITY_LOG_MIRROR: z.string().min(1).optional(),
  PROBITY_LOG_MIRROR_REGION: z.string().min(1).default("auto"),
  PROBITY_LOG_MIRROR_KEY_ID: z.string().min(1).optional(),
  PROBITY_LOG_MIRROR_SECRET: z.string().min(1).optional(),
  PROBITY_CREDENTIAL_KEYS: z.string().min(1).optional(),
  PROBITY_OIDC_ISSUER: z.url().optional(),
  PROBITY_OIDC_CLIENT_ID: z.string().min(1).optional(),
  PROBITY_OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  PROBITY_OIDC_LABEL: z.string().min(1).max(100).default("Single sign-on"),
  PROBITY_OIDC_ROLE_CLAIM: z.string().min(1).max(200).default("groups"),
  PROBITY_OIDC_ROLES: z.string().optional(),
});

export interface Config {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly dbConnections: number;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | undefined;
  readonly masterKey: { readonly text: string } | { readonly file: string } | undefined;
  readonly marketplace: string;
  readonly logLevel: string;
  /** Whether `serve` also runs the jobs. */
  readonly worker: boolean;
  /** Addresses or networks of proxies whose word on a request's address is taken. */
  readonly trustedProxies: readonly string[];
  readonly log: LogConfig;
  /** Folder of the keys that sign credentials, outside the database. */
  readonly credentialKeys: string;
  readonly oidc: OidcConfig | undefined;
}

/** How the public log is kept. */
export interface LogConfig {
  /** Folder of its keys and high-water marks, outside the database. */
  readonly keys: string;
  /** File of a tlog-policy: witnesses and quorum. */
  readonly policyFile: string | undefined;
  readonly checkpointMs: number;
  /** Entries that one transaction integrates at most. */
  readonly batchEntries: number;
  /** Where everything that is published is copied to as files. */
  readonly mirror: MirrorConfig | undefined;
}

/** A folder, or a bucket of an S3-compatible store. */
export type MirrorConfig =
  | { readonly folder: string }
  | { readonly address: string; readonly region: string; readonly keyId: string; readonly secret: string };

/** The identity provider through which people may sign in. */
export interface OidcConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly label: string;
  readonly roleClaim: string;
  /** `VALUE=MARKETPLACE/ROLE`, separated by commas; checked where it is used. */
  readonly roles: string;
}

/** The configuration breaks a rule; the message names the variable. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ConfigError";
  }
}

/** Reads the configuration. Throws ConfigError naming the variable and the rule. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const rules = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new ConfigError(`The environment breaks a rule. ${rules.join("; ")}`);
  }
  const value = parsed.data;
  const { PROBITY_MASTER_KEY: text, PROBITY_MASTER_KEY_FILE: file } = value;
  return {
    databaseUrl: value.PROBITY_DATABASE_URL,
    dataDir: resolve(value.PROBITY_DATA_DIR),
    dbConnections: value.PROBITY_DB_CONNECTIONS,
    host: value.PROBITY_HOST,
    port: value.PROBITY_PORT,
    publicUrl: value.PROBITY_PUBLIC_URL,
    masterKey: text !== undefined ? { text } : file !== undefined ? { file } : undefined,
    marketplace: value.PROBITY_MARKETPLACE,
    logLevel: value.PROBITY_LOG_LEVEL,
    worker: value.PROBITY_WORKER === "on",
    trustedProxies: readProxies(value.PROBITY_TRUSTED_PROXIES),
    log: {
      keys: resolve(value.PROBITY_LOG_KEYS ?? join(value.PROBITY_DATA_DIR, "log-keys")),
      policyFile: value.PROBITY_LOG_POLICY,
      checkpointMs: value.PROBITY_LOG_CHECKPOINT_MS,
      batchEntries: value.PROBITY_LOG_BATCH,
      mirror: readMirror(value),
    },
    credentialKeys: resolve(value.PROBITY_CREDENTIAL_KEYS ?? join(value.PROBITY_DATA_DIR, "credential-keys")),
    oidc: readOidc(value),
  };
}

function readMirror(value: z.infer<typeof environment>): MirrorConfig | undefined {
  const { PROBITY_LOG_MIRROR: where, PROBITY_LOG_MIRROR_KEY_ID: keyId, PROBITY_LOG_MIRROR_SECRET: secret } = value;
  if (where === undefined) return undefined;
  if (!/^https?:\/\//.test(where)) return { folder: resolve(where) };
  if (keyId === undefined || secret === undefined)
    throw new ConfigError(
      "PROBITY_LOG_MIRROR names a bucket: PROBITY_LOG_MIRROR_KEY_ID and PROBITY_LOG_MIRROR_SECRET are needed too",
    );
  if (!URL.canParse(where) || new URL(where).pathname === "/")
    throw new ConfigError(`PROBITY_LOG_MIRROR: ${where} names no bucket, such as https://s3.example.org/bucket`);
  return { address: where, region: value.PROBITY_LOG_MIRROR_REGION, keyId, secret };
}

function readProxies(text: string | undefined): string[] {
  const proxies = (text ?? "").split(",").flatMap((item) => (item.trim() === "" ? [] : [item.trim()]));
  const wrong = proxies.find((proxy) => {
    const [address = "", bits, ...more] = proxy.split("/");
    const version = isIP(address);
    const isBits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
    return version === 0 || !isBits || more.length > 0;
  });
  if (wrong !== undefined)
    throw new ConfigError(`PROBITY_TRUSTED_PROXIES: ${wrong} is neither an address nor a network such as 10.0.0.0/8`);
  return proxies;
}

function readOidc(value: z.infer<typeof environment>): OidcConfig | undefined {
  const needed = {
    PROBITY_OIDC_ISSUER: value.PROBITY_OIDC_ISSUER,
    PROBITY_OIDC_CLIENT_ID: value.PROBITY_OIDC_CLIENT_ID,
    PROBITY_OIDC_CLIENT_SECRET: value.PROBITY_OIDC_CLIENT_SECRET,
    PROBITY_OIDC_ROLES: value.PROBITY_OIDC_ROLES,
    PROBITY_PUBLIC_URL: value.PROBITY_PUBLIC_URL,
  };
  const names = Object.entries(needed);
  if (names.every(([name, said]) => said === undefined || name === "PROBITY_PUBLIC_URL")) return undefined;
  const missing = names.flatMap(([name, said]) => (said === undefined ? [name] : []));
  if (missing.length > 0)
    throw new ConfigError(`Signing in through an identity provider also needs ${missing.join(", ")}`);
  return {
    issuer: value.PROBITY_OIDC_ISSUER as string,
    clientId: value.PROBITY_OIDC_CLIENT_ID as string,
    clientSecret: value.PROBITY_OIDC_CLIENT_SECRET as string,
    roles: value.PROBITY_OIDC_ROLES as string,
    label: value.PROBITY_OIDC_LABEL,
    roleClaim: value.PROBITY_OIDC_ROLE_CLAIM,
  };
}

function decodeKey(text: string, from: string): Buffer {
  const trimmed = text.trim();
  const bytes = /^[0-9a-f]{64}$/i.test(trimmed) ? Buffer.from(trimmed, "hex") : Buffer.from(trimmed, "base64");
  if (bytes.length !== 32) throw new ConfigError(`${from} must hold 32 bytes as 64 hex digits or base64`);
  return bytes;
}

function readKeyFile(path: string): Buffer {
  if (!existsSync(path))
    throw new ConfigError(`The master key file ${path} is missing; make one with: probity keys master ${path}`);
  if ((statSync(path).mode & 0o077) !== 0) {
    throw new ConfigError(`The master key file ${path} may be read by others; restrict it with: chmod 600 ${path}`);
  }
  return decodeKey(readFileSync(path, "utf8"), path);
}

/** Writes a fresh master key, readable by its owner only. Refuses to overwrite. */
export function makeMasterKeyFile(path: string): void {
  writeFileSync(path, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
}

/**
 * The master key's 32 bytes. With PostgreSQL it must be given; beside an embedded database one is
 * made at the first start.
 */
export function readMasterKey(config: Config): Buffer {
  const { masterKey } = config;
  if (masterKey !== undefined) {
    return "text" in masterKey ? decodeKey(masterKey.text, "PROBITY_MASTER_KEY") : readKeyFile(masterKey.file);
  }
  if (config.databaseUrl !== undefined) {
    throw new ConfigError("PROBITY_MASTER_KEY_FILE is not set. Make a key with: probity keys master FILE");
  }
  const path = join(config.dataDir, "master.key");
  if (!existsSync(path)) {
    mkdirSync(config.dataDir, { recursive: true });
    makeMasterKeyFile(path);
  }
  return readKeyFile(path);
}
