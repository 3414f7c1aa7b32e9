import { setTimeout } from "node:timers/promises";
import {
  type FaultProxy,
  ledgerCommits,
  type OwnMysql,
  type OwnPostgresql,
  openFaultProxy,
  startOwnMysql,
  startOwnPostgresql,
} from "@jifen/testkit/processes";
import { openRawDatabase } from "../checker/raw-database.ts";
import { type Kind, scratchDatabase, scratchFile, scratchOn } from "../scratch.ts";
import { Notebook } from "./client-history.ts";
import { jifenAudit } from "./jifen-audit.ts";
import { Crowd } from "./load-clients.ts";
import { type Random, randomFrom } from "./random.ts";
import { anHourAhead, logIn, makePeople, Replica } from "./site.ts";
import { stepDown } from "./step-down.ts";

/** How much is broken. */
export type FaultRun = {
  readonly seed: number;
  readonly kind: Kind;
  /** Servers ended with kill -9 in the middle of their work. */
  readonly kills: number;
  /** Connections to the database cut when the ledger commits, half of them before it is sent and half after it is answered. */
  readonly cuts: number;
  /**
   * How often the database itself is ended with kill -9, and how often it is stopped where it stands and let go on; on
   * MongoDB, how often its primary steps down.
   */
  readonly stops: number;
  /** Hears what is being done. */
  readonly say: (what: string) => void;
};

/** What came of it. */
export type FaultResult = { readonly findings: readonly string[]; readonly tally: ReadonlyMap<string, number> };

const PEOPLE = 10;

/** Breaks servers, connections and databases under load, then compares what clients were told with the books. */
export function runFaults(run: FaultRun): Promise<FaultResult> {
  switch (run.kind) {
    case "sqlite":
      return onSqlite(run);
    case "postgresql":
    case "mysql":
      return onServer(run, run.kind);
    case "mongodb":
      return onMongodb(run);
    default:
      return run.kind satisfies never;
  }
}

const startOwn = { postgresql: startOwnPostgresql, mysql: () => startOwnMysql() };

/** Two servers on a database of their own, each over a wire that can be cut; the clock of one is wrong. */
async function onServer(run: FaultRun, kind: keyof typeof startOwn): Promise<FaultResult> {
  await using own = await startOwn[kind]();
  await using scratch = await scratchDatabase(own.url);
  return await overWires(run, { url: scratch.url, word: ledgerCommits[kind] }, (random) =>
    stopAgainAndAgain(own, { ...run, random }),
  );
}

/** The same on the server of the tests, whose process is not ours to kill: its primary is told to step down instead. */
async function onMongodb(run: FaultRun): Promise<FaultResult> {
  await using scratch = await scratchOn("mongodb");
  const broken = await overWires(run, { url: scratch.url, word: ledgerCommits.mongodb }, async () => undefined);
  if (run.stops === 0) return broken;
  const { findings, tally } = await runStepDowns({ ...run, serverUrl: scratch.url });
  const both = new Map(broken.tally);
  for (const [name, times] of tally) both.set(name, (both.get(name) ?? 0) + times);
  return { findings: [...broken.findings, ...findings], tally: both };
}

type Wired = { readonly url: string; readonly word: string };

async function overWires(
  run: FaultRun,
  { url, word }: Wired,
  stopIt: (random: Random) => Promise<void>,
): Promise<FaultResult> {
  await using one = await openFaultProxy(url);
  await using other = await openFaultProxy(url);
  const replicas = [new Replica(one.url), new Replica(other.url, anHourAhead)];
  const random = randomFrom(run.seed);
  return await underLoad({ databaseUrl: url, replicas, random, run }, async (crowd) => {
    const kills = run.kills / 2;
    await Promise.all(replicas.map((replica) => killAgainAndAgain(replica, { ...run, kills, random, crowd })));
    await Promise.all([one, other].map((wire) => cutAgainAndAgain(wire, { ...run, word, cuts: run.cuts / 2, random })));
    await stopIt(random);
  });
}

/** A replica set whose primary steps down, by a user who may tell it so. */
export type StepDownRun = Pick<FaultRun, "seed" | "stops" | "say"> & { readonly serverUrl: string };

/** Two servers on a replica set that has another primary again and again. */
export async function runStepDowns(run: StepDownRun): Promise<FaultResult> {
  await using scratch = await scratchDatabase(run.serverUrl);
  const replicas = [new Replica(scratch.url), new Replica(scratch.url, anHourAhead)];
  const random = randomFrom(run.seed);
  return await underLoad({ databaseUrl: scratch.url, replicas, random, run }, async () => {
    for (let stop = 0; stop < run.stops; stop += 1) {
      await setTimeout(500 + random.below(1_000));
      await stepDown(scratch.url);
    }
    run.say(`the primary stepped down ${run.stops} times`);
  });
}

