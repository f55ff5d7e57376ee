import type { Browser, BrowserContext, Page } from "playwright-core";
import { say } from "./flags.ts";
import { type Loaded, PageProbe } from "./console-probe.ts";

type State = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** The largest card of the overview: it is there once what changed is known. */
const overviewContent = "main section[aria-labelledby=movers-title]";
const rowShown = "main [data-row] a";
const treeShown = "main [role=tree] [role=treeitem]";
const listEntry = 'nav a[href$="/merchants"]';

export interface Visit {
  readonly firstViewMs: number;
  readonly largestPaintMs: number;
  readonly merchantsMs: number;
  readonly merchantMs: number;
  /** The slowest interaction. */
  readonly inpMs: number;
  /** Files and answers loaded up to the first view. */
  readonly loaded: readonly Loaded[];
}

export interface VisitOptions {
  readonly browser: Browser;
  readonly address: string;
  readonly state: State;
  /** So many times slower than the machine. */
  readonly slowdown: number;
}

type Act = readonly [what: string, act: (page: Page) => Promise<void>];

/** Long enough for what an act set going, short enough that a run ends. */
const settleMs = 300;

async function choose(page: Page, filter: string, option: string | RegExp): Promise<void> {
  await page.getByRole("combobox", { name: filter }).click();
  await page.getByRole("option", { name: option }).first().click();
}

/** In the list of merchants. */
const listActs: readonly Act[] = [
  ["typing in the search", (page) => page.getByRole("searchbox").pressSequentially("Harbor Tea", { delay: 60 })],
  ["clearing it", (page) => page.getByRole("searchbox").fill("")],
  ["sorting by score", (page) => page.getByRole("columnheader", { name: /Score/ }).getByRole("button").first().click()],
  [
    "sorting the other way",
    (page) => page.getByRole("columnheader", { name: /Score/ }).getByRole("button").first().click(),
  ],
  ["choosing a grade", (page) => choose(page, "Grade", "BBB")],
  ["choosing every grade", (page) => choose(page, "Grade", "All")],
  ["choosing a category", (page) => choose(page, "Category", /category-7/)],
  ["choosing every category", (page) => choose(page, "Category", "All")],
  [
    "opening the columns",
    async (page) => {
      await page.getByRole("button", { name: "Columns" }).click();
      await page.getByRole("menu").waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("menu").waitFor({ state: "hidden" });
    },
  ],
  [
    "walking down the rows",
    async (page) => {
      await page.locator("[data-row]").first().focus();
      for (let row = 0; row < 6; row += 1) await page.keyboard.press("ArrowDown");
    },
  ],
];

const tab =
  (name: string) =>
  (page: Page): Promise<void> =>
    page.getByRole("tab", { name, exact: true }).click();

/** At a merchant. */
const merchantActs: readonly Act[] = [
  ["expanding every reason", (page) => page.getByRole("button", { name: "Open all" }).click()],
  ["closing them", (page) => page.getByRole("button", { name: "Close all" }).click()],
  [
    "opening reasons by keys",
    async (page) => {
      await page.getByRole("treeitem").first().focus();
      for (const key of ["ArrowRight", "ArrowDown", "ArrowRight", "ArrowDown", "ArrowUp", "ArrowLeft"])
        await page.keyboard.press(key);
    },
  ],
  ["the tab of the history", tab("History")],
  ["the tab of other rules", tab("Other rules")],
  ["the tab of the card", tab("Public card")],
  ["back to the reasons", tab("Reasons")],
  [
    "Ctrl-K and a word",
    async (page) => {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox").last().pressSequentially("cedar", { delay: 60 });
      await page.waitForTimeout(settleMs);
      await page.keyboard.press("Escape");
    },
  ],
];

/** Acts one after the other; the slowest interaction of all, each told where it was slow. */
async function slowestOf(page: Page, probe: PageProbe, acts: readonly Act[]): Promise<number> {
  let worst = 0;
  for (const [what, act] of acts) {
    await act(page);
    await page.waitForTimeout(settleMs);
    const slow = (await probe.takeInteractions()).toSorted((one, other) => other.ms - one.ms)[0];
    if (slow === undefined) continue;
    if (slow.ms > 100) say(`  ${what}: ${Math.round(slow.ms)} ms (${slow.name})`);
    worst = Math.max(worst, slow.ms);
  }
  return worst;
}

/** One visit with nothing in any cache: the overview, the list, a merchant, and everything one does there. */
export async function visit({ browser, address, state, slowdown }: VisitOptions): Promise<Visit> {
  const context = await browser.newContext({
    storageState: state,
    viewport: { width: 1_440, height: 900 },
    locale: "en-US",
  });
  try {
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    const probe = await PageProbe.install(page, overviewContent);
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
    await page.goto(`${address}/console/bench/overview`, { waitUntil: "commit" });
    const { shownMs, largestPaintMs } = await probe.firstView();
    const loaded = await probe.loadedUntil(shownMs);
    await page.waitForTimeout(settleMs);
    const merchantsMs = await probe.clickUntil(listEntry, rowShown);
    await page.waitForTimeout(settleMs);
    const merchantMs = await probe.clickUntil(rowShown, treeShown);
    await page.waitForTimeout(settleMs);
    const going = await probe.takeInteractions();
    const atMerchant = await slowestOf(page, probe, merchantActs);
    await probe.clickUntil(listEntry, rowShown);
    await page.waitForTimeout(settleMs);
    const back = await probe.takeInteractions();
    const inList = await slowestOf(page, probe, listActs);
    const inpMs = Math.max(inList, atMerchant, ...[...going, ...back].map(({ ms }) => ms));
    return { firstViewMs: shownMs, largestPaintMs, merchantsMs, merchantMs, inpMs, loaded };
  } finally {
    await context.close();
  }
}
