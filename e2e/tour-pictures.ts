/** Takes the pictures of docs/tour, or of the folder that is named: `npm run tour [-- FOLDER]`. Running it again overwrites them. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { ensureBuilt } from "../packages/console/build-console.ts";
import { chromiumAbsent, openBrowser } from "./demo.fixture.ts";
import { openMarketplace } from "./ingest.fixture.ts";
import { type Place, places, type Who } from "./tour-places.ts";

const root = dirname(import.meta.dirname);
const olist = fileURLToPath(new URL("../packages/mapping/src/golden/olist/", import.meta.url));

interface Look {
  readonly locale: "en" | "zh";
  readonly theme: "light" | "dark";
  readonly width: 1_440 | 390;
}
const everywhere: readonly Look[] = [
  { locale: "en", theme: "light", width: 1_440 },
  { locale: "zh", theme: "dark", width: 390 },
];
const besides: readonly Look[] = [
  { locale: "zh", theme: "light", width: 1_440 },
  { locale: "en", theme: "dark", width: 390 },
];
const looksOf = ({ isMain }: Place): readonly Look[] => (isMain === true ? [...everywhere, ...besides] : everywhere);
const fileOf = ({ name }: Place, { locale, theme, width }: Look): string => `${name}-${locale}-${theme}-${width}.webp`;

type State = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** Where somebody looks, and as whom. */
interface Seat {
  readonly address: string;
  readonly state: State | undefined;
}

interface Demo extends Seat {
  readonly child: ChildProcess;
  readonly names: Readonly<Record<string, string>>;
}

async function startDemo(browser: Browser): Promise<Demo> {
  const plan = ["--merchants", "200", "--orders", "7000", "--days", "240", "--port", "0"];
  const child = spawn(process.execPath, [join(root, "packages/engine/src/main/cli.ts"), "demo", ...plan], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (output.includes("Ctrl-C")) break;
  }
  const address = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
  const token = /pk_[0-9a-f]+_[\w-]+/.exec(output)?.[0];
  if (address === undefined || token === undefined) throw new Error(`the demo did not start:\n${output}`);
  const api = async <A>(path: string): Promise<readonly A[]> => {
    const answer = await fetch(address + path, { headers: { authorization: `Bearer ${token}` } });
    return ((await answer.json()) as { items: A[] }).items;
  };
  const rated = await api<{ id: string; grade: string }>("/v1/ratings/merchant?status=rated&limit=200");
  const policies = await api<{ policy: string; state: string; subject: string }>("/v1/policies");
  const of = (state: string): string =>
    policies.find((one) => one.state === state && one.subject === "merchant")?.policy ?? "";
  const middle = rated.find(({ grade }) => grade === "BB" || grade === "B") ?? rated[Math.floor(rated.length / 2)];
  const names = {
    MERCHANT: middle?.id ?? "",
    BEST: rated[0]?.id ?? "",
    WEAKEST: rated.at(-1)?.id ?? "",
    POLICY: of("in-force"),
    DRAFT: of("draft"),
  };
  const context = await browser.newContext();
  const answer = await context.request.post(`${address}/v1/session/visitor`, {
    headers: { origin: address },
    data: {},
  });
  if (!answer.ok()) throw new Error(`the visitor was refused: ${await answer.text()}`);
  const state = await context.storageState();
  await context.close();
  return { child, address, state, names };
}

/** A marketplace with staff: what a visitor of the demo may not see. */
async function signUp(browser: Browser, address: string, setupCode: string): Promise<State> {
  const context = await browser.newContext();
  const post = async (path: string, data: object): Promise<void> => {
    const headers = { origin: address, "probity-marketplace": "main" };
    const answer = await context.request.post(address + path, { headers, data });
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
  };
  const password = "correct horse battery";
  await post("/v1/session/first-run", { setupCode, name: "林 Lin", email: "lin@example.org", password });
  await post("/v1/people/invites", { email: "wang@example.org", role: "moderator" });
  const state = await context.storageState();
  await context.close();
  return state;
}

/** What a page needs besides its address. */
const acts: Readonly<Record<NonNullable<Place["act"]>, (page: Page) => Promise<void>>> = {
  files: async (page) => {
    const files = (await readdir(olist)).filter((name) => name.endsWith(".csv")).map((name) => join(olist, name));
    await page.locator("input[type=file]").setInputFiles(files);
    await page.locator("main section").first().waitFor();
  },
  reasons: async (page) => {
    const first = page.getByRole("treeitem").first();
    await first.click();
    await first.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await page.locator("section[aria-labelledby=reasons-title] [aria-level='3']").first().waitFor();
  },
  letter: async (page) => {
    await page.locator("main [data-row] button, main li button").first().click();
    await page.locator("textarea").waitFor();
  },
};

