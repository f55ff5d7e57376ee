import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { base64, FormatError, fromBase64, hex, utf8 } from "./bytes.ts";
import { checkCheckpoint, checkpointText } from "./checkpoint.ts";
import { inclusionPath, leafInput } from "./merkle.ts";
import { noteText, type NoteSignature, readVerifierKey, verifierKeyText } from "./note.ts";
import { webPrimitives } from "./primitives.ts";
import { readProof } from "./proof.ts";
import { checkReceipt, receiptText } from "./receipt.ts";
import { isQuorum, readTrustPolicy, type TrustPolicy, trustPolicyText } from "./trust-policy.ts";
import { naiveRoot, sha256, testKey, type TestKey, testPrimitives } from "./tlog.fixture.ts";

const origin = "log.example/log/main";
let log: TestKey;
let stranger: TestKey;
let witnesses: TestKey[];
let policy: TrustPolicy;

const entryOf = (index: number, digest = ""): string =>
  `{"d":[],"sd":["${digest || "A".repeat(43)}"],"t":"order.placed-${index}","v":1}`;
const disclosure = Buffer.from('["c2FsdA","/data/order","o-1"]').toString("base64url");
const digest = Buffer.from(sha256(utf8(disclosure))).toString("base64url");
const entries = Array.from({ length: 11 }, (_, index) => entryOf(index, index === 7 ? digest : ""));
const leaves = entries.map((entry) => sha256(leafInput(utf8(entry))));
const root = naiveRoot(leaves);
const text = checkpointText({ origin, size: 11, root });
const note = (signatures: readonly NoteSignature[], of = text): Uint8Array => utf8(noteText({ text: of, signatures }));
const refused = (bytes: Uint8Array, by = policy, of: string | null = origin): Promise<string> =>
  checkCheckpoint(testPrimitives, bytes, by, of ?? undefined).then(
    () => "taken",
    (error: unknown) => (error instanceof FormatError ? error.message : `not a FormatError: ${String(error)}`),
  );

beforeAll(async () => {
  log = await testKey(origin, 1);
  stranger = await testKey(origin, 1);
  witnesses = await Promise.all(["one", "two", "three"].map((name) => testKey(`${name}.example`, 4)));
  policy = await readTrustPolicy(
    testPrimitives,
    [
      "# keys",
      `log ${verifierKeyText(log.key)} https://log.example/log/main`,
      ...witnesses.map(({ key }, index) => `\twitness w${index} ${verifierKeyText(key)}`),
      "group g 2 w0 w1 w2",
      "quorum g",
      "",
    ].join("\n"),
  );
});

