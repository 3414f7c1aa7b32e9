import { randomUUIDv7 } from "node:crypto";
import { setImmediate, setTimeout } from "node:timers/promises";
import { accountId, credits, transactionId } from "@jifen/core";
import { openDatabase } from "@jifen/database";
import { createLedger, type Ledger, Overloaded } from "@jifen/ledger";
import { auditBooks, type Tally } from "../consistency-check.ts";
import { type CallersPlan, type CallersWork, callersAtWork } from "../load/callers.ts";
import type { Report } from "../report/report.ts";
import type { Scratch } from "../scratch.ts";
import { populate } from "../seed-data.ts";
import { AMOUNT, accountsOf, emailOf, type Spread } from "../workload.ts";

/** What to spend from, and by how many. */
export type EngineLoad = CallersPlan & { readonly spread: Spread };

/** The ledger on one database, in this process. */
export type Engine = {
  readonly name: string;
  /** How many batches it commits at once; one account is always in the same lane. */
  readonly lanes: number;
  /** Spends; only Overloaded is a refusal, anything else that is not a consume throws. */
  consume(load: EngineLoad): Promise<CallersWork>;
  /** Closes it, and compares the books with what the callers were told since the site was made. */
  close(): Promise<void>;
};

/** A database with ten thousand accounts. */
export type EngineSite = { readonly tally: Tally; open(): Promise<Engine> };

/** The same, with a way in by SQL. */
export type SqlSite = EngineSite & { readonly scratch: Scratch };

/** A database with tables and nothing in them. */
export type Ground = {
  readonly name: string;
  readonly url: string;
  /** Makes the accounts. */
  populate(): Promise<void>;
  /** @returns what is wrong with the books, in sentences */
  audit(tally: Tally): Promise<string[]>;
};

const names = { sqlite: "engine on SQLite", postgresql: "engine on PostgreSQL", mysql: "engine on MySQL" } as const;

/** Makes the tables and the accounts by SQL. */
export const createEngineSite = async (scratch: Scratch, report: Report): Promise<SqlSite> => ({
  scratch,
  ...(await createEngineOn(
    {
      name: names[scratch.kind],
      url: scratch.url,
      populate: () => populate(scratch),
      audit: (tally) => auditBooks(scratch, tally),
    },
    report,
  )),
});

/** Makes the tables and the accounts. */
export async function createEngineOn({ name, url, ...ground }: Ground, report: Report): Promise<EngineSite> {
  await (await openDatabase(url)).close();
  await ground.populate();
  const tally: Tally = { confirmed: 0, unanswered: 0 };
  const open = async (): Promise<Engine> => {
    // As the server opens it.
    const database = await openDatabase(url);
    const ledger = createLedger({
      store: database.ledger,
      shards: database.ledgerShards,
      newTransactionId: () => transactionId(`txn-${randomUUIDv7()}`),
      wait: (ms) => (ms === 0 ? setImmediate() : setTimeout(ms)),
    });
    return {
      name,
      lanes: database.ledgerShards,
      consume: async (load) => {
        const work = await callersAtWork(load, () => consumeOnce(ledger, load.spread));
        tally.confirmed += work.done;
        return work;
      },
      close: async () => {
        await database.close();
        const findings = await ground.audit(tally);
        for (const finding of findings) report.finding(`${name}: ${finding}`);
        if (findings.length === 0) report.progress(`  ${name}: the books agree`);
      },
    };
  };
  return { tally, open };
}

async function consumeOnce(ledger: Ledger, spread: Spread): Promise<"done" | "refused"> {
  const user = 1 + Math.floor(Math.random() * accountsOf(spread));
  const asked = { accountId: accountId(`user:${emailOf(user)}`), amount: credits(AMOUNT), action: "bench" };
  try {
    const outcome = await ledger.consume({ ...asked, metadata: null });
    if (!outcome.ok) throw new Error(`refused with ${outcome.refusal.code}`);
    return "done";
  } catch (error) {
    if (error instanceof Overloaded) return "refused";
    throw error;
  }
}
