/** A stretch of a text, and whether the other text has it too. */
export interface Stretch {
  readonly text: string;
  readonly differs: boolean;
}

/** Longer texts are compared so far; what follows is shown as it is. */
const tokensMax = 600;

/** Words of letters and digits, single signs of scripts without spaces, everything else as it stands. */
const token = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}\p{M}]+|\s+|[^\p{L}\p{N}\p{M}\s]/gu;

export const tokensOf = (text: string): readonly string[] => text.match(token) ?? [];

/** Lengths of longest common subsequences of what follows each pair of places; width `b.length + 1`. */
function lengthsOf(a: readonly string[], b: readonly string[]): Uint16Array {
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const [down, right] = [lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0];
      lengths[i * width + j] = a[i] === b[j] ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(down, right);
    }
  }
  return lengths;
}

const fold = (tokens: readonly string[]): readonly string[] => tokens.map((one) => one.normalize("NFKC").toLowerCase());

function stretchesOf(tokens: readonly string[], inBoth: ReadonlySet<number>, rest: string): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (const [place, text] of tokens.entries()) {
    const differs = !inBoth.has(place);
    const last = stretches.at(-1);
    if (last?.differs === differs) stretches[stretches.length - 1] = { text: last.text + text, differs };
    else stretches.push({ text, differs });
  }
  return rest === "" ? stretches : [...stretches, { text: rest, differs: false }];
}

/**
 * Two texts with what only one of them has marked, by their longest common subsequence of words (Hunt and McIlroy,
 * 1976), letter case and width aside. Time and space O(n · m), both at most 600.
 */
export function differenceOf(one: string, other: string): readonly [readonly Stretch[], readonly Stretch[]] {
  const [allA, allB] = [tokensOf(one), tokensOf(other)];
  const [a, b] = [allA.slice(0, tokensMax), allB.slice(0, tokensMax)];
  const [x, y] = [fold(a), fold(b)];
  const lengths = lengthsOf(x, y);
  const width = b.length + 1;
  const [inA, inB] = [new Set<number>(), new Set<number>()];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (x[i] === y[j]) {
      inA.add(i);
      inB.add(j);
      i += 1;
      j += 1;
    } else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i += 1;
    else j += 1;
  }
  return [stretchesOf(a, inA, allA.slice(tokensMax).join("")), stretchesOf(b, inB, allB.slice(tokensMax).join(""))];
}
