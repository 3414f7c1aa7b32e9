import type { Server } from "node:net";
import { setImmediate } from "node:timers/promises";

/** How long to wait for a turn of the event loop without a new connection. Under load nearly every turn has one. */
const WITHIN_MS = 1_000;
/** A turn that does nothing: in a longer one, connections arrive that the next turn would accept. */
const SHORT_TURN_MS = 0.2;

/**
 * Accepts the connections that the operating system has completed for this server, and resolves right after a short turn of
 * the event loop in which there was none. When the port is closed then, hardly any connection is left that the operating
 * system would reset together with the request on it.
 */
export async function acceptPending(server: Server): Promise<void> {
  const deadlineMs = performance.now() + WITHIN_MS;
  let accepted = 0;
  const count = () => {
    accepted += 1;
  };
  server.on("connection", count);
  // The first turn has begun before.
  await setImmediate();
  for (let isQuiet = false; !isQuiet && performance.now() < deadlineMs; ) {
    const [before, beganMs] = [accepted, performance.now()];
    await setImmediate();
    isQuiet = accepted === before && performance.now() - beganMs < SHORT_TURN_MS;
  }
  server.off("connection", count);
}
