import { describe, expect, it } from "vitest";
import { codeFiles, type Import, importsOf, isTest, read, resolveImport } from "./tree.ts";

type Floor =
  | "kernels"
  | "verifier"
  | "contract"
  | "mapping"
  | "simulator"
  | "sdk"
  | "widgets"
  | "pure"
  | "platform"
  | "edge"
  | "main";

const engine = "packages/engine/src/";
const isEdge = (file: string): boolean => /\.(store|jobs|routes)\.ts$/.test(file);
const isDoor = (file: string): boolean => file.endsWith("/index.ts");
const capabilityOf = (file: string): string => file.slice(engine.length).split("/")[0] ?? "";

function floorOf(file: string): Floor | undefined {
  if (isTest(file)) return undefined;
  if (file.startsWith(engine)) {
    const capability = capabilityOf(file);
    if (capability === "main") return "main";
    if (capability === "platform") return "platform";
    return isEdge(file) ? "edge" : "pure";
  }
  const found = /^packages\/(kernels|verifier|contract|mapping|simulator|sdk|widgets)\/src\//.exec(file);
  return found?.[1] as Floor | undefined;
}

/** Who is run by hand to make files; nothing of the product imports it. */
const makers = new Set(["packages/engine/src/ratings/policies/make-policies.ts", "packages/widgets/src/build.ts"]);

/** Modules of Node that open files, sockets or processes. */
const openers =
  /^node:(fs|fs\/promises|net|tls|http|https|http2|dgram|dns|dns\/promises|child_process|cluster|worker_threads|os|repl|sqlite)$/;

/** Libraries that only compute: they open nothing and keep nothing. */
const computing = new Set(["node:crypto", "node:zlib", "jose/jws/compact/verify", "zod", "pinyin-pro"]);

/** Libraries that read formats and run in a browser as they do in Node. */
const formats = /^(zod|yaml|hyparquet|hyparquet-compressors\/src\/(brotli|gzip|lz4)\.js|fzstd)$/;

const packagesAllowed: Readonly<Record<Floor, (from: string, typeOnly: boolean) => boolean>> = {
  kernels: () => false,
  verifier: () => false,
  contract: (from) => from === "zod",
  mapping: (from) => from === "@probity/contract" || formats.test(from),
  simulator: (from) => from === "@probity/contract",
  sdk: (from, typeOnly) => typeOnly && from === "@probity/contract",
  widgets: (from, typeOnly) => (typeOnly && from === "@probity/contract") || from.startsWith("@probity/verifier/tlog/"),
  pure: (from) =>
    computing.has(from) || from === "@probity/contract" || /^@probity\/(kernels|verifier\/tlog)\//.test(from),
  platform: (from) => !from.startsWith("@probity/") || from === "@probity/contract",
  edge: () => true,
  main: () => true,
};

/** Why a file may not import another file of the house; undefined if it may. */
function breach(file: string, floor: Floor, target: string): string | undefined {
  const to = floorOf(target);
  if (to === undefined) return target.endsWith(".json") ? undefined : "is a test or lies outside of every floor";
  if (!target.startsWith(engine)) return to === floor ? undefined : `is on floor ${to}`;
  const sameCapability = capabilityOf(file) === capabilityOf(target);
  switch (floor) {
    case "pure":
      if (to !== "pure") return `is on floor ${to}`;
      return sameCapability || isDoor(target) ? undefined : "is not the door (index.ts) of its capability";
    case "platform":
      return to === "platform" ? undefined : `is on floor ${to}`;
    case "edge":
      if (to === "main") return "is on floor main";
      if (sameCapability || to === "platform") return undefined;
      return isDoor(target) || target.endsWith(".store.ts")
        ? undefined
        : "is neither a door (index.ts) nor a store of its capability";
    default:
      return undefined;
  }
}

interface Line {
  readonly file: string;
  readonly floor: Floor;
  readonly item: Import;
}

const lines: readonly Line[] = codeFiles().flatMap((file) => {
  const floor = floorOf(file);
  if (floor === undefined || makers.has(file)) return [];
  return importsOf(read(file)).map((item) => ({ file, floor, item }));
});

const isRelative = (from: string): boolean => from.startsWith(".");

describe("floors", () => {
  it("finds the imports of every floor", () => {
    expect(new Set(lines.map(({ floor }) => floor)).size).toBeGreaterThanOrEqual(7);
    expect(lines.length).toBeGreaterThan(300);
  });

  it("lets nothing import upwards or past a door", () => {
    const breaches = lines
      .filter(({ item }) => isRelative(item.from))
      .flatMap(({ file, floor, item }) => {
        const target = resolveImport(file, item.from);
        const why = breach(file, floor, target);
        return why === undefined ? [] : [`${file}: ${target} ${why}`];
      });
    expect(breaches).toEqual([]);
  });

  it("lets each floor use its own packages only", () => {
    const breaches = lines
      .filter(({ item, floor }) => !isRelative(item.from) && !packagesAllowed[floor](item.from, item.typeOnly))
      .map(({ file, item }) => `${file}: ${item.from}`);
    expect(breaches).toEqual([]);
  });

  it("opens files, sockets and processes in platform, main, stores and routes alone", () => {
    const breaches = lines
      .filter(({ file, floor, item }) => {
        const mayOpen = floor === "platform" || floor === "main" || /\.(store|routes)\.ts$/.test(file);
        return openers.test(item.from) && !mayOpen;
      })
      .map(({ file, item }) => `${file}: ${item.from}`);
    expect(breaches).toEqual([]);
  });

  it("keeps capabilities in an order: none imports, through any file, what imports it", () => {
    const uses = new Map<string, Set<string>>();
    for (const { file, item } of lines) {
      if (!file.startsWith(engine) || !isRelative(item.from)) continue;
      const [from, to] = [capabilityOf(file), capabilityOf(resolveImport(file, item.from))];
      if (from === to || from === "main") continue;
      uses.set(from, (uses.get(from) ?? new Set<string>()).add(to));
    }
    const reaches = (from: string, seen = new Set<string>()): Set<string> => {
      for (const to of uses.get(from) ?? []) if (!seen.has(to)) reaches(to, seen.add(to));
      return seen;
    };
    expect([...uses.keys()].filter((capability) => reaches(capability).has(capability))).toEqual([]);
  });

  it("makes no date of the machine's clock on floors 0 and 1", () => {
    const pure: readonly (Floor | undefined)[] = ["kernels", "verifier", "contract", "mapping", "simulator", "pure"];
    const breaches = codeFiles().filter(
      (file) => pure.includes(floorOf(file)) && /new Date\(\s*\)|\bDate\(\)/.test(read(file)),
    );
    expect(breaches).toEqual([]);
  });
});
