import { progress as progressBar } from "@clack/prompts";

/** Shows how far long work has come. */
export type Progress = { advance(by?: number): void; stop(): void };

/** How often a program that reads along is told. */
const LINE_EVERY_MS = 5_000;

/** A bar where somebody looks at it, a line now and then where not; always on standard error, apart from the result. */
export function startProgress(of: { readonly total: number | undefined; readonly what: string }): Progress {
  const words = of.total === undefined ? of.what : `/ ${of.total} ${of.what}`;
  return process.stderr.isTTY ? bar(of.total, words) : lines(words);
}

function bar(total: number | undefined, words: string): Progress {
  // Where nobody knows how much there is, the number grows and the bar stays.
  const shown = progressBar({ max: Math.max(total ?? Number.MAX_SAFE_INTEGER, 1), output: process.stderr });
  let done = 0;
  shown.start(`0 ${words}`);
  return {
    advance: (by = 1) => {
      done += by;
      shown.advance(by, `${done} ${words}`);
    },
    stop: () => shown.stop(`${done} ${words}`),
  };
}

function lines(words: string): Progress {
  let [done, toldAtMs] = [0, Date.now()];
  return {
    advance: (by = 1) => {
      done += by;
      if (Date.now() - toldAtMs < LINE_EVERY_MS) return;
      toldAtMs = Date.now();
      process.stderr.write(`${done} ${words}\n`);
    },
    stop: () => undefined,
  };
}
