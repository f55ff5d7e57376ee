import { posix } from "node:path";
import { admit, endpoints, type Endpoint, rejectCode, apiKeyScopes } from "@probity/contract";
import { describe, expect, it } from "vitest";
import { allFiles, exists, exportsOf, read } from "./tree.ts";

const pages = allFiles().filter((file) => file.endsWith(".md"));
const manual = pages.filter((file) => !file.startsWith("packages/") || file.endsWith("README.md"));

/** Markdown without its code: what links and headings are read from. */
const prose = (text: string): string => text.replaceAll(/```[\s\S]*?```/g, "").replaceAll(/`[^`\n]*`/g, "");
const codeOf = (text: string): string =>
  [...text.matchAll(/```[a-z]*\n([\s\S]*?)```|`([^`\n]+)`/g)]
    .map(([, block, inline]) => block ?? inline ?? "")
    .join("\n");

const slug = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");

function anchorsOf(text: string): Set<string> {
  return new Set(
    [...text.replaceAll(/```[\s\S]*?```/g, "").matchAll(/^#+\s+(.+)$/gm)].map(([, heading = ""]) =>
      slug(heading.replaceAll("`", "")),
    ),
  );
}

function brokenLinks(file: string): string[] {
  const links = [...prose(read(file)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  return links
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path = "", anchor] = target.split("#");
      const aim = path === "" ? file : posix.normalize(posix.join(posix.dirname(file), path));
      if (!exists(aim)) return true;
      return anchor !== undefined && !anchorsOf(read(aim)).has(anchor);
    })
    .map((target) => `${file}: ${target}`);
}

describe("links", () => {
  it("lead somewhere", () => {
    expect(manual.length).toBeGreaterThan(15);
    expect(manual.flatMap(brokenLinks)).toEqual([]);
  });
});

