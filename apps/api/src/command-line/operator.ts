import type { Database } from "@jifen/database";
import type { Doer } from "../audit-log/event.ts";
import type { Deps } from "../deps.ts";
import { createIds } from "../uuids.ts";

/** What commands work with beside the database. */
export type Operator = Pick<Deps, "database" | "newId" | "nowMs"> & { readonly by: Doer };

/** Whoever has a shell on the server may do everything; the audit log calls them `operator`. */
export const createOperator = (database: Database): Operator => ({
  database,
  nowMs: Date.now,
  newId: createIds(Date.now),
  by: { actor: "operator", requestId: null },
});
