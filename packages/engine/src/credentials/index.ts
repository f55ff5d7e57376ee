export { type Claims, contextDocument, contextUrlOf, sdJwtPayload, vcPayload } from "./claims.ts";
export {
  didDocument,
  didOf,
  documentUrlOf,
  hostOf,
  type IssuerKey,
  issuerUrlOf,
  keysOfDocument,
  thumbprint,
} from "./did-web.ts";
export { CredentialRefused, type Refusal } from "./refused.ts";
export { hashOf, type VerifiedCredential, verifyCredential } from "./verify.ts";
