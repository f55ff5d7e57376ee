import type { Policy } from "@probity/contract";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Card } from "../ui/card.tsx";
import { CurveChart } from "../ui/curve-chart.tsx";
import { risingAxis, valueAt } from "../ui/curve-model.ts";
import { ScoreBar } from "../ui/score-bar.tsx";
import { Seal } from "../ui/seal.tsx";
import { gradeNames } from "../ratings/subjects-search.ts";
import {
  changesOf,
  type Indicator,
  type PolicyChange,
  type WeightGroup,
  weightGroups,
  type WeightRow,
} from "./policy-diff.ts";
import { usePolicyWords } from "./policy-page-words.ts";

interface SidesProps {
  readonly was: Policy;
  readonly is: Policy;
}

interface ChangedProps extends SidesProps {
  readonly changes: readonly PolicyChange[];
}

/** What did not change, named where one asks for it. */
function Folded({ summary, names }: { readonly summary: string; readonly names: readonly string[] }): ReactNode {
  const { f } = useVoice();
  if (names.length === 0) return null;
  return (
    <details className="mt-3 text-sm text-ink-2">
      <summary className="py-0.5">{summary}</summary>
      <p className="mt-1 text-ink-3">{new Intl.ListFormat(f.locale, { type: "unit" }).format(names)}</p>
    </details>
  );
}

const changeTone = (change: number): string => (change > 0 ? "text-jade" : change < 0 ? "text-cinnabar" : "text-ink-3");

function Weight({
  row,
  max,
  isHead,
}: {
  readonly row: WeightRow;
  readonly max: number;
  readonly isHead: boolean;
}): ReactNode {
  const { f } = useVoice();
  const { diff: words } = usePolicyWords();
  const title = f.words(row.title);
  const figure = (points: number | undefined): string => (points === undefined ? "–" : f.count(points));
  const change = (row.is ?? 0) - (row.was ?? 0);
  return (
    <tr className={isHead ? "border-t border-line-strong" : "border-t border-line"}>
      <th scope="row" className={`py-1.5 pe-2 text-start ${isHead ? "font-semibold" : "ps-3 font-normal text-ink-2"}`}>
        {title}
      </th>
      <td className="px-1.5 text-end text-ink-3">{figure(row.was)}</td>
      <td className="px-1.5 text-end font-medium">{figure(row.is)}</td>
      <td className={`px-1.5 text-end font-semibold ${changeTone(change)}`}>{f.signed(change)}</td>
      <td className="w-1/4 ps-2 max-sm:hidden">
        <ScoreBar
          value={row.is ?? 0}
          max={max}
          peers={row.was ?? 0}
          low={change < 0}
          label={words.bar(title, figure(row.was), figure(row.is))}
        />
      </td>
    </tr>
  );
}

function WeightRows({ group, max }: { readonly group: WeightGroup; readonly max: number }): ReactNode {
  if (group.was === group.is && group.changed.length === 0) return null;
  return (
    <tbody>
      <Weight row={group} max={max} isHead />
      {group.changed.map((row) => (
        <Weight key={row.id} row={row} max={max} isHead={false} />
      ))}
    </tbody>
  );
}

/** Points of dimensions and indicators, before and after. */
export function WeightsCard({ was, is }: SidesProps): ReactNode {
  const { f } = useVoice();
  const { diff: words } = usePolicyWords();
  const groups = weightGroups(was, is);
  const same = groups.flatMap((group) => group.same);
  const isSame = groups.every((group) => group.was === group.is && group.changed.length === 0);
  const max = Math.max(1, ...groups.flatMap((group) => [group.was ?? 0, group.is ?? 0]));
  const columns = words.weightColumns;
  return (
    <Card id="diff-weights" title={words.weights} hint={isSame ? undefined : words.weightsHint}>
      {isSame ? (
        <p className="text-ink-2">{words.weightsSame}</p>
      ) : (
        <table className="w-full border-collapse text-sm">
          <thead>
            <tr className="text-ink-3">
              <th scope="col" className="py-1 text-start font-normal">
                {columns.what}
              </th>
              {(["was", "is", "change"] as const).map((column) => (
                <th key={column} scope="col" className="px-1.5 py-1 text-end font-normal">
                  {columns[column]}
                </th>
              ))}
              <td className="max-sm:hidden" />
            </tr>
          </thead>
          {groups.map((group) => (
            <WeightRows key={group.id} group={group} max={max} />
          ))}
        </table>
      )}
      <Folded summary={words.same(same.length)} names={same.map(({ title }) => f.words(title))} />
    </Card>
  );
}

interface CurveProps {
  readonly was: Indicator;
  readonly is: Indicator;
}

