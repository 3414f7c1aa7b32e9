import { availableParallelism, loadavg } from "node:os";

/** A test that hangs must end within the patience of its reader. */
const HIGHEST_BY_LOAD = 6;

type Machine = { readonly load: number; readonly cores: number };

const thisMachine = (): Machine => ({ load: loadavg()[0] ?? 0, cores: availableParallelism() });

/**
 * By how much the time limits of tests are longer than on an idle machine: TEST_TIMEOUT_SCALE, otherwise the processes per
 * core that already ran when the tests started, from 1 to 6.
 * @throws Error when TEST_TIMEOUT_SCALE is not a number above zero.
 */
export function timeoutScale(env: Readonly<Record<string, string | undefined>>, machine = thisMachine()): number {
  const given = env["TEST_TIMEOUT_SCALE"];
  if (given) {
    if (Number(given) > 0 && Number.isFinite(Number(given))) return Number(given);
    throw new Error(`TEST_TIMEOUT_SCALE must be a number above zero, such as 3, not "${given}"`);
  }
  const perCore = Math.ceil((machine.load / machine.cores) * 10) / 10;
  return Math.min(Math.max(perCore, 1), HIGHEST_BY_LOAD);
}

/** Of this run: vitest.config.ts hands it to the processes of the tests. */
const scale = timeoutScale(process.env);

/**
 * A time limit that only a failure reaches, in milliseconds: so many seconds, and more on a busy machine (`timeoutScale`).
 * Not for a time that is what the test is about.
 */
export const timeLimit = (seconds: number): number => Math.round(seconds * 1_000 * scale);
