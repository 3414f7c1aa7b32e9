import { openDatabase, type TransferTable, type TransferValue, transferTables } from "@jifen/database";

/** A log as versions before `call_logs` stored it. */
export type FormerRow = {
  readonly user_id: string;
  readonly id: string;
  readonly idempotency_key: string | null;
  readonly action: string;
  readonly details: string;
  readonly success: boolean;
  readonly occurred_at_ms: number;
  readonly created_at_ms: number;
};

/** Inserts logs as a server of an earlier version does. */
export async function insertFormerLogs(databaseUrl: string, rows: readonly FormerRow[]): Promise<void> {
  const table = transferTables.find(({ name }) => name === "logs") as TransferTable;
  const database = await openDatabase(databaseUrl, { migrate: false });
  const toValue = (row: FormerRow, name: string, type: string): TransferValue => {
    const value = row[name as keyof FormerRow];
    return type === "bigint" ? String(value) : value;
  };
  try {
    const values = rows.map((row) => table.columns.map(([name, type]) => toValue(row, name, type)));
    await database.tableCopier.insert(table, values);
  } finally {
    await database.close();
  }
}