/** One server on a file. */
async function onSqlite(run: FaultRun): Promise<FaultResult> {
  await using scratch = scratchFile();
  const replicas = [new Replica(scratch.url)];
  const random = randomFrom(run.seed);
  return await underLoad({ databaseUrl: scratch.url, replicas, random, run }, (crowd) =>
    killAgainAndAgain(replicas[0] as Replica, { ...run, random, crowd }),
  );
}

type Ground = {
  readonly databaseUrl: string;
  readonly replicas: readonly Replica[];
  readonly random: Random;
  readonly run: Pick<FaultRun, "say">;
};

async function underLoad(ground: Ground, breakThings: (crowd: Crowd) => Promise<void>): Promise<FaultResult> {
  const { databaseUrl, replicas, random, run } = ground;
  const emails = await makePeople(databaseUrl, PEOPLE);
  await Promise.all(replicas.map((replica) => replica.start()));
  const [admin, ...people] = await logIn((replicas[0] as Replica).url, emails);
  if (!admin) throw new Error("nobody was made");
  const notebook = new Notebook();
  const crowd = new Crowd({ notebook, people, admin, random, url: () => random.of(replicas).url });
  await crowd.fund(200);
  crowd.start();
  await breakThings(crowd);
  await setTimeout(200);
  await crowd.stop();
  const logged = await Promise.all(replicas.map((replica) => replica.stop()));
  await using books = await openRawDatabase(databaseUrl);
  const findings = [...(await notebook.judge(books)), ...(await jifenAudit(databaseUrl)), ...logged.flat()];
  const { asked, settled } = crowd.counts;
  run.say(`${asked} requests; ${settled} of them had to be asked for again to know what became of them`);
  return { findings, tally: notebook.tally() };
}

type Breaking = { readonly random: Random; readonly say: (what: string) => void };

/** A server that is ended before it has done anything has nothing to lose. */
const ASKED_BEFORE_A_KILL = 50;

async function killAgainAndAgain(
  replica: Replica,
  how: Breaking & { readonly kills: number; readonly crowd: Crowd },
): Promise<void> {
  while (replica.kills < how.kills) {
    const enough = how.crowd.counts.asked + ASKED_BEFORE_A_KILL;
    await setTimeout(50 + how.random.below(250));
    while (how.crowd.counts.asked < enough) await setTimeout(1);
    await replica.kill();
    await replica.start();
  }
  if (replica.kills > 0) how.say(`a server was ended with kill -9 ${replica.kills} times`);
}

/** A write that is lost while the database stays there is settled by the server itself, mostly. */
const GONE_EVERY = 50;
/** Longer than the server itself tries to find out. */
const GONE_MS = 1_500;

async function cutAgainAndAgain(
  wire: FaultProxy,
  how: Breaking & { readonly word: string; readonly cuts: number },
): Promise<void> {
  const deadline = Date.now() + 5_000 + how.cuts * 500;
  for (let cut = 0; cut < how.cuts && Date.now() < deadline; cut += 1) {
    const isGone = cut % GONE_EVERY === GONE_EVERY - 1;
    wire.loseConnectionAt(
      how.word,
      cut % 2 === 0 ? "before it is sent" : "after it is answered",
      isGone ? "gone" : "there",
    );
    while (wire.lostConnections() <= cut && Date.now() < deadline) await setTimeout(1);
    // Now and then the next cut meets the attempt to find out what became of the last.
    await setTimeout(how.random.of([0, 15, 30, 60]));
    if (isGone) {
      await setTimeout(GONE_MS);
      await wire.restore();
    }
  }
  if (how.cuts > 0) how.say(`${wire.lostConnections()} connections were cut at a write`);
  if (wire.lostConnections() < how.cuts)
    throw new Error(`only ${wire.lostConnections()} of ${how.cuts} cuts happened in time`);
}

async function stopAgainAndAgain(
  own: OwnPostgresql | OwnMysql,
  { stops, random, say }: Breaking & { readonly stops: number },
): Promise<void> {
  for (let stop = 0; stop < stops; stop += 1) {
    await setTimeout(100 + random.below(400));
    await own.kill();
    await own.start();
    await setTimeout(300 + random.below(400));
    own.freeze();
    await setTimeout(random.of([200, 600, 1_200]));
    own.thaw();
  }
  if (stops > 0) say(`the database was ended with kill -9 ${stops} times, and stopped where it stood as often`);
}
