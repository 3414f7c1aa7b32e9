import type { Outcome } from "@jifen/core";
import type { ExtraRow } from "@jifen/ledger";
import { extraRowOf } from "../records/extra-row.ts";
import type { Records, RecordTransaction } from "../records/records.ts";
import type { Page } from "./page.ts";

/** One action in the audit log. It is never changed. */
export type AuditEvent = {
  /** `event-` and a time-ordered id. */
  readonly id: string;
  readonly atMs: number;
  /** `user:<id>`, `key:<id>`, `operator` on the command line, or `system`. */
  readonly actor: string;
  /** Noun and verb, such as `users.suspend`. */
  readonly action: string;
  /** `user:<id>` or `key:<id>`. */
  readonly subject: string;
  readonly reason: string | null;
  /** JSON text; never a secret. */
  readonly details: string | null;
  readonly requestId: string | null;
};

/** Which events to list. Times are epoch milliseconds, `fromMs` inclusive, `toMs` exclusive. */
export type AuditEventFilter = {
  readonly actor?: string | undefined;
  /** One action, or with a dot at its end all that begin with it. */
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
};

/** The log of administrative actions. */
export type AuditLog = {
  /** Newest first, because ids grow with time. `before`: only smaller ids. */
  list(filter: AuditEventFilter, page: Page<string>): Promise<readonly AuditEvent[]>;
  /** The first events of an action after this id, oldest first. */
  after(id: string, action: string, limit: number): Promise<readonly AuditEvent[]>;
  /** Writes an event of a reading, which no change goes with. An event that has the id already stays as it is. */
  recordOnce(event: AuditEvent): Promise<void>;
};

/** The audit log on any database. */
export const createAuditLog = (records: Records): AuditLog => ({
  list: ({ actor, action, subject, fromMs, toMs }, { limit, before }) =>
    records.list("audit_events", {
      where: {
        actor,
        action: action?.endsWith(".") ? { prefix: action } : action,
        subject,
        atMs: { gte: fromMs, lt: toMs },
      },
      by: ["id"],
      direction: "desc",
      after: before === undefined ? undefined : { id: before },
      limit,
    }),

  after: (id, action, limit) => records.list("audit_events", { where: { id: { gt: id }, action }, by: ["id"], limit }),

  recordOnce: async (event) => void (await records.insertOnce("audit_events", event)),
});

/** The row of an event, for the extra writes of a ledger command. */
export const auditEventRow = (event: AuditEvent): ExtraRow => extraRowOf("audit_events", event);

/** Runs `change` in a transaction and writes its event in the same one: both or neither. */
export const withAuditEvent = <Value, Refusal>(
  records: Records,
  event: AuditEvent,
  change: (tx: RecordTransaction) => Promise<Outcome<Value, Refusal>>,
): Promise<Outcome<Value, Refusal>> =>
  records.transaction(async (tx) => {
    const outcome = await change(tx);
    if (outcome.ok) await tx.insert("audit_events", event);
    return outcome;
  });
