import { type Refusal, refusals } from "@jifen/contract";
import type { z } from "zod";
import { fieldIssues } from "../http/error-response.ts";
import { pickText, t } from "./language.ts";

/** Texts of users are printed: a control character in one of them could change what the terminal shows. */
const withoutControls = (text: string): string => text.replaceAll(/[^\P{Cc}\n\t]/gu, "\ufffd");

/** JSON escapes the other control characters itself. */
const escapeControls = (json: string): string =>
  json.replaceAll(/[\u007f-\u009f]/g, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Prints a result on standard output: as JSON for programs, or as text. */
export function print(isJson: boolean, result: unknown, text: string): void {
  const shown = isJson ? escapeControls(JSON.stringify(result, null, 2)) : withoutControls(text);
  process.stdout.write(`${shown}\n`);
}

/** Prints on standard error what failed and how to correct it, and sets the exit code to 1. */
export function printError(text: string): void {
  process.stderr.write(`${withoutControls(text)}\n`);
  process.exitCode = 1;
}

/** Prints a refusal as an error: its code, as in HTTP responses, its text, and what explains it. */
export function printRefusal(refusal: Refusal): void {
  const { code, ...details } = refusal;
  const issues = "issues" in refusal ? refusal.issues : undefined;
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
