import { defineConfig } from "vitest/config";
import full from "../../vitest.full.config.ts";

export default defineConfig({
  ...full,
  test: { ...full.test, setupFiles: [`${import.meta.dirname}/prepare-databases.ts`] },
});
