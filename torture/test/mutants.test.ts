import { expect, test } from "vitest";
import type { Mutant } from "../src/mutants/mutant.ts";
import { mutants } from "../src/mutants/mutants.ts";
import { tryMutant } from "../src/mutants/run.ts";

const mutantOf = (id: string) => mutants.find((each) => each.id === id) as Mutant;

// `pnpm torture --mutants` runs all of them; these show that running works.
test.each(["caller-key-ignored", "expired-hold-charged"])("the mutant %s is caught", async (id) => {
  expect(await tryMutant(mutantOf(id))).toMatchObject({ is: "caught" });
});

test("a mutant that could not be applied does not count as caught", async () => {
  const missing = { ...mutantOf("expired-hold-charged"), id: "not-in-the-list" };
  expect(await tryMutant(missing)).toMatchObject({ is: "stale" });
});
