import type { Environment } from "../../../settings/define-settings.ts";

/** What is missing of a channel with half of its settings: it must neither take orders nor seem to be off. */
export function missingSettings(environment: Environment, title: string, required: readonly string[]): string[] {
  const missing = required.filter((name) => environment[name] === undefined);
  if (missing.length === required.length) return [];
  return missing.map((name) => `${name} is missing: ${title} needs ${required.join(", ")}`);
}

/** The message of a form that a checking function describes. */
export const problemIssue =
  (problemOf: (text: string) => string | undefined) =>
  (text: string, issue: { addIssue: (message: string) => void }): void => {
    const problem = problemOf(text);
    if (problem !== undefined) issue.addIssue(problem);
  };

/** The parts of a list that commas separate. */
export const listOf = (text: string): string[] =>
  text
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
