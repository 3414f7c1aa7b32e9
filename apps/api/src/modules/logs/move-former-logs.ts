import { setTimeout as sleep } from "node:timers/promises";
import type { Database, FormerLog, NewCallLog } from "@jifen/database";
import { fromFormerLog } from "./former-log.ts";

const BATCH = 200;
/** How long one run works before the lease is renewed. */
const RUN_MS = 2_000;

type Run = { readonly nowMs: () => number; readonly signal: AbortSignal };

/**
 * Moves logs of earlier versions to where logs are now, with their keys and sums. It can stop anywhere: a log that was written
 * and not removed is written and counted once. Callers go first: a pause follows each batch, as long as the batch took.
 * @returns whether there may be more
 */
export async function moveFormerLogs(
  { formerLogs, logs }: Pick<Database, "formerLogs" | "logs">,
  { nowMs, signal }: Run,
): Promise<boolean> {
  for (const startedAt = performance.now(); performance.now() - startedAt < RUN_MS; ) {
    const batchAt = performance.now();
    const former = await formerLogs.list(BATCH);
    if (former.length === 0) return false;
    const moved = former.map(toNewLog);
    await logs.makePlaces(
      nowMs(),
      moved.map(({ countedAtMs }) => countedAtMs),
    );
    const stored = await logs.write(moved);
    // Its key is taken when another server wrote a log with it meanwhile.
    const others = moved.filter(({ id }, at) => stored[at]?.id !== id);
    if (others.length > 0) await logs.write(others.map((log) => ({ ...log, idempotencyKey: null })));
    await formerLogs.remove(former);
    if (former.length < BATCH) return false;
    const isStopping = await sleep(performance.now() - batchAt, false, { signal }).catch(() => true);
    if (isStopping) return true;
  }
  return true;
}

const toNewLog = (former: FormerLog): NewCallLog => ({
  ...fromFormerLog(former),
  idempotencyKey: former.idempotencyKey,
  arrivalId: former.id,
});
