import { FormatError } from "./bytes.ts";
import { readVerifierKey, type Signed, signatureTypes, type VerifierKey, verifierKeyText } from "./note.ts";
import type { Primitives } from "./primitives.ts";

/** Trust policies of https://c2sp.org/tlog-policy: which logs and witnesses are known, and what makes a quorum. */
export interface TrustPolicy {
  /** In the order of the text. */
  readonly logs: readonly { readonly key: VerifierKey; readonly url: string | undefined }[];
  readonly witnesses: readonly Witness[];
  readonly groups: readonly { readonly name: string; readonly least: number; readonly members: readonly string[] }[];
  /** Name of a witness or a group, or `none`. */
  readonly quorum: string;
}

export interface Witness {
  readonly name: string;
  readonly key: VerifierKey;
  readonly url: string | undefined;
}

const linesMax = 1_000;
const isControl = (code: number): boolean => (code < 32 && code !== 9 && code !== 10) || code === 127;

export const keysOf = ({ logs, witnesses }: TrustPolicy): VerifierKey[] =>
  [...logs, ...witnesses].map(({ key }) => key);

/** Whether the witnesses who signed make the quorum. */
export function isQuorum({ witnesses, groups, quorum }: TrustPolicy, signed: readonly Signed[]): boolean {
  if (quorum === "none") return true;
  const held = new Set(witnesses.flatMap(({ name, key }) => (signed.some((one) => one.key === key) ? [name] : [])));
  // A group names only what stands before it.
  for (const { name, least, members } of groups)
    if (members.filter((member) => held.has(member)).length >= least) held.add(name);
  return held.has(quorum);
}

interface Draft {
  readonly logs: TrustPolicy["logs"][number][];
  readonly witnesses: Witness[];
  readonly groups: TrustPolicy["groups"][number][];
  readonly grouped: Set<string>;
  quorum: string | undefined;
}

function addGroup(draft: Draft, line: number, [name = "", least = "", ...members]: readonly string[]): void {
  checkName(draft, line, name);
  for (const member of members) {
    if (!isNamed(draft, member)) throw new FormatError(`line ${line}: ${member} is not defined before`);
    if (draft.grouped.has(member)) throw new FormatError(`line ${line}: ${member} is a member of a group already`);
    draft.grouped.add(member);
  }
  const number = least === "all" ? members.length : least === "any" ? 1 : /^[1-9]\d{0,3}$/.test(least) ? +least : 0;
  if (members.length === 0 || number < 1 || number > members.length)
    throw new FormatError(`line ${line}: a group has all, any, or 1 to as many as its members`);
  draft.groups.push({ name, least: number, members });
}

const isNamed = ({ witnesses, groups }: Draft, name: string): boolean =>
  [...witnesses, ...groups].some((item) => item.name === name);

function checkName(draft: Draft, line: number, name: string): void {
  if (name === "" || name === "none" || isNamed(draft, name))
    throw new FormatError(`line ${line}: ${JSON.stringify(name)} cannot be a new name`);
}

async function addLine(primitives: Primitives, draft: Draft, line: number, words: readonly string[]): Promise<void> {
  const [kind, ...rest] = words;
  if (kind === "log" && (rest.length === 1 || rest.length === 2)) {
    const key = await readVerifierKey(primitives, rest[0] as string);
    if (key.type !== signatureTypes.ed25519) throw new FormatError(`line ${line}: a log signs with type 1`);
    draft.logs.push({ key, url: rest[1] });
  } else if (kind === "witness" && (rest.length === 2 || rest.length === 3)) {
    const [name = "", vkey = "", url] = rest;
    checkName(draft, line, name);
    const key = await readVerifierKey(primitives, vkey);
    if (key.type !== signatureTypes.cosignature) throw new FormatError(`line ${line}: a witness signs with type 4`);
    draft.witnesses.push({ name, key, url });
  } else if (kind === "group") addGroup(draft, line, rest);
  else if (kind === "quorum" && rest.length === 1) {
    const [name = ""] = rest;
    if (draft.quorum !== undefined) throw new FormatError(`line ${line}: there is a quorum already`);
    if (name !== "none" && !isNamed(draft, name)) throw new FormatError(`line ${line}: ${name} is not defined before`);
    draft.quorum = name;
  } else throw new FormatError(`line ${line}: is none of log, witness, group and quorum with what they need`);
}

/** Reads a policy; throws FormatError naming the line and the rule. */
export async function readTrustPolicy(primitives: Primitives, text: string): Promise<TrustPolicy> {
  const draft: Draft = { logs: [], witnesses: [], groups: [], grouped: new Set(), quorum: undefined };
  const lines = text.split("\n");
  if (lines.length > linesMax) throw new FormatError(`the policy has more than ${linesMax} lines`);
  for (const [place, line] of lines.entries()) {
    if ([...line].some((letter) => isControl(letter.codePointAt(0) as number)))
      throw new FormatError(`line ${place + 1}: holds control characters`);
    const words = line.split(/[ \t]+/).filter((word) => word !== "");
    if (words.length > 0 && !words[0]?.startsWith("#")) await addLine(primitives, draft, place + 1, words);
  }
  const { quorum, logs, witnesses, groups } = draft;
  if (quorum === undefined) throw new FormatError("the policy has no quorum line");
  const keys = [...logs, ...witnesses].map(({ key }) => String(key.key));
  if (new Set(keys).size !== keys.length) throw new FormatError("the policy names a key twice");
  return { logs, witnesses, groups, quorum };
}

/** Text of a policy. */
export function trustPolicyText({ logs, witnesses, groups, quorum }: TrustPolicy): string {
  const withUrl = (url: string | undefined): string => (url === undefined ? "" : ` ${url}`);
  return [
    ...logs.map(({ key, url }) => `log ${verifierKeyText(key)}${withUrl(url)}`),
    ...witnesses.map(({ name, key, url }) => `witness ${name} ${verifierKeyText(key)}${withUrl(url)}`),
    ...groups.map(({ name, least, members }) => `group ${name} ${least} ${members.join(" ")}`),
    `quorum ${quorum}`,
    "",
  ].join("\n");
}