describe("a checkpoint", () => {
  test("counts with the log's signature and a quorum of witnesses", async () => {
    const [one, two] = witnesses as [TestKey, TestKey];
    const bytes = note([
      log.signature(text),
      one.signature(text),
      two.signature(text, 1_800_000_000),
      stranger.signature(text),
    ]);
    const checked = await checkCheckpoint(testPrimitives, bytes, policy, origin);
    expect([checked.size, hex(checked.root), checked.signed.length]).toEqual([11, hex(root), 3]);
    expect(checked.signed.map(({ timeS }) => timeS)).toEqual([null, 1_700_000_000, 1_800_000_000]);
    // The same by the Web Cryptography API, as a browser does it.
    expect((await checkCheckpoint(webPrimitives, bytes, policy, origin)).size).toBe(11);
  });

  test("is refused precisely", async () => {
    const [one, two] = witnesses as [TestKey, TestKey];
    const cosigned = [one.signature(text), two.signature(text)];
    expect(await refused(note([log.signature(text), cosigned[0] as NoteSignature]))).toContain("quorum, g");
    expect(await refused(note(cosigned))).toContain("no key that the policy knows");
    expect(await refused(note([stranger.signature(text), ...cosigned]))).toContain("no key that the policy knows");
    const flipped = { ...log.signature(text), signature: log.signature(`${text}x\n`).signature };
    expect(await refused(note([flipped, ...cosigned]))).toContain("is wrong");
    // A cosignature of an older checkpoint does not count for this one.
    const replayed = one.signature(checkpointText({ origin, size: 10, root }));
    expect(await refused(note([log.signature(text), replayed, cosigned[1] as NoteSignature]))).toContain("is wrong");
    expect(await refused(note([log.signature(text), log.signature(text), ...cosigned]))).toContain("signed twice");
    const badId = { ...log.signature(text), keyId: "00000000" };
    expect(await refused(note([badId, ...cosigned]))).toContain("no key that the policy knows");
    const elsewhere = checkpointText({ origin: "other.example/log", size: 11, root });
    expect(await refused(note([log.signature(elsewhere)], elsewhere))).toContain("is of other.example/log, not of");
    expect(await refused(note([log.signature(elsewhere)], elsewhere), policy, null)).toContain("no key that");
  });

  test("has one form", async () => {
    const signed = (of: string): Uint8Array => note([log.signature(of)], of);
    for (const [of, what] of [
      [`${origin}\n011\n${base64(root)}\n`, "size is not a decimal"],
      [`${origin}\n-1\n${base64(root)}\n`, "size is not a decimal"],
      [`${origin}\n99999999999999999999\n${base64(root)}\n`, "size is not a decimal"],
      [`${origin}\n11\n${base64(root).slice(0, -1)}\n`, "not base64"],
      [`${origin}\n11\n${base64(root.subarray(1))}\n`, "31 bytes"],
      [`${origin}\n11\n`, "three lines"],
      [`\n11\n${base64(root)}\n`, "no origin"],
    ] as const)
      expect(await refused(signed(of), policy, null)).toContain(what);
    expect(await refused(utf8(text))).toContain("no signatures behind an empty line");
    expect(await refused(utf8(`${text}\nno dash\n`))).toContain("signature line 1");
    expect(await refused(utf8(`${text}\n— ${origin} AAAA\n`))).toContain("too short");
    expect(await refused(Uint8Array.of(255, 254, 10))).toContain("UTF-8");
    expect(await refused(utf8(`${text}\u0000\n\n— x AAAAAAAA\n`))).toContain("control characters");
  });

  test("no bytes make it do anything but take or refuse", async () => {
    const whole = note([log.signature(text), ...witnesses.map((witness) => witness.signature(text))]);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (place, change) => {
        const changed = whole.slice();
        changed[place] = (changed[place] as number) ^ change;
        const answer = await refused(changed);
        expect(answer).not.toContain("not a FormatError");
        // One of three cosignatures may be spoilt beyond recognition; its key is then unknown, which is no failure.
        if (answer === "taken") expect(place).toBeGreaterThan(text.length);
      }),
      { numRuns: 300 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        expect(await refused(bytes)).not.toContain("not a FormatError");
      }),
    );
  });
});

describe("keys and policies", () => {
  test("a key is read as it was written; its id must be its own", async () => {
    const written = verifierKeyText(log.key);
    expect(await readVerifierKey(testPrimitives, written)).toEqual(log.key);
    const wrong = async (value: string): Promise<string> =>
      readVerifierKey(testPrimitives, value).then(
        () => "taken",
        (error: unknown) => (error as Error).message,
      );
    expect(await wrong(written.replace(log.key.keyId, "deadbeef"))).toContain("has the id");
    expect(await wrong(`a b+${log.key.keyId}+AAAA`)).toContain("is not a verifier key");
    expect(await wrong("x")).toContain("not a verifier key");
    expect(await wrong(`x+00000000+${base64(Uint8Array.of(6, 1, 2))}`)).toContain("of type 6");
  });

  test("a policy is read as it was written", async () => {
    const again = await readTrustPolicy(testPrimitives, trustPolicyText(policy));
    expect(trustPolicyText(again)).toBe(trustPolicyText(policy));
    expect(isQuorum(again, [])).toBe(false);
    expect(isQuorum({ ...again, quorum: "none" }, [])).toBe(true);
  });

  test("a policy that breaks a rule is refused with its line", async () => {
    const [w, v] = witnesses.map(({ key }) => verifierKeyText(key)) as [string, string];
    const l = verifierKeyText(log.key);
    for (const [wrong, what] of [
      ["", "no quorum line"],
      ["quorum none\nquorum none", "line 2: there is a quorum already"],
      ["quorum a", "line 1: a is not defined"],
      [`witness none ${w}\nquorum none`, 'line 1: "none" cannot'],
      [`witness a ${w}\nwitness a ${v}\nquorum a`, 'line 2: "a" cannot'],
      [`witness a ${w}\nwitness b ${w}\nquorum a`, "names a key twice"],
      [`witness a ${l}\nquorum a`, "line 1: a witness signs with type 4"],
      [`log ${w}\nquorum none`, "line 1: a log signs with type 1"],
      [`witness a ${w}\ngroup g 2 a\nquorum g`, "line 2: a group has"],
      [`witness a ${w}\ngroup g any a\ngroup h any a\nquorum h`, "line 3: a is a member of a group already"],
      ["group g any\nquorum g", "line 1: a group has"],
      ["group g any b\nquorum g", "line 1: b is not defined"],
      ["logs x\nquorum none", "line 1: is none of"],
      ["quorum none\n\u0001", "line 2: holds control"],
    ] as const)
      await expect(readTrustPolicy(testPrimitives, wrong), wrong).rejects.toThrow(what);
  });

  test("groups of groups make a quorum as the specification's example says", async () => {
    const lines = [
      ...witnesses.map(({ key }, index) => `witness w${index} ${verifierKeyText(key)}`),
      "group x 1 w0 w1",
      "group y all w2",
      "group both all x y",
      "quorum both",
    ];
    const nested = await readTrustPolicy(testPrimitives, lines.join("\n"));
    const held = (...nos: number[]): boolean =>
      isQuorum(
        nested,
        nos.flatMap((no) => (nested.witnesses[no] === undefined ? [] : [{ key: nested.witnesses[no].key, timeS: 1 }])),
      );
    expect([held(0), held(0, 1), held(2), held(0, 2), held(1, 2)]).toEqual([false, false, false, true, true]);
  });

  test("base64 has one form", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const coded = base64(bytes);
        expect(coded).toBe(Buffer.from(bytes).toString("base64"));
        expect(hex(fromBase64(coded, "x"))).toBe(hex(bytes));
      }),
    );
    for (const wrong of ["A", "AA", "AA=", "AB==", "A===", "AA==\n", "A-==", "AAA=A", "=AAA"])
      expect(() => fromBase64(wrong, "x"), wrong).toThrow(FormatError);
  });
});