describe("capabilities", () => {
  it("each say in a README which question they answer", () => {
    const folders = new Set(
      allFiles()
        .flatMap((file) => /^packages\/engine\/src\/([a-z-]+)\//.exec(file)?.[1] ?? [])
        .filter((name) => name !== "platform" && name !== "main"),
    );
    expect([...folders].filter((name) => !exists(`packages/engine/src/${name}/README.md`))).toEqual([]);
  });
});

describe("the map in ARCHITECTURE.md", () => {
  const rows = [...read("ARCHITECTURE.md").matchAll(/^\| ([^|]+) \| `([^`|]+)` \| `([^`|]+)` \|$/gm)];

  it("names files that exist and functions that they export", () => {
    expect(rows.length).toBeGreaterThan(25);
    const wrong = rows.filter(([, , file = "", name = ""]) => !exists(file) || !exportsOf(read(file)).includes(name));
    expect(wrong.map(([, question, file, name]) => `${question}: ${file} ${name}`)).toEqual([]);
  });

  it("has a way into every capability", () => {
    const folders = new Set(allFiles().flatMap((file) => /^packages\/engine\/src\/([a-z-]+)\//.exec(file)?.[1] ?? []));
    const named = new Set(
      rows.flatMap(([, , file = ""]) => /^packages\/engine\/src\/([a-z-]+)\//.exec(file)?.[1] ?? []),
    );
    expect([...folders].filter((name) => !named.has(name))).toEqual([]);
  });
});

describe("commands in the docs", () => {
  const text = manual.map((file) => codeOf(read(file))).join("\n");
  const cli = read("packages/engine/src/main/cli.ts");
  const commands = allFiles().filter((file) => file.startsWith("packages/engine/src/main/commands/"));

  it("of npm are scripts of the house", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const run = [...text.matchAll(/npm run (?:--silent )?([a-z]+)/g)].map(([, name = ""]) => name);
    expect(run).toContain("demo");
    expect(run.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it("of probity exist, with the options shown", () => {
    const shown = [...text.matchAll(/(?:^|\n)\s*(?:npm run (?:--silent )?)?probity (?:-- )?([a-z]+)([^\n#]*)/g)];
    expect(shown.length).toBeGreaterThan(8);
    const sources = commands.map(read).join("\n");
    const wrong = shown.flatMap(([, name = "", rest = ""]) => {
      const options = [...rest.matchAll(/--([a-z-]+)/g)].map(([, option = ""]) => option);
      const unknown = options.filter((option) => !new RegExp(`(^|[\\s{,])"?${option}"?: \\{ type:`, "m").test(sources));
      return [
        ...(new RegExp(`^  ${name}: \\{`, "m").test(cli) ? [] : [name]),
        ...unknown.map((option) => `${name} --${option}`),
      ];
    });
    expect(wrong).toEqual([]);
  });

  it("of the demo are told in both READMEs alike", () => {
    const blocks = (file: string): string[] =>
      [...read(file).matchAll(/```[a-z]*\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
    expect(blocks("README.zh-CN.md")).toEqual(blocks("README.md"));
  });
});

describe("README.zh-CN.md", () => {
  it("has the parts of README.md", () => {
    const shape = (file: string): string[] =>
      read(file)
        .replaceAll(/```[\s\S]*?```/g, "```")
        .split("\n")
        .flatMap((line) => /^(#+ |\| |- |```|!\[)/.exec(line)?.[1] ?? []);
    expect(shape("README.zh-CN.md")).toEqual(shape("README.md"));
    const targets = (file: string): string[] =>
      [...read(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target.replace("-zh.png", ".png"));
    expect(targets("README.zh-CN.md").slice(1)).toEqual(targets("README.md").slice(1));
  });
});

describe("running-in-production.md", () => {
  const page = read("docs/running-in-production.md");

  it("tells every variable of the environment, and no other", () => {
    const source = read("packages/engine/src/platform/config.ts");
    const known = [...source.matchAll(/^  (PROBITY_[A-Z_]+): (.*),$/gm)].map(([, name = "", schema = ""]) => {
      const fallback = /\.default\(("?)([^)"]*)\1\)/.exec(schema)?.[2];
      return `${name} ${fallback?.replaceAll("_", "") ?? "–"}`;
    });
    const told = [...page.matchAll(/^\| `(PROBITY_[A-Z_]+)` \| `?([^`|]+?)`? \|/gm)].map(
      ([, name = "", fallback = ""]) => `${name} ${fallback}`,
    );
    expect(known.length).toBeGreaterThan(8);
    expect(told).toEqual(known);
  });

  it("tells every metric", () => {
    const known = [...read("packages/engine/src/platform/metrics.ts").matchAll(/name: "(probity_[a-z_]+)"/g)].map(
      ([, name = ""]) => name,
    );
    const told = [...page.matchAll(/^\| `(probity_[a-z_]+)` \|/gm)].map(([, name = ""]) => name);
    expect(told.sort()).toEqual(known.sort());
  });

  it("tells every scope", () => {
    const told = [...page.matchAll(/^\| `([a-z]+:[a-z]+)` \|/gm)].map(([, name = ""]) => name);
    expect(told.sort()).toEqual([...apiKeyScopes].sort());
  });
});

describe("the API in the docs", () => {
  it("has the addresses shown", () => {
    const patterns = Object.values(endpoints as Record<string, Endpoint>).map(
      ({ path }) => new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
    );
    const wrong = manual.flatMap((file) => {
      const shown = [...codeOf(read(file)).matchAll(/\/v1\/[^\s"'`?,;)]+/g)].map(([path]) => path.replace(/\/$/, ""));
      return shown
        .filter((path) => !patterns.some((pattern) => pattern.test(path)) && !path.includes("…") && !path.includes("|"))
        .map((path) => `${file}: ${path}`);
    });
    expect(wrong.filter((line) => !/: \/v1\/(ratings|public)$/.test(line))).toEqual([]);
  });

  it("takes the events shown", () => {
    const shown = manual.flatMap((file) =>
      [...read(file).matchAll(/'(\{"specversion"[\s\S]*?\})'|\{"event":(\{[\s\S]*?\}\})\}'/g)].map(
        ([, whole, inner]) => ({ file, json: whole ?? inner ?? "" }),
      ),
    );
    expect(shown.length).toBeGreaterThanOrEqual(4);
    const nowMs = Date.parse("2027-01-01T00:00:00Z");
    const refused = shown.flatMap(({ file, json }) => {
      const answer = admit(JSON.parse(json), nowMs);
      return "refused" in answer ? [`${file}: ${answer.refused.path} ${answer.refused.message}`] : [];
    });
    expect(refused).toEqual([]);
  });

  it("has the reasons of rejection told", () => {
    const told = [...read("docs/sending-events.md").matchAll(/^\| ((?:`[a-z0-9-]+`(?:, )?)+) \|/gm)].flatMap(
      ([, cell = ""]) => cell.replaceAll("`", "").split(", "),
    );
    expect(rejectCode.options.filter((code) => !told.includes(code))).toEqual([]);
  });
});
