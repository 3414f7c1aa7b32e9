import { configDefaults, defineConfig, type ViteUserConfig } from "vitest/config";
import { LongestFirst } from "./packages/testkit/src/longest-first.ts";
import { promiseIds } from "./packages/testkit/src/promise.ts";
import { SummaryReporter } from "./packages/testkit/src/summary-reporter.ts";

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
      "torture/test/**/*.test.ts",
    ],
    exclude: [...configDefaults.exclude, ...exclude],
    globalSetup: "packages/testkit/src/global-setup.ts",
    reporters: ["default", new SummaryReporter()],
    passWithNoTests: false,
    // A test that proves what a database promises has the tags of `promise(id, kind)`; `verify:db` selects by them.
    tags: [...promiseIds, "sqlite", "postgresql", "mysql", "mongodb"].map((name) => ({ name })),
    // A test with a dozen commands takes ten seconds alone, and three times that while both cores are busy with others.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LongestFirst },
    // Many tests wait for timers and for servers to start. With more workers than this on two cores, which the databases
    // share, timeouts become likely.
    maxWorkers: 3,
  },
});

// The default run leaves out slow proofs (`*.slow.test.ts`). `pnpm test:full` runs them too.
export default defineConfig(testConfig(["**/*.slow.test.ts"]));
