/** What a dead letter's body is as text to edit: JSON laid out, or what came as it came. */
export function draftOf(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body, null, 2);
}

export type Reading =
  | { readonly ok: true; readonly event: Record<string, unknown> }
  | { readonly ok: false; readonly because: "not-json"; readonly line: number }
  | { readonly ok: false; readonly because: "not-object" };

// JSON allows none of these control characters in a string.
const token =
  // oxlint-disable-next-line no-control-regex -- they are what is refused
  /[\s]*(?:[[\]{},:]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/uy;

/** What may stand after a token: a value, a key, a colon, or a comma or the end of what is open. */
type Wanted = "value" | "value-or-end" | "key" | "key-or-end" | "colon" | "comma";

function after(sign: string, wanted: Wanted, open: string[]): Wanted | undefined {
  const isValue = wanted === "value" || wanted === "value-or-end";
  if (sign === "}" || sign === "]") {
    const fits = wanted === "comma" || wanted === (sign === "}" ? "key-or-end" : "value-or-end");
    return fits && open.pop() === (sign === "}" ? "{" : "[") ? "comma" : undefined;
  }
  if (sign === ",") return wanted !== "comma" || open.length === 0 ? undefined : open.at(-1) === "{" ? "key" : "value";
  if (sign === ":") return wanted === "colon" ? "value" : undefined;
  if (wanted === "key" || wanted === "key-or-end") return sign.startsWith('"') ? "colon" : undefined;
  if (!isValue) return undefined;
  if (sign !== "{" && sign !== "[") return "comma";
  open.push(sign);
  return sign === "{" ? "key-or-end" : "value-or-end";
}

/** Line on which a text stops being JSON. Browsers tell the place no longer. */
export function brokenLine(text: string): number {
  const open: string[] = [];
  let wanted: Wanted = "value";
  let at = 0;
  for (;;) {
    token.lastIndex = at;
    const sign = token.exec(text)?.[0];
    const next: Wanted | undefined = sign === undefined ? undefined : after(sign.trim(), wanted, open);
    if (sign === undefined || next === undefined) break;
    at += sign.length;
    wanted = next;
  }
  const start = at + (/\s*/uy.exec(text.slice(at))?.[0].length ?? 0);
  return text.slice(0, start).split("\n").length;
}

/** Reads an edited event. */
export function readDraft(text: string): Reading {
  try {
    const event: unknown = JSON.parse(text);
    return typeof event === "object" && event !== null && !Array.isArray(event)
      ? { ok: true, event: event as Record<string, unknown> }
      : { ok: false, because: "not-object" };
  } catch {
    return { ok: false, because: "not-json", line: brokenLine(text) };
  }
}
