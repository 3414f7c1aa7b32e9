import type { DatabaseKind } from "@jifen/testkit";
import { freshDatabase } from "@jifen/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { tables as declaredTables } from "../src/generated/tables.ts";
import {
  openDatabase,
  type TableCopier,
  TableDigest,
  type TransferRow,
  type TransferTable,
  transferTables,
} from "../src/index.ts";
import {
  consuming,
  granting,
  holding,
  newAccount,
  nothing,
  perform,
  performTogether,
  placed,
  recordEvent,
} from "./commands.ts";
import { logIdAt, newEvent, newLog, newUser, newUserId, times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

/** A row with the greatest values, or with null in every column that can be null. */
function rowOf({ name: table, columns, key }: TransferTable, at: number, isFull: boolean): TransferRow {
  const text = `${at} 视频 🎬 'quoted" \\ é ${"积".repeat(at)} `;
  return columns.map(([name, type]) => {
    if (!isFull && nullable.has(`${table}.${name}`)) return null;
    if (logIds.has(`${table}.${name}`)) return logIdAt(Date.UTC(2020, at));
    if (name === "sequence") return String(at + 1);
    if (type === "bigint") return isFull ? "9007199254740991" : "1";
    if (type === "integer") return at;
    if (type === "boolean") return isFull;
    if (key.includes(name)) return `${text}${isFull}`;
    return special[name] ?? text;
  });
}

/** Ids that have one form only: tables are partitioned by it, and MySQL stores nothing but ASCII in them. */
const logIds = new Set(["call_logs.id", "call_logs.subject_id", "log_keys.log_id"]);
const special: Readonly<Record<string, string>> = { role: "admin", kind: "grant", debit: "a", state: "captured" };
const nullable = new Set(
  declaredTables.flatMap(({ name: table, columns }) =>
    columns.filter(({ isNullable }) => isNullable).map(({ name }) => `${table}.${name}`),
  ),
);

/** Adjusts a row to the CHECKs of its table. */
function withinChecks(table: TransferTable, row: TransferRow): TransferRow {
  const set = (values: Readonly<Record<string, string | null>>) =>
    row.map((value, at) => values[table.columns[at]?.[0] ?? ""] ?? value);
  if (table.name === "catalogues") return set({ state: "published" });
  if (table.name === "code_claims") return set({ state: "credited" });
  if (table.name === "webhook_endpoints") return set({ state: "active" });
  if (table.name === "webhook_deliveries") return set({ state: "pending" });
  if (table.name === "credit_totals") return set({ kind: "grant" });
  if (table.name === "holds") return set({ captured: row[5] as string, released: "0", expired: "0" });
  if (table.name === "payments") return set({ reversing_minor: "0", reversed_minor: "1" });
  return row;
}

/** Reading and inserting all rows for a transfer, on every database. */
export function describeTransfer(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const all = async (tableCopier: TableCopier, table: TransferTable) => {
    const rows: TransferRow[] = [];
    await tableCopier.readAll(async (read) => {
      for await (const page of read(table)) rows.push(...page);
    });
    return rows;
  };
  const asText = (rows: readonly TransferRow[]) => rows.map((row) => JSON.stringify(row)).toSorted();

  describe("inserted rows are read unchanged", () => {
    test.each(transferTables.map((table) => ({ table, name: table.name })))(
      "every column of $name is read as it was inserted",
      async ({ table }) => {
        const fresh = await freshDatabase(kind);
        const { tableCopier, close } = await openDatabase(fresh.url);
        const rows = [3, 1, 2].flatMap((at) => [rowOf(table, at, true), rowOf(table, at + 3, false)]);
        const sent = rows.map((row) => withinChecks(table, row));
        await tableCopier.insert(table, sent);
        expect(asText(await all(tableCopier, table))).toEqual(asText(sent));
        expect(await tableCopier.count(table)).toBe(sent.length);
        await close();
        await fresh.drop();
      },
    );
  });

  describe("all rows of a used database", () => {
    beforeAll(async () => {
      const { ledger, logs, users } = here.database;
      const [busy, quiet] = [newAccount(), newAccount()];
      await perform(ledger, granting(busy, 1_000_000_000_000));
      await perform(ledger, granting(quiet, 5));
      await placed(ledger, holding(busy, 7));
      // More than a page of one account, and pages that end between rows of one account.
      await performTogether(
        ledger,
        times(700, () => consuming(busy, 1)),
      );
      const user = newUserId();
      await logs.write(
        [user, newUserId()].flatMap((id) => times(130, (n) => newLog(id, { idempotencyKey: `key ${n}` }))),
      );
      for (let n = 0; n < 3; n += 1) await recordEvent(ledger, newEvent());
      await users.create({ user: newUser(user), firstGrant: nothing, event: newEvent() });
    });

    test("have the same digests and sums after a transfer to an empty database", async () => {
      const fresh = await freshDatabase(kind);
      const target = await openDatabase(fresh.url);
      for (const table of transferTables) {
        const digests = [new TableDigest(table), new TableDigest(table)] as const;
        const rows = await all(here.database.tableCopier, table);
        digests[0].add(rows);
        if (rows.length > 0) await target.tableCopier.insert(table, rows);
        digests[1].add(await all(target.tableCopier, table));
        expect([table.name, digests[1].summary()]).toEqual([table.name, digests[0].summary()]);
      }
      await target.close();
      await fresh.drop();
    });

    test("are read from one snapshot while concurrent writes are acknowledged", async () => {
      const account = newAccount();
      await perform(here.database.ledger, granting(account, 100));
      const seen = new Map<string, number>();
      await here.database.tableCopier.readAll(async (read) => {
        for (const table of transferTables) {
          let rows = 0;
          for await (const page of read(table)) rows += page.length;
          seen.set(table.name, rows);
          await perform(here.database.ledger, consuming(account, 1));
          await here.database.logs.write([newLog()]);
        }
      });
      const now = await here.database.tableCopier.count(
        transferTables.find(({ name }) => name === "transactions") as TransferTable,
      );
      expect(now).toBe((seen.get("transactions") ?? 0) + transferTables.length);
      const logs = await here.database.tableCopier.count(
        transferTables.find(({ name }) => name === "call_logs") as TransferTable,
      );
      expect(logs).toBe((seen.get("call_logs") ?? 0) + transferTables.length);
    });
  });

  test("insert refuses a row that exists, and the mark of an unfinished import can be set and removed repeatedly", async () => {
    const fresh = await freshDatabase(kind);
    const { tableCopier, close } = await openDatabase(fresh.url);
    const [table] = transferTables as readonly [TransferTable];
    const rows = times(5, (at) => rowOf(table, at, true));
    await tableCopier.insert(table, rows.slice(0, 3));
    await expect(tableCopier.insert(table, rows)).rejects.toThrow();
    expect((await all(tableCopier, table)).length).toBeLessThanOrEqual(4);
    for (const isUnfinished of [true, true, false, false]) await tableCopier.setUnfinished(isUnfinished);
    await tableCopier.setUnfinished(true);
    await expect(openDatabase(fresh.url)).rejects.toThrow("import");
    await expect(openDatabase(fresh.url, { migrate: false })).rejects.toThrow("import");
    await tableCopier.setUnfinished(false);
    await (await openDatabase(fresh.url)).close();
    await close();
    await fresh.drop();
  });
}
