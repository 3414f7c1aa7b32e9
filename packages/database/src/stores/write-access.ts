import type { Records } from "../records/records.ts";

/** Whether the database can be written, and with which rights. */
export type WriteAccess = {
  /**
   * Changes one row of its own and commits it, by the way of every other write.
   * @throws DatabaseUnavailable or OutcomeUnknown, whose causes `writeProblemOf` reads
   */
  check(): Promise<void>;
  /** The rights that the role lacks, such as `INSERT on logs`. @throws DatabaseUnavailable */
  missingRights(): Promise<readonly string[]>;
};

/** The row is one of the table of leases. No job has this name, and no process reads it. */
const NAME = "write check";

/** Write access on any database. */
export const createWriteAccess = (
  records: Records,
  missingRights: WriteAccess["missingRights"],
  nowMs: () => number = Date.now,
): WriteAccess => ({
  check: () => records.put("job_leases", { name: NAME, holder: "any", untilMs: nowMs() }),
  missingRights,
});
