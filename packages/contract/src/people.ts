import { z } from "zod";
import { apiKey, apiKeyScope, type ApiKeyScope, apiKeyScopes } from "./ledger.ts";
import { signInLimits } from "./limits.ts";
import { currency, id, name, note, time } from "./primitives.ts";

export const roles = ["viewer", "analyst", "moderator", "operator", "admin", "auditor"] as const;
export const role = z.enum(roles).meta({ description: "What a person may do in one marketplace" });
export type Role = z.infer<typeof role>;

/**
 * What each role may do: the one table of rights. A person has one role per marketplace; nobody can give
 * a key or a person more than they have themselves.
 */
export const roleScopes: Readonly<Record<Role, readonly ApiKeyScope[]>> = {
  /** Sees ratings with their reasons down to events; changes nothing. */
  viewer: ["ratings:read", "events:read", "log:read", "credentials:read", "authenticity:read"],
  /** Tries policies, publishes none. */
  analyst: ["ratings:read", "events:read", "log:read", "credentials:read", "policies:write", "authenticity:read"],
  /** Judges reviews and rings; looks through what was refused, corrects and replays it. */
  moderator: [
    "ratings:read",
    "events:read",
    "log:read",
    "credentials:read",
    "letters:read",
    "events:write",
    "authenticity:read",
    "authenticity:decide",
  ],
  /** Keeps events coming: keys and dead letters. */
  operator: [
    "ratings:read",
    "events:read",
    "log:read",
    "credentials:read",
    "letters:read",
    "events:write",
    "authenticity:read",
    "authenticity:models",
    "keys:read",
    "keys:write",
    "activity:read",
  ],
  admin: apiKeyScopes,
  /** Sees everything, who did what included; changes nothing. */
  auditor: [
    "ratings:read",
    "events:read",
    "log:read",
    "credentials:read",
    "letters:read",
    "authenticity:read",
    "people:read",
    "keys:read",
    "activity:read",
  ],
};

export const personId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
export const email = z
  .email()
  .max(signInLimits.emailChars)
  .transform((text) => text.toLowerCase())
  .meta({ description: "E-mail address; letters are taken as small ones" });
export const newPassword = z
  .string()
  .min(signInLimits.passwordCharsMin, { message: `must have at least ${signInLimits.passwordCharsMin} characters` })
  .max(signInLimits.passwordChars)
  .refine((text) => text.isWellFormed(), { message: "must be well-formed Unicode" })
  .meta({ description: "A new password; any signs, also spaces and other scripts" });
const password = z.string().min(1).max(signInLimits.passwordChars);
/** Name of a marketplace in addresses and configuration. */
export const marketplaceSlug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, { message: "must be small letters, digits and hyphens, at most 63" });
/** How a marketplace tells the day: `wall`, by the calendar; `log`, by its newest event, for data of the past. */
export const marketplaceClock = z.enum(["wall", "log"]);
const token = z.string().min(1).max(signInLimits.tokenChars);
const code = z
  .string()
  .min(1)
  .max(signInLimits.codeChars)
  .meta({ description: "Six digits of the authenticator, or a recovery code" });
/** A path of this server, so that a sign-in cannot be made to end elsewhere. */
export const returnTo = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])[^\p{Cc}\s\\]*$/u, { message: "must be a path of this server" });

export const session = z.strictObject({
  person: z.strictObject({ id: personId, name, email: z.string().nullable(), isVisitor: z.boolean() }).nullable(),
  signIn: z.strictObject({
    firstRun: z.boolean().meta({ description: "Nobody can sign in yet: make the first person with the setup code" }),
    oidc: z.strictObject({ label: name }).nullable(),
    visitor: z.boolean().meta({ description: "Whether a visitor may look around without a password" }),
  }),
  secondFactor: z.boolean().meta({ description: "Whether the person has a second factor" }),
  marketplaces: z.array(
    z.strictObject({
      slug: marketplaceSlug,
      name: z.string(),
      currency: z.string(),
      clock: marketplaceClock,
      role,
      scopes: z.array(apiKeyScope),
    }),
  ),
});
export type Session = z.infer<typeof session>;

export const signInBody = z.strictObject({ email, password });
/** `second-factor`: no session yet; send the code of the authenticator next. */
export const signInAnswer = z.strictObject({ next: z.enum(["done", "second-factor"]) });
export const secondFactorBody = z.strictObject({ code });
export const firstRunBody = z.strictObject({ setupCode: token, name, email, password: newPassword });
/** A person who has an account already gives its password; name and password stay as they are. */
export const acceptInviteBody = z.strictObject({ token, name, password: newPassword });
export const changePasswordBody = z.strictObject({ password, newPassword });
export const passwordBody = z.strictObject({ password });

