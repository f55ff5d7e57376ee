import { hash } from "node:crypto";
import { type EntryRow, limits } from "@probity/contract";
import { saltsFrom } from "../privacy/index.ts";

/** A field of an event as RFC 9901 discloses it. */
export interface Field {
  /** JSON Pointer into the event. */
  readonly name: string;
  readonly value: unknown;
  /** Salted by the person's key: unreadable once that is destroyed. */
  readonly personal: boolean;
}

export interface Disclosure {
  readonly name: string;
  /** `base64url([salt, name, value])`. */
  readonly disclosure: string;
  /** SHA-256 of the disclosure string, base64url. */
  readonly digest: string;
}

/** Fields of an event in the order in which salts are drawn: names by code unit. */
export function fieldsOf(event: {
  readonly id: string;
  readonly source: string;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly sealed: Readonly<Record<string, unknown>>;
  readonly personField: string | undefined;
}): Field[] {
  const fields: Field[] = [
    { name: "/id", value: event.id, personal: event.personField !== undefined },
    { name: "/source", value: event.source, personal: false },
    { name: "/time", value: event.time, personal: false },
  ];
  const extensions: Record<string, unknown> = {};
  let extended = false;
  for (const [key, value] of Object.entries(event.data)) {
    if (key.startsWith("x-")) {
      extensions[key] = value;
      extended = true;
    } else fields.push({ name: `/data/${key}`, value, personal: key === event.personField });
  }
  if (extended) fields.push({ name: "/data/x-", value: extensions, personal: true });
  for (const [key, value] of Object.entries(event.sealed)) fields.push({ name: `/data/${key}`, value, personal: true });
  return fields.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Disclosures of an event: one per field. Salts are drawn by SHAKE256 from the event's secret, or for
 * personal fields from the person's, so nothing is stored twice and a destroyed key takes them along.
 */
export function disclosuresOf(
  fields: readonly Field[],
  secret: Uint8Array,
  personSecret: Uint8Array | undefined,
  label: string,
): Disclosure[] {
  const open = saltsFrom(secret, label, fields.length);
  const personal = personSecret === undefined ? open : saltsFrom(personSecret, label, fields.length);
  return fields.map(({ name, value, personal: isPersonal }, index) => {
    const salt = (isPersonal ? personal : open)[index] as Buffer;
    const disclosure = Buffer.from(JSON.stringify([salt.toString("base64url"), name, value])).toString("base64url");
    return { name, disclosure, digest: hash("sha256", disclosure, "base64url") };
  });
}

/** Sorted digests, filled up with decoys to the constant count, so that their number tells nothing. */
export function digestsOf(disclosures: readonly Disclosure[], secret: Uint8Array, label: string): string[] {
  const decoys = saltsFrom(secret, `${label}|decoys`, limits.entryDigests - disclosures.length);
  const digests = disclosures.map(({ digest }) => digest);
  for (const decoy of decoys) digests.push(decoy.toString("base64url"));
  return digests.sort();
}

/**
 * An entry, version 1: canonical JSON with keys in ASCII order, integers and closed words only.
 * `d` is what the event changed in the published facts, `p` the public content of a platform's act,
 * `sd` the digests of the event's fields, `t` its type.
 */
export function entryText(
  type: string,
  rows: readonly EntryRow[],
  digests: readonly string[],
  act: Readonly<Record<string, unknown>> | undefined,
): string {
  const parts = rows.map(([subject, metric, day, n, x]) => `["${subject}","${metric}",${day},${n},${x}]`);
  const sd = digests.length === 0 ? "" : `"${digests.join('","')}"`;
  const p = act === undefined ? "" : `"p":${canonicalAct(act)},`;
  return `{"d":[${parts.join(",")}],${p}"sd":[${sd}],"t":"${type}","v":1}`;
}

function canonicalAct(act: Readonly<Record<string, unknown>>): string {
  const keys = Object.keys(act).sort();
  for (const key of keys) {
    const value = act[key];
    const plain =
      typeof value === "boolean" ||
      (typeof value === "number" && Number.isSafeInteger(value)) ||
      // oxlint-disable-next-line no-control-regex -- printable ASCII is what is allowed
      (typeof value === "string" && /^[\x20-\x7e]*$/.test(value) && !/["\\]/.test(value));
    if (!plain) throw new TypeError(`an act's field ${key} is not canonical`);
  }
  return JSON.stringify(Object.fromEntries(keys.map((key) => [key, act[key]])));
}

/** Leaf hash of RFC 9162: SHA-256(0x00 ‖ entry), hex. */
export function leafHash(entry: string): string {
  return hash("sha256", `\u0000${entry}`, "hex");
}
