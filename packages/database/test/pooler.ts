import { hasPgbouncer, leadThrough, type OwnPgbouncer, startPgbouncer } from "@jifen/testkit";
import { afterAll, beforeAll, inject } from "vitest";

/** Whether PostgreSQL and PgBouncer are here. */
export const hasPooler = hasPgbouncer() && inject("postgresqlUrl") !== "";
if (!hasPooler) process.stderr.write("\n!!! NO PGBOUNCER: THE SUITES BEHIND A POOLER ARE SKIPPED\n");

/** Leads the databases of the surrounding `describe` through a PgBouncer of its own. */
export function usePooler(settings: Readonly<Record<string, string | number>>): void {
  let pooler: OwnPgbouncer;
  beforeAll(async () => {
    pooler = await startPgbouncer(inject("postgresqlUrl"), settings);
    const { host } = new URL(pooler.url);
    leadThrough((url) => Object.assign(new URL(url), { host }).href);
  });
  afterAll(async () => {
    leadThrough(undefined);
    await pooler?.[Symbol.asyncDispose]();
  });
}
