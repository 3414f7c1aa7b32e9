import type { TestProject } from "vitest/node";
import { citusUrl } from "./citus.ts";
import { findMongodb } from "./mongodb.ts";
import { findMysql } from "./mysql.ts";
import { findPostgresql } from "./postgres.ts";
import { foldersOfEndedRuns } from "./run/ended-runs.ts";
import { removeDatabasesAndFiles, removeRun } from "./run/remove-run.ts";
import { openRunFolder, writeServers } from "./run/run-folder.ts";
import { startWatchdog } from "./run/start-watchdog.ts";
import { serverVariables } from "./server-variables.ts";
import { timeoutScale } from "./time-limit.ts";

declare module "vitest" {
  // biome-ignore lint/style/useConsistentTypeDefinitions: Vitest's own interface is extended.
  export interface ProvidedContext {
    /** The servers on which tests create their databases; the empty text when there is none. */
    postgresqlUrl: string;
    mysqlUrl: string;
    /** A replica set of MongoDB. */
    mongodbUrl: string;
  }
}

/** A database server; `stop` ends one that was started for this run. */
type Found = { readonly url: string; readonly description: string; stop?(): Promise<void> };

type Search = {
  /** Its name in REQUIRE_DATABASES. */
  readonly kind: string;
  /** The environment variable with its URL. */
  readonly variable: string;
  readonly find: (env: NodeJS.ProcessEnv) => Promise<Found>;
};

const postgresql: Search = { kind: "postgresql", variable: serverVariables.postgresql.url, find: findPostgresql };
const mysql: Search = { kind: "mysql", variable: serverVariables.mysql.url, find: findMysql };

/**
 * Opens the folder of the run, and finds the databases, once for the whole run.
 * @returns a function that stops those that were started for the run, and removes its folder and its databases.
 * @throws Error when one is missing that is required: in CI, by its variable, or by REQUIRE_DATABASES.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  for (const ended of foldersOfEndedRuns()) await removeRun(ended).catch(reportLeft);
  const outer = process.env["TMPDIR"];
  const folder = openRunFolder();
  startWatchdog(folder);
  const mongodbUrl = await findMongodb(process.env);
  const found = await Promise.all([postgresql, mysql].map(findOrSkip));
  const available = found.filter((each) => each !== undefined);
  console.log(`Tests run on ${["SQLite", ...available.map(({ description }) => description)].join(", ")}`);
  console.log(`Time limits are ${timeoutScale(process.env)} times those of an idle machine (TEST_TIMEOUT_SCALE)`);
  const servers = { postgresqlUrl: found[0]?.url ?? "", mysqlUrl: found[1]?.url ?? "" };
  project.provide("mongodbUrl", mongodbUrl);
  project.provide("postgresqlUrl", servers.postgresqlUrl);
  project.provide("mysqlUrl", servers.mysqlUrl);
  // A server that was started for the run ends with it, and its databases are in the folder.
  const lasting = available.filter(({ stop }) => stop === undefined).map(({ url }) => url);
  writeServers(folder, [mongodbUrl, ...lasting, citusUrl() ?? ""].filter(Boolean));
  return async () => {
    await Promise.all(available.map(async (each) => each.stop?.()));
    await removeDatabasesAndFiles(folder).catch(reportLeft);
    if (outer === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = outer;
  };
}

/** Such as the files of another user, or databases on a server that does not answer. */
const reportLeft = (error: unknown): void =>
  console.error(`A run of tests cannot be removed completely: ${String(error)}`);

async function findOrSkip({ kind, variable, find }: Search): Promise<Found | undefined> {
  try {
    return await find(process.env);
  } catch (error) {
    if (isRequired(kind, process.env[variable])) throw error;
    console.error(`\n!!! NO ${kind.toUpperCase()}: EVERY TEST ON IT IS SKIPPED. ${String(error)}\n`);
    return undefined;
  }
}

/** A named server must answer. CI must not skip the tests of a database. */
const isRequired = (kind: string, named: string | undefined): boolean =>
  Boolean(process.env["CI"] || named) || (process.env["REQUIRE_DATABASES"] ?? "").split(",").includes(kind);
