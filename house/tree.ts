import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative } from "node:path";

export const root: string = join(import.meta.dirname, "..");

const passedOver = new Set(["node_modules", ".git", ".tsbuild", ".probity", ".vitest", "coverage", "dist"]);

function walk(folder: string, found: string[]): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (passedOver.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) walk(path, found);
    else if (entry.isFile()) found.push(relative(root, path).replaceAll("\\", "/"));
  }
}

let listed: readonly string[] | undefined;

/** Every file of the house, as a path from its root with forward slashes, in order. */
export function allFiles(): readonly string[] {
  if (listed === undefined) {
    const found: string[] = [];
    walk(root, found);
    listed = found.sort();
  }
  return listed;
}

export function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

export function exists(path: string): boolean {
  const clean = posix.normalize(path).replace(/\/$/, "");
  return clean === "." || allFiles().some((file) => file === clean || file.startsWith(`${clean}/`));
}

/** Files of code that somebody wrote: no declarations, nothing generated. */
export function codeFiles(): readonly string[] {
  return allFiles().filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"));
}

/** Tests, benchmarks and what only they use. */
export const isTest = (file: string): boolean => /\.(test|bench|fixture)\.ts$/.test(file);

export interface Import {
  readonly from: string;
  /** Nothing of it is left when the program runs. */
  readonly typeOnly: boolean;
}

const statements = /(?:^|\n)\s*(?:import|export)\s+(type\s+)?([\w$*{}\s,]*?)\s*from\s+"([^"]+)"/g;
const bare = /(?:^|\n)\s*import\s+"([^"]+)"/g;
const dynamic = /\bimport\(\s*"([^"]+)"\s*\)/g;
const worker = /new URL\(\s*"(\.[^"]+\.ts)",\s*import\.meta\.url/g;

const allTypes = (names: string): boolean =>
  names.startsWith("{") &&
  names
    .slice(1, -1)
    .split(",")
    .every((name) => name.trim() === "" || name.trim().startsWith("type "));

/** What a file imports, dynamic imports and worker files included. */
export function importsOf(text: string): Import[] {
  const found: Import[] = [];
  for (const [, type, names = "", from = ""] of text.matchAll(statements)) {
    found.push({ from, typeOnly: type !== undefined || allTypes(names.trim()) });
  }
  for (const pattern of [bare, dynamic, worker]) {
    for (const [, from = ""] of text.matchAll(pattern)) found.push({ from, typeOnly: false });
  }
  return found;
}

/** Path from the root that a relative import means. */
export function resolveImport(file: string, from: string): string {
  return posix.normalize(posix.join(posix.dirname(file), from));
}

/** Names that a file exports. */
export function exportsOf(text: string): string[] {
  const declared = [
    ...text.matchAll(
      /^export\s+(?:default\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\*?|class|const|let|interface|type|enum)\s+([\w$]+)/gm,
    ),
  ];
  const listedNames = [...text.matchAll(/^export\s+(?:type\s+)?\{([^}]*)\}/gm)].flatMap(([, names = ""]) =>
    names
      .split(",")
      .map((name) =>
        name
          .trim()
          .replace(/^type\s+/, "")
          .replace(/^.*\sas\s+/, ""),
      )
      .filter((name) => name !== ""),
  );
  return [...declared.map(([, name = ""]) => name), ...listedNames];
}
