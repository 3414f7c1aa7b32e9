/** How far this process's clock is off: more than anything that a history waits for. */
const OFF_BY_MS = 5 * 24 * 3_600_000;

/**
 * Puts this process's clock days ahead until it is disposed of: where the database is a server, its clock decides
 * about money, and whoever asks another one is found out.
 */
export function wrongClock(): Disposable {
  const { now } = Date;
  Date.now = () => now() + OFF_BY_MS;
  return {
    [Symbol.dispose]: () => {
      Date.now = now;
    },
  };
}
