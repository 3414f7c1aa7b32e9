import type { ArgsDef } from "citty";
import { jifen } from "../src/cli/commands.ts";
import { type Command, resolveValue } from "../src/cli/find-command.ts";

/** A command that runs. */
export type Leaf = { readonly words: readonly string[]; readonly args: ArgsDef };

/** Every command that runs, below `command`. */
export async function leavesOf(command: Command = jifen, words: readonly string[] = []): Promise<readonly Leaf[]> {
  const below = Object.entries(await resolveValue(command.subCommands ?? {}));
  if (below.length === 0) return [{ words, args: await resolveValue(command.args ?? {}) }];
  const leaves: Leaf[] = [];
  for (const [name, each] of below) leaves.push(...(await leavesOf(await resolveValue(each), [...words, name])));
  return leaves;
}
