import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError } from "../tlog/bytes.ts";
import { canonicalJson } from "./canonical-json.ts";
import { type Entry, readEntry } from "./entry.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string): Entry => readEntry(bytesOf(text));

/** The canonical text of an entry, by the order of its fields and nothing of the reader. */
function textOf({ categories, facts, act, digests, type }: Entry): string {
  const c = categories.map(({ subject, category }) => [subject, category]);
  const d = facts.map(({ subject, metric, day, n, x }) => [subject, metric, day, n, x]);
  const parts = [
    ...(c.length === 0 ? [] : [`"c":${JSON.stringify(c)}`]),
    `"d":${JSON.stringify(d)}`,
    ...(act === null ? [] : [`"p":${canonicalJson(act)}`]),
    `"sd":${digests},"t":"${type}","v":1`,
  ];
  return `{${parts.join(",")}}`;
}

const base64url = (length: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
    minLength: length,
    maxLength: length,
  });
const subject = fc.tuple(fc.constantFrom("m", "p", "r"), base64url(22)).map(([kind, id]) => `${kind}:${id}`);
const integer = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.maxSafeInteger());
const ascii = fc.string({ unit: "binary-ascii", maxLength: 12 });
const entries: fc.Arbitrary<Entry> = fc.record({
  type: fc.constantFrom("order.placed", "merchant.linked", "policy.published", "log.rotated"),
  categories: fc.array(fc.record({ subject, category: fc.oneof(base64url(22), fc.constant("")) }), { maxLength: 3 }),
  facts: fc.array(
    fc.record({
      subject,
      metric: fc.constantFrom("orders", "tickets-answered-24h", "dispatch-time/0", "dispatch-time/11"),
      day: fc.integer({ min: 0, max: 200_000 }),
      n: integer,
      x: integer,
    }),
    { maxLength: 5 },
  ),
  act: fc.option(fc.dictionary(ascii, fc.oneof(integer, fc.boolean(), ascii), { minKeys: 1, maxKeys: 6 })),
  digests: fc.uniqueArray(base64url(43), { minLength: 20, maxLength: 24 }).map((list) => JSON.stringify(list.sort())),
});

const digests = Array.from({ length: 20 }, (_, place) => `${String.fromCharCode(65 + place)}${"x".repeat(42)}`);
const [id, other, category] = [`m:${"a".repeat(22)}`, `p:${"-_".repeat(11)}`, "c".repeat(22)];
const tail = `"sd":${JSON.stringify(digests)},"t":"order.placed","v":1}`;
const withFact = (row: string): string => `{"d":[${row}],${tail}`;
const withAct = (act: string): string => `{"d":[],"p":${act},${tail}`;
const withDigests = (list: readonly string[]): string => `{"d":[],"sd":${JSON.stringify(list)},"t":"a","v":1}`;

