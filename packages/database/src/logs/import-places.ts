import type { TableCopier } from "../transfer/table-copier.ts";
import type { LogBackend } from "./log-backend.ts";
import { timeOfId } from "./months.ts";

/** Makes places for the logs that a transfer inserts, which can be years old. */
export const withPlacesForLogs = (copier: TableCopier, backend: Pick<LogBackend, "makePlacesFor">): TableCopier => ({
  ...copier,
  insert: async (table, rows) => {
    const at = table.columns.findIndex(([name]) => name === "id");
    if (table.name === "call_logs") await backend.makePlacesFor(rows.map((row) => timeOfId(String(row[at]))));
    await copier.insert(table, rows);
  },
});
