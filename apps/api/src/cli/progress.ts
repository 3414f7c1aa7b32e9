import { progress as progressBar } from "@clack/prompts";

/** Shows the progress of long work. */
export type Progress = { advance(by?: number): void; stop(): void };

/** How often progress is printed where standard error is no terminal. */
const LINE_INTERVAL_MS = 5_000;

/** A progress bar on a terminal, otherwise a line now and then; always on standard error, apart from the result. */
export function startProgress(of: { readonly total: number | undefined; readonly what: string }): Progress {
  const label = of.total === undefined ? of.what : `/ ${of.total} ${of.what}`;
  return process.stderr.isTTY ? startBar(of.total, label) : startLines(label);
}

function startBar(total: number | undefined, label: string): Progress {
  // With an unknown total the number grows and the bar stays.
  const bar = progressBar({ max: Math.max(total ?? Number.MAX_SAFE_INTEGER, 1), output: process.stderr });
  let done = 0;
  bar.start(`0 ${label}`);
  return {
    advance: (by = 1) => {
      done += by;
      bar.advance(by, `${done} ${label}`);
    },
    stop: () => bar.stop(`${done} ${label}`),
  };
}

function startLines(label: string): Progress {
  let [done, printedAtMs] = [0, Date.now()];
  return {
    advance: (by = 1) => {
      done += by;
      if (Date.now() - printedAtMs < LINE_INTERVAL_MS) return;
      printedAtMs = Date.now();
      process.stderr.write(`${done} ${label}\n`);
    },
    stop: () => undefined,
  };
}
