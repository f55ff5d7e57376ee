import type { Grade, RatingChanges } from "@probity/contract";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { gradeNames } from "./subjects-search.ts";
import { useOverviewWords } from "../overview/overview-words.ts";

/** Place among the grades, best first; 'too early' comes last. */
export const placeOf = (grade: Grade | null): number =>
  grade === null ? gradeNames.length : gradeNames.indexOf(grade);

function cellTone(from: Grade | null, to: Grade | null): string {
  if (from === to) return "text-ink-3";
  if (from === null || to === null) return "bg-sky-soft text-sky font-semibold";
  return placeOf(to) < placeOf(from)
    ? "bg-jade-soft text-jade font-semibold"
    : "bg-cinnabar-soft text-cinnabar font-semibold";
}

export interface MigrationTableProps {
  readonly moves: RatingChanges["migration"];
  /** Id of the heading that names the table. */
  readonly labelledBy: string;
}

/** From which grade to which: above the diagonal is worse, below it better. */
export function MigrationTable({ moves, labelledBy }: MigrationTableProps): ReactNode {
  const { t, f } = useVoice();
  const said = useOverviewWords();
  const grades = [...gradeNames, null];
  const at = new Map(moves.map(({ from, to, subjects }) => [`${placeOf(from)} ${placeOf(to)}`, subjects]));
  const name = (grade: Grade | null): string => grade ?? t.ui.tooEarlySeal;
  return (
    <div className="overflow-x-auto" tabIndex={0} role="group" aria-labelledby={labelledBy}>
      <table className="w-full min-w-[560px] table-fixed border-collapse text-center text-sm">
        <thead>
          <tr className="text-ink-3">
            <th scope="col" className="py-1 text-start font-normal">
              {said.from} ↓ {said.to} →
            </th>
            {grades.map((to) => (
              <th key={name(to)} scope="col" className="py-1 font-medium">
                {name(to)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {grades.map((from) => (
            <tr key={name(from)} className="border-t border-line">
              <th scope="row" className="py-1.5 text-start font-medium">
                {name(from)}
              </th>
              {grades.map((to) => {
                const subjects = at.get(`${placeOf(from)} ${placeOf(to)}`);
                return (
                  <td key={name(to)} className="p-0.5">
                    {subjects === undefined ? null : (
                      <span
                        title={said.migrationCell(subjects, name(from), name(to))}
                        className={`block rounded-[4px] py-1 ${cellTone(from, to)}`}
                      >
                        {f.count(subjects)}
                      </span>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
