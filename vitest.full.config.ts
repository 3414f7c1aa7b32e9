import { defineConfig } from "vitest/config";
import { testConfig } from "./vitest.config.ts";

const config = testConfig([]);

// Every test, the slow proofs (`*.slow.test.ts`) included, and all suites of the API on every database.
export default defineConfig({
  ...config,
  test: { ...config.test, env: { ...config.test?.env, ALL_DATABASES: "true" } },
});
