/** Which rule a credential breaks; what it does not break is not told, for nothing of it is believed. */
export type Refusal =
  | "oversize"
  | "malformed"
  | "duplicate-key"
  | "type"
  | "algorithm"
  | "issuer-unknown"
  | "key-unknown"
  | "signature"
  | "not-yet-valid"
  | "expired"
  | "too-long"
  | "audience"
  | "status-foreign"
  | "status-invalid"
  | "status-issuer"
  | "status-expired"
  | "status-index"
  | "revoked";

/** A credential or its status list does not verify; the message says what is wrong. */
export class CredentialRefused extends Error {
  readonly code: Refusal;

  constructor(code: Refusal, message: string) {
    super(message);
    this.name = "CredentialRefused";
    this.code = code;
  }
}
