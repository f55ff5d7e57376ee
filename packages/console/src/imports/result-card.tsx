import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { Button, buttonLink } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { download } from "../ui/csv.ts";
import { ArrowDownToLine } from "../ui/icons.ts";
import { Figures } from "./figures-row.tsx";
import { backToMapping } from "./import-desk.ts";
import type { Report } from "./protocol.ts";
import { RejectList } from "./reject-list.tsx";
import { spanWords } from "./running-card.tsx";
import { TypeCounts } from "./type-counts.tsx";
import { useImportWords } from "./import-words.ts";

export interface ResultCardProps {
  readonly result: Extract<Report, { told: "done" }>;
  readonly marketplace: string;
}

const dayMs = 86_400_000;
/** Half a year: by then most of an event's weight is gone. */
const oldDays = 180;

const isOld = (day: string): boolean => day !== "" && Date.now() - Date.parse(day) > oldDays * dayMs;

/** What became of the file, the rows that were rejected, and where to go on. */
export function ResultCard({ result, marketplace }: ResultCardProps): ReactNode {
  const { f } = useVoice();
  const words = useImportWords();
  const queries = useQueryClient();
  const { marketplace: current } = useCurrent();
  const { summary, rejects, stopped, newest } = result;
  useEffect(() => {
    // What was read of this marketplace before is old now.
    void queries.invalidateQueries({ queryKey: [marketplace] });
  }, [queries, marketplace, result]);
  return (
    <Card id="import-result" title={stopped ? words.stopped : words.done} hint={words.ratedSoon}>
      {isOld(newest) && current.clock === "wall" ? (
        <p>
          {words.oldData(f.day(newest))}{" "}
          <Link
            to="/$marketplace/settings"
            params={{ marketplace }}
            search={{ section: "marketplaces" }}
            className="link"
          >
            {words.oldDataMend}
          </Link>
        </p>
      ) : null}
      {summary.resumedAt > 0 ? <p>{words.resumedAt(summary.resumedAt)}</p> : null}
      <Figures
        figures={[
          [words.rows, f.count(summary.rows ?? 0)],
          [words.acceptedCount, f.count(summary.accepted)],
          [words.duplicates, f.count(summary.duplicates)],
          [words.rejected, f.count(summary.rejected)],
          [words.unusedRows, f.count(summary.rowsUnused ?? 0)],
          [words.took, spanWords(summary.seconds, words)],
        ]}
      />
      <div className="my-4 flex flex-wrap gap-2">
        <Link
          to="/$marketplace/$plural"
          params={{ marketplace, plural: "merchants" }}
          className={buttonLink(stopped ? "plain" : "primary")}
        >
          {words.toMerchants}
        </Link>
        {summary.rejected === 0 ? null : (
          <Button icon={ArrowDownToLine} onClick={() => download("rejects.csv", "text/csv;charset=utf-8", result.file)}>
            {words.downloadRejects}
          </Button>
        )}
        <Button look={stopped ? "primary" : "quiet"} onClick={backToMapping}>
          {words.sameFiles}
        </Button>
      </div>
      <TypeCounts byType={summary.byType} />
      <RejectList rejects={rejects} total={summary.rejected} />
    </Card>
  );
}
