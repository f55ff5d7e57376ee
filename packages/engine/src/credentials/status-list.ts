import { gunzipSync, gzipSync } from "node:zlib";
import { limits } from "@probity/contract";
import { fromBase64url } from "./jwt.ts";
import { CredentialRefused } from "./refused.ts";

/** How long a status list says something: as long can one that was kept hide a revocation. */
export const statusListMs = 3_600_000;

const bytesMax = 2_097_152;

/** Bitstring Status List v1.0: one bit a place, the first in the highest bit of the first byte; GZIP, multibase `u`. */
export function encodeBits(places: readonly number[]): string {
  const bits = Buffer.alloc(limits.statusListEntries / 8);
  for (const place of places) bits[place >> 3] = (bits[place >> 3] as number) | (0x80 >> (place & 7));
  return `u${gzipSync(bits).toString("base64url")}`;
}

function decodeBits(encoded: string): Buffer {
  if (!encoded.startsWith("u")) throw new CredentialRefused("status-invalid", "The status list is not multibase u");
  let bits: Buffer;
  try {
    bits = gunzipSync(fromBase64url(encoded.slice(1), "The status list"), { maxOutputLength: bytesMax });
  } catch {
    throw new CredentialRefused("status-invalid", "The status list is not GZIP, or too long");
  }
  if (bits.length * 8 < limits.statusListEntries)
    throw new CredentialRefused(
      "status-invalid",
      `The status list has ${bits.length * 8} places, fewer than ${limits.statusListEntries}: they would tell who is meant`,
    );
  return bits;
}

/** Whether the bit of a place is set; throws CredentialRefused where the list has no such place. */
export function isSet(encoded: string, index: number): boolean {
  const bits = decodeBits(encoded);
  const byte = bits[Math.floor(index / 8)];
  if (byte === undefined)
    throw new CredentialRefused(
      "status-index",
      `The place ${index} is beyond the ${bits.length * 8} of the status list`,
    );
  return (byte & (0x80 >> (index % 8))) !== 0;
}

/** Payload of a status list credential. */
export function statusListClaims(issuer: string, url: string, places: readonly number[], nowMs: number): object {
  const until = nowMs + statusListMs;
  return {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    id: url,
    type: ["VerifiableCredential", "BitstringStatusListCredential"],
    issuer,
    validFrom: new Date(nowMs).toISOString(),
    validUntil: new Date(until).toISOString(),
    credentialSubject: {
      id: `${url}#list`,
      type: "BitstringStatusList",
      statusPurpose: "revocation",
      encodedList: encodeBits(places),
    },
    iss: issuer,
    iat: Math.floor(nowMs / 1_000),
    exp: Math.floor(until / 1_000),
  };
}
