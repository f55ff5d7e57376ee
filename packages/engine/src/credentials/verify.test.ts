import { createPublicKey, createVerify, hash, verify } from "node:crypto";
import { gzipSync } from "node:zlib";
import { SDJwtInstance } from "@sd-jwt/core";
import { verifyJWT } from "did-jwt";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  claims,
  dayMs,
  did,
  makeList,
  makeSdJwt,
  makeSigner,
  makeVc,
  nowMs,
  optionsOf,
  signer,
  statusUrl,
  subject,
  vcHeader,
} from "./credentials.fixture.ts";
import { CredentialRefused, didDocument, keysOfDocument, vcPayload, verifyCredential } from "./index.ts";
import { encodeBits } from "./status-list.ts";

type Payload = Record<string, unknown>;
const coded = (value: unknown): string =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const parts = (jwt: string): [string, string, string] => jwt.split(".") as [string, string, string];
const payloadOf = (jwt: string): Payload => JSON.parse(Buffer.from(parts(jwt)[1], "base64url").toString()) as Payload;

let list = "";
beforeAll(async () => {
  list = await makeList([5]);
});

async function refusal(text: string, changed = {}): Promise<string> {
  const { asked, ...options } = optionsOf(list, changed);
  try {
    await verifyCredential(text, options);
  } catch (error) {
    if (!(error instanceof CredentialRefused)) throw error;
    expect(error.message.length).toBeGreaterThan(20);
    return error.code;
  }
  return `taken, asked ${asked.length}`;
}

describe("a right credential", () => {
  test("is taken as a JWT, with everything that it says", async () => {
    const text = await makeVc();
    const options = optionsOf(list);
    const verified = await verifyCredential(text, options);
    expect(verified).toEqual({
      format: "vc+jwt",
      id: "urn:uuid:4a1f4d4e-0000-4000-8000-000000000001",
      issuer: did,
      hash: hash("sha256", text, "hex"),
      validFromMs: nowMs - dayMs,
      validUntilMs: nowMs + 29 * dayMs,
      audience: [],
      subject,
      isStatusChecked: true,
    });
    expect(options.asked).toEqual([did, statusUrl]);
  });

  test("is taken as an SD-JWT, whole and with the merchant withheld", async () => {
    const { jwt, disclosures } = await makeSdJwt();
    expect(disclosures).toHaveLength(2);
    const whole = await verifyCredential(`${[jwt, ...disclosures].join("~")}~`, optionsOf(list));
    expect(whole).toMatchObject({ format: "dc+sd-jwt", issuer: did, subject, hash: hash("sha256", jwt, "hex") });
    const bare = await verifyCredential(`${jwt}~`, optionsOf(list));
    expect(bare.hash).toBe(whole.hash);
    const { merchant: _merchant, name: _name, ...rest } = subject;
    expect(bare.subject).toEqual(rest);
  });

  test("for somebody is taken by them", async () => {
    const text = await makeVc({ audience: "https://bank.example" });
    const verified = await verifyCredential(text, optionsOf(list, { audiences: ["x", "https://bank.example"] }));
    expect(verified.audience).toEqual(["https://bank.example"]);
  });

  test("without a way to its status list says that revocation was not checked", async () => {
    const options = optionsOf(list, { statusListOf: undefined });
    expect((await verifyCredential(await makeVc(), options)).isStatusChecked).toBe(false);
    expect(options.asked).toEqual([did]);
  });

  test("at a further host that was allowed is asked for there", async () => {
    const elsewhere = "https://lists.example/credentials/main/status/1";
    const there = await makeList([], (payload: Payload) => ({ ...payload, id: elsewhere }));
    const options = optionsOf(there, { hosts: ["lists.example"] });
    await verifyCredential(await makeVc({ statusListUrl: elsewhere }), options);
    expect(options.asked).toEqual([did, elsewhere]);
  });
});