export const sessionId = z.strictObject({ session: personId });
export const sessionRecord = z.strictObject({
  session: personId,
  createdAt: time,
  lastUsedAt: time,
  expiresAt: time,
  address: z.string().nullable(),
  agent: z.string().nullable().meta({ description: "User-Agent of the sign-in" }),
  current: z.boolean().meta({ description: "Whether it is the session that asks" }),
});
export type SessionRecord = z.infer<typeof sessionRecord>;

export const enrolment = z.strictObject({
  uri: z.string().meta({ description: "otpauth:// address, to be shown as a QR code" }),
  secret: z.string().meta({ description: "The same secret in base32, to be typed" }),
  recoveryCodes: z.array(z.string()).meta({ description: "Each signs in once; shown this once" }),
});

export const person = z.strictObject({
  person: personId,
  name,
  email: z.string(),
  role,
  secondFactor: z.boolean(),
  since: time.meta({ description: "When the person came to this marketplace" }),
  lastSeenAt: time.nullable(),
});
export type Person = z.infer<typeof person>;
export const invite = z.strictObject({
  invite: personId,
  email: z.string(),
  role,
  createdAt: time,
  expiresAt: time,
});
export type Invite = z.infer<typeof invite>;
export const peopleAnswer = z.strictObject({
  items: z.array(person),
  invites: z.array(invite).meta({ description: "Invites that nobody has accepted yet" }),
});
export const inviteBody = z.strictObject({ email, role });
export const inviteAnswer = z.strictObject({
  invite,
  link: z.string().meta({ description: "To be handed over, shown this once: …/console/invite#TOKEN" }),
});
export const createMarketplaceBody = z.strictObject({
  slug: marketplaceSlug,
  name,
  currency: currency.meta({ description: "ISO 4217; sales are counted in it" }),
  clock: marketplaceClock.default("wall"),
  isPublic: z.boolean().default(true).meta({ description: "Whether it has public pages and trust cards" }),
});
export const personParams = z.strictObject({ person: personId });
export const inviteParams = z.strictObject({ invite: personId });
export const roleBody = z.strictObject({ role });

export const keyParams = z.strictObject({ key: z.string().regex(/^[0-9a-f]{18}$/) });
const scopes = z
  .array(apiKeyScope)
  .min(1)
  .max(apiKeyScopes.length)
  .refine((list) => new Set(list).size === list.length, { message: "must name each scope once" });
export const createKeyBody = z.strictObject({ label: note, scopes });
export const rotateKeyBody = z.strictObject({
  overlapHours: z
    .int()
    .min(0)
    .max(signInLimits.keyOverlapHours)
    .default(24)
    .meta({ description: "How long the old key goes on working" }),
});
export const keyAnswer = z.strictObject({
  key: apiKey,
  token: z.string().meta({ description: "The key itself; shown this once" }),
});

export const personAct = z.enum([
  "signed-in",
  "signed-out",
  "password-changed",
  "second-factor-added",
  "second-factor-removed",
  "session-revoked",
  "person-invited",
  "invite-withdrawn",
  "person-joined",
  "role-set",
  "person-removed",
  "key-created",
  "key-rotated",
  "key-revoked",
  "dead-letter-replayed",
  "dead-letter-discarded",
  "policy-drafted",
  "policy-simulated",
  "policy-published",
  "log-audience-set",
  "credential-issued",
  "credential-revoked",
  "credential-key-rotated",
  "credential-imported",
  "credential-removed",
  "credential-issuer-set",
  "credential-issuer-removed",
  "reviews-decided",
  "decision-undone",
  "ring-decided",
  "model-trained",
  "model-promoted",
  "marketplace-created",
]);
export type PersonAct = z.infer<typeof personAct>;
/** A short canonical value: a role, scopes, a state, a policy's id. Never a name or an e-mail address. */
const actValue = z
  .string()
  .max(signInLimits.actValueChars)
  .regex(/^[\x20-\x7e]*$/);
export const personActed = z.strictObject({
  by: z.enum(["person", "key", "command"]).meta({ description: "Whether `who` is a person or an API key" }),
  who: id,
  act: personAct,
  object: id,
  before: actValue.optional(),
  after: actValue.optional(),
});
export type PersonActed = z.infer<typeof personActed>;
export const activity = z.strictObject({
  seq: z.int().min(0),
  at: time,
  by: personActed.shape.by,
  who: z.string(),
  /** Name of the person or label of the key, as it is now; null once there is none. */
  name: z.string().nullable(),
  act: personAct,
  object: z.string(),
  /** Name of the person, or label of the key, that the act was about. */
  objectName: z.string().nullable(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type Activity = z.infer<typeof activity>;