/** Both curves in one chart, and the same as numbers. */
function CurvePair({ was, is }: CurveProps): ReactNode {
  const { t, f } = useVoice();
  const { diff: words } = usePolicyWords();
  const title = f.words(is.title);
  const shares = [...new Set([...was.table, ...is.table].map(([share]) => share))].sort((one, other) => one - other);
  const at = (side: Indicator, share: number): string => f.percent(Math.round(valueAt(side.table, share)) * 1_000);
  return (
    <li className="border-t border-line py-3 first:border-t-0 first:pt-0">
      <h3 className="font-medium">{title}</h3>
      {was.target === is.target ? null : (
        <p className="text-sm">
          <span>{words.things.targetOf(title)}</span>
          <span className="text-ink-3">{words.wasWords(f.percent(was.target))}</span>
          <span className="font-medium">{words.isWords(f.percent(is.target))}</span>
        </p>
      )}
      <div className="mt-2 grid grid-cols-1 items-start gap-x-6 gap-y-3 sm:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <CurveChart
          axis={risingAxis([was.table, is.table], Math.min(was.target, is.target))}
          before={was.table}
          knots={is.table}
          targets={[...new Set([was.target, is.target])]}
          label={t.policies.curveLabel(title)}
        />
        <table className="w-full border-collapse text-sm">
          <caption className="sr-only">{words.curveTable(title)}</caption>
          <thead>
            <tr className="text-ink-3">
              <th scope="col" className="py-1 text-start font-normal">
                {words.share}
              </th>
              <th scope="col" className="py-1 text-end font-normal">
                {words.was}
              </th>
              <th scope="col" className="py-1 text-end font-normal">
                {words.is}
              </th>
            </tr>
          </thead>
          <tbody>
            {shares.map((share) => {
              const [old, now] = [at(was, share), at(is, share)];
              return (
                <tr key={share} className="border-t border-line">
                  <th scope="row" className="py-1 text-start font-normal">
                    {f.percent(share)}
                  </th>
                  <td className="text-end text-ink-3">{old}</td>
                  <td className={`text-end ${old === now ? "text-ink-3" : "font-medium"}`}>{now}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </li>
  );
}

/** Curves and targets of the indicators that both have. */
export function CurvesCard({ was, is, changes }: ChangedProps): ReactNode {
  const { f } = useVoice();
  const { diff: words } = usePolicyWords();
  const reshaped = new Map(
    changesOf(changes, "indicator-table", "indicator-target").map((change) => [change.id, change]),
  );
  const old = new Set(was.indicators.map(({ id }) => id));
  const same = is.indicators.filter(({ id }) => old.has(id) && !reshaped.has(id));
  return (
    <Card id="diff-curves" title={words.curves} hint={reshaped.size === 0 ? undefined : words.curvesHint}>
      <ul>
        {[...reshaped].map(([id, change]) => (
          <CurvePair key={id} was={change.was} is={change.is} />
        ))}
      </ul>
      <Folded summary={words.curvesSame(same.length)} names={same.map(({ title }) => f.words(title))} />
    </Card>
  );
}

/** From which bound each grade begins, before and after. */
export function GradesCard({ was, is, changes }: ChangedProps): ReactNode {
  const { f } = useVoice();
  const { diff: words } = usePolicyWords();
  const isSame = changesOf(changes, "grade").length === 0;
  const min = (side: Policy, grade: string): number | undefined => side.grades.find((one) => one.grade === grade)?.min;
  const columns = words.weightColumns;
  return (
    <Card id="diff-grades" title={words.grades}>
      {isSame ? (
        <p className="text-ink-2">{words.gradesSame}</p>
      ) : (
        <table className="w-full border-collapse text-sm">
          <thead>
            <tr className="text-ink-3">
              <th scope="col" className="py-1 text-start font-normal">
                {columns.what}
              </th>
              {(["was", "is", "change"] as const).map((column) => (
                <th key={column} scope="col" className="py-1 text-end font-normal">
                  {columns[column]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {gradeNames.map((grade) => {
              const [old, now] = [min(was, grade), min(is, grade)];
              if (old === undefined && now === undefined) return null;
              const change = old === undefined || now === undefined ? 0 : now - old;
              const figure = (bound: number | undefined): string =>
                bound === undefined ? words.gradeGone : f.count(bound);
              return (
                <tr key={grade} className="border-t border-line">
                  <th scope="row" className="py-1.5 text-start">
                    <Seal grade={grade} />
                  </th>
                  <td className="text-end text-ink-3">{figure(old)}</td>
                  <td className={`text-end ${old === now ? "text-ink-3" : "font-medium"}`}>{figure(now)}</td>
                  <td className={`text-end ${change === 0 ? "text-ink-3" : "font-semibold"}`}>{f.signed(change)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </Card>
  );
}