describe("libraries that did not make it", () => {
  const key = createPublicKey({ key: { ...signer.jwk }, format: "jwk" });

  /** ES256 by Node alone, over the parts as they stand. */
  function checkByNode(jwt: string): boolean {
    const [head, body, signature] = parts(jwt);
    return verify(
      "sha256",
      Buffer.from(`${head}.${body}`),
      { key, dsaEncoding: "ieee-p1363" },
      Buffer.from(signature, "base64url"),
    );
  }

  // did-jwt knows the type of the key by the name that it had before it was a standard.
  const document = JSON.stringify(didDocument(did, [{ kid: signer.kid, jwk: signer.jwk }]));
  const didDocumentOfOld = JSON.parse(document.replaceAll('"JsonWebKey"', '"JsonWebKey2020"')) as never;
  const resolver = {
    resolve: async () => ({ didResolutionMetadata: {}, didDocumentMetadata: {}, didDocument: didDocumentOfOld }),
  };
  const byDidJwt = (jwt: string) =>
    verifyJWT(jwt, { resolver, proofPurpose: "assertionMethod", policies: { now: Math.floor(nowMs / 1_000) } });

  const sdJwt = new SDJwtInstance({
    hasher: (data: string | ArrayBuffer) =>
      hash("sha256", typeof data === "string" ? data : new Uint8Array(data), "buffer"),
    hashAlg: "sha-256",
    verifier: (data: string, signature: string) =>
      createVerify("sha256")
        .update(data)
        .verify({ key, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url")),
  });

  test("verify the JWT: Node's own ES256, and did-jwt by the DID document; a changed one they refuse", async () => {
    const text = await makeVc();
    expect(checkByNode(text)).toBe(true);
    const { verified, issuer, payload } = await byDidJwt(text);
    expect([verified, issuer]).toEqual([true, did]);
    expect(payload["credentialSubject"]).toEqual(subject);
    const [head, , signature] = parts(text);
    const better = { ...payloadOf(text), credentialSubject: { ...subject, rating: { ...subject.rating, score: 990 } } };
    const changed = `${head}.${coded(better)}.${signature}`;
    expect(checkByNode(changed)).toBe(false);
    await expect(byDidJwt(changed)).rejects.toThrow(/signature/i);
    expect(await refusal(changed)).toBe("signature");
  });

  test("verify the status list", async () => {
    expect(checkByNode(list)).toBe(true);
    expect((await byDidJwt(list)).verified).toBe(true);
  });

  test("verify the SD-JWT: @sd-jwt/core finds the disclosures; a changed one it refuses", async () => {
    const { jwt, disclosures } = await makeSdJwt();
    const text = `${[jwt, ...disclosures].join("~")}~`;
    const { payload } = await sdJwt.verify(text, { currentDate: Math.floor(nowMs / 1_000) });
    expect((payload as Payload)["credentialSubject"]).toEqual(subject);
    const other = coded(["salt", "merchant", "m2"]);
    const cheated = await sdJwt.verify(`${jwt}~${other}~`, { currentDate: Math.floor(nowMs / 1_000) });
    expect((cheated.payload as { credentialSubject: Payload }).credentialSubject["merchant"]).toBeUndefined();
    const [head, body, signature] = parts(jwt);
    const late = coded({ ...payloadOf(`${head}.${body}.`), exp: 1_900_000_000 });
    await expect(sdJwt.verify(`${head}.${late}.${signature}~`)).rejects.toThrow();
  });
});

describe("what is refused", () => {
  const jwtOf = async (header: Record<string, unknown>, edit: (payload: Payload) => object = (payload) => payload) =>
    signer.sign(header as Record<string, string>, edit(vcPayload(claims()) as Payload));
  const fieldsOf = (changed: Payload) => makeVc({}, (payload: Payload) => ({ ...payload, ...changed }));

  test.each<[string, string, () => Promise<string>, object?]>([
    ["expired", "expired", () => makeVc({ validFromMs: nowMs - 20 * dayMs, validUntilMs: nowMs })],
    ["expired by exp alone", "expired", () => fieldsOf({ exp: nowMs / 1_000 - 1 })],
    ["not yet valid", "not-yet-valid", () => makeVc({ validFromMs: nowMs + 61_000 })],
    ["not yet valid by nbf alone", "not-yet-valid", () => fieldsOf({ nbf: nowMs / 1_000 + 61 })],
    ["longer than 30 days", "too-long", () => makeVc({ validUntilMs: nowMs + 29 * dayMs + 1_000 })],
    ["revoked", "revoked", () => makeVc({ index: 5 })],
    ["for somebody else", "audience", () => makeVc({ audience: "a" }), { audiences: ["b"] }],
    ["for somebody, taken by nobody in particular", "audience", () => makeVc({ audience: "a" })],
    [
      "of an unknown issuer",
      "issuer-unknown",
      () =>
        makeVc({
          issuer: "did:web:other.example",
          statusListUrl: "https://other.example/credentials/main/status/1",
        }),
    ],
    ["of an issuer that is no did:web", "issuer-unknown", () => makeVc({ issuer: "did:key:z6Mk" })],
    ["of an address in figures", "issuer-unknown", () => makeVc({ issuer: "did:web:10.0.0.1" })],
    ["of two issuers", "malformed", () => fieldsOf({ iss: "did:web:other.example" })],
    ["under an unknown key", "key-unknown", () => jwtOf({ ...vcHeader, kid: `${did}#other` })],
    ["under no key", "key-unknown", () => jwtOf({ typ: "vc+jwt" })],
    ["of the typ JWT", "type", () => jwtOf({ ...vcHeader, typ: "JWT" })],
    ["of no typ", "type", () => jwtOf({ kid: signer.kid })],
    ["with a key of its own", "algorithm", () => jwtOf({ ...vcHeader, jwk: signer.jwk })],
    ["with the address of a key", "algorithm", () => jwtOf({ ...vcHeader, jku: "https://evil.example/keys" })],
    ["of another type", "malformed", () => fieldsOf({ type: ["VerifiableCredential"] })],
    ["of an older context", "malformed", () => fieldsOf({ "@context": ["https://www.w3.org/2018/credentials/v1"] })],
    ["without a status", "malformed", () => fieldsOf({ credentialStatus: undefined })],
    ["without an end", "malformed", () => fieldsOf({ validUntil: undefined })],
    [
      "with a score of 1.5",
      "malformed",
      () => makeVc({ subject: { ...subject, rating: { ...subject.rating, score: 1.5 } } }),
    ],
    ["with a place beyond the list", "status-index", () => makeVc({ index: 131_072 })],
    ["with a status list elsewhere", "status-foreign", () => makeVc({ statusListUrl: "https://evil.example/s/1" })],
    [
      "with a status list at another port",
      "status-foreign",
      () => makeVc({ statusListUrl: "https://trust.example:8443/s" }),
    ],
    [
      "with a status list below its host",
      "status-foreign",
      () => makeVc({ statusListUrl: "https://trust.example.evil.example/s" }),
    ],
    ["with a status list without TLS", "status-foreign", () => makeVc({ statusListUrl: "http://trust.example/s" })],
    [
      "with a name in the status list",
      "status-foreign",
      () => makeVc({ statusListUrl: "https://trust.example@evil.example/s" }),
    ],
    ["with a file for a status list", "status-foreign", () => makeVc({ statusListUrl: "file:///etc/passwd" })],
    ["too large", "oversize", () => fieldsOf({ pad: "x".repeat(65_536) })],
    ["too large as an SD-JWT", "oversize", async () => `${(await makeSdJwt()).jwt}~${"x".repeat(65_536)}~`],
    ["no JWT", "malformed", async () => "credential"],
    ["of five parts", "malformed", async () => `${await makeVc()}.a.b`],
  ])("%s: %s", async (_name, code, make, changed) => {
    expect(await refusal(await make(), changed)).toBe(code);
  });

  test("a foreign status list before anybody is asked", async () => {
    const options = optionsOf(list);
    const text = await makeVc({ statusListUrl: "https://evil.example/status/1" });
    await expect(verifyCredential(text, options)).rejects.toThrow(
      "The credential names a status list at evil.example, which is not its issuer's own host trust.example; it was not asked for",
    );
    expect(options.asked).toEqual([]);
  });

  test("no signature, and one by a public key taken for a secret", async () => {
    const [, body] = parts(await makeVc());
    const none = coded({ ...vcHeader, alg: "none" });
    expect(await refusal(`${none}.${body}.`)).toBe("algorithm");
    const secret = createPublicKey({ key: { ...signer.jwk }, format: "jwk" }).export({ type: "spki", format: "pem" });
    const { createHmac } = await import("node:crypto");
    const head = coded({ ...vcHeader, alg: "HS256" });
    const mac = createHmac("sha256", secret).update(`${head}.${body}`).digest("base64url");
    expect(await refusal(`${head}.${body}.${mac}`)).toBe("algorithm");
    for (const alg of ["ES384", "RS256", "EdDSA", "es256", "", 7, null]) {
      const other = coded({ ...vcHeader, alg });
      expect(await refusal(`${other}.${body}.${"A".repeat(86)}`)).toBe("algorithm");
    }
  });

  test("another's signature", async () => {
    const text = await makeSigner().sign(vcHeader, vcPayload(claims()));
    expect(await refusal(text)).toBe("signature");
  });

  test("a key twice, in header, payload, subject and disclosures", async () => {
    const text = await makeVc();
    const [head, body, signature] = parts(text);
    const twice = (part: string, from: string, to: string): string => {
      const json = Buffer.from(part, "base64url").toString();
      expect(json).toContain(from);
      return coded(json.replace(from, to));
    };
    const ours = twice(head, '"alg":"ES256"', '"alg":"none","alg":"ES256"');
    expect(await refusal(`${ours}.${body}.${signature}`)).toBe("duplicate-key");
    for (const [from, to] of [
      ['"score":873', '"score":990,"score":873'],
      ['"score":873', '"\\u0073core":990,"score":873'],
      ['"issuer":', '"issuer" : "did:web:evil.example","issuer":'],
    ] as const)
      expect(await refusal(`${head}.${twice(body, from, to)}.${signature}`)).toBe("duplicate-key");
    const { jwt } = await makeSdJwt();
    expect(await refusal(`${jwt}~${coded('["s","merchant",{"a":1,"a":2}]')}~`)).toBe("duplicate-key");
  });

  test("SD-JWTs: a disclosure of something else, twice, over what is open, with key binding", async () => {
    const { jwt, disclosures } = await makeSdJwt();
    const [first = ""] = disclosures;
    expect(await refusal(`${jwt}~${coded(["s", "merchant", "m2"])}~`)).toBe("signature");
    expect(await refusal(`${jwt}~${first}~${first}~`)).toBe("signature");
    expect(await refusal(`${jwt}~${coded(["s", "rating", {}])}~`)).toBe("signature");
    expect(await refusal(`${jwt}~${coded({ s: 1 })}~`)).toBe("malformed");
    expect(await refusal(`${jwt}~${first}~${jwt}`)).toBe("malformed");
    const vc = await makeVc();
    expect(await refusal(`${vc}~`)).toBe("type");
  });
});

describe("a status list is refused", () => {
  const field = (name: string, value: unknown) => (payload: Payload) => ({ ...payload, [name]: value });
  const bits = (value: string) => (payload: Payload) => ({
    ...payload,
    credentialSubject: { ...(payload["credentialSubject"] as Payload), encodedList: value },
  });

  test.each<[string, string, () => Promise<string>]>([
    ["of another issuer", "status-issuer", () => makeList([], field("issuer", "did:web:other.example"))],
    ["that has expired", "status-expired", () => makeList([], field("validUntil", new Date(nowMs).toISOString()))],
    ["not yet valid", "status-expired", () => makeList([], field("validFrom", new Date(nowMs + 61_000).toISOString()))],
    ["of another address", "status-invalid", () => makeList([], field("id", `${statusUrl}0`))],
    ["of another type", "status-invalid", () => makeList([], field("type", ["VerifiableCredential"]))],
    ["of no end", "status-invalid", () => makeList([], field("validUntil", undefined))],
    ["of another typ", "type", () => makeList([], undefined, { ...vcHeader, typ: "statuslist+jwt" })],
    ["under an unknown key", "key-unknown", () => makeList([], undefined, { ...vcHeader, kid: "other" })],
    ["not signed by its issuer", "signature", () => makeSigner().sign(vcHeader, payloadOf(list))],
    ["of another coding", "status-invalid", () => makeList([], bits("zabc"))],
    ["that is no GZIP", "status-invalid", () => makeList([], bits("uAAAA"))],
    [
      "too short to hide anybody",
      "status-invalid",
      () => makeList([], bits(`u${gzipSync(Buffer.alloc(16_383)).toString("base64url")}`)),
    ],
    [
      "that unfolds without end",
      "status-invalid",
      () => makeList([], bits(`u${gzipSync(Buffer.alloc(4_000_000)).toString("base64url")}`)),
    ],
    ["too large", "oversize", () => makeList([], bits("u".repeat(1_048_576)))],
    ["that is no JWT", "malformed", async () => "<html>"],
  ])("%s: %s", async (_name, code, make) => {
    list = await makeList([5]);
    const wrong = await make();
    expect(await refusal(await makeVc(), { statusListOf: async () => wrong })).toBe(code);
  });

  test("bit by bit as it was written: only whose bit is set is revoked", async () => {
    const places = [0, 7, 8, 70_001, 131_071];
    const some = await makeList(places);
    for (const index of [0, 1, 6, 7, 8, 9, 15, 70_000, 70_001, 70_002, 131_070, 131_071])
      expect([index, await refusal(await makeVc({ index }), { statusListOf: async () => some })]).toEqual([
        index,
        places.includes(index) ? "revoked" : "taken, asked 1",
      ]);
    expect(encodeBits([0])).not.toBe(encodeBits([7]));
  });
});

describe("any changed byte", () => {
  test("of the payload or the signature is refused", async () => {
    const text = await makeVc();
    const options = optionsOf(list);
    const start = text.indexOf(".") + 1;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: start, max: text.length - 1 }),
        fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ .~\n"),
        async (at, letter) => {
          fc.pre(text[at] !== letter);
          const changed = text.slice(0, at) + letter + text.slice(at + 1);
          await expect(verifyCredential(changed, options)).rejects.toBeInstanceOf(CredentialRefused);
        },
      ),
      { numRuns: 400 },
    );
  });

  test("of the last letters of a signature too, whose spare bits stand for nothing", async () => {
    const text = await makeVc();
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (const letter of letters) {
      if (text.endsWith(letter)) continue;
      await expect(verifyCredential(text.slice(0, -1) + letter, optionsOf(list))).rejects.toBeInstanceOf(
        CredentialRefused,
      );
    }
  });

  test("of a disclosure is refused", async () => {
    const { jwt, disclosures } = await makeSdJwt();
    const [first = ""] = disclosures;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: first.length - 1 }),
        fc.constantFrom(..."ABCxyz019-_"),
        async (at, letter) => {
          fc.pre(first[at] !== letter);
          const changed = first.slice(0, at) + letter + first.slice(at + 1);
          await expect(verifyCredential(`${jwt}~${changed}~`, optionsOf(list))).rejects.toBeInstanceOf(
            CredentialRefused,
          );
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("a DID document", () => {
  const own = [{ kid: signer.kid, jwk: signer.jwk }];

  test("gives the keys that may assert", () => {
    const other = makeSigner();
    const keys = [...own, { kid: other.kid, jwk: other.jwk }];
    expect(keysOfDocument(JSON.stringify(didDocument(did, keys)), did)).toEqual(keys);
    const document = didDocument(did, keys) as Payload;
    const narrow = { ...document, assertionMethod: [`#${other.kid}`] };
    expect(keysOfDocument(JSON.stringify(narrow), did).map(({ kid }) => kid)).toEqual([other.kid]);
    expect(keysOfDocument(JSON.stringify({ ...document, assertionMethod: undefined }), did)).toEqual([]);
  });

  test("of somebody else is refused, and keys of others in it are left out", () => {
    const document = JSON.stringify(didDocument(did, own));
    expect(() => keysOfDocument(document, "did:web:other.example")).toThrow("is of did:web:trust.example");
    const borrowed = document.replaceAll(`"controller":"${did}"`, '"controller":"did:web:other.example"');
    expect(keysOfDocument(borrowed, did)).toEqual([]);
  });
});
