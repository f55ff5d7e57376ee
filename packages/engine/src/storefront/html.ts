/** Markup that may stand in a page as it is. Only `html` and `raw` make it, so data can never pass for it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What a template takes: text is escaped, markup is kept, nothing is left out. */
export type Fragment = Markup | string | number | null | undefined | false | readonly Fragment[];

const escapes: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
  "\u0000": "\ufffd",
};

/** Text for an element's content or a quoted attribute. */
export function escapeText(value: string): string {
  return value.toWellFormed().replaceAll(/[&<>"'`\0]/g, (sign) => escapes[sign] ?? "");
}

function written(value: Fragment): string {
  if (value === null || value === undefined || value === false) return "";
  if (typeof value === "string") return escapeText(value);
  if (typeof value === "number") return String(value);
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(written).join("");
  throw new TypeError(`a template takes no ${typeof value}`);
}

const flattened = new WeakMap<TemplateStringsArray, readonly string[]>();

/** The template's own text without the indentation of its source. */
function flat(strings: TemplateStringsArray): readonly string[] {
  const known = flattened.get(strings);
  if (known !== undefined) return known;
  const texts = strings.map((text) => text.replaceAll(/\s*\n\s*/g, "\n"));
  flattened.set(strings, texts);
  return texts;
}

/** Template whose values are escaped; attributes must be quoted. Line breaks are spaces, as in any HTML. */
export function html(strings: TemplateStringsArray, ...values: readonly Fragment[]): Markup {
  const parts = flat(strings);
  let text = parts[0] ?? "";
  values.forEach((value, index) => {
    text += written(value) + (parts[index + 1] ?? "");
  });
  return new Markup(text);
}

/** A list of terms, each with what is said of it. */
export function definitions(className: string | null, rows: readonly (readonly [string, Markup | string])[]): Markup {
  return html`<dl${className === null ? null : html` class="${className}"`}>
    ${rows.map(
      ([term, value]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** Markup from trusted text: never from data. */
export function raw(text: string): Markup {
  return new Markup(text);
}