async function settled(page: Page): Promise<void> {
  await page.locator("h1, main").first().waitFor();
  await page.waitForFunction(() => document.querySelector("main .animate-pulse") === null, undefined, {
    timeout: 90_000,
  });
  await page.waitForFunction(() => document.querySelector("[data-drawn=false]") === null);
  await page.waitForTimeout(900);
}

async function picture(browser: Browser, seat: Seat, path: string, place: Place, look: Look): Promise<Buffer> {
  const context = await browser.newContext({
    ...(seat.state === undefined ? {} : { storageState: seat.state }),
    locale: look.locale === "en" ? "en-GB" : "zh-CN",
    colorScheme: look.theme,
    reducedMotion: "reduce",
    viewport: { width: look.width, height: look.width === 390 ? 844 : 900 },
  });
  try {
    await context.addInitScript(() => localStorage.setItem("probity-tour-left", "1"));
    const page = await context.newPage();
    await page.goto(seat.address + path);
    await settled(page);
    if (place.act !== undefined) {
      await acts[place.act](page);
      await settled(page);
    }
    if (place.scrollTo !== undefined)
      await page
        .locator(place.scrollTo)
        .first()
        .evaluate((element) => element.scrollIntoView());
    const session = await context.newCDPSession(page);
    const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 58 });
    return Buffer.from(data, "base64");
  } finally {
    await context.close();
  }
}

function readmeOf(): string {
  const words = (look: Look): string =>
    `${look.locale === "en" ? "English" : "Chinese"}, ${look.theme}, ${look.width === 390 ? "a phone" : "a desk"}`;
  const parts = places.flatMap((place) => [
    `## ${place.title}`,
    "",
    place.sentence,
    "",
    ...looksOf(place).flatMap((look) => [`![${place.title}: ${words(look)}](${fileOf(place, look)})`, ""]),
  ]);
  return [
    "# A tour in pictures",
    "",
    "Every main page of the console and of the public side, from the demo (`npm run demo`) and from a marketplace with staff. Each page is shown in English on light paper and in Chinese in the dark on a phone; the most important ones also the other way round. `npm run tour` takes the pictures again.",
    "",
    ...parts,
  ]
    .join("\n")
    .replace(/\n+$/, "\n");
}

async function takeAll(browser: Browser, folder: string): Promise<number> {
  const demo = await startDemo(browser);
  try {
    await using staff = await openMarketplace(true);
    const seats: Readonly<Record<Who, Seat>> = {
      visitor: demo,
      nobody: { address: demo.address, state: undefined },
      admin: { address: staff.address, state: await signUp(browser, staff.address, staff.setupCode) },
    };
    let bytes = 0;
    for (const place of places) {
      const path = place.path.replaceAll(/[A-Z]{4,}/g, (name) => demo.names[name] ?? name);
      for (const look of looksOf(place)) {
        const taken = await picture(browser, seats[place.who], path, place, look);
        await writeFile(join(folder, fileOf(place, look)), taken);
        bytes += taken.byteLength;
        process.stderr.write(`${fileOf(place, look)} ${Math.round(taken.byteLength / 1_000)} KB\n`);
      }
    }
    return bytes;
  } finally {
    demo.child.kill("SIGTERM");
    if (demo.child.exitCode === null) await once(demo.child, "exit");
  }
}

async function main(folder: string): Promise<void> {
  if (chromiumAbsent !== undefined) throw new Error(`${chromiumAbsent}; name another with PROBITY_CHROMIUM`);
  await ensureBuilt();
  await mkdir(folder, { recursive: true });
  for (const old of await readdir(folder)) if (old.endsWith(".webp")) await rm(join(folder, old));
  const browser = await openBrowser();
  try {
    const bytes = await takeAll(browser, folder);
    await writeFile(join(folder, "README.md"), readmeOf());
    process.stderr.write(`${(bytes / 1_000_000).toFixed(2)} MB in ${folder}\n`);
  } finally {
    await browser.close();
  }
}

await main(resolve(process.argv[2] ?? join(root, "docs/tour")));
