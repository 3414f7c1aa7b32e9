import { configDefaults, defineConfig, type ViteUserConfig } from "vitest/config";
import { LongestFirst } from "./packages/testkit/src/longest-first.ts";
import { promiseIds } from "./packages/testkit/src/promise.ts";
import { shortLivedOptions } from "./packages/testkit/src/server.ts";
import { SummaryReporter } from "./packages/testkit/src/summary-reporter.ts";
import { timeLimit, timeoutScale } from "./packages/testkit/src/time-limit.ts";

// Tests import the sources of the packages, not the build output.
const conditions = ["@jifen/source"];

/** The configuration of all tests, without the files that match `exclude`. */
export const testConfig = (exclude: readonly string[]): ViteUserConfig => ({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      "packages/*/{src,test}/**/*.test.ts",
      "apps/*/{src,test}/**/*.test.ts",
      "scripts/**/*.test.ts",
      "test/**/*.test.ts",
      "ops/test/**/*.test.ts",
      "torture/test/**/*.test.ts",
    ],
    exclude: [...configDefaults.exclude, ...exclude],
    globalSetup: "packages/testkit/src/global-setup.ts",
    reporters: [new SummaryReporter(), "default"],
    passWithNoTests: false,
    // The processes of the tests have the limits that this process computes.
    env: { TEST_TIMEOUT_SCALE: String(timeoutScale(process.env)) },
    // A test that proves what a database promises has the tags of `promise(id, kind)`; `verify:db` selects by them.
    tags: [...promiseIds, "sqlite", "postgresql", "mysql", "mongodb"].map((name) => ({ name })),
    // A test with a dozen commands takes ten seconds alone, and three times that while both cores are busy with others.
    testTimeout: timeLimit(60),
    hookTimeout: timeLimit(60),
    // A busy machine delays what a test waits for: only a failure takes as long as this.
    expect: { poll: { timeout: timeLimit(30) } },
    // The full run shares two cores among servers, databases and browsers for a quarter of an hour. A test that ran out of
    // time runs once more; a wrong result never does. The summary names such tests.
    retry: { count: 1, condition: /timed out in \d+ms|did not succeed in time|Timeout \d+ms exceeded/ },
    sequence: { sequencer: LongestFirst },
    // Most files wait for timers, jobs and servers for more than half of their time. With more workers than this on two
    // cores, which the databases share, timeouts become likely, and PostgreSQL has a hundred connections.
    maxWorkers: 4,
    // As for the processes that tests start: the test processes use Prisma too.
    execArgv: [...shortLivedOptions],
  },
});

// The default run leaves out slow proofs (`*.slow.test.ts`). `pnpm test:full` runs them too.
export default defineConfig(testConfig(["**/*.slow.test.ts"]));
