/** The check that must find a mutant: the model or the call log on one of the databases, the race matrix, or a fault run. */
export type Check =
  | "model on sqlite"
  | "model on postgresql"
  | "interleavings"
  | "faults"
  | "logs on sqlite"
  | "logs on postgresql"
  | "logs on mysql";

/** One change of the code, found by its structure: formatting and comments do not matter. */
export type Edit = {
  /** The path from the root of the repository. */
  readonly file: string;
  /** The name of the function, method or constant that contains the code. */
  readonly within: string;
  /** The code as an ast-grep pattern: `$NAME` matches any node. It must match exactly once. */
  readonly pattern: string;
  /** The kind of node to match when the pattern is only a part of a statement, such as `pair` for `({ key: value })`. */
  readonly selector?: string;
  /** The new code, where `$NAME` is the matched node; or a function of the matched code. */
  readonly replacement: string | ((matched: string) => string);
};

/** A seeded bug. */
export type Mutant = {
  /** Kebab case, stable. */
  readonly id: string;
  readonly description: string;
  readonly check: Check;
  readonly edits: readonly Edit[];
};

/** The environment variable with the id of the mutant of a process. */
export const MUTANT_VARIABLE = "JIFEN_MUTANT";

/** The environment variable with the file that applies the mutant, for the servers that such a process starts. */
export const HOOK_VARIABLE = "JIFEN_MUTANT_HOOK";

/** The exit code of a process that did not load all files of its mutant. */
export const NOT_APPLIED = 97;

/** What such a process prints. A server prints it too, and its output is in what is found. */
export const NOT_LOADED = "did not load";
