import type { TestProject } from "vitest/node";
import { findMongodb } from "./mongodb.ts";
import { findMysql } from "./mysql.ts";
import { findPostgresql } from "./postgres.ts";

declare module "vitest" {
  // biome-ignore lint/style/useConsistentTypeDefinitions: Vitest's own interface is extended.
  export interface ProvidedContext {
    /** The servers that tests make their databases on; the empty text when there is none. */
    postgresqlUrl: string;
    mysqlUrl: string;
    /** The same of MongoDB: a replica set. */
    mongodbUrl: string;
  }
}

/** A server, and how it is stopped when it was started for this run. */
type Found = { readonly url: string; readonly description: string; stop?(): Promise<void> };

type Search = {
  /** As REQUIRE_DATABASES calls it. */
  readonly kind: string;
  /** The variable that names the server. */
  readonly variable: string;
  readonly find: (env: NodeJS.ProcessEnv) => Promise<Found>;
};

const postgresql: Search = { kind: "postgresql", variable: "TEST_POSTGRES_URL", find: findPostgresql };
const mysql: Search = { kind: "mysql", variable: "TEST_MYSQL_URL", find: findMysql };

/**
 * Finds the databases, once for the whole run.
 * @returns what stops them.
 * @throws Error when one is missing and CI or its variable is set, or REQUIRE_DATABASES names it.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  project.provide("mongodbUrl", await findMongodb(process.env));
  const found = await Promise.all([postgresql, mysql].map(findOrSkip));
  const there = found.filter((each) => each !== undefined);
  console.log(`Tests run on ${["SQLite", ...there.map(({ description }) => description)].join(", ")}`);
  project.provide("postgresqlUrl", found[0]?.url ?? "");
  project.provide("mysqlUrl", found[1]?.url ?? "");
  return async () => {
    await Promise.all(there.map(async (each) => each.stop?.()));
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

/** A server that was named must answer; a continuous integration that skips its databases proves nothing. */
const isRequired = (kind: string, named: string | undefined): boolean =>
  Boolean(process.env["CI"] || named) || (process.env["REQUIRE_DATABASES"] ?? "").split(",").includes(kind);
