import type { ParamValues } from "./priced-action.ts";

/** How work ended. `ended`: the hold is resolved, and its result is not kept any more. */
type Work =
  | { readonly state: "done"; readonly used: ParamValues }
  | { readonly state: "failed" }
  | { readonly state: "ended" };

/** How work is done, and whether its hold still pays for it. */
type Job = { isOpen(): Promise<boolean>; run(): Promise<ParamValues> };

/** Longer than any hold of this site is open: after it, `isOpen` refuses the work. */
const KEPT_MS = 3_600_000;

/**
 * The work of each hold, claimed before it begins. This example keeps it in the memory of one process; a real site claims
 * the hold in its database, by a row with a unique hold, and stores the result there.
 */
const works = new Map<string, Promise<Work>>();

/** Does the work of a hold, or returns what it was: a repeated press waits for the same work, and does not begin another. */
export function workOnce(holdId: string, job: Job): Promise<Work> {
  const claimed = works.get(holdId);
  if (claimed !== undefined) return claimed;
  const work = begin(job);
  works.set(holdId, work);
  setTimeout(() => works.delete(holdId), KEPT_MS).unref();
  // Without an answer to `isOpen`, nothing has begun.
  work.catch(() => works.delete(holdId));
  return work;
}

async function begin({ isOpen, run }: Job): Promise<Work> {
  if (!(await isOpen())) return { state: "ended" };
  return run().then(
    (used) => ({ state: "done", used }) as const,
    () => ({ state: "failed" }) as const,
  );
}
