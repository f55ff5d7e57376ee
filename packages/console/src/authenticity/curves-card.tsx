import type { ModelReport } from "@probity/contract";
import { type ReactNode, useState } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Card } from "../ui/card.tsx";
import { ChoiceChips } from "../ui/chip.tsx";
import { SelectField } from "../ui/select.tsx";
import { useAuthenticityWords } from "./authenticity-words.ts";
import { columnTitle, columnValue } from "./column-words.ts";
import { useModelWords } from "./model-words.ts";
import { TermChart } from "./term-chart.tsx";

type Curve = ModelReport["curves"][number];

function TermTable({ curve, edgeWords }: { readonly curve: Curve; readonly edgeWords: (edge: number) => string }) {
  const words = useModelWords();
  const { f } = useVoice();
  const [, ...terms] = curve.terms;
  return (
    // oxlint-disable-next-line no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div className="max-h-60 overflow-y-auto" tabIndex={0} role="region" aria-label={words.table}>
      <table className="w-full text-sm">
        <thead className="sticky top-0 bg-sheet text-xs text-ink-3">
          <tr>
            <th scope="col" className="py-1 text-start font-medium">
              {words.value}
            </th>
            <th scope="col" className="py-1 text-end font-medium">
              {words.term}
            </th>
          </tr>
        </thead>
        <tbody>
          {terms.map((term, bin) => {
            const [low, high] = [curve.edges[bin - 1], curve.edges[bin]];
            return (
              <tr key={bin} className="border-t border-line">
                <th scope="row" className="py-1 text-start font-normal">
                  {low === undefined
                    ? high === undefined
                      ? "–"
                      : words.below(edgeWords(high))
                    : words.from(edgeWords(low))}
                </th>
                <td className="text-end">{f.signed(term)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** How far a figure moves the doubt, from its least term to its greatest. */
const reachOf = ({ terms: [, ...terms] }: Curve): number => Math.max(...terms, 0) - Math.min(...terms, 0);

export interface CurvesCardProps {
  readonly curves: readonly Curve[];
  /** Column that the address names. */
  readonly wanted: string | undefined;
  readonly onCurve: (column: string) => void;
}

/** What each figure adds to the doubt, by its value. */
export function CurvesCard({ curves, wanted, onCurve }: CurvesCardProps): ReactNode {
  const words = useModelWords();
  const all = useAuthenticityWords();
  const { f } = useVoice();
  const [as, setAs] = useState<"chart" | "table">("chart");
  const told = curves.toSorted((one, other) => reachOf(other) - reachOf(one));
  const curve = told.find(({ column }) => column === wanted) ?? told[0];
  if (curve === undefined)
    return (
      <Card id="curves" title={words.curves}>
        <p className="text-ink-2">{words.curvesNone}</p>
      </Card>
    );
  const [unknown = 0, ...terms] = curve.terms;
  const edgeWords = (edge: number): string => columnValue(curve.column, edge, all, f);
  const title = columnTitle(curve.column, all);
  return (
    <Card id="curves" title={words.curves} hint={words.curvesHint}>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
        <SelectField
          inline
          label={words.curve}
          value={curve.column}
          options={told.map(({ column, code }) => ({
            value: column,
            label: `${columnTitle(column, all)} · ${all.reasons[code].title}`,
          }))}
          onChange={onCurve}
        />
        <ChoiceChips
          label={`${words.chart} / ${words.table}`}
          value={as}
          options={[
            { value: "chart", label: words.chart },
            { value: "table", label: words.table },
          ]}
          onChange={setAs}
        />
      </div>
      {as === "chart" ? (
        <TermChart
          edges={curve.edges}
          terms={terms}
          edgeWords={edgeWords}
          label={words.curveLabel(title)}
          above={words.more}
          below={words.less}
        />
      ) : (
        <TermTable curve={curve} edgeWords={edgeWords} />
      )}
      <p className="mt-2 text-xs text-ink-3">{words.curveUnknown(f.signed(unknown))}</p>
    </Card>
  );
}
