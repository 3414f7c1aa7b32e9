import { setTimeout } from "node:timers/promises";
import {
  ledgerCommits,
  type OwnMysql,
  type OwnPostgresql,
  openFaultProxy,
  startOwnMysql,
  startOwnPostgresql,
} from "@jifen/testkit/processes";
import { openRawDatabase } from "../checker/open-raw-database.ts";
import { type Kind, scratchDatabase, scratchFile, scratchOn } from "../scratch.ts";
import { jifenAudit } from "./jifen-audit.ts";
import type { LoadClients } from "./load-clients.ts";
import { loseConnections } from "./lose-connections.ts";
import { type Random, randomFrom } from "./random.ts";
import { anHourAhead, Replica } from "./replica.ts";
import { startLoad } from "./start-load.ts";
import { stepDown } from "./step-down.ts";

/** The faults of one run. */
export type FaultRun = {
  readonly seed: number;
  readonly kind: Kind;
  /** How often a server is ended with kill -9. */
  readonly kills: number;
  /** How many connections are lost while the ledger commits, half before the request is sent and half after the answer. */
  readonly losses: number;
  /** How often the database is ended with kill -9, and as often suspended; on MongoDB, how often its primary steps down. */
  readonly stops: number;
  /** Prints progress. */
  readonly say: (what: string) => void;
};

/** The findings, and how often each kind of request had each result. */
export type FaultResult = { readonly findings: readonly string[]; readonly tally: ReadonlyMap<string, number> };

/** Injects faults into servers, connections and the database under load, then checks the client history. */
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

/** Two servers on an own database server, each through its own fault proxy; the clock of one is wrong. */
async function onServer(run: FaultRun, kind: keyof typeof startOwn): Promise<FaultResult> {
  await using own = await startOwn[kind]();
  await using scratch = await scratchDatabase(own.url);
  return await throughProxies(run, { url: scratch.url, word: ledgerCommits[kind] }, (random) =>
    stopDatabase(own, { ...run, random }),
  );
}

/** The same on the server of the tests, which must not be killed: its primary steps down instead. */
async function onMongodb(run: FaultRun): Promise<FaultResult> {
  await using scratch = await scratchOn("mongodb");
  const lost = await throughProxies(run, { url: scratch.url, word: ledgerCommits.mongodb }, async () => undefined);
  if (run.stops === 0) return lost;
  const { findings, tally } = await runStepDowns({ ...run, serverUrl: scratch.url });
  const both = new Map(lost.tally);
  for (const [name, times] of tally) both.set(name, (both.get(name) ?? 0) + times);
  return { findings: [...lost.findings, ...findings], tally: both };
}

/** A database, and the word at which connections to it are lost. */
type Target = { readonly url: string; readonly word: string };

async function throughProxies(
  run: FaultRun,
  { url, word }: Target,
  stopDatabase: (random: Random) => Promise<void>,
): Promise<FaultResult> {
  await using one = await openFaultProxy(url);
  await using other = await openFaultProxy(url);
  const replicas = [new Replica(one.url), new Replica(other.url, anHourAhead)] as const;
  const random = randomFrom(run.seed);
  return await underLoad({ databaseUrl: url, replicas, random, run }, async (clients) => {
    const [kills, losses] = [run.kills / 2, run.losses / 2];
    await Promise.all(replicas.map((replica) => killRepeatedly(replica, { ...run, kills, random, clients })));
    await Promise.all([one, other].map((proxy) => loseConnections(proxy, { ...run, word, losses, random })));
    await stopDatabase(random);
  });
}

/** A replica set whose URL names a user that is allowed to make the primary step down. */
export type StepDownRun = Pick<FaultRun, "seed" | "stops" | "say"> & { readonly serverUrl: string };

/** Two servers on a replica set whose primary steps down repeatedly. */
export async function runStepDowns(run: StepDownRun): Promise<FaultResult> {
  await using scratch = await scratchDatabase(run.serverUrl);
  const replicas = [new Replica(scratch.url), new Replica(scratch.url, anHourAhead)] as const;
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
  const replica = new Replica(scratch.url);
  const random = randomFrom(run.seed);
  return await underLoad({ databaseUrl: scratch.url, replicas: [replica], random, run }, (clients) =>
    killRepeatedly(replica, { ...run, random, clients }),
  );
}

type Fixture = {
  readonly databaseUrl: string;
  readonly replicas: readonly [Replica, ...Replica[]];
  readonly random: Random;
  readonly run: Pick<FaultRun, "say">;
};

/** How many requests must have an effect after the last fault. */
const EFFECTS_AFTER_FAULTS = 50;

async function underLoad(
  { databaseUrl, replicas, random, run }: Fixture,
  injectFaults: (clients: LoadClients) => Promise<void>,
): Promise<FaultResult> {
  const { history, clients } = await startLoad(databaseUrl, { replicas, random });
  await injectFaults(clients);
  await clients.waitForEffects(EFFECTS_AFTER_FAULTS);
  await clients.stop();
  const logged = await Promise.all(replicas.map((replica) => replica.stop()));
  await using database = await openRawDatabase(databaseUrl);
  const findings = [...(await history.check(database)), ...(await jifenAudit(databaseUrl)), ...logged.flat()];
  const { sent, retried, effects } = clients.counts;
  run.say(`${sent} requests, ${effects} effects; ${retried} requests were retried because their outcome was unknown`);
  return { findings, tally: history.tally() };
}

type Injection = { readonly random: Random; readonly say: (what: string) => void };

/** A server that has not done anything yet has nothing to lose. */
const EFFECTS_BEFORE_A_KILL = 20;

async function killRepeatedly(
  replica: Replica,
  { kills, clients, random, say }: Injection & { readonly kills: number; readonly clients: LoadClients },
): Promise<void> {
  while (replica.kills < kills) {
    await Promise.all([setTimeout(50 + random.below(250)), clients.waitForEffects(EFFECTS_BEFORE_A_KILL)]);
    await replica.kill();
    await replica.start();
  }
  if (replica.kills > 0) say(`a server was ended with kill -9 ${replica.kills} times`);
}

async function stopDatabase(
  own: OwnPostgresql | OwnMysql,
  { stops, random, say }: Injection & { readonly stops: number },
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
  if (stops > 0) say(`the database was ended with kill -9 ${stops} times, and suspended as often`);
}
