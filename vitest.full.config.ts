import { defineConfig } from "vitest/config";
import { testConfig } from "./vitest.config.ts";

// Every test, the slow proofs (`*.slow.test.ts`) included.
export default defineConfig(testConfig([]));
