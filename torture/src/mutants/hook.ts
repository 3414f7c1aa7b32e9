/** Loaded before anything else: applies a mutant to the sources while they are loaded. The files are not changed. */
import { registerHooks } from "node:module";
import { applyEdits } from "./apply.ts";
import { MUTANT_VARIABLE, NOT_APPLIED } from "./mutant.ts";
import { mutants } from "./mutants.ts";

const root = new URL("../../../", import.meta.url);
const id = process.env[MUTANT_VARIABLE];
const mutant = mutants.find((each) => each.id === id);
if (!mutant) throw new Error(`${MUTANT_VARIABLE} is not the id of a mutant: ${id}`);

const waiting = Map.groupBy(mutant.edits, ({ file }) => new URL(file, root).href);

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    const edits = waiting.get(url) ?? [];
    if (edits.length === 0) return loaded;
    waiting.delete(url);
    return { ...loaded, source: applyEdits(String(loaded.source), edits) };
  },
});

process.once("exit", () => {
  if (waiting.size === 0 || process.argv[1] === undefined) return;
  process.stderr.write(`${process.argv[1]} did not load ${[...waiting.keys()].join(", ")}\n`);
  process.exitCode = NOT_APPLIED;
});
