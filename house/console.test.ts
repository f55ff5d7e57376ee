import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { limits, signInLimits } from "@probity/contract";
import { beforeAll, describe, expect, it } from "vitest";
import { parseAst } from "vitest/node";
import { builtFolder, ensureBuilt } from "../packages/console/build-console.ts";
import { messages as english } from "../packages/console/src/messages/en.ts";
import { messages as chinese } from "../packages/console/src/messages/zh-cn.ts";
import { allFiles, importsOf, read, resolveImport } from "./tree.ts";

const folder = "packages/console/src/";
const ours = allFiles().filter((file) => file.startsWith(folder) && /\.tsx?$/.test(file));
const product = ours.filter((file) => !/\.(test|fixture)\.tsx?$/.test(file));

interface Node {
  readonly type: string;
  readonly [part: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === "string";

function walk(value: unknown, visit: (node: Node, parent: Node | undefined) => void, parent?: Node): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit, parent);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  const node = isNode(value) ? value : undefined;
  if (node !== undefined) visit(node, parent);
  for (const part of Object.values(value)) walk(part, visit, node ?? parent);
}

const letters = /\p{L}/u;

/** Text that an expression gives by itself: a literal, the fixed parts of a template, either side of a choice. */
function literalsOf(value: unknown): string[] {
  if (!isNode(value)) return [];
  switch (value.type) {
    case "Literal":
      return typeof value["value"] === "string" ? [value["value"]] : [];
    case "JSXText":
      return [String(value["value"])];
    case "TemplateLiteral":
      return (value["quasis"] as { value: { raw: string } }[]).map((part) => part.value.raw);
    case "JSXExpressionContainer":
      return literalsOf(value["expression"]);
    case "ConditionalExpression":
      return [...literalsOf(value["consequent"]), ...literalsOf(value["alternate"])];
    case "LogicalExpression":
      return [...literalsOf(value["left"]), ...literalsOf(value["right"])];
    default:
      return [];
  }
}

/** Attributes that somebody reads or hears. */
const spoken =
  /^(aria-(label|description|roledescription|valuetext|placeholder)|title|placeholder|alt|label|hint|text|lead|description|error|words)$/;

/** Text in a component that no catalogue holds. */
function literalText(code: string): string[] {
  const found: string[] = [];
  // oxlint-disable-next-line typescript/no-deprecated -- its follower is exported by vite alone, which the house does not depend on
  walk(parseAst(code, { lang: "tsx" }), (node) => {
    if (node.type === "JSXElement" || node.type === "JSXFragment") {
      for (const child of node["children"] as unknown[]) found.push(...literalsOf(child));
    }
    if (node.type === "JSXAttribute" && spoken.test(String((node["name"] as Node)["name"]))) {
      found.push(...literalsOf(node["value"]));
    }
  });
  return found.filter((text) => letters.test(text)).map((text) => text.trim());
}

/** Every key of a catalogue with what stands there: text, or a function of how many arguments. */
function shapeOf(value: unknown, path = ""): string[] {
  if (typeof value === "function") return [`${path}()`];
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, part]) => shapeOf(part, path === "" ? key : `${path}.${key}`));
}

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

