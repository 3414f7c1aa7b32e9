import { openDatabase } from "@jifen/database";
import fc from "fast-check";
import { openBooks } from "../checker/books.ts";
import { transcribe } from "../checker/transcript.ts";
import { type History, histories, sizeOf } from "./history.ts";
import { type Fault, type Ground, ledgerOn, playBundle, type Tally } from "./history-batch.ts";
import { wrongClock } from "./wrong-clock.ts";

/** What to do, and where. */
export type ModelRun = {
  /** An empty database. */
  readonly url: string;
  /** About how many requests to make. */
  readonly operations: number;
  readonly seed: number;
  /** Whether the shortest history that fails is looked for. */
  readonly shortest: boolean;
  /** Hears how many have been made, now and then. */
  readonly onProgress?: (operations: number) => void;
};

/** What came of it. */
export type ModelResult = {
  readonly operations: number;
  /** Without judging. */
  readonly perSecond: number;
  readonly tally: Tally;
  /** What is wrong, for people; undefined when nothing is. */
  readonly failure: string | undefined;
};

/**
 * How many histories are played side by side, one bundle after the other: many share a transaction, as under load, and
 * few leave each request almost alone with the same request of another process.
 */
const SIDE_BY_SIDE = [1_000, 40, 4, 4, 40, 4, 4, 40, 1];
/** The same where there is one process: the fewer share a batch, the more often it goes by what is remembered. */
const SIDE_BY_SIDE_ALONE = [40, 4, 1, 4];
/** For how long the shortest history that still fails is looked for. */
const SHRINK_WITHIN_MS = 60_000;
/** Several at once, so that they get into each other's way as the first one's neighbours did. */
const COPIES = 4;
/** Keeps the seeds of one run apart from those of the next. */
const SEEDS_PER_RUN = 1_000_003;

const historyOf = (seed: number): History => fc.sample(histories, { seed, numRuns: 1 })[0] ?? [];

/** Plays histories from one seed on until enough requests have been made, or something is wrong. */
export async function runModel(run: ModelRun): Promise<ModelResult> {
  await using ground = await openGround(run.url);
  using _ = run.url.startsWith("file:") ? rightClock : wrongClock();
  const count = { operations: 0, playedMs: 0, tally: new Map<string, number>() };
  for (let [next, bundle] = [0, 0]; count.operations < run.operations; bundle += 1) {
    const seeds: number[] = [];
    const isAlone = bundle % 4 !== 0;
    const sizes = isAlone ? SIDE_BY_SIDE_ALONE : SIDE_BY_SIDE;
    const most = sizes[Math.floor(bundle / 4) % sizes.length] ?? 1;
    for (let size = 0; seeds.length < most && count.operations + size < run.operations; next += 1) {
      const seed = run.seed * SEEDS_PER_RUN + next;
      seeds.push(seed);
      size += Math.max(1, sizeOf(historyOf(seed)));
    }
    const here = isAlone ? ground.alone : ground;
    const played = await playBundle(here, seeds.map(historyOf));
    for (const [name, times] of played.tally) {
      count.tally.set(name, (count.tally.get(name) ?? 0) + times);
      count.operations += times;
    }
    count.playedMs += played.playedMs;
    if (played.faults.length > 0) {
      const explained = explain(here, played.faults, run.shortest ? seeds : []);
      return { ...rates(count), failure: await explained };
    }
    run.onProgress?.(count.operations);
  }
  return { ...rates(count), failure: undefined };
}

/** SQLite has no clock but this process's. */
const rightClock: Disposable = { [Symbol.dispose]: () => undefined };

type Count = Pick<ModelResult, "operations" | "tally"> & { readonly playedMs: number };

const rates = ({ playedMs, ...count }: Count) => ({ ...count, perSecond: count.operations / (playedMs / 1_000) });

/** Many lanes make small batches: what a process remembers counts only where nobody in the batch is refused. */
const LANES_ALONE = 16;

/**
 * Two processes' worth of connections on one database, which are in each other's way, and a third one for when there is
 * only one: it may go by what it remembers.
 */
async function openGround(url: string): Promise<Ground & { readonly alone: Ground } & AsyncDisposable> {
  const databases = [await openDatabase(url), await openDatabase(url)];
  const third = await openDatabase(url);
  const books = await openBooks(url);
  const ledgerShards = third.ledgerShards === 1 ? 1 : LANES_ALONE;
  return {
    ledgers: databases.map(ledgerOn),
    alone: { ledgers: [ledgerOn({ ...third, ledgerShards })], books },
    books,
    [Symbol.asyncDispose]: async () => {
      await books[Symbol.asyncDispose]();
      await Promise.all([...databases, third].map((database) => database.close()));
    },
  };
}

/** Looks for the shortest history that fails by itself; some only fail in company, and are told as they are. */
async function explain(ground: Ground, faults: readonly Fault[], seeds: readonly number[]): Promise<string> {
  const first = faults.find(({ history }) => history !== null) ?? faults[0];
  const seed = seeds[first?.history ?? -1];
  const all = `${faults.length} accounts or books are wrong. The first finding:\n  ${first?.findings[0]}`;
  if (seed === undefined || !first) return all;
  let shortest: Fault | undefined;
  const succeedsAlone = async (history: History) => {
    const { faults: alone } = await playBundle(ground, Array<History>(COPIES).fill(history));
    shortest = alone[0] ?? shortest;
    return alone.length === 0;
  };
  await fc.check(fc.asyncProperty(histories, succeedsAlone), {
    ...{ seed, numRuns: 1, interruptAfterTimeLimit: SHRINK_WITHIN_MS },
  });
  if (!shortest) return `${all}\nIt does not fail by itself. What was asked:\n${transcribe(first.events)}`;
  const { events, findings } = shortest;
  return `${all}\nThe shortest history that fails:\n${transcribe(events)}\n${findings.slice(0, 3).join("\n")}`;
}
