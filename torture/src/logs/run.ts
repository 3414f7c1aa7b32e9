import { setTimeout } from "node:timers/promises";
import { type FaultProxy, openFaultProxy } from "@jifen/testkit/processes";
import { openRawDatabase } from "../checker/open-raw-database.ts";
import { jifenAudit } from "../faults/jifen-audit.ts";
import { loseConnections } from "../faults/lose-connections.ts";
import { type Random, randomFrom } from "../faults/random.ts";
import { createUsers, logInUsers, Replica } from "../faults/replica.ts";
import { type Kind, scratchOn } from "../scratch.ts";
import { checkCharges } from "./check-charges.ts";
import { checkLists } from "./check-lists.ts";
import { checkStats } from "./check-stats.ts";
import { countDeadlocks } from "./count-deadlocks.ts";
import { LogClients } from "./log-clients.ts";
import { LogHistory } from "./log-history.ts";

/** The faults of one run. */
export type LogRun = {
  readonly seed: number;
  readonly kind: Kind;
  /** How often a server is ended with kill -9. */
  readonly kills: number;
  /** How many connections are lost at a COMMIT, half before it is sent and half after it was answered; none on SQLite. */
  readonly losses: number;
  /** Prints progress. */
  readonly say: (what: string) => void;
};

/** The findings, and how many logs had each result. */
export type LogRunResult = { readonly findings: readonly string[]; readonly tally: ReadonlyMap<string, number> };

const USERS = 3;
/** A word of the request that commits logs; on MySQL and MongoDB some of these commits are those of the ledger. */
const commits = { postgresql: "logs-insert-together", mysql: "COMMIT", mongodb: "commitTransaction" } as const;

/** Two servers that write to one database, each through a proxy; on SQLite one server. */
type Target = {
  readonly replicas: readonly [Replica, ...Replica[]];
  readonly proxies: readonly FaultProxy[];
  readonly random: Random;
};

/**
 * Writes logs and spends credits under faults, and checks afterwards all that the server says about logs: lists, charges and
 * sums.
 */
export async function runLogs(run: LogRun): Promise<LogRunResult> {
  await using scratch = await scratchOn(run.kind);
  const random = randomFrom(run.seed);
  if (run.kind === "sqlite") {
    return await underLoad(run, scratch.url, { replicas: [new Replica(scratch.url)], proxies: [], random });
  }
  await using one = await openFaultProxy(scratch.url);
  await using other = await openFaultProxy(scratch.url);
  const replicas = [new Replica(one.url), new Replica(other.url)] as const;
  return await underLoad(run, scratch.url, { replicas, proxies: [one, other], random });
}

const LOGS_BEFORE_A_KILL = 40;
const LOGS_AFTER_FAULTS = 200;

async function underLoad(run: LogRun, url: string, { replicas, proxies, random }: Target): Promise<LogRunResult> {
  const emails = await createUsers(url, USERS);
  await Promise.all(replicas.map((replica) => replica.start()));
  const [admin, ...users] = await logInUsers(replicas[0].url, emails);
  if (!admin) throw new Error("no user was created");
  const history = new LogHistory();
  const clients = new LogClients({ history, users, admin, random, url: () => random.of(replicas).url });
  await clients.fund(1_000_000);
  clients.start();
  const kills = Math.ceil(run.kills / replicas.length);
  await Promise.all(replicas.map((replica) => killRepeatedly(replica, { ...run, kills, clients, random })));
  if (run.kind !== "sqlite") {
    const [word, losses] = [commits[run.kind], run.losses / 2];
    await Promise.all(proxies.map((proxy) => loseConnections(proxy, { ...run, word, losses, random })));
  }
  await clients.waitForLogs(LOGS_AFTER_FAULTS);
  await clients.stop();
  run.say(`${history.acknowledged} of ${history.logs.length} logs were acknowledged`);
  const [reader] = replicas;
  const findings = [...history.findings, ...(await checkAll(url, { url: reader.url, users, admin, history }))];
  const logged = await Promise.all(replicas.map((replica) => replica.stop()));
  findings.push(...logged.flat(), ...(await jifenAudit(url)), ...(await jifenAudit(url, "--logs")));
  // Writers that deadlock are retried, but they wait for a second first.
  const deadlocks = run.kind === "postgresql" ? await countDeadlocks(url) : 0;
  if (deadlocks > 0) findings.push(`${deadlocks} transactions ended in a deadlock`);
  return { findings, tally: history.tally };
}

type Checked = {
  readonly url: string;
  readonly users: Parameters<typeof checkLists>[0]["user"][];
  readonly admin: Parameters<typeof checkLists>[0]["user"];
  readonly history: LogHistory;
};

async function checkAll(databaseUrl: string, { url, users, admin, history }: Checked): Promise<readonly string[]> {
  await using database = await openRawDatabase(databaseUrl);
  const { journal } = await database.read("user:");
  const findings: string[] = [];
  for (const user of users) {
    const reader = { url, user };
    const { all, findings: ofLists } = await checkLists(reader, history);
    findings.push(...ofLists, ...(await checkCharges({ url, user: admin }, history, all)));
    const own = journal.filter(({ account }) => account === user.account);
    findings.push(...(await checkStats(reader, { logs: all, journal: own })));
  }
  return findings;
}

type Kills = {
  readonly kills: number;
  readonly clients: LogClients;
  readonly random: Random;
  readonly say: (what: string) => void;
};

/** A server is killed while it writes, after it has been doing so for some hundred milliseconds. */
async function killRepeatedly(replica: Replica, { kills, clients, random, say }: Kills): Promise<void> {
  while (replica.kills < kills) {
    await Promise.all([setTimeout(100 + random.below(400)), clients.waitForLogs(LOGS_BEFORE_A_KILL)]);
    await replica.kill();
    await replica.start();
    if (replica.kills % 10 === 0) say(`a server was ended with kill -9 ${replica.kills} times`);
  }
}
