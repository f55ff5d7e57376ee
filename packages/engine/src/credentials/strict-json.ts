import { CredentialRefused } from "./refused.ts";

const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]/g;

/** The first key that an object of valid JSON has twice; parsers differ in which of the two they take. */
function duplicateKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, colon] of json.matchAll(tokens)) {
    if (token === "{" || token === "[") open.push(new Set());
    else if (token === "}" || token === "]") open.pop();
    else if (colon !== undefined) {
      const key = JSON.parse(token.slice(0, -colon.length)) as string;
      const keys = open.at(-1);
      if (keys?.has(key) === true) return key;
      keys?.add(key);
    }
  }
  return undefined;
}

/** Reads JSON whose objects have every key once; throws CredentialRefused naming `what`. */
export function readStrictJson(text: string, what: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch {
    throw new CredentialRefused("malformed", `${what} is not JSON`);
  }
  const twice = duplicateKey(text);
  if (twice !== undefined)
    throw new CredentialRefused("duplicate-key", `${what} has the key ${JSON.stringify(twice.slice(0, 64))} twice`);
  return value;
}
