/** A broken invariant: the ledger would become inconsistent, so the command fails before anything is written. */
export class InvariantError extends Error {
  override name = "InvariantError";
}

/**
 * Active in production: a failed command is better than an inconsistent ledger.
 * @throws InvariantError when `condition` does not hold.
 */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