describe("a receipt", () => {
  const make = async (index = 7, disclosures: readonly string[] = [disclosure]): Promise<string> => {
    const path = await inclusionPath(async (begin, end) => naiveRoot(leaves.slice(begin, end)), index, 11);
    const checkpoint = note([log.signature(text), ...witnesses.map((witness) => witness.signature(text))]);
    return receiptText(
      { index, path, checkpoint },
      { marketplace: "main", entry: entries[index] as string, disclosures },
    );
  };
  const check = (receipt: string): Promise<string> =>
    checkReceipt(testPrimitives, utf8(receipt), policy).then(
      () => "taken",
      (error: unknown) => (error instanceof FormatError ? error.message : `not a FormatError: ${String(error)}`),
    );

  test("proves its entry and opens its fields", async () => {
    const checked = await checkReceipt(testPrimitives, utf8(await make()), policy);
    expect(checked).toMatchObject({ index: 7, fields: [{ name: "/data/order", value: "o-1" }] });
    expect(checked.content.marketplace).toBe("main");
    expect((await checkReceipt(webPrimitives, utf8(await make()), policy)).index).toBe(7);
  });

  test("is refused precisely", async () => {
    const right = await make();
    expect(await check(right.replace("index 7", "index 6"))).toContain("does not stand at place 6");
    expect(await check(right.replace("index 7", "index 07"))).toContain("index is not a decimal");
    expect(await check(right.replace("index 7", "index 70"))).toContain("outside of a tree of 11");
    expect(await check(right.replace("@v1", "@v2"))).toContain("does not begin with");
    const other = Buffer.from('["c2FsdA","/data/order","o-2"]').toString("base64url");
    expect(await check(await make(7, [other]))).toContain("disclosure 1 does not belong");
    expect(await check(right.replace(/extra .*\n/, ""))).toContain("extra data");
    expect(await check(right.replace(/\n— log.*\n/, "\n"))).toContain("no key that the policy knows");
    expect(readProof(utf8(right)).path).toHaveLength(4);
  });

  test("no change of a byte is taken, but in signatures that are not needed", async () => {
    const right = utf8(await make());
    const end = Buffer.from(right).indexOf("\n\n", Buffer.from(right).indexOf("\n\n") + 2);
    await fc.assert(
      fc.asyncProperty(fc.nat(end), fc.integer({ min: 1, max: 127 }), async (place, change) => {
        const changed = Buffer.from(right);
        changed[place] = (changed[place] as number) ^ change;
        const answer = await check(changed.toString("latin1").length === 0 ? "" : changed.toString("utf8"));
        expect(answer).not.toContain("not a FormatError");
        // The marketplace's name is not covered: it only says where to look.
        if (answer === "taken") expect(readProof(changed).extra).toBeDefined();
        else expect(answer).not.toBe("");
      }),
      { numRuns: 200 },
    );
  });
});
