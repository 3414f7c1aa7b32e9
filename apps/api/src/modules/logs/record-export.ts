import type { UserId } from "@jifen/core";
import type { Database } from "@jifen/database";
import { toAuditEvent } from "../audit/audit-event.ts";
import type { AuditEventDeps } from "../audit/deps.ts";

/** A file of logs that staff takes away; of all users if `user` is undefined. */
type TakenFile = {
  readonly actor: string;
  readonly requestId: string | null;
  readonly user: UserId | undefined;
  /** The filters and the form of the file. */
  readonly requested: Readonly<Record<string, unknown>>;
};

/** Writes that staff took a file of logs away to the audit log: each file, and what it was asked for. */
export type RecordExport = (file: TakenFile) => Promise<void>;

export const createRecordExport =
  ({ database, ...deps }: AuditEventDeps & { readonly database: Pick<Database, "auditLog"> }): RecordExport =>
  ({ actor, requestId, user, requested }) =>
    database.auditLog.recordOnce(
      toAuditEvent(
        deps,
        { actor, requestId },
        { action: "logs.export", subject: user === undefined ? "user:*" : `user:${user}`, details: requested },
      ),
    );
