/** What finds a bug: the model over one of the databases, two requests that meet, or a fault at the worst moment. */
export type Check = "model on sqlite" | "model on postgresql" | "meetings" | "faults";

/** One text in one source file in the place of another. */
export type Edit = { readonly file: string; readonly from: string; readonly to: string };

/** A bug that somebody could write. */
export type Mutant = { readonly name: string; readonly check: Check; readonly edits: readonly Edit[] };

/** The variable that names the bug which a process is started with. */
export const MUTANT_VARIABLE = "JIFEN_MUTANT";

/** The variable that names the file which puts it into the sources, for the servers that such a process starts. */
export const HOOK_VARIABLE = "JIFEN_MUTANT_HOOK";

/** The exit code of a process that was told of a bug and did not load all the files that it is in. */
export const NOT_APPLIED = 97;
