import { afterConnectionLoss, isUniqueViolation } from "../errors/failure.ts";
import { retryingDeadlocks } from "../errors/retry.ts";
import type { Page } from "./history.ts";
import type { Prisma, PrismaTransaction } from "./prisma.ts";

/** Who did what to whom. Never changed once written. */
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

/** Which events are asked for. Times are epoch milliseconds, `fromMs` inclusive, `toMs` exclusive. */
export type AuditEventFilter = {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
};

/** What was done by those who may do much. */
export type AuditLog = {
  /** Writes an event about something that was done elsewhere, once: one of the same id is the same event. */
  record(event: AuditEvent): Promise<void>;
  /** Newest first: ids grow with time. `before`: only smaller ids. */
  list(filter: AuditEventFilter, page: Page<string>): Promise<readonly AuditEvent[]>;
};

const toRecord = (event: AuditEvent) => ({ ...event, atMs: BigInt(event.atMs) });

/** The audit log through Prisma, on any SQL database. */
export function createAuditLog(prisma: Prisma): AuditLog {
  return {
    record: async (event) => {
      try {
        await prisma.auditEvent.createMany({ data: [toRecord(event)] });
      } catch (error) {
        if (!isUniqueViolation(error)) afterConnectionLoss("may be written")(error);
      }
    },

    list: async ({ actor, action, subject, fromMs, toMs }, { limit, before }) => {
      const rows = await prisma.auditEvent
        .findMany({
          // Prisma takes what is undefined for what was not asked.
          where: { id: { lt: before }, actor, action, subject, atMs: { gte: fromMs, lt: toMs } },
          orderBy: { id: "desc" },
          take: limit,
        })
        .catch(afterConnectionLoss("nothing written"));
      return rows.map((row) => ({ ...row, atMs: Number(row.atMs) }));
    },
  };
}

/**
 * Changes something and writes down who did, both or neither.
 * @param change says whether there was anything to change; nothing is kept when there was not.
 */
export async function withAuditEvent(
  prisma: Prisma,
  event: AuditEvent,
  change: (tx: PrismaTransaction) => Promise<boolean>,
): Promise<boolean> {
  const nothing = Symbol("nothing to change");
  try {
    await retryingDeadlocks(() =>
      prisma.$transaction(async (tx) => {
        if (!(await change(tx))) throw nothing;
        await tx.auditEvent.createMany({ data: [toRecord(event)] });
      }),
    );
    return true;
  } catch (error) {
    if (error === nothing) return false;
    return afterConnectionLoss("may be written")(error);
  }
}
