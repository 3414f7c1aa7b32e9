import { accountOf } from "@jifen/core";
import { describeOn } from "@jifen/testkit";
import { BSON, type CommandStartedEvent, type Document } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMongodbTotalReads } from "../src/drivers/mongodb/all-accounts-reads.ts";
import { createMongodbAuditReads } from "../src/drivers/mongodb/audit-reads.ts";
import { createMongodbAddCount } from "../src/drivers/mongodb/counters.ts";
import { createMongodbLedgerStore } from "../src/drivers/mongodb/ledger-store.ts";
import { createMongodbLogBackend } from "../src/drivers/mongodb/logs/log-backend.ts";
import { createMongoConnection, type MongoConnection } from "../src/drivers/mongodb/pool.ts";
import { createMongodbReferenceReads } from "../src/drivers/mongodb/reference-reads.ts";
import { createMongodbSpendReads } from "../src/drivers/mongodb/spend-reads.ts";
import { createMongodbStatementReads } from "../src/drivers/mongodb/statement-reads.ts";
import { idBound, type LogFilter } from "../src/index.ts";
import { createLogStore } from "../src/logs/log-store.ts";
import { createMongodbRecords } from "../src/records/mongodb-records.ts";
import { createStores } from "../src/stores/stores.ts";
import {
  capturing,
  consuming,
  done,
  firstGrantOf,
  granting,
  holding,
  newAccount,
  perform,
  placed,
  refunding,
  releasing,
} from "./commands.ts";
import { newEvent, newLog, newUser } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

/** A copy as it is sent: the driver reuses the object. */
const copyOf = (command: Document): Document => BSON.deserialize(BSON.serialize(command));

type SentCommand = { readonly name: string; readonly command: Document };

/** Calls every operation of the ledger and the stores once. */
async function doEverything(site: MongoConnection): Promise<void> {
  const ledger = createMongodbLedgerStore(site, 1);
  const account = newAccount();
  await perform(ledger, granting(account, 100));
  const spent = done(await perform(ledger, consuming(account, 10, "order-1")));
  await perform(ledger, refunding(account, spent.entry.id, 5));
  const [first, second] = [await placed(ledger, holding(account, 10)), await placed(ledger, holding(account, 10))];
  await perform(ledger, capturing(account, first.id, 4));
  await perform(ledger, releasing(account, second.id));
  await ledger.readAccounts([account]);
  await ledger.findExpiredAccounts(10);

  const records = createMongodbRecords(site);
  const { users, keys, history, audit } = createStores(records, {
    addCount: createMongodbAddCount(site),
    auditReads: createMongodbAuditReads(site),
    missingRights: async () => [],
    spendReads: createMongodbSpendReads(site),
    statementReads: createMongodbStatementReads(site),
    allAccountsReads: createMongodbTotalReads(site),
    referenceReads: createMongodbReferenceReads(records),
  });
  const user = newUser();
  await users.create({ user, firstGrant: firstGrantOf(accountOf(user.id), 100), event: newEvent() });
  await users.change({
    id: user.id,
    set: { name: "other" },
    leavesAnAdmin: { ids: [account as never] },
    event: newEvent(),
  });
  const logs = createLogStore(createMongodbLogBackend(site), { lanes: 1 });
  const log = newLog(user.id, { idempotencyKey: "order-1" });
  await logs.write([log]);
  await logs.write([log, newLog(user.id)]);
  await logs.find(log.id);
  await logs.find(log.id, user.id);
  const lists: readonly LogFilter[] = [
    ...[{}, { userId: user.id }, { userId: user.id, action: "video" }, { userId: user.id, success: false }],
    ...[{ subjectId: "txn-1" }, { reference: "job-1" }],
  ];
  for (const filter of lists) {
    for (const more of [{}, { text: "nowhere" }]) {
      await logs.list({ ...filter, ...more, fromId: log.id, beforeId: idBound(log.countedAtMs + 1) }, 10);
    }
  }
  const terms = { name: "a", scopes: ["credits:spend"], expiresAtMs: null };
  const key = { ...terms, secretHash: "a", createdBy: "a", createdAtMs: 1 };
  const limit = { mostLive: 1, nowMs: 1 };
  await keys.create({ ...key, id: user.id, ownerId: user.id }, limit, newEvent());

  await history.entries(account, { kind: "consume" }, { limit: 2, before: 9 });
  await history.entry(spent.entry.id);
  await history.about(account, spent.entry.id, 10);
  await history.refunded(account, spent.entry.id);
  await history.hold(account, first.id);
  await history.accountOfReference(first.id);
  await history.grants(account, { limit: 1 });
  await audit.accountIds(undefined, 10);
  await audit.readAccount(account, async ({ entries }) => {
    for await (const _ of entries);
  });
}

