import { z } from "zod";
import { limits } from "./limits.ts";
import { id, note, time } from "./primitives.ts";

/** `vc+jwt`: W3C Verifiable Credential 2.0 as a JWT; `dc+sd-jwt`: SD-JWT VC, whose merchant's name may be withheld. */
export const credentialFormat = z.enum(["vc+jwt", "dc+sd-jwt"]);
export type CredentialFormat = z.infer<typeof credentialFormat>;

export const credentialId = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const hash = z.string().meta({ description: "SHA-256 of the JWT that the issuer signed, hex" });
const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/, { message: "must be 32 bytes in base64url" });

/** did:web (https://w3c-ccg.github.io/did-method-web/): a host, a port behind %3A, and names behind colons. */
export const didWeb = z
  .string()
  .max(limits.idChars)
  .regex(/^did:web:[a-z0-9]([a-z0-9.-]*[a-z0-9])?(%3A[0-9]{1,5})?(:[A-Za-z0-9._~-]+)*$/, {
    message: "must be a did:web such as did:web:trust.example:credentials:main, its host in small letters",
  });

/** A public key of ES256 as JWK (RFC 7517). A private part is refused. */
export const publicJwk = z.strictObject({
  kty: z.literal("EC"),
  crv: z.literal("P-256"),
  x: coordinate,
  y: coordinate,
  kid: z.string().max(limits.idChars).optional(),
  use: z.literal("sig").optional(),
  alg: z.literal("ES256").optional(),
});
export type PublicJwk = z.infer<typeof publicJwk>;

export const issueBody = z.strictObject({
  format: credentialFormat.default("vc+jwt"),
  validDays: z.int().min(1).max(limits.credentialDays).default(limits.credentialDays),
  audience: z
    .string()
    .min(1)
    .max(limits.uriChars)
    .regex(/^[\x21-\x7e]+$/)
    .optional()
    .meta({ description: "For whom alone it is meant; without it, for everybody" }),
});

/** A credential that the marketplace has issued. */
export const credentialRecord = z.strictObject({
  credential: credentialId,
  merchant: z.string(),
  format: credentialFormat,
  hash,
  state: z.enum(["valid", "expired", "revoked"]),
  issuedAt: time,
  expiresAt: time,
  audience: z.string().nullable(),
  score: z.int(),
  grade: z.string().nullable(),
  /** Day of the rating that it tells. */
  day: z.iso.date(),
  /** Its place in a status list. */
  list: z.int().min(1),
  index: z.int().min(0),
  revokedAt: time.nullable(),
  reason: z.string().nullable(),
});
export type CredentialRecord = z.infer<typeof credentialRecord>;

export const credentialAnswer = z.strictObject({
  credential: credentialRecord,
  text: z.string().meta({ description: "The credential itself: a JWT, or an SD-JWT with its disclosures" }),
});
export type CredentialAnswer = z.infer<typeof credentialAnswer>;

export const reasonBody = z.strictObject({ reason: note.min(1) });

export const credentialKeys = z.strictObject({
  /** The marketplace's own did:web. */
  issuer: z.string(),
  keys: z.array(
    z.strictObject({
      /** RFC 7638 thumbprint. */
      kid: z.string(),
      madeAt: time,
      /** Whether it signs what is issued now. */
      signs: z.boolean(),
      /** When it was taken out of the DID document: what it signed does not verify any more. */
      retiredAt: time.nullable(),
    }),
  ),
});
export type CredentialKeysAnswer = z.infer<typeof credentialKeys>;

/** Another marketplace whose credentials are taken. */
export const credentialIssuer = z.strictObject({
  issuer: didWeb,
  keys: z.array(publicJwk).min(1).max(limits.issuerKeys).meta({ description: "Pinned: nothing else is believed" }),
  weight: z
    .int()
    .min(0)
    .max(1_000)
    .meta({ description: "Thousandths: what one of its credentials counts in the metric credentials-elsewhere" }),
});
export type CredentialIssuerBody = z.infer<typeof credentialIssuer>;
export const issuerRecord = z.strictObject({ ...credentialIssuer.shape, addedAt: time });
export type IssuerRecord = z.infer<typeof issuerRecord>;

export const importBody = z.strictObject({
  merchant: id,
  credential: z.string().min(1).max(limits.credentialBytes),
  statusList: z
    .string()
    .max(limits.statusListBytes)
    .optional()
    .meta({ description: "The issuer's status list; without it, it is fetched from the issuer's own host" }),
});

/** A credential of another marketplace for a merchant here. */
export const importRecord = z.strictObject({
  import: credentialId,
  merchant: z.string(),
  issuer: z.string(),
  /** Id and name that the merchant has there. */
  merchantThere: z.string(),
  nameThere: z.string().nullable(),
  score: z.int(),
  grade: z.string().nullable(),
  day: z.iso.date(),
  policy: z.string(),
  hash,
  weight: z.int(),
  /** It counts from this day to that, both included. */
  from: z.iso.date(),
  until: z.iso.date(),
  importedAt: time,
  /** When it was last seen not to be revoked. */
  checkedAt: time,
  state: z.enum(["counts", "expired", "withdrawn", "replaced", "revoked"]),
  removedAt: time.nullable(),
  reason: z.string().nullable(),
});
export type ImportRecord = z.infer<typeof importRecord>;

/** Type of the credential in SD-JWT VC. */
export const credentialType = "urn:probity:credential:merchant-trust:1";

const integer = (max: number) => z.int().min(0).max(max);
const hex = z.string().regex(/^[0-9a-f]{64}$/);

/** What a credential says of a merchant. */
export const credentialSubject = z.looseObject({
  type: z.literal("RatedMerchant"),
  /** Id that the issuer gave; withheld where an SD-JWT does not disclose it. */
  merchant: z.string().min(1).max(limits.idChars).optional(),
  name: z.string().max(limits.nameChars).nullable().optional(),
  rating: z.strictObject({
    score: integer(1_000),
    bound: integer(1_000),
    outOf: z.literal(1_000),
    grade: z.string().max(8).nullable(),
    /** SHA-256 of the policy. */
    policy: hex,
    day: z.iso.date(),
  }),
  /** Where the public log stood, and the rating's line in it (docs/log-format.md). */
  log: z.strictObject({
    origin: z.string().min(1).max(limits.uriChars),
    size: integer(Number.MAX_SAFE_INTEGER),
    root: hex,
    line: z.string().max(1_000).optional(),
    place: integer(Number.MAX_SAFE_INTEGER).optional(),
  }),
});
export type CredentialSubject = z.infer<typeof credentialSubject>;

/** BitstringStatusListEntry (https://www.w3.org/TR/vc-bitstring-status-list/). */
export const statusEntry = z.looseObject({
  type: z.literal("BitstringStatusListEntry"),
  statusPurpose: z.literal("revocation"),
  statusListIndex: z.string().regex(/^\d{1,10}$/),
  statusListCredential: z.string().max(limits.uriChars),
});

/** What of a status list credential is read. */
export const statusListPayload = z.looseObject({
  id: z.string(),
  type: z.array(z.string()).refine((types) => types.includes("BitstringStatusListCredential"), {
    message: "must hold BitstringStatusListCredential",
  }),
  issuer: z.string(),
  validFrom: z.iso.datetime({ offset: true }),
  validUntil: z.iso.datetime({ offset: true }),
  credentialSubject: z.looseObject({
    type: z.literal("BitstringStatusList"),
    statusPurpose: z.literal("revocation"),
    encodedList: z.string(),
  }),
});