describe("readEntry", () => {
  it("reads every part of an entry", () => {
    const text =
      `{"c":[["${id}",""],["${other}","${category}"]],"d":[["${id}","orders",20790,1,-2],["${other}","reply-time/7",0,0,0]],` +
      `"p":{"holds":true,"n":-3,"to":"${id}"},${tail}`;
    expect(read(text)).toEqual({
      type: "order.placed",
      categories: [
        { subject: id, category: "" },
        { subject: other, category },
      ],
      facts: [
        { subject: id, metric: "orders", day: 20_790, n: 1, x: -2 },
        { subject: other, metric: "reply-time/7", day: 0, n: 0, x: 0 },
      ],
      act: { holds: true, n: -3, to: id },
      digests: JSON.stringify(digests),
    });
  });

  it("reads whatever is canonical", () => {
    fc.assert(
      fc.property(entries, (entry) => {
        const text = textOf(entry);
        fc.pre(text.length <= 65_535);
        const found = read(text);
        expect({ ...found, act: found.act && { ...found.act } }).toEqual({
          ...entry,
          act: entry.act && { ...entry.act },
        });
        expect(textOf(found)).toBe(text);
      }),
    );
  });

  it.each([
    ["another order of keys", `{"d":[],"c":[["${id}",""]],${tail}`, /^sd must have/],
    ["an empty c", `{"c":[],"d":[],${tail}`, /^c must have \["/],
    ["no d", `{${tail}`, /^d must have/],
    ["a space", `{"d": [],${tail}`, /^d must have/],
    ["an unknown kind", withFact(`["x:${"a".repeat(22)}","orders",1,1,1]`), /^d must name a subject/],
    ["a short id", withFact(`["m:${"a".repeat(21)}","orders",1,1,1]`), /^d must have 22 characters of base64url/],
    ["a character outside base64url", withFact(`["m:${"+".repeat(22)}","orders",1,1,1]`), /^d must have 22/],
    ["a metric in capitals", withFact(`["${id}","Orders",1,1,1]`), /^d must have a metric/],
    ["a metric that ends in a hyphen", withFact(`["${id}","orders-",1,1,1]`), /^d must have ",/],
    ["a bin with a leading zero", withFact(`["${id}","reply-time/07",1,1,1]`), /^d must have ",/],
    ["a day before 1970", withFact(`["${id}","orders",-1,1,1]`), /^d must have a day from 0 to 200000/],
    ["a day too far", withFact(`["${id}","orders",200001,1,1]`), /^d must have a day/],
    ["minus zero", withFact(`["${id}","orders",1,-0,1]`), /^d must have an integer/],
    ["a leading zero", withFact(`["${id}","orders",1,01,1]`), /^d must have an integer/],
    ["2^53", withFact(`["${id}","orders",1,9007199254740992,1]`), /^d must have an integer of at most 2\^53 - 1/],
    ["a fraction", withFact(`["${id}","orders",1,1.5,1]`), /^d must have ,/],
    ["an exponent", withFact(`["${id}","orders",1,1e3,1]`), /^d must have ,/],
    ["four numbers", withFact(`["${id}","orders",1,1,1,1]`), /^d must have \]/],
    ["a comma at the end", withFact(`["${id}","orders",1,1,1],`), /^d must have \["/],
    ["an empty p", withAct("{}"), /^p must be an object/],
    ["a list for p", withAct("[1]"), /^p must be an object|^p must be canonical/],
    ["a nested p", withAct('{"a":{}}'), /^p must be an object/],
    ["null in p", withAct('{"a":null}'), /^p must be an object/],
    ["keys of p out of order", withAct('{"b":1,"a":1}'), /^p must be canonical/],
    ["a key of p twice", withAct('{"a":1,"a":1}'), /^p must be canonical/],
    ["a needless escape in p", withAct('{"a":"\\u0041"}'), /^p must be canonical/],
    ["an escape for what is not ASCII", withAct('{"a":"\\u00e9"}'), /^p must be canonical/],
    ["a fraction in p", withAct('{"a":0.5}'), /^0\.5 has no canonical JSON/],
    ["a broken p", withAct('{"a":'), /^p must be JSON/],
    ["nothing after p", `{"d":[],"p":{"a":1}}`, /^sd must be there/],
    ["19 digests", withDigests(digests.slice(1)), /^sd must have at least 20 digests/],
    ["digests out of order", withDigests(digests.toReversed()), /^sd must be sorted and without repetition/],
    ["a digest twice", withDigests([digests[0] as string, ...digests]), /^sd must be sorted/],
    ["a short digest", withDigests([...digests, "x"]), /^sd must have 43 characters of base64url/],
    ["another version", `{"d":[],${tail.replace('"v":1', '"v":2')}`, /^v must have/],
    ["a type in capitals", `{"d":[],${tail.replace("order", "Order")}`, /^t must have a type/],
    ["something after it", `{"d":[],${tail}\n`, /^an entry must end/],
    ["half of it", `{"d":[],${tail}`.slice(0, 500), /^sd must have/],
    ["nothing", "", /^an entry must have \{/],
    ["what is not ASCII", withAct('{"a":"é"}'), /^an entry must be ASCII/],
    ["more than 65,535 bytes", withAct(`{"a":"${"x".repeat(65_535)}"}`), /^an entry must have at most 65535 bytes/],
  ])("refuses %s", (_, text, message) => {
    expect(() => read(text)).toThrow(FormatError);
    expect(() => read(text)).toThrow(message);
  });

  /** Either a refusal in words, or an entry of which there is no other text. */
  function expectOneText(bytes: Uint8Array): void {
    let entry: Entry;
    try {
      entry = readEntry(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(FormatError);
      return;
    }
    expect([...bytesOf(textOf(entry))]).toEqual([...bytes]);
  }

  it("reads no bytes but the canonical ones of what it answers: random bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), expectOneText), { numRuns: 500 });
  });

  it("reads no bytes but the canonical ones of what it answers: entries with changes", () => {
    const byte = fc.oneof(fc.nat(255), fc.constantFrom(...bytesOf('{}[]",:-0192\\emprcdsvt')));
    const change = fc.record({ at: fc.nat(1_600), length: fc.nat(3), bytes: fc.array(byte, { maxLength: 3 }) });
    fc.assert(
      fc.property(entries, fc.array(change, { minLength: 1, maxLength: 3 }), (entry, changes) => {
        const bytes = [...bytesOf(textOf(entry))];
        for (const { at, length, bytes: others } of changes) bytes.splice(at % bytes.length, length, ...others);
        expectOneText(Uint8Array.from(bytes));
      }),
      { numRuns: 2_000 },
    );
  });
});
