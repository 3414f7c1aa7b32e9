import { type Refusal, refusals } from "@jifen/contract";
import type { z } from "zod";
import { fieldIssues } from "../http/error-response.ts";
import { t, toldOf } from "./language.ts";

/** Says on standard output what was done: as JSON for programs, or in words. */
export function print(isJson: boolean, result: unknown, words: string): void {
  process.stdout.write(isJson ? `${JSON.stringify(result, null, 2)}\n` : `${words}\n`);
}

/** Says on standard error what is wrong and what would be right; the exit code is 1. */
export function printError(words: string): void {
  process.stderr.write(`${words}\n`);
  process.exitCode = 1;
}

/** The same about a refusal. */
export function printRefusal({ code, ...numbers }: Refusal): void {
  const about = Object.keys(numbers).length > 0 ? ` ${JSON.stringify(numbers)}` : "";
  printError(`${code}: ${t(refusals[code])}${about}`);
}

/** What was typed, as the operation of the same name would take it; undefined, and said, when it would not. */
export function parseInput<Input extends z.ZodType>(schema: Input, typed: unknown): z.output<Input> | undefined {
  const parsed = schema.safeParse(typed);
  if (parsed.success) return parsed.data;
  for (const { path, message } of fieldIssues(parsed.error)) {
    printError(`${path}: ${toldOf(message)}`);
  }
  return undefined;
}

/** What every command takes: whether a program reads along. */
export const jsonArgument = {
  type: "boolean",
  description: t({ en: "Prints the result as JSON, for programs.", zh: "以 JSON 输出结果。" }),
  default: false,
} as const;
