import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const copies = new URL("../src/components/jifen/", import.meta.url);
const originals = new URL("../../../packages/client/components/", import.meta.url);

describe("the components that the example site has copied", () => {
  test.each(readdirSync(copies))("%s is the same as in the client package", (file) => {
    expect(readFileSync(new URL(file, copies), "utf8")).toBe(readFileSync(new URL(file, originals), "utf8"));
  });
});
