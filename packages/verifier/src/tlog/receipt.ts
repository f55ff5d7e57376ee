import { base64, FormatError, textOf, utf8 } from "./bytes.ts";
import type { TrustedCheckpoint } from "./checkpoint.ts";
import type { Primitives } from "./primitives.ts";
import { checkProof, type LogProof, proofText, readProof } from "./proof.ts";
import type { TrustPolicy } from "./trust-policy.ts";

/** What a receipt carries beside its proof. */
export interface ReceiptContent {
  readonly marketplace: string;
  /** Text of the entry. */
  readonly entry: string;
  /** RFC 9901 disclosures of the event's fields. */
  readonly disclosures: readonly string[];
}

/** A field of the event that the receipt opens, and that the entry commits to. */
export interface DisclosedField {
  /** JSON Pointer into the event. */
  readonly name: string;
  readonly value: unknown;
}

export interface CheckedReceipt {
  readonly checkpoint: TrustedCheckpoint;
  readonly index: number;
  readonly content: ReceiptContent;
  readonly fields: readonly DisclosedField[];
}

const receiptBytesMax = 1_000_000;

/** Text of a receipt: a tlog-proof whose extra data are its content. */
export function receiptText(
  proof: Omit<LogProof, "extra">,
  { disclosures, entry, marketplace }: ReceiptContent,
): string {
  return proofText({ ...proof, extra: utf8(JSON.stringify({ disclosures, entry, marketplace })) });
}

function contentOf(extra: Uint8Array | undefined): ReceiptContent {
  let value: unknown;
  try {
    value = JSON.parse(textOf(extra ?? new Uint8Array(0), "the receipt's extra data"));
  } catch (cause) {
    throw new FormatError(`the receipt's extra data are no JSON: ${(cause as Error).message}`);
  }
  const { disclosures, entry, marketplace } = (value ?? {}) as Record<string, unknown>;
  const isRight =
    typeof entry === "string" &&
    typeof marketplace === "string" &&
    Array.isArray(disclosures) &&
    disclosures.every((item) => typeof item === "string");
  if (!isRight) throw new FormatError("the receipt's extra data lack entry, marketplace or disclosures");
  return { disclosures, entry, marketplace };
}

const fromUrl = (coded: string): Uint8Array =>
  Uint8Array.from(atob(coded.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const toUrl = (bytes: Uint8Array): string =>
  base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

async function openField(
  { sha256 }: Primitives,
  digests: ReadonlySet<string>,
  disclosure: string,
  place: number,
): Promise<DisclosedField> {
  if (!digests.has(toUrl(await sha256(utf8(disclosure)))))
    throw new FormatError(`disclosure ${place + 1} does not belong to the entry`);
  try {
    const [salt, name, value, ...rest] = JSON.parse(textOf(fromUrl(disclosure), "a disclosure")) as unknown[];
    if (typeof salt !== "string" || typeof name !== "string" || rest.length > 0)
      throw new TypeError("has another form");
    return { name, value };
  } catch (cause) {
    throw new FormatError(`disclosure ${place + 1} is not one of RFC 9901: ${(cause as Error).message}`);
  }
}

/** Fields that disclosures tell, each of which belongs to an entry with these digests. Throws FormatError. */
export async function openDisclosures(
  primitives: Primitives,
  sd: readonly string[],
  disclosures: readonly string[],
): Promise<DisclosedField[]> {
  const digests = new Set(sd);
  const fields: DisclosedField[] = [];
  for (const [place, disclosure] of disclosures.entries())
    fields.push(await openField(primitives, digests, disclosure, place));
  return fields;
}

/** Checks a receipt by a policy, without any server. Throws FormatError saying what is wrong. */
export async function checkReceipt(
  primitives: Primitives,
  bytes: Uint8Array,
  policy: TrustPolicy,
): Promise<CheckedReceipt> {
  if (bytes.length > receiptBytesMax) throw new FormatError(`the receipt has more than ${receiptBytesMax} bytes`);
  const proof = readProof(bytes);
  const content = contentOf(proof.extra);
  const checkpoint = await checkProof(primitives, proof, utf8(content.entry), policy);
  const { sd } = JSON.parse(content.entry) as { sd?: unknown };
  const fields = await openDisclosures(primitives, Array.isArray(sd) ? sd.map(String) : [], content.disclosures);
  return { checkpoint, index: proof.index, content, fields };
}
