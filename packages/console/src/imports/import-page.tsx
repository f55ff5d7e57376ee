import { type ReactNode, Suspense, useEffect } from "react";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { useSessionEnded } from "../session/ended.ts";
import { PageHead } from "../shell/page-head.tsx";
import { Button } from "../ui/button.tsx";
import { FileDrop } from "../ui/file-drop.tsx";
import { ArrowUpFromLine } from "../ui/icons.ts";
import { EmptyState, Skeleton } from "../ui/states.tsx";
import { FailureNote } from "./failure-note.tsx";
import { clearDesk, goOn, openFiles, useDesk } from "./import-desk.ts";
import { MappingStage } from "./mapping-stage.tsx";
import { ResultCard } from "./result-card.tsx";
import { RunningCard } from "./running-card.tsx";
import { useImportWords } from "./import-words.ts";

const accepted = ".csv,.tsv,.txt,.jsonl,.ndjson,.parquet,text/csv,application/x-ndjson";

function ImportBody(): ReactNode {
  const { t } = useVoice();
  const words = useImportWords();
  const { marketplace, can } = useCurrent();
  const desk = useDesk();
  const ended = useSessionEnded();
  const { held, stage } = desk;
  useEffect(() => {
    // Somebody has signed in again: what was held goes on by itself.
    if (held === "signed-out" && !ended) goOn();
  }, [held, ended]);
  if (!can("events:write")) {
    return (
      <>
        <PageHead title={t.pages.import} />
        <EmptyState icon={ArrowUpFromLine} title={words.noRightTitle} text={words.noRight} />
      </>
    );
  }
  const open = (files: readonly File[]): void => openFiles(files, marketplace.slug, marketplace.currency);
  return (
    <>
      <PageHead
        title={t.pages.import}
        lead={words.lead}
        {...(stage === "mapping" || stage === "done"
          ? { aside: <Button onClick={clearDesk}>{words.again}</Button> }
          : {})}
      />
      <div className="flex min-w-0 flex-col gap-4">
        {desk.failure === undefined ? null : <FailureNote {...desk.failure} />}
        {stage === "empty" || stage === "opening" ? (
          <FileDrop
            title={stage === "opening" ? words.opening : words.drop}
            hint={words.dropHint}
            button={words.choose}
            icon={ArrowUpFromLine}
            accept={accepted}
            busy={stage === "opening"}
            onFiles={open}
          />
        ) : null}
        {stage === "mapping" && desk.opened !== undefined && desk.mapping !== undefined ? (
          <MappingStage desk={desk} opened={desk.opened} mapping={desk.mapping} />
        ) : null}
        {stage === "running" ? <RunningCard desk={desk} /> : null}
        {stage === "done" && desk.result !== undefined ? (
          <ResultCard result={desk.result} marketplace={desk.marketplace} />
        ) : null}
      </div>
    </>
  );
}

/** A file of one's own becomes events: recognised, mapped, looked at, sent. */
export function ImportPage(): ReactNode {
  return (
    <Suspense fallback={<Skeleton rows={3} />}>
      <ImportBody />
    </Suspense>
  );
}
