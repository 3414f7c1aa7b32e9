import { type Refusal, refusals } from "@jifen/contract";
import type { z } from "zod";
import { fieldIssues } from "../http/error-response.ts";
import { pickText, t } from "./language.ts";

/** Prints a result on standard output: as JSON for programs, or as text. */
export function print(isJson: boolean, result: unknown, text: string): void {
  process.stdout.write(isJson ? `${JSON.stringify(result, null, 2)}\n` : `${text}\n`);
}

/** Prints on standard error what failed and how to correct it, and sets the exit code to 1. */
export function printError(text: string): void {
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}

/** Prints a refusal as an error: its code, as in HTTP responses, its text, and what explains it. */
export function printRefusal(refusal: Refusal): void {
  const { code, ...details } = refusal;
  const issues = refusal.code === "VALIDATION_FAILED" ? refusal.issues : undefined;
  const lines = issues?.map(({ path, message }) => `\n  ${path}: ${pickText(message)}`).join("");
  const explanation = lines ?? (Object.keys(details).length > 0 ? ` ${JSON.stringify(details)}` : "");
  printError(`${code}: ${t(refusals[code])}${explanation}`);
}

/** Parses arguments as the HTTP operation of the same name does; prints VALIDATION_FAILED and returns undefined when they are invalid. */
export function parseInput<Input extends z.ZodType>(schema: Input, typed: unknown): z.output<Input> | undefined {
  const parsed = schema.safeParse(typed);
  if (parsed.success) return parsed.data;
  printRefusal({ code: "VALIDATION_FAILED", issues: fieldIssues(parsed.error) });
  return undefined;
}

/** The `--json` argument of every command. */
export const jsonArgument = {
  type: "boolean",
  description: t({ en: "Prints the result as JSON, for programs.", zh: "以 JSON 输出结果。" }),
  default: false,
} as const;
