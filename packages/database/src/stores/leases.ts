import type { Records } from "../records/records.ts";

/** Which process runs a job: a lease has one holder at a time, and ends by itself. */
export type LeaseStore = {
  /**
   * Takes or renews the lease `name` for `holder` until `untilMs`, when it is free, expired at `nowMs`, or held by `holder`
   * already.
   * @returns whether `holder` has it now
   */
  acquire(lease: {
    readonly name: string;
    readonly holder: string;
    readonly nowMs: number;
    readonly untilMs: number;
  }): Promise<boolean>;
  /** Gives the lease up if `holder` still has it. */
  release(lease: { readonly name: string; readonly holder: string }): Promise<void>;
};

/** Leases on any database. */
export const createLeaseStore = (records: Records): LeaseStore => ({
  acquire: async ({ name, holder, nowMs, untilMs }) => {
    const free = { name, or: [{ holder }, { untilMs: { lte: nowMs } }] };
    if ((await records.update("job_leases", free, { set: { holder, untilMs } })) === 1) return true;
    if (await records.get("job_leases", { name })) return false;
    return (await records.insertOnce("job_leases", { name, holder, untilMs })).holder === holder;
  },

  release: async ({ name, holder }) => {
    await records.delete("job_leases", { name, holder });
  },
});
