/** Loaded before anything else: applies a mutant to the sources while they are loaded. The files are not changed. */
import { registerHooks } from "node:module";
import { isMainThread } from "node:worker_threads";
import { applyEdits } from "./apply.ts";
import { MUTANT_VARIABLE, NOT_APPLIED, NOT_LOADED } from "./mutant.ts";
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

/** What this process has to load: files of the server are loaded by the servers that it starts. */
const isExpected = (url: string) => !url.includes("/apps/api/") || process.argv[1]?.includes("/apps/api/");

process.once("exit", () => {
  const missing = [...waiting.keys()].filter(isExpected);
  // A worker thread loads only a part.
  if (missing.length === 0 || process.argv[1] === undefined || !isMainThread) return;
  process.stderr.write(`${process.argv[1]} ${NOT_LOADED} ${missing.join(", ")}\n`);
  process.exitCode = NOT_APPLIED;
});
