import type { Wording } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { SubCommandsDef } from "citty";
import { argumentErrors } from "./argument-errors.ts";
import { sharedOptions } from "./declared-arguments.ts";
import { nearestOf } from "./nearest.ts";

/** A command of any arguments. */
export type Command = Awaited<Exclude<SubCommandsDef[string], (...args: never) => unknown>>;

/** The command that a command line names. */
export type Found = {
  readonly command: Command;
  /** Its full name, such as `jifen user create`. */
  readonly path: string;
  /** The names of the commands below it; none for a command that runs. */
  readonly below: readonly string[];
  /** Every other word: options and arguments. */
  readonly rest: readonly string[];
};

type Resolvable<Value> = Value | Promise<Value> | (() => Value) | (() => Promise<Value>);

/** The value of what citty lets a command define directly, as a promise or as a function. */
export const resolveValue = async <Value>(value: Resolvable<Value>): Promise<Value> =>
  typeof value === "function" ? (value as () => Value | Promise<Value>)() : value;

const sharedNames = Object.keys(sharedOptions).map((name) => `--${name}`);
const nameIn = (option: string): string => option.split("=")[0] ?? option;
const isShared = (option: string) => [...sharedNames, "-h", "-v"].includes(nameIn(option));

/** Finds the command that `words` name. Only the options of every command can stand before the name of a command. */
export async function findCommand(root: Command, words: readonly string[]): Promise<Outcome<Found, Wording>> {
  let command = root;
  let path = (await resolveValue(root.meta ?? {})).name ?? "";
  let commands = await resolveValue(command.subCommands ?? {});
  const rest: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const below = Object.keys(commands);
    if (below.length === 0) return ok({ command, path, below, rest: [...rest, ...words.slice(at)] });
    const word = words[at] ?? "";
    if (/^-./.test(word) && word !== "--") {
      if (!isShared(word)) return refuse(argumentErrors.unknownOption(nameIn(word), path, { all: sharedNames }));
      const hasValue = word === "--lang" && at + 1 < words.length;
      rest.push(...words.slice(at, hasValue ? at + 2 : at + 1));
      if (hasValue) at += 1;
      continue;
    }
    const next = Object.hasOwn(commands, word) ? commands[word] : undefined;
    if (next === undefined) {
      const suggestion = { nearest: nearestOf(word, below), all: below };
      return refuse(argumentErrors.unknownCommand(word, path, suggestion));
    }
    command = (await resolveValue(next)) as Command;
    path = `${path} ${word}`;
    commands = await resolveValue(command.subCommands ?? {});
  }
  return ok({ command, path, below: Object.keys(commands), rest });
}