describe("the console's words", () => {
  it("are found where they are literal, so that the rule below means something", () => {
    expect(literalText('const a = <p title="Why">Text {b} {"more"} {`x ${c} tail`}</p>;')).toEqual([
      "Text",
      "more",
      "x",
      "tail",
      "Why",
    ]);
    expect(literalText('const a = <p className="flex">{t.word} · 12 <Keys keys={["Esc"]} /></p>;')).toEqual([]);
  });

  it("stand in the catalogues and nowhere in a component", () => {
    const components = product.filter((file) => file.endsWith(".tsx"));
    expect(components.length).toBeGreaterThan(40);
    expect(components.flatMap((file) => literalText(read(file)).map((text) => `${file}: ${text}`))).toEqual([]);
  });

  it("are the same in both languages, key by key, and none is empty", () => {
    expect(shapeOf(chinese)).toEqual(shapeOf(english));
    expect([...textsOf(chinese), ...textsOf(english)].filter((text) => text.trim() === "")).toEqual([]);
  });

  it("are all used", () => {
    const code = product
      .filter((file) => !file.includes("/messages/"))
      .map(read)
      .join("\n");
    const keys = shapeOf(english).map((key) => key.replace("()", ""));
    const isUsed = (key: string): boolean => {
      const parts = key.split(".");
      // `t.shell.themes[theme]` uses every theme; `t.ui.close` uses itself.
      return parts.some((_, depth) => {
        const path = parts.slice(0, depth + 1).join(".");
        return depth + 1 === parts.length
          ? code.includes(`t.${path}`)
          : ["[", ")", ";"].some((next) => code.includes(`t.${path}${next}`));
      });
    };
    expect(keys.filter((key) => !isUsed(key))).toEqual([]);
  });
});

const catalogueFolder = new URL("../packages/console/src/messages/", import.meta.url);

/** Catalogues that come with some pages alone, by name: `imports` of `en-imports.ts` and `zh-cn-imports.ts`. */
const pageCatalogues = readdirSync(catalogueFolder).flatMap((file) => /^en-(\w+)\.ts$/.exec(file)?.[1] ?? []);

describe.each(pageCatalogues)("the console's words on %s", (name) => {
  let [en, zh]: readonly unknown[] = [];
  beforeAll(async () => {
    const load = async (language: string): Promise<unknown> =>
      ((await import(new URL(`${language}-${name}.ts`, catalogueFolder).href)) as Record<string, unknown>)[name];
    [en, zh] = await Promise.all([load("en"), load("zh-cn")]);
  });

  it("are the same in both languages, key by key, and none is empty", () => {
    expect(shapeOf(en).length).toBeGreaterThan(5);
    expect(shapeOf(zh)).toEqual(shapeOf(en));
    expect([...textsOf(zh), ...textsOf(en)].filter((text) => text.trim() === "")).toEqual([]);
  });

  it("are all used", () => {
    const code = product
      .filter((file) => !file.includes("/messages/"))
      .map(read)
      .join("\n");
    // `words.roles[role]` uses every role; `words.end` uses itself, `const { end } = words` too.
    const isUsed = (key: string): boolean => {
      const parts = key.replace("()", "").split(".");
      const last = parts.at(-1) ?? "";
      return (
        new RegExp(`\\.${last}\\b|[{,] ${last}\\b[^:]`).test(code) ||
        parts.slice(0, -1).some((part) => new RegExp(`\\b${part}\\[`).test(code))
      );
    };
    expect(shapeOf(en).filter((key) => !isUsed(key))).toEqual([]);
  });
});

const componentLibraries = /^(@base-ui\/react|@tanstack\/react-(table|virtual)|echarts|lucide-react|uqr)(\/|$)/;
const allowed =
  /^(react|react-dom\/client|@tanstack\/react-(query|router)|@probity\/(sdk(\/log-text)?|mapping|verifier\/(tlog|audit)\/[a-z-]+))$/;

