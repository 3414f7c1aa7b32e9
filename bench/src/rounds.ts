import type { Case, Spread } from "./cases.ts";
import { applyLoad, type Load, type Speed } from "./load.ts";
import { CLIENTS, type PgbenchRun, runPgbench } from "./pgbench.ts";
import type { Scratch } from "./scratch.ts";

/** Something that answers HTTP. `onLoad` hears of everything that was sent to it. */
export type Subject = {
  readonly name: string;
  readonly url: string;
  readonly onLoad: (load: Load, spends: boolean) => void;
};

/** One stretch of load, as it went. */
export type Measurement = Speed & {
  readonly what: string;
  readonly spread: Spread;
  readonly connections: number;
  readonly subject: string;
  readonly round: number;
};

/** What is measured, and how. */
export type Plan = {
  readonly subjects: readonly Subject[];
  readonly cases: readonly Case[];
  readonly pgbench: { readonly scratch: Scratch; readonly onRun: (run: PgbenchRun) => void } | undefined;
  readonly seconds: number;
  readonly rounds: number;
};

/** What the baselines are called among the subjects. */
export const BARE = "bare node:http";
export const PGBENCH = "pgbench";

/** Sends a second of everything to everyone, which counts for the books but is not measured. */
export async function warmUp({ subjects, cases }: Plan): Promise<void> {
  for (const each of cases.filter(({ connections }) => connections === 64)) {
    for (const { url, onLoad } of subjects) onLoad(await applyLoad({ url, ...each, seconds: 1 }), each.spends);
  }
}

/**
 * Measures everything once in each round, the subjects directly after one another: what slows the
 * machine down for a while slows down all of them.
 */
export async function* measure({ subjects, cases, pgbench, seconds, rounds }: Plan): AsyncGenerator<Measurement> {
  for (let round = 1; round <= rounds; round += 1) {
    for (const each of cases) {
      for (const { name, url, onLoad } of subjects) {
        const load = await applyLoad({ url, ...each, seconds });
        onLoad(load, each.spends);
        yield measurement({ ...each, subject: name, round }, load);
      }
    }
    if (pgbench) yield* measurePgbench(pgbench, seconds, round);
  }
}

async function* measurePgbench(
  { scratch, onRun }: NonNullable<Plan["pgbench"]>,
  seconds: number,
  round: number,
): AsyncGenerator<Measurement> {
  for (const spread of ["one account", "10,000 accounts"] as const) {
    for (const clients of CLIENTS) {
      const run = await runPgbench(scratch, { spread, clients, seconds });
      onRun(run);
      yield measurement({ what: "one statement", spread, connections: clients, subject: PGBENCH, round }, run);
    }
  }
}

const measurement = (
  { what, spread, connections, subject, round }: Omit<Measurement, keyof Speed>,
  { ratePerSecond, p50Ms, p99Ms }: Speed,
): Measurement => ({ what, spread, connections, subject, round, ratePerSecond, p50Ms, p99Ms });
