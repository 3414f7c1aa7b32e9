import { openDatabase } from "@jifen/database";
import fc from "fast-check";
import { formatHistory } from "../checker/format-history.ts";
import { openRawDatabase } from "../checker/open-raw-database.ts";
import { skewClock } from "./clock-skew.ts";
import { type History, histories, sizeOf } from "./history.ts";
import { type Failure, ledgerOn, runHistories, type Tally, type TestBed } from "./history-batch.ts";

/** The options of a model run. */
export type ModelRun = {
  /** An empty database. */
  readonly url: string;
  /** The approximate number of requests. */
  readonly operations: number;
  readonly seed: number;
  /** Whether to shrink a failing history. */
  readonly shortest: boolean;
  /** Called with the number of requests so far. */
  readonly onProgress?: (operations: number) => void;
};

/** The result of a model run. */
export type ModelResult = {
  readonly operations: number;
  /** Without the time of the checker. */
  readonly perSecond: number;
  readonly tally: Tally;
  /** A description of the violation; undefined without one. */
  readonly failure: string | undefined;
};

/**
 * The number of concurrent histories of each batch: with many, requests share transactions, as under load; with few, each
 * request competes mostly with a request of another process.
 */
const CONCURRENT_HISTORIES = [1_000, 40, 4, 4, 40, 4, 4, 40, 1];
/** The same for one process, whose writes never conflict with another one's. */
const CONCURRENT_HISTORIES_ONE_PROCESS = [40, 4, 1, 4];
/** The time limit for shrinking. */
const SHRINK_WITHIN_MS = 60_000;
/** Several concurrent copies, so that they conflict as the original did with its neighbours. */
const COPIES = 4;
/** Separates the seeds of different runs. */
const SEEDS_PER_RUN = 1_000_003;

const historyOf = (seed: number): History => fc.sample(histories, { seed, numRuns: 1 })[0] ?? [];

/** Runs histories from consecutive seeds until enough requests were sent or a violation was found. */
export async function runModel(run: ModelRun): Promise<ModelResult> {
  await using testBed = await openTestBed(run.url);
  using _ = run.url.startsWith("file:") ? noSkew : skewClock();
  const count = { operations: 0, durationMs: 0, tally: new Map<string, number>() };
  for (let [next, batch] = [0, 0]; count.operations < run.operations; batch += 1) {
    const seeds: number[] = [];
    const isOneProcess = batch % 4 !== 0;
    const sizes = isOneProcess ? CONCURRENT_HISTORIES_ONE_PROCESS : CONCURRENT_HISTORIES;
    const maxHistories = sizes[Math.floor(batch / 4) % sizes.length] ?? 1;
    for (let size = 0; seeds.length < maxHistories && count.operations + size < run.operations; next += 1) {
      const seed = run.seed * SEEDS_PER_RUN + next;
      seeds.push(seed);
      size += Math.max(1, sizeOf(historyOf(seed)));
    }
    const target = isOneProcess ? testBed.oneProcess : testBed;
    const result = await runHistories(target, seeds.map(historyOf));
    for (const [name, times] of result.tally) {
      count.tally.set(name, (count.tally.get(name) ?? 0) + times);
      count.operations += times;
    }
    count.durationMs += result.durationMs;
    if (result.failures.length > 0) {
      const explained = explain(target, result.failures, run.shortest ? seeds : []);
      return { ...rates(count), failure: await explained };
    }
    run.onProgress?.(count.operations);
  }
  return { ...rates(count), failure: undefined };
}

/** SQLite uses the clock of this process. */
const noSkew: Disposable = { [Symbol.dispose]: () => undefined };

type Count = Pick<ModelResult, "operations" | "tally"> & { readonly durationMs: number };

const rates = ({ durationMs, ...count }: Count) => ({ ...count, perSecond: count.operations / (durationMs / 1_000) });

/** Many shards make small batches, of which several run concurrently. */
const SHARDS_ONE_PROCESS = 16;

/**
 * Opens a database twice, as two processes do, whose writes conflict; and a third time for runs with one process.
 */
async function openTestBed(url: string): Promise<TestBed & { readonly oneProcess: TestBed } & AsyncDisposable> {
  const databases = [await openDatabase(url), await openDatabase(url)];
  const third = await openDatabase(url);
  const database = await openRawDatabase(url);
  const ledgerShards = third.ledgerShards === 1 ? 1 : SHARDS_ONE_PROCESS;
  return {
    ledgers: databases.map(ledgerOn),
    oneProcess: { ledgers: [ledgerOn({ ...third, ledgerShards })], database },
    database,
    [Symbol.asyncDispose]: async () => {
      await database[Symbol.asyncDispose]();
      await Promise.all([...databases, third].map((each) => each.close()));
    },
  };
}

/** Shrinks a failing history. A history that fails only together with others is reported as it is. */
async function explain(testBed: TestBed, failures: readonly Failure[], seeds: readonly number[]): Promise<string> {
  const first = failures.find(({ history }) => history !== null) ?? failures[0];
  const seed = seeds[first?.history ?? -1];
  const all = `${failures.length} histories or databases have violations. The first one:\n  ${first?.findings[0]}`;
  if (seed === undefined || !first) return all;
  let shortest: Failure | undefined;
  const succeeds = async (history: History) => {
    const { failures: own } = await runHistories(testBed, Array<History>(COPIES).fill(history));
    shortest = own[0] ?? shortest;
    return own.length === 0;
  };
  await fc.check(fc.asyncProperty(histories, succeeds), {
    ...{ seed, numRuns: 1, interruptAfterTimeLimit: SHRINK_WITHIN_MS },
  });
  if (!shortest) return `${all}\nIt does not fail alone. The history:\n${formatHistory(first.events)}`;
  const { events, findings } = shortest;
  return `${all}\nThe shortest failing history:\n${formatHistory(events)}\n${findings.slice(0, 3).join("\n")}`;
}
