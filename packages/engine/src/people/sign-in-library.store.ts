import { randomBytes } from "node:crypto";
import { signInLimits } from "@probity/contract";
import { betterAuth } from "better-auth";
import { createAuthEndpoint } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { genericOAuth } from "better-auth/plugins/generic-oauth";
import { twoFactor } from "better-auth/plugins/two-factor";
import { z } from "zod";
import type { Db } from "../platform/db.ts";
import { authAdapter, authTables } from "./auth-tables.store.ts";
import { hashPassword, isPassword, type OidcRule, rolesFromClaims } from "./index.ts";
import { saltBytes } from "./password.ts";

/** The provider's name in accounts and addresses. */
export const oidcProvider = "oidc";
/** Set by the server itself from the connection; what a caller sends under this name is dropped. */
export const addressHeader = "x-probity-address";
export const cookiePrefix = "probity";

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly label: string;
  readonly roleClaim: string;
  readonly rules: readonly OidcRule[];
}

export interface LibraryOptions {
  readonly db: Db;
  /** 32 bytes from which cookies are signed and authenticators' secrets are sealed. */
  readonly secret: Uint8Array;
  /** Address of the server as browsers see it. */
  readonly origin: string;
  readonly oidc: OidcSettings | undefined;
  /** Takes what the library has to say; only its words, for what comes with them may be personal. */
  readonly warn: (message: string) => void;
}

/** A session without a password: what the visitor of the demo gets. Not reachable over HTTP. */
const visitor = {
  id: "probity-visitor",
  endpoints: {
    startVisitor: createAuthEndpoint.serverOnly(
      { method: "POST", body: z.object({ personId: z.string() }) },
      async (context) => {
        const { internalAdapter } = context.context;
        const user = await internalAdapter.findUserById(context.body.personId);
        if (user === null) throw new Error("the visitor's account is missing");
        const session = await internalAdapter.createSession(user.id);
        await setSessionCookie(context, { session, user });
        return context.json({ session: session.id });
      },
    ),
  },
};

function oidcPlugin({ issuer, clientId, clientSecret, label, roleClaim, rules }: OidcSettings, origin: string) {
  return genericOAuth({
    config: [
      {
        providerId: oidcProvider,
        name: label,
        discoveryUrl: `${issuer.replace(/\/+$/, "")}/.well-known/openid-configuration`,
        clientId,
        clientSecret,
        scopes: ["openid", "profile", "email"],
        pkce: true,
        redirectURI: `${origin}/v1/session/oidc/finish`,
        requireIdTokenVerification: true,
        overrideUserInfo: true,
        mapProfileToUser: (profile) => ({
          name: nameOf(profile),
          oidcRoles: JSON.stringify(Object.fromEntries(rolesFromClaims(rules, claimOf(profile, roleClaim)))),
        }),
      },
    ],
  });
}

/** A claim by its name, or inside others by a path with dots: `realm_access.roles`. */
function claimOf(profile: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(profile, path)) return profile[path];
  let value: unknown = profile;
  for (const part of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

function nameOf(profile: Readonly<Record<string, unknown>>): string {
  const said = [profile["name"], profile["preferred_username"], profile["email"]].find(
    (item) => typeof item === "string" && item.trim() !== "",
  ) as string | undefined;
  return (said ?? "–")
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, " ")
    .slice(0, 200);
}

const day = 86_400;
const renewEverySeconds = 300;

/** The sign-in library (better-auth) over the house's tables: passwords, sessions, second factor, OIDC. */
export function openLibrary({ db, secret, origin, oidc, warn }: LibraryOptions) {
  return betterAuth({
    appName: "Probity",
    baseURL: origin,
    basePath: "/sign-in-library",
    secret: Buffer.from(secret).toString("base64url"),
    database: authAdapter(db),
    telemetry: { enabled: false },
    logger: { level: "error", log: (_level, message) => warn(message) },
    // Attempts are counted by the house, in the database; origins are checked at its own door.
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: signInLimits.passwordCharsMin,
      maxPasswordLength: signInLimits.passwordChars,
      password: {
        hash: (password) => hashPassword(password, randomBytes(saltBytes)),
        verify: ({ hash, password }) => isPassword(password, hash),
      },
    },
    session: {
      modelName: authTables.session,
      expiresIn: signInLimits.sessionIdleMs / 1_000,
      updateAge: renewEverySeconds,
      freshAge: day,
      cookieCache: { enabled: false },
    },
    user: {
      modelName: authTables.user,
      additionalFields: {
        isVisitor: { type: "boolean", required: false, defaultValue: false, input: false },
        oidcRoles: { type: "string", required: false, input: true },
      },
    },
    account: { modelName: authTables.account, accountLinking: { enabled: false } },
    verification: { modelName: authTables.verification },
    databaseHooks: {
      account: {
        // The provider's tokens open doors elsewhere, and nothing here uses them again.
        create: { before: async (account) => ({ data: { ...account, ...noTokens } }) },
        update: { before: async (account) => ({ data: { ...account, ...noTokens } }) },
      },
    },
    advanced: {
      cookiePrefix,
      useSecureCookies: origin.startsWith("https://"),
      ipAddress: { ipAddressHeaders: [addressHeader] },
      database: { generateId: () => randomBytes(16).toString("hex") },
    },
    plugins: [
      twoFactor({
        schema: { twoFactor: { modelName: authTables.twoFactor } },
        twoFactorCookieMaxAge: signInLimits.secondFactorMs / 1_000,
        accountLockout: {
          enabled: true,
          maxFailedAttempts: signInLimits.wrongAttempts,
          durationSeconds: signInLimits.lockMs / 1_000,
        },
        backupCodeOptions: { amount: signInLimits.recoveryCodes, storeBackupCodes: "encrypted" },
      }),
      visitor,
      ...(oidc === undefined ? [] : [oidcPlugin(oidc, origin)]),
    ],
  });
}

const noTokens = { accessToken: null, refreshToken: null, idToken: null };

export type SignInLibrary = ReturnType<typeof openLibrary>;