describeOn("mongodb")("the commands that are sent to MongoDB", () => {
  const here = useDatabase("mongodb");
  const sent: SentCommand[] = [];
  let site: MongoConnection;
  beforeAll(async () => {
    site = createMongoConnection(here.url, 5_000, { monitorCommands: true });
    site.client.on("commandStarted", ({ commandName: name, command }: CommandStartedEvent) => {
      sent.push({ name, command: copyOf(command) });
    });
    await doEverything(site);
  });
  afterAll(() => site?.client.close());
  const sentTo = (collection: string) => sent.filter(({ name, command }) => command[name] === collection);

  test("never update or delete an entry", () => {
    expect(new Set(sentTo("transactions").map(({ name }) => name))).toEqual(
      new Set(["insert", "find", "aggregate", "distinct"]),
    );
  });

  test("never change an audit event: events are only inserted", () => {
    const names = new Set(sentTo("audit_events").map(({ name }) => name));
    expect([...names].filter((name) => !["find", "aggregate"].includes(name))).toEqual(["insert"]);
  });

  test("never delete an account", () => {
    expect(sentTo("accounts").map(({ name }) => name)).not.toContain("delete");
  });

  test("wait for the journal of a majority with every write, in a transaction or not", () => {
    const writes = sent.filter(
      ({ name, command }) =>
        ["commitTransaction", "insert", "update", "delete", "findAndModify"].includes(name) &&
        command["autocommit"] === (name === "commitTransaction" ? false : undefined),
    );
    expect(writes.length).toBeGreaterThan(5);
    for (const { command } of writes) {
      expect(command["writeConcern"]).toMatchObject({ w: "majority", j: true });
    }
  });

  test("read with read concern majority, or from one snapshot", () => {
    const reads = sent.filter(
      ({ name, command }) => ["find", "aggregate", "distinct"].includes(name) && command["autocommit"] === undefined,
    );
    const levels = new Set(reads.map(({ command }) => command["readConcern"]?.level));
    expect(levels).toEqual(new Set(["snapshot", "majority"]));
  });

  describe("use an index", () => {
    const omitted = [
      ...["$db", "$readPreference", "$clusterTime", "lsid", "readConcern", "maxTimeMS"],
      ...["txnNumber", "startTransaction", "autocommit"],
    ];
    const plansOf = async (...collections: readonly string[]) => {
      const queries = sent.filter(
        ({ name, command }) => ["find", "aggregate", "distinct"].includes(name) && collections.includes(command[name]),
      );
      expect(queries.length).toBeGreaterThan(10);
      const plans: string[] = [];
      for (const { name, command } of queries) {
        const explained = Object.fromEntries(Object.entries(command).filter(([part]) => !omitted.includes(part)));
        if (name === "aggregate") explained["cursor"] = {};
        const plan = await site.db.command({ explain: explained, verbosity: "queryPlanner" });
        plans.push(`${JSON.stringify(explained)} ${JSON.stringify(plan)}`);
      }
      return plans;
    };

    test("for every query of the ledger", async () => {
      for (const plan of await plansOf("accounts", "grants", "holds", "transactions"))
        expect(plan).not.toContain("COLLSCAN");
    });

    test("for every query of logs, in its order", async () => {
      for (const plan of await plansOf("call_logs", "log_keys")) expect(plan).not.toMatch(/COLLSCAN|"stage":"SORT"/);
    });
  });
});
