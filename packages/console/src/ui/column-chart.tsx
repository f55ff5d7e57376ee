import { type ReactNode, useState } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Button } from "./button.tsx";
import { ChoiceChips } from "./chip.tsx";
import { scaleOf } from "./column-scale.ts";
import { downloadCsv } from "./csv.ts";
import { ArrowDownToLine } from "./icons.ts";

export interface ColumnSeries {
  readonly id: string;
  readonly title: string;
  readonly look: "good" | "bad";
}

export interface ChartColumn {
  readonly id: string;
  /** What it stands for in words: `21 Nov, 14:00 – 15:00`. */
  readonly title: string;
  /** Below the axis; few columns have one. */
  readonly tick?: string;
  /** One for each series, none below 0. */
  readonly values: readonly number[];
}

export interface ColumnChartProps {
  /** Name of the file that CSV goes to. */
  readonly id: string;
  /** What the whole says in words. */
  readonly label: string;
  /** Title of the table's first column. */
  readonly period: string;
  /** Stacked, the first at the bottom. */
  readonly series: readonly ColumnSeries[];
  readonly columns: readonly ChartColumn[];
}

const fills = { good: "bg-jade", bad: "bg-cinnabar" } as const;
/** What is there at all can be seen. */
const leastShare = 1.5;

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function Legend({ series }: Pick<ColumnChartProps, "series">): ReactNode {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2">
      {series.map(({ id, title, look }) => (
        <li key={id} className="flex items-center gap-1.5">
          <span aria-hidden className={`size-2.5 rounded-[2px] ${fills[look]}`} />
          {title}
        </li>
      ))}
    </ul>
  );
}

function Stack({
  column,
  series,
  top,
}: { readonly column: ChartColumn; readonly top: number } & Pick<ColumnChartProps, "series">): ReactNode {
  const { f } = useVoice();
  const said = series.map(({ title }, place) => `${f.count(column.values[place] ?? 0)} ${title}`);
  const height = (value: number): string => `${value === 0 ? 0 : Math.max(leastShare, (value / top) * 100)}%`;
  return (
    <span
      title={`${column.title}: ${said.join(", ")}`}
      className="flex h-full min-w-0 flex-1 flex-col-reverse gap-px hover:bg-sunk"
    >
      {series.map(({ id, look }, place) => {
        const value = column.values[place] ?? 0;
        return value === 0 ? null : (
          <span key={id} className={`block shrink-0 rounded-[1px] ${fills[look]}`} style={{ height: height(value) }} />
        );
      })}
    </span>
  );
}

function Drawing({ label, series, columns }: ColumnChartProps): ReactNode {
  const { f } = useVoice();
  const { top, marks } = scaleOf(Math.max(0, ...columns.map(({ values }) => sumOf(values))));
  const isDense = columns.length > 40;
  return (
    <div role="img" aria-label={label} className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 text-xs text-ink-3">
      <div className="relative h-48 min-w-6 text-end max-sm:h-40">
        {/* As wide as the widest of them. */}
        <span className="invisible">{f.count(top)}</span>
        {marks.map((mark) => (
          <span
            key={mark}
            className="absolute end-0 translate-y-1/2 leading-none"
            style={{ bottom: `${(mark / top) * 100}%` }}
          >
            {f.count(mark)}
          </span>
        ))}
      </div>
      <div className="relative h-48 border-b border-line-strong max-sm:h-40">
        {marks.map((mark) =>
          mark === 0 ? null : (
            <span
              key={mark}
              className="absolute inset-x-0 border-t border-line"
              style={{ bottom: `${(mark / top) * 100}%` }}
            />
          ),
        )}
        <div className={`absolute inset-0 flex ${isDense ? "gap-px" : "gap-[3px] max-sm:gap-0.5"}`}>
          {columns.map((column) => (
            <Stack key={column.id} column={column} series={series} top={top} />
          ))}
        </div>
      </div>
      <span />
      <div className="relative mt-1 h-5">
        {columns.map(({ id, tick }, place) =>
          tick === undefined ? null : (
            <span
              key={id}
              className={`absolute whitespace-nowrap ${place > columns.length * 0.9 ? "-translate-x-full" : ""}`}
              style={{
                insetInlineStart: `${((place + (place > columns.length * 0.9 ? 1 : 0)) / columns.length) * 100}%`,
              }}
            >
              {tick}
            </span>
          ),
        )}
      </div>
    </div>
  );
}

function FigureTable({ label, period, series, columns }: ColumnChartProps): ReactNode {
  const { f } = useVoice();
  return (
    // oxlint-disable-next-line no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div className="max-h-58 overflow-y-auto" tabIndex={0} role="region" aria-label={label}>
      <table className="w-full text-sm">
        <thead className="sticky top-0 bg-sheet text-xs text-ink-3">
          <tr>
            <th scope="col" className="py-1 text-start font-medium">
              {period}
            </th>
            {series.map(({ id, title }) => (
              <th key={id} scope="col" className="py-1 text-end font-medium">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {columns.toReversed().map((column) => (
            <tr key={column.id} className="border-t border-line">
              <th scope="row" className="py-1 text-start font-normal">
                {column.title}
              </th>
              {series.map(({ id }, place) => (
                <td key={id} className="text-end">
                  {f.count(column.values[place] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Counts by period as stacked columns; the same as a table and as a file. */
export function ColumnChart(props: ColumnChartProps): ReactNode {
  const { t } = useVoice();
  const [as, setAs] = useState<"chart" | "table">("chart");
  const { id, period, series, columns } = props;
  const save = (): void =>
    downloadCsv(
      id,
      [period, ...series.map(({ title }) => title)],
      columns.map(({ title, values }) => [title, ...values]),
    );
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {as === "chart" ? (
        <>
          <Legend series={series} />
          <Drawing {...props} />
        </>
      ) : (
        <FigureTable {...props} />
      )}
      <div className="flex flex-wrap items-center justify-between gap-2">
        <ChoiceChips
          label={`${t.ui.chart} / ${t.ui.table}`}
          value={as}
          onChange={setAs}
          options={[
            { value: "chart", label: t.ui.chart },
            { value: "table", label: t.ui.table },
          ]}
        />
        <Button small icon={ArrowDownToLine} onClick={save}>
          {t.ui.csv}
        </Button>
      </div>
    </div>
  );
}
