import { hash } from "node:crypto";
import { type EntryRow, limits, type NamedRow } from "@probity/contract";
import { saltsFrom } from "../privacy/index.ts";

/** A field of an event as RFC 9901 discloses it. */
export interface Field {
  /** JSON Pointer into the event. */
  readonly name: string;
  /** JSON text of the value. */
  readonly json: string;
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

/** What the fields of an event are read from. */
export interface FieldSource {
  readonly id: string;
  readonly source: string;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly sealed: Readonly<Record<string, unknown>>;
  readonly personField: string | undefined;
}

/**
 * Fields of an event in the order in which salts are drawn: id, source, time, data as stored, its
 * extensions as one, then what is sealed.
 */
export function fieldsOf(event: FieldSource): Field[] {
  const { personField } = event;
  const fields: Field[] = [
    { name: "/id", json: JSON.stringify(event.id), personal: personField !== undefined },
    { name: "/source", json: JSON.stringify(event.source), personal: false },
    { name: "/time", json: JSON.stringify(event.time), personal: false },
  ];
  let extensions: Record<string, unknown> | undefined;
  for (const key in event.data) {
    const value = event.data[key];
    if (key.startsWith("x-")) (extensions ??= {})[key] = value;
    else fields.push({ name: `/data/${key}`, json: JSON.stringify(value), personal: key === personField });
  }
  if (extensions !== undefined) fields.push({ name: "/data/x-", json: JSON.stringify(extensions), personal: true });
  for (const key in event.sealed) {
    fields.push({ name: `/data/${key}`, json: JSON.stringify(event.sealed[key]), personal: true });
  }
  return fields;
}

const saltLabel = "probity salts 1";
const saltBytes = 32;

/** `count` salts, one after another. */
function salts(count: number, ...secrets: Uint8Array[]): Buffer {
  return count === 0 ? Buffer.alloc(0) : saltsFrom(count, ...secrets, saltLabel);
}

/**
 * Disclosures of an event, one per field, and its digests: sorted, filled up with decoys to the
 * constant count. Salts are drawn by SHAKE256: of open fields and decoys, in their order, from the
 * event's secret; of personal fields from that and the person's key. So nothing is stored twice, and
 * a destroyed key takes its salts along.
 */
export function disclose(
  fields: readonly Field[],
  secret: Uint8Array,
  personKey: Uint8Array | undefined,
): { disclosures: Disclosure[]; digests: string[] } {
  const isPersonal = (field: Field): boolean => field.personal && personKey !== undefined;
  const personalCount = fields.filter(isPersonal).length;
  const decoys = Math.max(0, limits.entryDigests - fields.length);
  const open = salts(fields.length - personalCount + decoys, secret);
  const personal = personKey === undefined ? open : salts(personalCount, secret, personKey);
  let openAt = 0;
  let personalAt = 0;
  const nextOpen = (): string => open.toString("base64url", openAt, (openAt += saltBytes));
  const disclosures = fields.map((field): Disclosure => {
    const salt = isPersonal(field) ? personal.toString("base64url", personalAt, (personalAt += saltBytes)) : nextOpen();
    const disclosure = Buffer.from(`["${salt}","${field.name}",${field.json}]`).toString("base64url");
    return { name: field.name, disclosure, digest: hash("sha256", disclosure, "base64url") };
  });
  const digests = disclosures.map(({ digest }) => digest);
  for (let decoy = 0; decoy < decoys; decoy += 1) digests.push(nextOpen());
  return { disclosures, digests: digests.sort() };
}

/** Under what a category's name stands in entries; "" for none. */
export function categoryDigest(name: string | null): string {
  return name === null ? "" : hash("sha256", `probity category 1\n${name}`, "base64url").slice(0, 22);
}

/**
 * Disclosures of an event whose person was erased: of its open fields alone, for the salts of the others are gone with
 * the person's key.
 */
export function discloseRemaining(fields: readonly Field[], secret: Uint8Array): Disclosure[] {
  return disclose(
    fields.filter(({ personal }) => !personal),
    secret,
    undefined,
  ).disclosures;
}

/** What an entry publishes. */
export interface EntryContent {
  readonly type: string;
  /** Subjects named for the first time, and changes of category. */
  readonly named: readonly NamedRow[];
  readonly rows: readonly EntryRow[];
  readonly digests: readonly string[];
  readonly act: Readonly<Record<string, unknown>> | undefined;
}

/**
 * An entry, version 1 (docs/log-format.md): canonical JSON with keys in ASCII order, integers and closed words only.
 * `c` names subjects and their categories, `d` is what the event changed in the published facts, `p` the public content
 * of a platform's act, `sd` the digests of the event's fields, `t` its type.
 */
export function entryText({ type, named, rows, digests, act }: EntryContent): string {
  const subjects = named.map(([subject, category]) => `["${subject}","${category}"]`).join(",");
  let changes = "";
  for (const [subject, metric, day, n, x] of rows) {
    changes += `${changes === "" ? "" : ","}["${subject}","${metric}",${day},${n},${x}]`;
  }
  const p = act === undefined ? "" : `"p":${canonicalAct(act)},`;
  const c = subjects === "" ? "" : `"c":[${subjects}],`;
  return `{${c}"d":[${changes}],${p}"sd":["${digests.join('","')}"],"t":"${type}","v":1}`;
}

function canonicalAct(act: Readonly<Record<string, unknown>>): string {
  const keys = Object.keys(act).sort();
  for (const key of keys) {
    const value = act[key];
    const plain =
      typeof value === "boolean" ||
      (typeof value === "number" && Number.isSafeInteger(value)) ||
      (typeof value === "string" && /^[\x20-\x7e]*$/.test(value) && !/["\\]/.test(value));
    if (!plain) throw new TypeError(`an act's field ${key} is not canonical`);
  }
  return JSON.stringify(Object.fromEntries(keys.map((key) => [key, act[key]])));
}

/** Leaf hash of RFC 9162: SHA-256(0x00 ‖ entry). */
export function leafHash(entry: string): Buffer {
  return hash("sha256", `\u0000${entry}`, "buffer");
}
