import { base64, hex, utf8 } from "./bytes.ts";
import { checkpointText } from "./checkpoint.ts";
import { inclusionPath, leafInput } from "./merkle.ts";
import { noteText, verifierKeyText } from "./note.ts";
import type { RatingProof } from "./rating-proof.ts";
import { receiptText } from "./receipt.ts";
import { naiveRoot, sha256, testKey } from "./tlog.fixture.ts";

/** A small log with keys of its own: what a server would answer about it. */
export interface SignedLog {
  readonly origin: string;
  readonly size: number;
  /** Hex. */
  readonly root: string;
  readonly verifierKey: string;
  readonly witnessKey: string;
  /** With a witness whose cosignature is the quorum. */
  readonly policy: string;
  /** Of an order, at place 2; it opens two fields. */
  readonly receipt: string;
  /** Of the third of five ratings. */
  readonly rating: RatingProof;
}

const day = 20_783;
const digits = (text: string): string => Buffer.from(sha256(utf8(text))).toString("base64url");
const subject = (no: number): string => `m:${digits(`m${no}`).slice(0, 22)}`;

function entryOf(type: string, parts: { d?: readonly unknown[]; p?: object; open?: readonly string[] } = {}): string {
  const opened = (parts.open ?? []).map(digits);
  const decoys = Array.from({ length: 20 - opened.length }, (_, no) => digits(`${type} ${no}`));
  const p = parts.p === undefined ? {} : { p: parts.p };
  return JSON.stringify({ d: parts.d ?? [], ...p, sd: [...opened, ...decoys].sort(), t: type, v: 1 });
}

/** Makes the log of an origin, on behalf of a marketplace; the third merchant's rating has this score and grade. */
export async function signedLog(
  origin: string,
  marketplace: string,
  rated: { readonly score: number; readonly bound: number; readonly grade: string } = {
    score: 812,
    bound: 796,
    grade: "A",
  },
): Promise<SignedLog> {
  const [log, witness] = [await testKey(origin, 1), await testKey("witness.example/w1", 4)];
  const disclosures = ['["c2FsdA","/data/order","o-1"]', '["c2FsdB","/time","2026-11-21T08:00:00Z"]'].map((text) =>
    Buffer.from(text).toString("base64url"),
  );
  const lines = [0, 1, 2, 3, 4].map((no) => {
    const { score, bound, grade } = no === 2 ? rated : { score: 600 + no, bound: 500 + no, grade: "BB" };
    return JSON.stringify([subject(no), "rated", score, bound, grade, grade, [200, 200, 150, 150, 112, 0]]);
  });
  const lineLeaves = lines.map((line) => sha256(leafInput(utf8(line))));
  const act = {
    day,
    epoch: 3,
    kind: "merchant",
    logSize: 3,
    policy: "ab".repeat(32),
    root: hex(naiveRoot(lineLeaves)),
    subjects: lines.length,
  };
  const order = [
    [subject(2), "orders", day, 1, 1],
    [subject(2), "review-stars", day, 1_000, -250],
  ];
  const entries = [
    entryOf("policy.published"),
    entryOf("merchant.registered"),
    entryOf("order.placed", { d: order, open: disclosures }),
    entryOf("order.delivered"),
    entryOf("ratings.published", { p: act }),
    entryOf("order.placed"),
    entryOf("order.placed"),
  ];
  const leaves = entries.map((entry) => sha256(leafInput(utf8(entry))));
  const root = naiveRoot(leaves);
  const text = checkpointText({ origin, size: entries.length, root });
  const checkpoint = utf8(noteText({ text, signatures: [log.signature(text), witness.signature(text)] }));
  const prove = async (index: number, opened: readonly string[]): Promise<string> => {
    const path = await inclusionPath(async (begin, end) => naiveRoot(leaves.slice(begin, end)), index, entries.length);
    return receiptText(
      { index, path, checkpoint },
      { marketplace, entry: entries[index] as string, disclosures: opened },
    );
  };
  const [verifierKey, witnessKey] = [verifierKeyText(log.key), verifierKeyText(witness.key)];
  const linePath = await inclusionPath(async (begin, end) => naiveRoot(lineLeaves.slice(begin, end)), 2, lines.length);
  return {
    origin,
    size: entries.length,
    root: hex(root),
    verifierKey,
    witnessKey,
    policy: `log ${verifierKey}\nwitness w1 ${witnessKey}\nquorum w1\n`,
    receipt: await prove(2, disclosures),
    rating: {
      line: lines[2] as string,
      index: 2,
      lines: lines.length,
      path: linePath.map(base64),
      proof: await prove(4, []),
    },
  };
}
