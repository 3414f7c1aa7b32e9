import { type TableRecords, tables } from "../generated/tables.ts";
import type { Table } from "./table.ts";

const byName: ReadonlyMap<string, Table> = new Map(tables.map((table) => [table.name, table]));

/** The table of this name. */
export const tableOf = (name: keyof TableRecords): Table => byName.get(name) as Table;
