import type { TestProject } from "vitest/node";
import { findMongodb } from "./mongodb.ts";
import { findPostgresql } from "./postgres.ts";

declare module "vitest" {
  // biome-ignore lint/style/useConsistentTypeDefinitions: Vitest's own interface is extended.
  export interface ProvidedContext {
    /** The server that tests make their databases on; the empty text when there is none. */
    postgresqlUrl: string;
    /** The same of MongoDB: a replica set. */
    mongodbUrl: string;
  }
}

/**
 * Finds the databases, once for the whole run.
 * @returns what stops them.
 * @throws Error when PostgreSQL is missing and CI or TEST_POSTGRES_URL is set, or REQUIRE_DATABASES names postgresql.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  project.provide("mongodbUrl", await findMongodb(process.env));
  try {
    const server = await findPostgresql(process.env);
    console.log(`Tests run on SQLite and on ${server.description}`);
    project.provide("postgresqlUrl", server.url);
    return server.stop;
  } catch (error) {
    if (isRequired(process.env)) throw error;
    console.error(`\n!!! NO POSTGRESQL: EVERY TEST ON IT IS SKIPPED. ${String(error)}\n`);
    project.provide("postgresqlUrl", "");
    return async () => undefined;
  }
}

/** A server that was named must answer; a continuous integration that skips its databases proves nothing. */
const isRequired = (env: NodeJS.ProcessEnv): boolean =>
  Boolean(env["CI"] || env["TEST_POSTGRES_URL"]) || (env["REQUIRE_DATABASES"] ?? "").split(",").includes("postgresql");
