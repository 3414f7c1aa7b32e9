/** The clock skew: more than any expiry of a history. */
const SKEW_MS = 5 * 24 * 3_600_000;

/**
 * Sets this process's clock days ahead until it is disposed of. On a database server, only the server's clock may decide:
 * code that uses another clock fails the checks.
 */
export function skewClock(): Disposable {
  const { now } = Date;
  Date.now = () => now() + SKEW_MS;
  return {
    [Symbol.dispose]: () => {
      Date.now = now;
    },
  };
}
