import { type FieldIssue, type Refusal, refusals } from "@jifen/contract";
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

/** Prints a refusal to standard error, a validation error as one line for each field. */
export function printRefusal(refusal: Refusal): void {
  if (refusal.code === "VALIDATION_FAILED") {
    printIssues(refusal.issues);
    return;
  }
  const { code, ...numbers } = refusal;
  const about = Object.keys(numbers).length > 0 ? ` ${JSON.stringify(numbers)}` : "";
  printError(`${code}: ${t(refusals[code])}${about}`);
}

/** What was typed, as the operation of the same name would take it; undefined, and said, when it would not. */
export function parseInput<Input extends z.ZodType>(schema: Input, typed: unknown): z.output<Input> | undefined {
  const parsed = schema.safeParse(typed);
  if (parsed.success) return parsed.data;
  printIssues(fieldIssues(parsed.error));
  return undefined;
}

function printIssues(issues: readonly FieldIssue[]): void {
  for (const { path, message } of issues) printError(`${path}: ${toldOf(message)}`);
}

/** What every command takes: whether a program reads along. */
export const jsonArgument = {
  type: "boolean",
  description: t({ en: "Prints the result as JSON, for programs.", zh: "以 JSON 输出结果。" }),
  default: false,
} as const;
