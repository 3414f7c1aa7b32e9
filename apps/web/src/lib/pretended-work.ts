import { setTimeout as sleep } from "node:timers/promises";

const WORK_MS = 800;
/** How much of an ordered quantity the pretended work uses. */
const USED_PART = 0.8;

/**
 * Where a real site calls its model. This example waits, and reports that a fifth of each quantity was not needed.
 * @param ordered the parameters that settle @returns what was used of them
 */
export async function doWork(ordered: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  await sleep(WORK_MS);
  return Object.fromEntries(
    Object.entries(ordered).map(([name, value]) => {
      const quantity = Number(value);
      return [name, Number.isFinite(quantity) ? String(Math.max(1, Math.ceil(quantity * USED_PART))) : value];
    }),
  );
}
