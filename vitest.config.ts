import { defineConfig } from "vitest/config";
import { ClosingLineReporter } from "./packages/testkit/src/closing-line-reporter.ts";
import { LongestFirst } from "./packages/testkit/src/longest-first.ts";

// Tests read the packages' sources, not what was built of them.
const conditions = ["@jifen/source"];

export default defineConfig({
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
    globalSetup: "packages/testkit/src/global-setup.ts",
    reporters: ["default", new ClosingLineReporter()],
    passWithNoTests: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LongestFirst },
    // Many tests wait: for a minute that passes, for a server that starts. More workers than this on two cores, where the
    // databases work as well, and tests would wait for one another.
    maxWorkers: 3,
  },
});
