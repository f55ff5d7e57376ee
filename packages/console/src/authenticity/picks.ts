/** Keys from one to another, both included, in the order of the list; the last alone where the first is gone. */
export function between(keys: readonly string[], from: string | undefined, to: string): readonly string[] {
  const [one, other] = [from === undefined ? -1 : keys.indexOf(from), keys.indexOf(to)];
  if (other === -1) return [];
  if (one === -1) return [to];
  return keys.slice(Math.min(one, other), Math.max(one, other) + 1);
}

/** Where one stands once some are gone: at the next that stays, else at the last before. */
export function standAfter(
  keys: readonly string[],
  gone: ReadonlySet<string>,
  at: string | undefined,
): string | undefined {
  const place = at === undefined ? -1 : keys.indexOf(at);
  if (place === -1) return keys.find((key) => !gone.has(key));
  return keys.slice(place).find((key) => !gone.has(key)) ?? keys.slice(0, place).findLast((key) => !gone.has(key));
}

/** What is picked with a key turned, or a range added; never more than `max`, the first ones. */
export function turned(picked: ReadonlySet<string>, keys: readonly string[], max: number): ReadonlySet<string> {
  const [only] = keys;
  if (keys.length === 1 && only !== undefined && picked.has(only)) {
    return new Set([...picked].filter((key) => key !== only));
  }
  return new Set([...picked, ...keys].slice(0, max));
}
