import { describe, expect, it } from "vitest";
import { allFiles, exists, read } from "./tree.ts";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const json = <T>(path: string): T => JSON.parse(read(path)) as T;
const manifests = allFiles().filter((file) => /^(packages\/[^/]+\/)?package\.json$/.test(file));
const parts = manifests.map((file) => ({ file, manifest: json<Manifest>(file) }));

describe("packages", () => {
  it("pin every dependency exactly, but for each other", () => {
    const loose = parts.flatMap(({ file, manifest }) =>
      Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
        .filter(
          ([name, version]) => !(name.startsWith("@probity/") ? version === "*" : /^\d+\.\d+\.\d+$/.test(version)),
        )
        .map(([name, version]) => `${file}: ${name} ${version}`),
    );
    expect(loose).toEqual([]);
  });

  it("share one licence and one version", () => {
    expect(new Set(parts.map(({ manifest }) => manifest.license))).toEqual(new Set(["Apache-2.0"]));
    expect(new Set(parts.map(({ manifest }) => manifest.version)).size).toBe(1);
    expect(read("LICENSE")).toContain("Apache License");
    expect(read("CHANGELOG.md")).toContain(parts[0]?.manifest.version);
  });

  it("are locked for every platform, or npm ci refuses the lock file", () => {
    const { packages } = json<{ packages: Record<string, { optionalDependencies?: Record<string, string> }> }>(
      "package-lock.json",
    );
    const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter(
          (name) =>
            packages[`node_modules/${name}`] === undefined && packages[`${place}/node_modules/${name}`] === undefined,
        )
        .map((name) => `${place}: ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it("are all type-checked: tsconfig.json holds nothing but references, to every project", () => {
    const config = json<{ files: unknown[]; references: { path: string }[] }>("tsconfig.json");
    expect(Object.keys(config).sort()).toEqual(["files", "references"]);
    expect(config.files).toEqual([]);
    const named = config.references.map(({ path }) =>
      (path.endsWith(".json") ? path : `${path}/tsconfig.json`).replace("./", ""),
    );
    expect(named.filter((path) => !exists(path))).toEqual([]);
    const projects = allFiles().filter((file) => /(^|\/)tsconfig(\.[a-z]+)?\.json$/.test(file));
    const unnamed = projects.filter(
      (file) => file !== "tsconfig.json" && file !== "tsconfig.base.json" && !named.includes(file),
    );
    expect(unnamed).toEqual([]);
  });

  it("keep what the compiler remembers apart from each other", () => {
    const projects = allFiles().filter(
      (file) => /tsconfig(\.[a-z]+)?\.json$/.test(file) && !/^tsconfig(\.base)?\.json$/.test(file),
    );
    const outputs = projects.map((file) => {
      const { compilerOptions } = json<{ compilerOptions: { tsBuildInfoFile?: string; outDir?: string } }>(file);
      expect(compilerOptions.tsBuildInfoFile, file).toMatch(/\.tsbuild\//);
      return compilerOptions.tsBuildInfoFile?.replace(/^(\.\.\/)*(\.\/)?/, "");
    });
    expect(new Set(outputs).size).toBe(outputs.length);
  });
});
