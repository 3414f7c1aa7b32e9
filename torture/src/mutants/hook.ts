/** Loaded before anything else: puts a seeded bug into the sources as they are loaded; the files stay as they are. */
import { registerHooks } from "node:module";
import { MUTANT_VARIABLE, NOT_APPLIED } from "./mutant.ts";
import { mutants } from "./mutants.ts";

const root = new URL("../../../", import.meta.url);
const name = process.env[MUTANT_VARIABLE];
const mutant = mutants.find((each) => each.name === name);
if (!mutant) throw new Error(`${MUTANT_VARIABLE} names no bug: ${name}`);

const waiting = Map.groupBy(mutant.edits, ({ file }) => new URL(file, root).href);

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    const edits = waiting.get(url) ?? [];
    if (edits.length === 0) return loaded;
    waiting.delete(url);
    const source = edits.reduce((text, { file, from, to }) => {
      const pieces = text.split(from);
      if (pieces.length === 2) return pieces.join(to);
      throw new Error(
        `the bug "${mutant.name}" wants one place in ${file}, and there are ${pieces.length - 1}: ${from}`,
      );
    }, String(loaded.source));
    return { ...loaded, source };
  },
});

process.once("exit", () => {
  if (waiting.size === 0 || process.argv[1] === undefined) return;
  process.stderr.write(`${process.argv[1]} never loaded ${[...waiting.keys()].join(", ")}\n`);
  process.exitCode = NOT_APPLIED;
});
