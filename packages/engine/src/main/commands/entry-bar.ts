import { Presets, SingleBar } from "cli-progress";

const lineEveryMs = 5_000;

/** Shows how many entries were read, of how many: a bar on a terminal; elsewhere a line every few seconds. */
export interface EntryBar {
  set(entries: number, size: number): void;
  stop(): void;
}

export function entryBar(): EntryBar {
  const stream = process.stderr;
  if (!stream.isTTY) {
    let toldMs = performance.now();
    return {
      set(entries, size) {
        if (performance.now() - toldMs < lineEveryMs) return;
        toldMs = performance.now();
        stream.write(`${entries} of ${size} entries\n`);
      },
      stop: () => undefined,
    };
  }
  const bar = new SingleBar(
    {
      stream,
      format: "{bar} {percentage} %  {value} of {total} entries  {eta_formatted} left",
      hideCursor: true,
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  let isOpen = false;
  return {
    set(entries, size) {
      if (!isOpen) bar.start(size, entries);
      isOpen = true;
      bar.update(entries);
    },
    stop: () => bar.stop(),
  };
}
