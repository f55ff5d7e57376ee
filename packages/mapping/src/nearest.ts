/** Edits (insert, delete, replace) between two short words. */
function editDistance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (before[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replace, (before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    before = row;
  }
  return before[b.length] ?? 0;
}

const wordCharsMax = 64;

/** The known name that was most likely meant; undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const short = word.slice(0, wordCharsMax).toLowerCase();
  const limit = Math.max(1, Math.floor(short.length / 3));
  let best: string | undefined;
  let least = limit + 1;
  for (const name of known) {
    const distance = editDistance(short, name.slice(0, wordCharsMax).toLowerCase());
    if (distance < least) [best, least] = [name, distance];
  }
  return best;
}
