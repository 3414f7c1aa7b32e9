import type { JifenError } from "@jifen/client";
import { createContext, use } from "react";

/** The error of the last submission of the form around a field. */
export const FormError = createContext<JifenError | null>(null);

/** What is wrong with the value of a field, in the words of the server; undefined when nothing is. */
export function useFieldIssue(name: string): string | undefined {
  const issues = issuesOf(use(FormError));
  return issues.find(({ path }) => path === name || path.startsWith(`${name}.`))?.message;
}

/** The fields that the server refused. */
export function issuesOf(error: JifenError | null): readonly { readonly path: string; readonly message: string }[] {
  return error?.code === "VALIDATION_FAILED" ? (error as JifenError<"VALIDATION_FAILED">).details.issues : [];
}
