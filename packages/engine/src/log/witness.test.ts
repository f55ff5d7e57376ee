import { beforeEach, describe, expect, test } from "vitest";
import { base64, hex, utf8 } from "@probity/verifier/tlog/bytes";
import { checkpointText } from "@probity/verifier/tlog/checkpoint";
import { consistencyPath } from "@probity/verifier/tlog/merkle";
import { checkSignatures, noteText, readNote, signatureTypes } from "@probity/verifier/tlog/note";
import type { TrustPolicy } from "@probity/verifier/tlog/trust-policy";
import { leavesOf, naiveRoot, testKey, type TestKey } from "../../../verifier/src/tlog/tlog.fixture.ts";
import { nodePrimitives } from "./primitives.ts";
import { type Seen, Witness, type WitnessAnswer } from "./witness.ts";

const origin = "log.example/log/main";
const leaves = leavesOf(40);
const forked = [...leaves.slice(0, 5), ...leavesOf(35, "fork ")];

let log: TestKey;
let witnessKey: TestKey;
let seen: Map<string, Seen>;
let nowMs: number;
let witness: Witness;

beforeEach(async () => {
  log = await testKey(origin, 1);
  witnessKey = await testKey("witness.example", 4);
  seen = new Map();
  nowMs = 1_700_000_000_000;
  const policy: TrustPolicy = { logs: [{ key: log.key, url: undefined }], witnesses: [], groups: [], quorum: "none" };
  const { name, keyId } = witnessKey.key;
  witness = new Witness({
    policy,
    // The fixture signs whole notes; a witness is handed the message, whose text stands behind two lines.
    signer: {
      name,
      keyId,
      sign: (message) => {
        const [, time = "", ...rest] = Buffer.from(message).toString("utf8").split("\n");
        return witnessKey.signature(rest.join("\n"), Number(time.slice(5))).signature.subarray(8);
      },
    },
    read: (of) => seen.get(of),
    write: (of, what) => void seen.set(of, what),
    now: () => nowMs,
  });
});

const rangesOf =
  (tree: readonly Uint8Array[]) =>
  async (begin: number, end: number): Promise<Uint8Array> =>
    naiveRoot(tree.slice(begin, end));

async function ask(
  old: number,
  size: number,
  {
    tree = leaves,
    by = log,
    proof,
    of = origin,
  }: { tree?: readonly Uint8Array[]; by?: TestKey; proof?: readonly Uint8Array[]; of?: string } = {},
): Promise<WitnessAnswer> {
  const text = checkpointText({ origin: of, size, root: naiveRoot(tree.slice(0, size)) });
  const path = proof ?? (old <= size ? await consistencyPath(rangesOf(tree), old, size) : []);
  const body = [`old ${old}`, ...path.map(base64), "", noteText({ text, signatures: [by.signature(text)] })].join("\n");
  return witness.addCheckpoint(utf8(body));
}

describe("a witness", () => {
  test("cosigns what continues the log, and remembers it before it answers", async () => {
    for (const [old, size] of [
      [0, 5],
      [5, 17],
      [17, 17],
      [17, 40],
    ] as const) {
      const { status, body } = await ask(old, size);
      expect(status).toBe(200);
      const text = checkpointText({ origin, size, root: naiveRoot(leaves.slice(0, size)) });
      const [signed] = await checkSignatures(nodePrimitives, readNote(utf8(`${text}\n${body}`)), [witnessKey.key]);
      expect([signed?.key.type, signed?.timeS]).toEqual([signatureTypes.cosignature, 1_700_000_000]);
      expect(seen.get(origin)).toEqual({ size, root: hex(naiveRoot(leaves.slice(0, size))), timeS: 1_700_000_000 });
    }
  });

  test("answers as the specification says where something is off", async () => {
    await ask(0, 17);
    expect((await ask(0, 5, { of: "other.example/log" })).status).toBe(404);
    expect((await ask(17, 20, { by: await testKey(origin, 1) })).status).toBe(403);
    expect((await ask(20, 17)).status).toBe(400);
    const behind = await ask(5, 20);
    expect([behind.status, behind.type, behind.body]).toEqual([409, "text/x.tlog.size", "17\n"]);
    expect((await ask(0, 20)).status).toBe(409);
    expect((await ask(17, 20, { proof: [] })).status).toBe(422);
    expect((await ask(17, 20, { proof: [leaves[0] as Uint8Array] })).status).toBe(422);
    for (const wrong of [
      "",
      "old 17\n",
      "old x\n\n",
      "old 017\n\nx",
      "new 17\n\nx",
      "old 17\nAAAA\n\nx\n\n— x AAAAAAAA\n",
    ])
      expect((await witness.addCheckpoint(utf8(wrong))).status, wrong).toBe(400);
    expect((await witness.addCheckpoint(Uint8Array.of(255))).status).toBe(400);
    expect(seen.get(origin)?.size).toBe(17);
  });

  test("never cosigns a fork, a shrinking tree or a second root of one size", async () => {
    await ask(0, 17);
    expect((await ask(17, 20, { tree: forked })).status).toBe(422);
    expect((await ask(17, 17, { tree: forked })).status).toBe(409);
    expect((await ask(17, 10)).status).toBe(400);
    expect((await ask(5, 10)).status).toBe(409);
    expect(seen.get(origin)?.root).toBe(hex(naiveRoot(leaves.slice(0, 17))));
  });

  test("a clock that goes back does not take its word back", async () => {
    await ask(0, 5);
    nowMs -= 3_600_000;
    await ask(5, 6);
    expect(seen.get(origin)?.timeS).toBe(1_700_000_000);
  });

  test("of several at once, one continues and the other is told where it stands", async () => {
    await ask(0, 5);
    const answers = await Promise.all([ask(5, 20), ask(5, 30), ask(5, 12)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
    const told = answers.filter(({ status }) => status === 409).map(({ body }) => Number(body));
    expect(new Set(told)).toEqual(new Set([seen.get(origin)?.size]));
  });
});
