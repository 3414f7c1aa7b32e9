import { progress as progressBar } from "@clack/prompts";

/** Shows how far long work has come. */
export type Progress = { advance(): void; stop(): void };

/** How often a program that reads along is told. */
const LINE_EVERY_MS = 5_000;

/** A bar where somebody looks at it, a line now and then where not; always on standard error, apart from the result. */
export function startProgress({ total, what }: { readonly total: number; readonly what: string }): Progress {
  return process.stderr.isTTY ? bar(total, what) : lines(total, what);
}

function bar(total: number, what: string): Progress {
  const shown = progressBar({ max: Math.max(total, 1), output: process.stderr });
  let done = 0;
  shown.start(`0 / ${total} ${what}`);
  return {
    advance: () => {
      done += 1;
      shown.advance(1, `${done} / ${total} ${what}`);
    },
    stop: () => shown.stop(`${done} ${what}`),
  };
}

function lines(total: number, what: string): Progress {
  let [done, toldAtMs] = [0, Date.now()];
  return {
    advance: () => {
      done += 1;
      if (Date.now() - toldAtMs < LINE_EVERY_MS) return;
      toldAtMs = Date.now();
      process.stderr.write(`${done} / ${total} ${what}\n`);
    },
    stop: () => undefined,
  };
}
