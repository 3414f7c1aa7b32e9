import { expect, test } from "vitest";
import type { Mutant } from "../src/mutants/mutant.ts";
import { mutants } from "../src/mutants/mutants.ts";
import { tryMutant } from "../src/mutants/run.ts";

const named = (name: string) => mutants.find((each) => each.name === name) as Mutant;

// `pnpm torture --mutants` tries all of them; these show that trying works.
test.each(["a caller's key is ignored", "a hold that expires is charged"])("is caught: %s", async (name) => {
  expect(await tryMutant(named(name))).toMatchObject({ is: "caught" });
});

test("a bug that could not be put into the sources is not taken for one that was caught", async () => {
  const gone = { ...named("a hold that expires is charged"), name: "a bug that is in no list" };
  expect(await tryMutant(gone)).toMatchObject({ is: "stale" });
});
