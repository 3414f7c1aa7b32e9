import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { generatePages } from "./pages.ts";

describe("generated reference pages", () => {
  test.each(generatePages())("$path equals what `pnpm docs:write` writes; run it if this fails", ({ path, text }) => {
    expect(existsSync(path) ? readFileSync(path, "utf8") : "").toBe(text);
  });
});
