import { tables } from "../generated/tables.ts";
import { storedColumns } from "../records/any-records.ts";
import type { Table } from "../records/table.ts";

/** What a role can be allowed to do with the rows of a table. */
export type Right = "SELECT" | "INSERT" | "UPDATE" | "DELETE";

/** Their rows are never changed: a role without the right to change them is a good choice. */
const appendOnly = new Set(["transactions", "logs", "audit_events", "audit_runs", "log_keys"]);
/** Their rows are deleted when they are used, have expired or were moved. */
const deleting = new Set(["one_time_links", "ended_tokens", "counters", "job_leases", "logs", "log_keys"]);

/** The rights that Jifen needs on a table. */
const requiredRights = ({ name }: Table): readonly Right[] => [
  "SELECT",
  "INSERT",
  ...(appendOnly.has(name) ? [] : (["UPDATE"] as const)),
  ...(deleting.has(name) ? (["DELETE"] as const) : []),
];

/** Every right that is needed, by table. */
export const everyRequiredRight = tables.flatMap((table) => requiredRights(table).map((right) => ({ table, right })));

/**
 * A statement that needs the right and touches no row: servers check rights before they look for rows.
 * @param quote what stands around a name: a double quote, or a backtick on MySQL
 */
export function statementNeeding(right: Right, table: Table, quote: string): string {
  const quoted = (name: string | undefined) => `${quote}${name}${quote}`;
  const columns = [...storedColumns(table).values()].map(({ name }) => quoted(name)).join(", ");
  const unkeyed = [...storedColumns(table).values()].find(({ field }) => !table.key.includes(field));
  switch (right) {
    case "SELECT":
      return `SELECT 1 FROM ${table.name} WHERE 1 = 0`;
    case "INSERT":
      return `INSERT INTO ${table.name} (${columns}) SELECT ${columns} FROM ${table.name} WHERE 1 = 0`;
    case "UPDATE":
      return `UPDATE ${table.name} SET ${quoted(unkeyed?.name)} = ${quoted(unkeyed?.name)} WHERE 1 = 0`;
    case "DELETE":
      return `DELETE FROM ${table.name} WHERE 1 = 0`;
    default:
      return right satisfies never;
  }
}
