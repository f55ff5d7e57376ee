import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escapeText, html, raw } from "./html.ts";

function unescaped(text: string): string {
  const signs: Record<string, string> = {
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&#39;": "'",
    "&#96;": "`",
    "&amp;": "&",
  };
  return text.replaceAll(/&(?:lt|gt|quot|#39|#96|amp);/g, (sign) => signs[sign] ?? "");
}

describe("html", () => {
  test("escapes text and attributes, keeps markup, leaves nothing out silently", () => {
    const name = `<script>alert("x")</script>'\``;
    expect(html`<p title="${name}">${name}</p>`.text).toBe(
      '<p title="&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39;&#96;">&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39;&#96;</p>',
    );
    expect(html`${[html`<b>1</b>`, null, undefined, false, 2]}${raw("<i>")}`.text).toBe("<b>1</b>2<i>");
  });

  test("drops the source's indentation, never the data's", () => {
    const source = ["<p>\n      ", "\n    </p>"];
    const template: TemplateStringsArray = Object.assign(source, { raw: source });
    expect(html(template, "a\n  b").text).toBe("<p>\na\n  b\n</p>");
  });

  test("data that looks like markup is not markup", () => {
    const forged = JSON.parse('{"text":"<script>"}') as never;
    expect(() => html`${forged}`).toThrow(TypeError);
  });

  test("any text comes back as it was and never ends its place", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const written = escapeText(text);
        expect(written).not.toMatch(/[<>"'`\0]/);
        expect(unescaped(written)).toBe(text.toWellFormed().replaceAll("\0", "\ufffd"));
      }),
      { numRuns: 500 },
    );
  });

  test("every template quotes its attributes", () => {
    const folder = new URL(".", import.meta.url);
    const files = readdirSync(folder).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
    for (const name of files) {
      const source = readFileSync(new URL(name, folder), "utf8").replaceAll("?lang=${", "");
      expect(source, name).not.toMatch(/[\w-]=\$\{/);
    }
  });
});
