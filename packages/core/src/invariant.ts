/** A broken invariant: the books would be wrong, so the command stops before anything is written. */
export class InvariantError extends Error {
  override name = "InvariantError";
}

/**
 * Stays on in production: better to stop than to write a wrong book.
 * @throws InvariantError when `condition` does not hold.
 */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
