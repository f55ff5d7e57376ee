import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Figures } from "./figures-row.tsx";
import { ProgressBar } from "../ui/progress-bar.tsx";
import { type DeskState, goOn, pauseImport, stopImport } from "./import-desk.ts";
import { type ImportWords, useImportWords } from "./import-words.ts";

/** A span of time in the two units that matter. */
export function spanWords(seconds: number, words: ImportWords): string {
  if (seconds < 60) return words.seconds(Math.round(seconds));
  if (seconds < 3_600) return words.minutes(Math.floor(seconds / 60), Math.round(seconds % 60));
  return words.hours(Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60));
}

function stateWords({ held, waiting }: DeskState, words: ImportWords): string | undefined {
  if (held === "paused") return words.paused;
  if (held === "signed-out") return words.signedOut;
  if (waiting === undefined) return undefined;
  return waiting.why === "busy" ? words.busy(waiting.seconds) : words.offline(waiting.seconds);
}

/** An import under way: how far, how fast, how long still, and what may be done about it. */
export function RunningCard({ desk }: { readonly desk: DeskState }): ReactNode {
  const { f } = useVoice();
  const words = useImportWords();
  const { progress, held, waiting } = desk;
  const share = progress === undefined || progress.total === 0 ? null : Math.min(1, progress.done / progress.total);
  const ppm = share === null ? null : Math.round(share * 1_000_000);
  const state = stateWords(desk, words);
  const still = held !== undefined || waiting !== undefined;
  const left = still || progress?.secondsLeft === undefined ? words.unknown : spanWords(progress.secondsLeft, words);
  return (
    <Card id="import-running" title={words.running} hint={words.runningInto(desk.marketplace)}>
      <ProgressBar label={words.running} ppm={ppm} words={ppm === null ? words.unknown : f.percent(ppm)} />
      <Figures
        figures={[
          [words.rows, f.count(progress?.rows ?? 0)],
          [words.events, f.count(progress?.events ?? 0)],
          [words.rejected, f.count(progress?.rejected ?? 0)],
          [words.rate, still ? words.unknown : words.perSecond(progress?.eventsPerSecond ?? 0)],
          [words.left, left],
        ]}
      />
      <p role="status" className="mt-3 min-h-5 text-sm font-medium text-amber">
        {state}
      </p>
      <div className="mt-3 flex flex-wrap gap-2">
        {still ? (
          <Button look="primary" onClick={goOn}>
            {held === undefined ? words.tryNow : words.goOn}
          </Button>
        ) : (
          <Button onClick={pauseImport}>{words.pause}</Button>
        )}
        <Button look="danger" onClick={stopImport}>
          {words.stop}
        </Button>
      </div>
    </Card>
  );
}
