import type { Database } from "@jifen/database";
import type { NewId } from "../../values/ids.ts";

/** What the audit module works with. */
export type Deps = {
  readonly database: Pick<Database, "auditLog">;
};

/** What it takes to create an audit event. */
export type AuditEventDeps = {
  readonly newId: NewId<"event">;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
};
