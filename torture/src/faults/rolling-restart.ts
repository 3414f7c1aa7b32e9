import { setTimeout } from "node:timers/promises";
import type { Replica } from "./replica.ts";

/** How long a service manager waits before it starts a server again that ended by itself. */
const START_AGAIN_MS = 200;

/** What happened during a rolling restart. */
export type RollingRestart = {
  readonly restarts: number;
  /** How long a server took at most from SIGTERM to its end, and from its start until it was ready. */
  readonly longestStopMs: number;
  readonly longestStartMs: number;
  /** When a server ended before it was ready, as it does while its database is away. */
  readonly failedStartsMs: readonly number[];
  /** Errors in the logs of servers that stopped, and wrong exit codes. */
  readonly findings: readonly string[];
};

/** Restarts one server after the other for a while, each when the one before is ready again. */
export async function restartInTurn(
  replicas: readonly Replica[],
  { everyMs, durationMs }: { readonly everyMs: number; readonly durationMs: number },
): Promise<RollingRestart> {
  const beganMs = Date.now();
  const findings: string[] = [];
  const failedStartsMs: number[] = [];
  const [stopMs, startMs]: [number[], number[]] = [[], []];
  let restarts = 0;
  for (let dueMs = beganMs; dueMs < beganMs + durationMs; dueMs = Math.max(dueMs + everyMs, Date.now())) {
    await setTimeout(Math.max(0, dueMs - Date.now()));
    const replica = replicas[restarts % replicas.length] as Replica;
    const stoppingMs = Date.now();
    findings.push(...(await replica.stop()));
    const stoppedMs = Date.now();
    while (!(await hasStarted(replica))) {
      failedStartsMs.push(Date.now());
      await setTimeout(START_AGAIN_MS);
    }
    stopMs.push(stoppedMs - stoppingMs);
    startMs.push(Date.now() - stoppedMs);
    restarts += 1;
  }
  return {
    restarts,
    longestStopMs: Math.max(...stopMs),
    longestStartMs: Math.max(...startMs),
    failedStartsMs,
    findings,
  };
}

const hasStarted = (replica: Replica): Promise<boolean> =>
  replica.start().then(
    () => true,
    () => false,
  );
