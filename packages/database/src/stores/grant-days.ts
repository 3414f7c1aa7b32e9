import type { ExtraChange } from "@jifen/ledger";
import type { Records } from "../records/records.ts";
import { createTurns } from "./turns.ts";

/** How many grants of one key wait in this process for the one before. */
const MOST_WAITING = 1_000;

const DAY_MS = 86_400_000;

/** A day of a key: the primary key of its row. */
export type GrantDay = { readonly keyId: string; readonly day: number };

/** What keys have granted, by day. A grant changes the row in its own transaction, with `grantedOn`. */
export type GrantDayStore = {
  /** The credits that a key has granted in a day. Creates the row. */
  granted(day: GrantDay): Promise<number>;
  /** Runs `work` when the earlier works of this key in this process have ended. @throws Overloaded when many wait */
  inTurn<Result>(keyId: string, work: () => Promise<Result>): Promise<Result>;
};

/** The day of a time, in UTC. */
export const grantDayOf = (atMs: number): number => Math.floor(atMs / DAY_MS);

/** The first moment of a day, in epoch milliseconds. */
export const grantDayStartMs = (day: number): number => day * DAY_MS;

/** Days of grants on any database. */
export function createGrantDayStore(records: Records): GrantDayStore {
  const inTurn = createTurns(MOST_WAITING);
  return {
    granted: async ({ keyId, day }) => {
      const stored = await records.get("grant_days", { keyId, day });
      return (stored ?? (await records.insertOnce("grant_days", { keyId, day, granted: 0 }))).granted;
    },
    inTurn,
  };
}

/** The table of the days, as an ExtraWriteConflict names it. */
export const GRANT_DAYS = "grant_days";

/** Adds a grant to the sum of a day, if that is still what was read. */
export const grantedOn = ({ keyId, day }: GrantDay, sum: { from: number; to: number }): ExtraChange => ({
  table: GRANT_DAYS,
  key: { key_id: keyId, day },
  expected: { granted: sum.from },
  set: { granted: sum.to },
});
