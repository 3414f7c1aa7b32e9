import type { TestProject } from "vitest/node";
import { dropTemplates, newTemplateName } from "./database-template.ts";
import { findMongodb } from "./mongodb.ts";
import { findMysql } from "./mysql.ts";
import { findPostgresql } from "./postgres.ts";
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
    /** The name of the databases that `migratedDatabase` copies. */
    templateName: string;
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
 * Finds the databases, once for the whole run.
 * @returns a function that stops those that were started for the run, and removes the templates of its databases.
 * @throws Error when one is missing that is required: in CI, by its variable, or by REQUIRE_DATABASES.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  project.provide("mongodbUrl", await findMongodb(process.env));
  const found = await Promise.all([postgresql, mysql].map(findOrSkip));
  const available = found.filter((each) => each !== undefined);
  console.log(`Tests run on ${["SQLite", ...available.map(({ description }) => description)].join(", ")}`);
  console.log(`Time limits are ${timeoutScale(process.env)} times those of an idle machine (TEST_TIMEOUT_SCALE)`);
  const servers = { postgresqlUrl: found[0]?.url ?? "", mysqlUrl: found[1]?.url ?? "" };
  const templateName = newTemplateName();
  project.provide("postgresqlUrl", servers.postgresqlUrl);
  project.provide("mysqlUrl", servers.mysqlUrl);
  project.provide("templateName", templateName);
  return async () => {
    await dropTemplates(templateName, servers);
    await Promise.all(available.map(async (each) => each.stop?.()));
  };
}

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
