import { accountId } from "@jifen/core";
import { describe, expect, test } from "vitest";
import { clusterAccountIds } from "../src/drivers/postgresql/citus/account-ids.ts";
import { tableNamesOf } from "../src/drivers/postgresql/citus/shard-guard.ts";
import { numbered } from "../src/drivers/postgresql/snapshot.ts";
import { type Database, wrapStores } from "../src/index.ts";
import { transferTables } from "../src/transfer/tables.ts";
import { captureStatements, type Statement } from "./captured-statements.ts";
import { distributedTables, scatteredTables, simplified, tablesIn } from "./distribution-columns.ts";
import { newEvent, newUserId } from "./samples.ts";
import { scatterList } from "./scatter-list.ts";
import { methodsOf, storesIn } from "./store-methods.ts";
import { useDatabase, watchDatabases } from "./use-database.ts";

/** Statements that only a cluster gets, through the coordinator. */
const onClustersOnly = (): readonly Statement[] => {
  const id = accountId("user:any");
  const shard = { id: 1, tables: {}, node: { host: "node", port: 1 } };
  const texts = tableNamesOf(shard)
    .beforeExtraWrites([id])
    .map(({ text }) => text);
  return [...texts, numbered(clusterAccountIds("", 1).sql)].map((text) => ({ name: undefined, text }));
};

/** Captures what the stores send, and records which of their methods are called. */
export function captureStores() {
  const statements = captureStatements();
  const called = new Set<string>();
  const watched = (database: Database): Database => {
    const names = new Map([...methodsOf(storesIn(database))].map(([name, call]) => [call, name]));
    const wrapped = wrapStores(database, (call) => (...args) => {
      called.add(names.get(call) ?? "");
      return call(...args);
    });
    return { ...database, ...wrapped };
  };
  watchDatabases(watched);
  return { statements, called };
}

/** Calls the methods that no suite of the file calls on the database of its `useDatabase`. */
async function callOthers({
  audit,
  auditLog,
  formerLogs,
  grantDays,
  history,
  leases,
  logs,
  tableCopier,
  users,
  writeAccess,
}: Database): Promise<void> {
  const lease = { name: newUserId(), holder: "one", nowMs: 1_000, untilMs: 2_000 };
  await leases.acquire(lease);
  await leases.release(lease);
  await grantDays.granted({ keyId: newUserId(), day: 1 });
  await grantDays.inTurn("key", async () => undefined);
  await users.isEmpty();
  await users.isEmpty("admin");
  await users.list({}, { limit: 1 });
  await users.ids(undefined, 1);
  await users.ids(newUserId(), 1);
  await writeAccess.check();
  await writeAccess.missingRights();
  await users.author("user:any");
  await users.setWhitelistTag(newUserId(), "tag");
  await formerLogs.findByKey(newUserId(), "key");
  await formerLogs.remove(await formerLogs.list(1));
  await logs.waiting();
  await logs.makePlaces(Date.now());
  await logs.hasPlacesAhead(Date.now());
  await logs.monthsAhead(Date.now());
  await audit.lastRuns(1);
  await history.countOpenHolds(accountId("user:any"), 1);
  await auditLog.recordOnce(newEvent());
  await auditLog.after("event-", "users.remove", 1);
  const runs = transferTables.find(({ name }) => name === "audit_runs");
  if (runs) await tableCopier.insert(runs, [["run", "1", "2", "0", "0", "0"]]);
  await tableCopier.setUnfinished(true);
  await tableCopier.setUnfinished(false);
}

/**
 * What all suites of a test file sent, checked by the distribution that models.prisma declares. It does not need Citus. It is
 * the last `describe` of its file, and fails when only a part of the file runs.
 * @param captured of `captureStores`, called before the suites
 */
export function describeStatementsOnShards({ statements, called }: ReturnType<typeof captureStores>): void {
  const here = useDatabase("postgresql");
  const scattering = () =>
    [...statements.values(), ...onClustersOnly()].filter((statement) => scatteredTables(statement).length > 0);

  test("every method of every store is called by the suites of this file", async () => {
    await callOthers(here.database);
    const missing = [...methodsOf(storesIn(here.database)).keys()].filter((name) => !called.has(name));
    // No method of a store: `findExpiredAccounts` calls it for each shard.
    expect(missing).toEqual(["ledger.findExpired"]);
  });

  test("statements on every distributed table are captured", () => {
    const used = new Set([...statements.values()].flatMap(tablesIn));
    expect([...used].toSorted()).toEqual(distributedTables.toSorted());
  });

  describe("the list of statements that scatter", () => {
    test("every statement names the distribution column of its tables, or is on the list", () => {
      const texts = scattering().map(({ text }) => simplified(text));
      expect(texts.filter((text) => !scatterList.some(({ statement }) => statement.test(text)))).toEqual([]);
    });

    test.each(scatterList)("the list is not longer than needed: a statement $reason", ({ statement }) => {
      expect(scattering().filter(({ text }) => statement.test(simplified(text)))).not.toEqual([]);
    });
  });
}
