import type { AssessedKind } from "@probity/contract";
import { assessMarket, type Judges, type MarketAssessment } from "./assess-market.ts";
import { blank } from "./column-table.ts";
import { genuineFrom, type Judge, judge, weightOf } from "./judge.ts";
import { type Planted, type SuiteMarket, suiteMarket } from "./suite-market.ts";

/** One thing that every model has to do before it may be in force. */
export interface SuiteCheck {
  readonly check: string;
  readonly passed: boolean;
  readonly value: number;
  readonly bound: number;
}

const kinds: readonly AssessedKind[] = ["review", "order", "follow"];
const seed = 4_711;

const atLeast = (check: string, value: number, bound: number): SuiteCheck => ({
  check,
  passed: value >= bound,
  value,
  bound,
});
const atMost = (check: string, value: number, bound: number): SuiteCheck => ({
  check,
  passed: value <= bound,
  value,
  bound,
});

/** Whether something still counts at all. */
const counts = (kind: AssessedKind, reliability: number): boolean =>
  kind === "review" ? weightOf(reliability) > 0 : reliability >= genuineFrom;

/** Share of the rows chosen that do not count; 0 of none. */
function shareNotCounted(
  { reliability }: MarketAssessment,
  kind: AssessedKind,
  isChosen: (row: number) => boolean,
): number {
  let [rows, left] = [0, 0];
  reliability[kind].forEach((value, row) => {
    if (!isChosen(row)) return;
    rows += 1;
    if (!counts(kind, value)) left += 1;
  });
  return rows === 0 ? 0 : left / rows;
}

const honest: Planted = { brushing: false, badMouthing: false, followers: false, tellsAll: true };

function findsPlanted(judges: Judges): SuiteCheck[] {
  const look = (what: Partial<Planted>): { market: SuiteMarket; assessment: MarketAssessment } => {
    const market = suiteMarket({ ...honest, ...what }, seed);
    return { market, assessment: assessMarket(market.evidence, judges) };
  };
  const brushing = look({ brushing: true });
  const others = look({ badMouthing: true, followers: true });
  const found = ({ market, assessment }: typeof brushing, kind: AssessedKind): number =>
    shareNotCounted(assessment, kind, (row) => market.planted[kind][row] === 1);
  const wronged = kinds.map((kind) =>
    Math.max(
      ...[brushing, others].map(({ market, assessment }) =>
        shareNotCounted(assessment, kind, (row) => market.planted[kind][row] === 0),
      ),
    ),
  );
  return [
    atLeast("staged orders found", found(brushing, "order"), 0.8),
    atLeast("staged praise found", found(brushing, "review"), 0.8),
    atLeast("bad-mouthing found", found(others, "review"), 0.5),
    atLeast("bought followers found", found(others, "follow"), 0.8),
    atMost("genuine ones taken along", Math.max(...wronged), 0.02),
  ];
}

function leavesHonest(judges: Judges): SuiteCheck[] {
  const market = suiteMarket(honest, seed + 1);
  const assessment = assessMarket(market.evidence, judges);
  const quiet = suiteMarket({ ...honest, tellsAll: false }, seed + 2);
  const ofQuiet = assessMarket(quiet.evidence, judges);
  const most = (of: MarketAssessment): number =>
    Math.max(...kinds.map((kind) => shareNotCounted(of, kind, () => true)));
  const { stars } = market.evidence.reviews;
  const reduced = (isChosen: (given: number) => boolean): number => {
    const own = [...assessment.reliability.review].filter((_, row) => isChosen(stars[row] as number));
    return own.filter((reliability) => weightOf(reliability) < 1_000).length / Math.max(1, own.length);
  };
  return [
    atMost("honest ones doubted", most(assessment), 0.01),
    atMost("honest ones doubted where little is told", most(ofQuiet), 0.01),
    atMost("rings among honest ones", assessment.rings.length + ofQuiet.rings.length, 0),
    atMost(
      "bad reviews reduced beyond good ones",
      reduced((given) => given <= 2) - reduced((given) => given >= 4),
      0.02,
    ),
  ];
}

/** Values on either side of each edge of a column. */
function valuesAround({ model: { binning } }: Judge, column: number): number[] {
  const edges = [...binning.edges.subarray(binning.from[column], binning.from[column + 1])];
  const ends = edges.length === 0 ? [0] : [(edges[0] as number) - 1, ...edges, (edges.at(-1) as number) + 1];
  return ends.flatMap((edge, place) => (place === 0 ? [edge] : [((ends[place - 1] as number) + edge) / 2, edge]));
}

/** How often reliability moves against a column's sign, other columns blank or in their middle. */
function againstSign(of: Judge): number {
  const middles = of.specs.map((_, column) => {
    const values = valuesAround(of, column);
    return values[values.length >> 1] as number;
  });
  let wrong = 0;
  for (const [column, { sign }] of of.specs.entries()) {
    if (sign === 0) continue;
    for (const background of [blank(of.specs.length), Float64Array.from(middles)]) {
      let before = Number.NaN;
      for (const value of valuesAround(of, column)) {
        background[column] = value;
        const doubt = -sign * judge(of, background).reliability;
        if (doubt < before) wrong += 1;
        before = doubt;
      }
    }
  }
  return wrong;
}

function behaves(judges: Judges): SuiteCheck[] {
  const all = kinds.map((kind) => judges[kind]);
  const rises = all.reduce(
    (sum, { reliability }) =>
      sum + reliability.filter((value, place) => place > 0 && value > (reliability[place - 1] as number)).length,
    0,
  );
  const least = Math.min(...all.map((of) => weightOf(judge(of, blank(of.specs.length)).reliability)));
  return [
    atMost(
      "steps against a known direction",
      all.reduce((sum, of) => sum + againstSign(of), 0),
      0,
    ),
    atMost("reliability rises with doubt", rises, 0),
    atLeast("weight where nothing is known", least, 1_000),
  ];
}

/**
 * What every model has to do, whatever it has learned from: find what is planted in made-up marketplaces, leave honest
 * ones alone, say no more than it knows. Needs a second; the same model, the same values.
 */
export function runModelSuite(judges: Judges): SuiteCheck[] {
  return [...findsPlanted(judges), ...leavesHonest(judges), ...behaves(judges)];
}
