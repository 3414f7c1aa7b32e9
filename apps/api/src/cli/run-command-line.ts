import { stripVTControlCharacters } from "node:util";
import { type ParsedArgs, renderUsage } from "citty";
import { version } from "../version.ts";
import { argumentErrors } from "./argument-errors.ts";
import { declaredBy } from "./declared-arguments.ts";
import { type Command, findCommand, resolveValue } from "./find-command.ts";
import { t } from "./language.ts";
import { printError } from "./print.ts";
import { readArguments } from "./read-arguments.ts";

/**
 * Runs the command that `words` name: the only way a command is run. Nothing is opened, read or changed before every word
 * is known to be one that the command declares. Exit code 1 otherwise.
 */
export async function runCommandLine(root: Command, words: readonly string[]): Promise<void> {
  const found = await findCommand(root, words);
  if (!found.ok) return printError(t(found.refusal));
  const { command, path, below, rest } = found.value;
  const declared = declaredBy(path, await resolveValue(command.args ?? {}));
  const read = readArguments(rest, declared);
  if (!read.ok) return printError(`${t(read.refusal)}\n→ ${path} --help`);
  if (read.value.asks !== "run") {
    const text = read.value.asks === "help" ? await helpOf(command, path) : version;
    return void process.stdout.write(`${text}\n`);
  }
  if (below.length > 0) return printError(`${t(argumentErrors.noCommand(path, below))}\n→ ${path} --help`);
  const args = { _: [], ...read.value.values } as unknown as ParsedArgs;
  await command.run?.({ rawArgs: [...rest], args, cmd: command });
}

/** citty shows the name of one parent only, and colours also where no terminal shows them. */
async function helpOf(command: Command, path: string): Promise<string> {
  const above = path.split(" ").slice(0, -1).join(" ");
  const help = await renderUsage(command, { meta: { name: above, version } });
  return process.stdout.isTTY ? help : stripVTControlCharacters(help);
}
