/** An error with the errors that caused it, such as that of the database. */
export function describeError(error: unknown): string {
  const cause = (error as { readonly cause?: unknown } | undefined)?.cause;
  return cause === undefined ? String(error) : `${error}, caused by ${describeError(cause)}`;
}
