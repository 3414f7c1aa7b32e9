import { setImmediate, setTimeout } from "node:timers/promises";
import { transactionId } from "@jifen/core";
import type { Database } from "@jifen/database";
import { createLedger, type Ledger } from "@jifen/ledger";
import type { NewId } from "../../values/ids.ts";

/** Opens the ledger of a database, in the server and in commands. */
export const openLedger = (
  { ledger: store, ledgerShards: shards }: Pick<Database, "ledger" | "ledgerShards">,
  newId: NewId<"txn">,
): Ledger =>
  createLedger({
    store,
    shards,
    newTransactionId: () => transactionId(newId("txn")),
    wait: (ms) => (ms === 0 ? setImmediate() : setTimeout(ms)),
  });
