import { randomUUIDv7 } from "node:crypto";
import { setImmediate, setTimeout } from "node:timers/promises";
import { accountId, credits, grantId, idempotencyKey, transactionId } from "@jifen/core";
import { type Database, openDatabase } from "@jifen/database";
import { bySystem, createLedger, type Ledger } from "@jifen/ledger";
import type { Bench } from "./bench.ts";
import { checkConsistency, type Tally } from "./consistency-check.ts";
import type { Kind } from "./databases.ts";
import { emailOf, GRANTED, number, USERS } from "./workload.ts";

/** A database with ten thousand accounts, and what the clients know of it. */
export type Accounts = { readonly name: string; readonly url: string; readonly tally: Tally };

/** The store of the ledger as a driver opens it. */
export type OpenStore = Pick<Database, "ledger" | "ledgerShards" | "close">;

/** Builds the ledger as the server does. */
export const ledgerOn = ({ ledger: store, ledgerShards: shards }: OpenStore): Ledger =>
  createLedger({
    store,
    shards,
    newTransactionId: () => transactionId(`txn-${randomUUIDv7()}`),
    wait: (ms) => (ms === 0 ? setImmediate() : setTimeout(ms)),
  });

/** Fewer than may wait in one shard queue. */
const CHUNK = 2_000;

/** Creates a database in which every user's account has credits. It is checked at the end of the run. */
export async function createAccounts(bench: Bench, kind: Kind, name: string): Promise<Accounts> {
  const { databases } = bench;
  const { url } = await databases.create(kind);
  const accounts = await createAccountsAt(bench, url, name);
  if (kind === "postgresql") await databases.checkpoint();
  return accounts;
}

/** The same in a database that exists. */
export async function createAccountsAt(bench: Bench, url: string, name: string): Promise<Accounts> {
  const { report } = bench;
  report.progress(`  creating ${number(USERS)} accounts for ${name}`);
  const database = await openDatabase(url);
  const ledger = ledgerOn(database);
  const seed = async (user: number) => {
    const outcome = await ledger.grant({
      ...bySystem,
      ...{ accountId: accountId(`user:${emailOf(user)}`), idempotencyKey: idempotencyKey.ofSystem("initial") },
      ...{ grantId: grantId(`grant-${user}`), amount: credits(GRANTED), source: "initial", priority: 50 },
      ...{ expiresAtMs: null, reason: "initial", metadata: null },
    });
    if (!outcome.ok) throw new Error(`the grant was refused: ${outcome.refusal.code}`);
  };
  for (let from = 0; from < USERS; from += CHUNK) {
    await Promise.all(Array.from({ length: CHUNK }, (_, n) => seed(from + n + 1)));
  }
  await database.close();
  const tally: Tally = { confirmed: 0, unanswered: 0 };
  bench.checkAtEnd(() => checkConsistency({ name, url, tally }, report));
  return { name, url, tally };
}
