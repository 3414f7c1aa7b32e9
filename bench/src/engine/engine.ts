import { accountId, credits } from "@jifen/core";
import { openDatabase } from "@jifen/database";
import { type Ledger, Overloaded, type Shards } from "@jifen/ledger";
import { type Accounts, createAccounts, ledgerOn, type OpenStore } from "../accounts.ts";
import type { Bench } from "../bench.ts";
import type { Stretch } from "../comparison.ts";
import type { Kind } from "../databases.ts";
import { type CallersPlan, type CallersResult, runCallers } from "../load/callers.ts";
import { AMOUNT, emailOf, randomAccount, type Spread } from "../workload.ts";

/** How many callers the rows have. At the most of them are most targets. */
export const CALLERS = [1, 64, 256, 1_024];
export const MANY = 1_024;

/** The ledger in this process. */
export type Engine = {
  readonly name: string;
  readonly shards: Shards;
  /** Spends. Only Overloaded is a refusal; other errors are thrown. */
  consume(load: CallersPlan & { readonly spread: Spread }): Promise<CallersResult>;
  close(): Promise<void>;
};

const names = { sqlite: "SQLite", postgresql: "PostgreSQL", mysql: "MySQL", mongodb: "MongoDB" } as const;

/** Opens an engine on the database of this kind, which all parts share. */
export async function openSharedEngine(bench: Bench, kind: Kind): Promise<Engine> {
  const name = `engine on ${names[kind]}`;
  return openEngine(await bench.once(name, () => createAccounts(bench, kind, name)));
}

/** Opens the ledger, on the store as the server opens it, or on another one. */
export async function openEngine(
  { url, tally, name }: Accounts,
  open: (url: string) => Promise<OpenStore> = openDatabase,
): Promise<Engine> {
  const store = await open(url);
  const ledger = ledgerOn(store);
  return {
    ...{ name, shards: store.ledgerShards, close: () => store.close() },
    consume: async (load) => {
      const result = await runCallers(load, () => consumeOnce(ledger, load.spread));
      tally.confirmed += result.done;
      return result;
    },
  };
}

let requests = 0;

async function consumeOnce(ledger: Ledger, spread: Spread): Promise<"done" | "refused"> {
  const account = accountId(`user:${emailOf(randomAccount(spread))}`);
  try {
    requests += 1;
    const author = { actor: account, requestId: `req-${requests}` };
    const command = { ...author, accountId: account, amount: credits(AMOUNT), action: "bench", metadata: null };
    const outcome = await ledger.consume(command);
    if (!outcome.ok) throw new Error(`refused with ${outcome.refusal.code}`);
    return "done";
  } catch (error) {
    if (error instanceof Overloaded) return "refused";
    throw error;
  }
}

/** A stretch of load on an engine. */
export const engineStretch = (
  { report, options }: Bench,
  engine: Engine,
  load: { readonly spread: Spread; readonly callers: number },
): Stretch => ({
  ...{ what: "consume", spread: load.spread, subject: engine.name, atOnce: load.callers },
  run: async () => {
    const result = await engine.consume({ ...load, seconds: options.seconds });
    if (result.refused > 0) report.finding(`${engine.name}: ${result.refused} refused, with ${load.callers} callers`);
    return result;
  },
});
