import type { Refusal } from "@jifen/contract";
import { type Outcome, refuse } from "@jifen/core";
import { GRANT_DAYS, grantDayOf, grantDayStartMs, grantedOn } from "@jifen/database";
import { type Entry, ExtraWriteConflict, type ExtraWrites, Overloaded } from "@jifen/ledger";
import { isoTime } from "../../../values/iso-time.ts";
import { readDatabaseClock } from "../../billing/catalogue/database-clock.ts";
import type { Deps } from "../deps.ts";

/** How often a grant is tried again while grants of the same key at other servers win. */
const MAX_ATTEMPTS = 50;

/** What the sum of a day never is: a change that expects it is never made. */
const NEVER = -1;

/** A key with the scope credits:grant, and how much of its limit a grant uses. */
export type LimitedGrant = { readonly keyId: string; readonly limit: number; readonly amount: number };

/** Runs the grant with what it has to write besides its entry. */
type RunGrant<Granted> = (writes: (entry: Entry) => ExtraWrites) => Promise<Granted>;

/**
 * Runs a grant that may not exceed the daily limit of its key, for concurrent grants of several servers as well: the sum of
 * the day is changed in the transaction of the entry, from the value that was read. A replay changes nothing, so it answers
 * as the first execution did even when the limit is reached.
 * Refuses with GRANT_LIMIT_REACHED. @throws Overloaded when grants of other servers keep winning
 */
export async function grantWithinLimit<Granted>(
  { grantLimits: database }: Pick<Deps, "grantLimits">,
  grant: LimitedGrant,
  run: RunGrant<Granted>,
): Promise<Granted | Outcome<never, Refusal<"GRANT_LIMIT_REACHED">>> {
  return database.grantDays.inTurn(grant.keyId, async () => {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const day = grantDayOf(await readDatabaseClock(database));
      const used = await database.grantDays.granted({ keyId: grant.keyId, day });
      const isWithin = used + grant.amount <= grant.limit;
      try {
        // Above the limit only a replay gets through: nothing else can write what it has to.
        return await run(addingTo(grant, isWithin ? used : NEVER));
      } catch (error) {
        if (!(error instanceof ExtraWriteConflict && error.table === GRANT_DAYS)) throw error;
      }
      if (!isWithin) return refuse(limitReached(grant, { used, day }));
    }
    throw new Overloaded(`key ${grant.keyId} grants at other servers`);
  });
}

/** The change of the sum of the day in which the entry is written, which can be the one after the day that was read. */
const addingTo =
  ({ keyId, amount }: LimitedGrant, used: number) =>
  ({ createdAtMs }: Entry): ExtraWrites => ({
    changes: [grantedOn({ keyId, day: grantDayOf(createdAtMs) }, { from: used, to: used + amount })],
  });

const limitReached = ({ limit }: LimitedGrant, { used, day }: { used: number; day: number }) =>
  ({ code: "GRANT_LIMIT_REACHED", limit, used, resetsAt: isoTime(grantDayStartMs(day + 1)) }) as const;
