import type { Logger } from "pino";

/** Runs `stop` on SIGTERM or SIGINT, and exits: with 0, or with 1 if it fails. `stopping` is aborted first. */
export function stopOnSignal(
  { stopping, log }: { readonly stopping: AbortController; readonly log: Logger },
  stop: () => Promise<void>,
): void {
  const onSignal = async (signal: string) => {
    // A second signal does not speed up the stop: running requests finish first.
    if (stopping.signal.aborted) return;
    stopping.abort();
    try {
      await stop();
      log.info({ signal }, "stopped");
      process.exit(0);
    } catch (error) {
      log.error({ err: error }, "stopped with an error");
      process.exit(1);
    }
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}
