import type { RatingChanges } from "@probity/contract";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { MigrationTable, placeOf } from "../ratings/migration-table.tsx";
import { Card } from "../ui/card.tsx";
import { ScoreBar } from "../ui/score-bar.tsx";
import { useOverviewWords } from "./overview-words.ts";

interface Part {
  readonly changes: RatingChanges;
}

/** How many rose, fell, and were graded for the first time. */
export function moves({ migration }: RatingChanges): { up: number; down: number; graded: number } {
  const sum = { up: 0, down: 0, graded: 0 };
  for (const { from, to, subjects } of migration) {
    if (from === null && to !== null) sum.graded += subjects;
    else if (from !== null && to !== null && placeOf(to) < placeOf(from)) sum.up += subjects;
    else if (from !== null && to !== null && placeOf(to) > placeOf(from)) sum.down += subjects;
  }
  return sum;
}

/** Merchants by grade, now and what it was. */
export function GradesCard({ changes, marketplace }: Part & { readonly marketplace: string }): ReactNode {
  const { f } = useVoice();
  const said = useOverviewWords();
  const most = Math.max(1, ...changes.grades.map(({ after }) => after));
  const { up, down, graded } = moves(changes);
  const parts = [
    ...(up > 0 ? [said.up(up)] : []),
    ...(down > 0 ? [said.down(down)] : []),
    ...(graded > 0 ? [said.graded(graded)] : []),
  ];
  return (
    <Card id="grades" title={said.grades} hint={parts.length === 0 ? said.calm : parts.join(" · ")}>
      <ul>
        {changes.grades.map(({ grade, before, after }) => (
          <li key={grade ?? "early"}>
            <Link
              to="/$marketplace/$plural"
              params={{ marketplace, plural: "merchants" }}
              search={grade === null ? { status: "too-early" } : { grade }}
              className="-mx-2 grid grid-cols-[minmax(52px,auto)_minmax(0,1fr)_72px] items-center gap-3 rounded-control px-2 py-1 text-ink no-underline hover:bg-sunk"
            >
              <span>{grade ?? said.early}</span>
              <ScoreBar value={after} max={most} low={grade === "C" || grade === "D"} />
              <span className="text-end">
                {f.count(after)}{" "}
                <span className="text-sm text-ink-3">{after === before ? "" : `(${f.signed(after - before)})`}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** From which grade to which, as a table. */
export function MigrationCard({ changes }: Part): ReactNode {
  const said = useOverviewWords();
  return (
    <Card id="migration" title={said.migration} hint={said.migrationHint}>
      <MigrationTable moves={changes.migration} labelledBy="migration-title" />
    </Card>
  );
}
