import { randomUUID } from "node:crypto";
import type { LeaseStore } from "@jifen/database";

const LEASE_MS = 15 * 60_000;

/** Keeps servers from processing expirations by the clock of today, between entries of the past. */
export type DemoLease = {
  /** Renews the lease when half of its time has passed. @returns false when it was lost: nothing more can be written */
  keep(): Promise<boolean>;
  release(): Promise<void>;
};

/** Takes the lease for the time in which the history is made. @returns undefined when a server has it */
export async function takeDemoLease(leases: LeaseStore, nowMs: () => number): Promise<DemoLease | undefined> {
  const lease = { name: "expirations", holder: randomUUID() };
  let untilMs = 0;
  const acquire = async (atMs: number) => {
    const isMine = await leases.acquire({ ...lease, nowMs: atMs, untilMs: atMs + LEASE_MS });
    if (isMine) untilMs = atMs + LEASE_MS;
    return isMine;
  };
  if (!(await acquire(nowMs()))) return undefined;
  return {
    keep: async () => {
      const atMs = nowMs();
      // Once it has expired, as in a computer that slept, a server can have taken it and given it back.
      if (atMs >= untilMs) return false;
      return untilMs - atMs > LEASE_MS / 2 || acquire(atMs);
    },
    release: () => leases.release(lease),
  };
}
