import { list } from "./audit-log.ts";

/** The operations on the audit log, by noun and verb. */
export const auditOperations = { auditLog: { list } } as const;
