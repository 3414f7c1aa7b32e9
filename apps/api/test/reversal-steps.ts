import type { Database } from "@jifen/database";
import { pino } from "pino";
import { expect } from "vitest";
import type { PaymentDeps } from "../src/modules/billing/payment-deps.ts";
import { failReversal } from "../src/modules/billing/reversals/give-back.ts";
import { openLedger } from "../src/modules/credits/open-ledger.ts";
import { createIds } from "../src/values/ids.ts";

const newId = createIds(Date.now);
const log = pino({ level: "silent" });

/** An id as orders and reversals have it. */
export const newNumber = (): string =>
  newId("event")
    .replace(/^event-/, "")
    .replaceAll("-", "");

/** What a process of a server needs for the steps of a reversal that ask no provider. */
export const depsOf = (database: Database): PaymentDeps =>
  ({
    ...{ database, ledger: openLedger(database, newId), newId, newOrderId: newNumber, log, nowMs: Date.now },
    suspendForDispute: undefined,
  }) as unknown as PaymentDeps;

/**
 * Ends a refund as a process does whose provider has refused it.
 * @param isKilled whether the process dies when the credits are given back and that is not noted
 */
export async function refuseRefund(database: Database, reversalId: string, isKilled = false): Promise<void> {
  const reversal = await database.reversals.findById(reversalId);
  if (!reversal) throw new Error(`there is no reversal ${reversalId}`);
  let isGivenBack = false;
  const deps = depsOf(database);
  const killed = {
    ...deps,
    ledger: {
      ...deps.ledger,
      grant: async (grant: Parameters<typeof deps.ledger.grant>[0]) => {
        const outcome = await deps.ledger.grant(grant);
        isGivenBack = true;
        return outcome;
      },
    },
    database: {
      ...database,
      reversals: {
        ...database.reversals,
        change: ((...change: Parameters<typeof database.reversals.change>) =>
          isGivenBack ? Promise.reject(new Error("killed")) : database.reversals.change(...change)) as never,
      },
    },
  };
  const failure = { event: "refused by the provider", source: "time" } as const;
  if (isKilled) await expect(failReversal(killed, reversal, failure)).rejects.toThrow("killed");
  else expect(await failReversal(deps, reversal, failure)).toMatchObject({ state: "failed" });
}
