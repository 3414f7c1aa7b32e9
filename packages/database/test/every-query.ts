import { accountOf, holdId } from "@jifen/core";
import type { Database } from "../src/index.ts";
import { balanceOn, firstGrantOf, granting, newAccount, perform } from "./commands.ts";
import { newEvent, newLog, newUser, newUserId } from "./samples.ts";

/** One call of each kind. */
export const asks: { says: string; ask: (database: Database) => Promise<unknown> }[] = [
  { says: "a commit", ask: (database) => perform(database.ledger, granting(newAccount(), 1)) },
  { says: "reading a balance", ask: (database) => balanceOn(database.ledger, newAccount()) },
  { says: "finding a user", ask: (database) => database.users.find(newUserId()) },
  {
    says: "creating a user",
    ask: (database) => {
      const user = newUser();
      return database.users.create({ user, firstGrant: firstGrantOf(accountOf(user.id), 1), event: newEvent() });
    },
  },
  {
    says: "setting a password",
    ask: (database) =>
      database.users.change({ id: newUserId(), set: { passwordHash: "$2b$12$hash" }, event: newEvent() }),
  },
  { says: "a log", ask: (database) => database.logs.write([newLog()]) },
  { says: "finding expired accounts", ask: (database) => database.ledger.findExpiredAccounts(1) },
  { says: "reading a history", ask: (database) => database.history.entries(newAccount(), {}, { limit: 1 }) },
  { says: "reading a hold", ask: (database) => database.history.hold(newAccount(), holdId("hold-1")) },
  { says: "reading account ids", ask: (database) => database.audit.accountIds(undefined, 1) },
  {
    says: "reading the records of an account",
    ask: (database) => database.audit.readAccount(newAccount(), async () => 1),
  },
  { says: "reading the last audit", ask: (database) => database.audit.lastRun() },
  {
    says: "a lease",
    ask: (database) => database.leases.acquire({ name: newUserId(), holder: "one", nowMs: 1_000, untilMs: 2_000 }),
  },
  { says: "a ping", ask: (database) => database.ping() },
];
