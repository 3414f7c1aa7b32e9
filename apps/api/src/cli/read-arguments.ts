import { parseArgs } from "node:util";
import type { Wording } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import { argumentErrors } from "./argument-errors.ts";
import { type Declared, shownName } from "./declared-arguments.ts";
import { nearestOf } from "./nearest.ts";

/** The arguments of a command as its `run` receives them, or what the command line asks for instead. */
export type Arguments =
  | { readonly asks: "help" | "version" }
  | { readonly asks: "run"; readonly values: Readonly<Record<string, string | boolean>> };

const tokenize = (words: readonly string[], { options }: Declared) =>
  parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true }).tokens;
type Token = ReturnType<typeof tokenize>[number];
type OptionToken = Extract<Token, { kind: "option" }>;

/**
 * Reads the options and arguments of a command, and refuses every word that the command does not declare: a misspelt
 * option that is ignored makes a command do something else than it was asked for. The strict mode of Node's parser
 * accepts repeated options and empty values, and suggests nothing; the parser of citty accepts everything.
 */
export function readArguments(words: readonly string[], declared: Declared): Outcome<Arguments, Wording> {
  const tokens = tokenize(words, declared);
  const options = tokens.filter((token) => token.kind === "option");
  for (const asks of ["help", "version"] as const) {
    if (options.some(({ name, value }) => name === asks && value === undefined)) return ok({ asks });
  }
  const positionals = tokens.filter((token) => token.kind === "positional").map(({ value }) => value);
  const values = {
    ...declared.defaults,
    ...Object.fromEntries(options.map(({ name, value }) => [name, value ?? true])),
    ...Object.fromEntries(declared.positionals.map((name, at) => [name, positionals[at]] as const).filter(isGiven)),
  };
  const problem =
    optionProblem(options, words, declared) ??
    dashProblem(tokens) ??
    positionalProblem(positionals, declared) ??
    missingProblem(values, declared);
  return problem ? refuse(problem) : ok({ asks: "run", values });
}

const isGiven = (entry: readonly [string, string | undefined]): entry is readonly [string, string] =>
  entry[1] !== undefined;

/** The first option that the command does not know, or that is used in another way than declared. */
function optionProblem(tokens: readonly OptionToken[], words: readonly string[], declared: Declared) {
  const seen = new Set<string>();
  for (const token of tokens) {
    const { name, rawName, value, inlineValue } = token;
    const option = Object.hasOwn(declared.options, name) ? declared.options[name] : undefined;
    if (option === undefined) return unknownOption(words[token.index] ?? rawName, declared);
    if (seen.has(name)) return argumentErrors.repeated(rawName);
    seen.add(name);
    if (option.type === "boolean") {
      if (value !== undefined) return argumentErrors.flagWithValue(rawName, value);
      continue;
    }
    if (value === undefined) return argumentErrors.noValue(rawName, undefined);
    if (!inlineValue && /^-./.test(value)) return argumentErrors.noValue(rawName, value);
    if (value === "") return argumentErrors.emptyValue(rawName);
    if (name === "lang" && value !== "zh" && value !== "en") return argumentErrors.unknownLanguage(value);
  }
  return undefined;
}

function unknownOption(word: string, { path, usage, options, positionals }: Declared): Wording {
  const [shown = ""] = word.split("=");
  const typed = shown.replace(/^-+/, "");
  const names = Object.keys(options);
  const nearest = nearestOf(typed, [...names, ...positionals]);
  if (nearest !== undefined && positionals.includes(nearest)) {
    return argumentErrors.notAnOption(shown, nearest.toUpperCase(), usage);
  }
  const all = names.map((name) => `--${name}`);
  return argumentErrors.unknownOption(shown, path, { nearest: nearest && `--${nearest}`, all });
}

/** Word processors and web pages turn `--` into a dash; the option then looks like an argument. */
function dashProblem(tokens: readonly Token[]): Wording | undefined {
  for (const token of tokens) {
    if (token.kind === "option-terminator") return undefined;
    if (
      token.kind === "positional" &&
      /^[^-]/.test(token.value) &&
      /^[\p{Dash_Punctuation}\u2212]/u.test(token.value)
    ) {
      return argumentErrors.otherDash(token.value);
    }
  }
  return undefined;
}

function positionalProblem(values: readonly string[], declared: Declared): Wording | undefined {
  const { positionals, usage, options } = declared;
  const empty = values.findIndex((value, at) => value === "" && at < positionals.length);
  if (empty >= 0) return argumentErrors.emptyValue(shownName(positionals[empty] ?? "", declared));
  const superfluous = values[positionals.length];
  if (superfluous === undefined) return undefined;
  const [name = ""] = superfluous.split("=");
  const option = superfluous.includes("=") && Object.hasOwn(options, name) ? `--${superfluous}` : undefined;
  return argumentErrors.superfluous(superfluous, usage, option);
}

function missingProblem(values: Readonly<Record<string, unknown>>, declared: Declared): Wording | undefined {
  const missing = declared.required.find((name) => values[name] === undefined);
  return missing === undefined ? undefined : argumentErrors.missing(shownName(missing, declared), declared.usage);
}
