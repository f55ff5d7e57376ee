import type { ModelPartReport, ModelReport } from "@probity/contract";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Card } from "../ui/card.tsx";
import { Chip } from "../ui/chip.tsx";
import { ScoreBar } from "../ui/score-bar.tsx";
import { type AuthenticityWords, useAuthenticityWords } from "./authenticity-words.ts";
import { CalibrationChart } from "./calibration-chart.tsx";
import { columnTitle } from "./column-words.ts";
import { type ModelWords, useModelWords } from "./model-words.ts";

interface Part {
  readonly part: ModelPartReport;
}

interface PlainTableProps {
  readonly titles: readonly string[];
  readonly rows: readonly { readonly id: string; readonly cells: readonly ReactNode[] }[];
}

/** Few rows, the first cell of each its name. */
function PlainTable({ titles, rows }: PlainTableProps): ReactNode {
  return (
    <table className="w-full text-sm">
      <thead className="text-xs text-ink-3">
        <tr>
          {titles.map((title, place) => (
            <th key={title} scope="col" className={`py-1 font-medium ${place === 0 ? "text-start" : "ps-2 text-end"}`}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, cells: [name, ...rest] }) => (
          <tr key={id} className="border-t border-line">
            <th scope="row" className="py-1.5 text-start font-normal break-words">
              {name}
            </th>
            {rest.map((cell, place) => (
              <td key={place} className="ps-2 text-end">
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** How well it tells things apart, the challenger and the model in force beside it. */
export function FiguresCard({ part }: Part): ReactNode {
  const words = useModelWords();
  const { f } = useVoice();
  const share = (value: number): string => f.percent(Math.round(value * 1_000_000));
  const rows = [
    { id: "own", title: words.auc, value: part.auc },
    { id: "trees", title: words.aucTrees, value: part.aucTrees },
    { id: "in-force", title: words.aucInForce, value: part.aucInForce },
  ].filter(({ id, value }) => id === "own" || value !== null);
  if (part.rows === 0)
    return (
      <Card id="figures" title={words.figures}>
        <p className="text-ink-2">{words.figuresNone}</p>
      </Card>
    );
  return (
    <Card id="figures" title={words.figures} hint={words.figuresHint}>
      <ul className="mb-3 flex flex-col gap-2">
        {rows.map(({ id, title, value }) => (
          <li key={id} className="grid grid-cols-[minmax(0,12rem)_minmax(3rem,1fr)_5rem] items-center gap-3 text-sm">
            <span className={id === "own" ? "font-semibold" : ""}>{title}</span>
            <ScoreBar value={Math.max(0, (value ?? 0.5) - 0.5)} max={0.5} />
            <span className="text-end font-semibold">{value === null ? words.unknown : share(value)}</span>
          </li>
        ))}
      </ul>
      <dl className="flex flex-wrap gap-x-6 gap-y-1 border-t border-line pt-2 text-sm">
        {[
          { title: words.averagePrecision, value: part.averagePrecision },
          { title: words.calibrationError, value: part.calibrationError },
        ].map(({ title, value }) => (
          <div key={title} className="flex gap-2">
            <dt className="text-ink-3">{title}</dt>
            <dd className="font-medium">{value === null ? words.unknown : share(value)}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-1 text-sm text-ink-2">{words.rows(part.rows, part.fraud)}</p>
    </Card>
  );
}

export function WeightsCard({ part }: Part): ReactNode {
  const words = useModelWords();
  const { reasons } = useAuthenticityWords();
  const { f } = useVoice();
  const sorted = part.reasons.toSorted((one, other) => other.weight - one.weight);
  const most = Math.max(1, ...sorted.map(({ weight }) => weight));
  return (
    <Card id="weights" title={words.weights} hint={words.weightsHint}>
      {sorted.length === 0 ? (
        <p className="text-ink-2">{words.weightsNone}</p>
      ) : (
        <ul className="flex flex-col gap-1.5">
          {sorted.map(({ code, weight }) => (
            <li
              key={code}
              className="grid grid-cols-[minmax(0,11rem)_minmax(3rem,1fr)_3rem] items-center gap-3 text-sm"
            >
              <span>{reasons[code].title}</span>
              <ScoreBar value={weight} max={most} />
              <span className="text-end">{f.decimal(weight, weight < 10 ? 1 : 0)}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

export function CalibrationCard({ part }: Part): ReactNode {
  const words = useModelWords();
  const { f } = useVoice();
  const error =
    part.calibrationError === null ? words.unknown : f.percent(Math.round(part.calibrationError * 1_000_000));
  return (
    <Card id="calibration" title={words.calibration} hint={words.calibrationHint}>
      {part.calibration.length === 0 ? (
        <p className="text-ink-2">{words.calibrationNone}</p>
      ) : (
        <CalibrationChart points={part.calibration} label={words.calibrationLabel(part.calibration.length, error)} />
      )}
    </Card>
  );
}

export function GroupsCard({ part }: Part): ReactNode {
  const words = useModelWords();
  const { f } = useVoice();
  const titles = words.groupColumns;
  const share = (value: number | null): string => (value === null ? "–" : f.percent(Math.round(value * 1_000_000)));
  return (
    <Card id="groups" title={words.groups} hint={words.groupsHint}>
      {part.groups.every(({ rows }) => rows === 0) ? (
        <p className="text-ink-2">{words.groupsNone}</p>
      ) : (
        <PlainTable
          titles={[titles.group, titles.rows, titles.falseAlarms, titles.misses]}
          rows={part.groups.map(({ group, rows, falseAlarms, misses }) => ({
            id: group,
            cells: [words.groupNames[group] ?? group, f.count(rows), share(falseAlarms), share(misses)],
          }))}
        />
      )}
    </Card>
  );
}

/** What a check asks for; one that a newer engine brought keeps its own words. */
function checkWords(check: string, words: ModelWords, kinds: AuthenticityWords["kinds"]): string {
  const [, kind, rest = check] = /^(review|order|follow): (.*)$/.exec(check) ?? [];
  const said = words.checks[rest] ?? rest;
  return kind === undefined ? said : `${kinds[kind as keyof typeof kinds]} · ${said}`;
}

export function SuiteCard({ suite }: Pick<ModelReport, "suite">): ReactNode {
  const words = useModelWords();
  const { kinds } = useAuthenticityWords();
  const { f } = useVoice();
  const titles = words.suiteColumns;
  return (
    <Card id="suite" title={words.suite} hint={words.suiteHint}>
      {suite.length === 0 ? (
        <p className="text-ink-2">{words.suiteNone}</p>
      ) : (
        <PlainTable
          titles={[titles.check, titles.value, titles.bound, titles.result]}
          rows={suite.map(({ check, value, bound, passed }) => ({
            id: check,
            cells: [
              checkWords(check, words, kinds),
              f.decimal(value, 3),
              f.decimal(bound, 3),
              <Chip key="passed" look={passed ? "good" : "bad"}>
                {passed ? words.passed : words.failed}
              </Chip>,
            ],
          }))}
        />
      )}
    </Card>
  );
}

/** Above this a column has moved: the usual bound of the population stability index. */
export const driftMoved = 0.25;

export function DriftCard({ drift }: Pick<ModelReport, "drift">): ReactNode {
  const words = useModelWords();
  const all = useAuthenticityWords();
  const { f } = useVoice();
  const sorted = drift.toSorted((one, other) => other.psi - one.psi);
  const top = Math.max(2 * driftMoved, sorted[0]?.psi ?? 0);
  return (
    <Card id="drift" title={words.drift} hint={words.driftHint}>
      {sorted.length === 0 ? (
        <p className="text-ink-2">{words.driftNone}</p>
      ) : (
        <>
          <p className="mb-2 font-medium">{words.driftMoved(sorted.filter(({ psi }) => psi > driftMoved).length)}</p>
          {/* oxlint-disable-next-line no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
          <div className="max-h-80 overflow-y-auto" tabIndex={0} role="group" aria-label={words.drift}>
            <ul className="flex flex-col gap-1.5 pe-1">
              {sorted.map(({ kind, column, psi }) => (
                <li
                  key={`${kind}/${column}`}
                  className="grid grid-cols-[minmax(0,14rem)_minmax(6rem,1fr)_2.5rem] items-center gap-3 text-sm"
                >
                  <span className="min-w-0">
                    {columnTitle(column, all)} <span className="text-xs text-ink-3">{all.kinds[kind]}</span>
                  </span>
                  <ScoreBar value={psi} max={top} peers={driftMoved} low={psi > driftMoved} />
                  <span className={`text-end ${psi > driftMoved ? "font-semibold text-cinnabar" : ""}`}>
                    {f.decimal(psi, 2)}
                  </span>
                </li>
              ))}
            </ul>
          </div>
        </>
      )}
    </Card>
  );
}

export function DataCard({ report }: { readonly report: ModelReport }): ReactNode {
  const words = useModelWords();
  const { kinds } = useAuthenticityWords();
  const { f } = useVoice();
  const { labels, from, to } = report.data;
  const titles = words.dataColumns;
  return (
    <Card id="data" title={words.data}>
      {report.summary.origin === "shipped" ? (
        <p className="mb-2 text-ink-2">{words.dataShipped}</p>
      ) : from === null || to === null ? null : (
        <p className="mb-2 text-ink-2">{words.dataSpan(f.day(from), f.day(to))}</p>
      )}
      {labels.every(({ genuine, notGenuine }) => genuine + notGenuine === 0) ? (
        <p className="text-ink-2">{words.dataNone}</p>
      ) : (
        <PlainTable
          titles={[titles.kind, titles.genuine, titles.notGenuine]}
          rows={labels.map(({ kind, genuine, notGenuine }) => ({
            id: kind,
            cells: [kinds[kind], f.count(genuine), f.count(notGenuine)],
          }))}
        />
      )}
    </Card>
  );
}
