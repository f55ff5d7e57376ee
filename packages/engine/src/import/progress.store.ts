import type { ImportProgress, ImportState } from "@probity/mapping";
import { Presets, SingleBar } from "cli-progress";

/** The part of a terminal that progress needs. */
export type ProgressStream = NodeJS.WriteStream;

const lineEverySeconds = 5;

function shareDone({ measure }: ImportState): number | undefined {
  return measure && measure.total > 0 ? Math.min(1, measure.done / measure.total) : undefined;
}

function timeLeft(state: ImportState): string {
  const share = shareDone(state);
  if (share === undefined || share < 0.005) return "–";
  const seconds = Math.round((state.seconds * (1 - share)) / share);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function rate({ events, seconds }: ImportState): number {
  return seconds > 0 ? Math.round(events / seconds) : 0;
}

function barProgress(stream: ProgressStream): ImportProgress {
  const bar = new SingleBar(
    {
      stream,
      format: "{bar} {percentage} %  {events} events  {rejected} rejected  {rate}/s  {left} left",
      hideCursor: true,
      clearOnComplete: false,
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  let started = false;
  const show = (state: ImportState, share: number): void => {
    const payload = { events: state.events, rejected: state.rejected, rate: rate(state), left: timeLeft(state) };
    if (!started) bar.start(1_000, 0, payload);
    started = true;
    bar.update(Math.round(share * 1_000), payload);
  };
  return {
    update: (state) => show(state, shareDone(state) ?? 0),
    end(state) {
      show(state, 1);
      bar.stop();
    },
  };
}

function lineProgress(stream: ProgressStream): ImportProgress {
  let told = 0;
  const tell = (state: ImportState): void => {
    const share = shareDone(state);
    const percent = share === undefined ? "" : `${Math.floor(share * 100)} %  `;
    stream.write(
      `${percent}${state.events} events  ${state.rejected} rejected  ${rate(state)}/s  ${timeLeft(state)} left\n`,
    );
  };
  return {
    update(state) {
      if (state.seconds - told < lineEverySeconds) return;
      told = state.seconds;
      tell(state);
    },
    end: tell,
  };
}

/** A bar on a terminal; elsewhere a line every few seconds. */
export function terminalProgress(stream: ProgressStream): ImportProgress {
  return stream.isTTY ? barProgress(stream) : lineProgress(stream);
}
