/** What a page takes from the address: anything may stand there, so each part is checked and left out if it is wrong. */
type Loose = Readonly<Record<string, unknown>>;

const textCharsMax = 200;

/** Text; a number in the address is text that looks like one. */
export function textParam(search: Loose, name: string, charsMax: number = textCharsMax): string | undefined {
  const value = search[name];
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text !== "" && text.length <= charsMax ? text : undefined;
}

export function oneOfParam<const T extends string>(search: Loose, name: string, values: readonly T[]): T | undefined {
  const value = search[name];
  return values.find((one) => one === value);
}

/** `YYYY-MM-DD` of a day that exists. */
export function dayParam(search: Loose, name: string): string | undefined {
  const value = search[name];
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return undefined;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value) ? value : undefined;
}

/** The record without what is undefined, so that an address holds only what was chosen. */
export function present<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

/**
 * A page's check of its address, after which nothing else is left of it: the router would hand on what a check left
 * out, as it stood there.
 */
export function only<T extends object>(check: (search: Loose) => T): (search: Loose) => T {
  return (search) => ({
    ...Object.fromEntries(Object.keys(search).map((name) => [name, undefined])),
    ...check(search),
  });
}