describe("the console's parts", () => {
  it("reach component libraries through src/ui alone", () => {
    const breaches = ours.flatMap((file) =>
      file.startsWith(`${folder}ui/`)
        ? []
        : importsOf(read(file))
            .filter(({ from }) => componentLibraries.test(from))
            .map(({ from }) => `${file}: ${from}`),
    );
    expect(breaches).toEqual([]);
  });

  it("use the client of the SDK, the mapping of files, the verifier, types of the contract, and nothing else of ours", () => {
    const breaches = product.flatMap((file) =>
      importsOf(read(file))
        .filter(({ from }) => !from.startsWith("."))
        .filter(
          ({ from, typeOnly }) =>
            !allowed.test(from) &&
            !(typeOnly && from === "@probity/contract") &&
            !(file.startsWith(`${folder}ui/`) && componentLibraries.test(from)),
        )
        .map(({ from }) => `${file}: ${from}`),
    );
    expect(breaches).toEqual([]);
    const asking = product.filter((file) =>
      /\bfetch\(|XMLHttpRequest|dangerouslySetInnerHTML|\.innerHTML/.test(read(file)),
    );
    expect(asking).toEqual([]);
  });

  it("of src/ui know words and each other, and no page", () => {
    const breaches = ours
      .filter((file) => file.startsWith(`${folder}ui/`))
      .flatMap((file) =>
        importsOf(read(file))
          .filter(({ from }) => from.startsWith("."))
          .map(({ from }) => resolveImport(file, from))
          .filter(
            (target) => !/^packages\/console\/(src\/(ui|messages)\/|src\/style\.css$|build-console\.ts$)/.test(target),
          )
          .map((target) => `${file}: ${target}`),
      );
    expect(breaches).toEqual([]);
  });

  it("repeat of the contract's limits only what is equal to them", () => {
    const form = read(`${folder}session/new-person-form.tsx`);
    expect(form).toContain(`passwordCharsMin = ${signInLimits.passwordCharsMin};`);
    expect(limits.pageRows).toBeGreaterThanOrEqual(200);
  });
});

/** What a browser may be asked to load before the first page can be used, compressed. */
const firstLoadBytesMax = 250_000;

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
  readonly css?: readonly string[];
}

describe("the console's bundle", () => {
  let manifest: Readonly<Record<string, Chunk>>;
  beforeAll(async () => {
    await ensureBuilt();
    manifest = JSON.parse(readFileSync(join(builtFolder, ".vite/manifest.json"), "utf8")) as typeof manifest;
  }, 60_000);

  const gzipBytes = (file: string): number => gzipSync(readFileSync(join(builtFolder, file))).byteLength;

  /** Files that a chunk needs at once, itself included. */
  function closure(key: string, found = new Set<string>()): Set<string> {
    const chunk = manifest[key];
    if (chunk === undefined || found.has(chunk.file)) return found;
    found.add(chunk.file);
    for (const style of chunk.css ?? []) found.add(style);
    for (const next of chunk.imports ?? []) closure(next, found);
    return found;
  }

  it("loads no page in more than 250 KB, language included", () => {
    const [entry] = Object.entries(manifest).find(([, chunk]) => chunk.isEntry === true) ?? [];
    if (entry === undefined) throw new Error("the build has no entry");
    const first = closure(entry);
    const pages = Object.keys(manifest).filter((key) => key.endsWith("-page.tsx"));
    expect(pages.length).toBeGreaterThan(6);
    const sizes = pages.flatMap((page) =>
      ["en", "zh-cn"].map((language) => {
        const files = new Set([
          ...first,
          ...closure(page),
          ...closure(`src/messages/${language}.ts`),
          "index.html",
          "first-paint.js",
        ]);
        return { page, language, bytes: [...files].reduce((sum, file) => sum + gzipBytes(file), 0) };
      }),
    );
    const largest = sizes.toSorted((one, other) => other.bytes - one.bytes)[0];
    process.stdout.write(`console, first load at most: ${JSON.stringify(largest)}\n`);
    expect(sizes.filter(({ bytes }) => bytes > firstLoadBytesMax)).toEqual([]);
  });

  it("keeps the chart library out of every page until a chart is shown", () => {
    const chart = manifest["src/ui/timeline-chart.ts"]?.file;
    expect(chart).toBeDefined();
    const withChart = Object.keys(manifest).filter(
      (key) => key !== "src/ui/timeline-chart.ts" && closure(key).has(chart ?? ""),
    );
    expect(withChart).toEqual([]);
  });

  it("needs no inline script or style", () => {
    const page = readFileSync(join(builtFolder, "index.html"), "utf8");
    expect(page).not.toMatch(/<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=/);
  });
});
