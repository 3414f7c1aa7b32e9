import type { AuditActionName } from "@jifen/contract";
import type { AuditEvent } from "@jifen/database";
import type { AuditEventDeps } from "./deps.ts";

/** Who acts: a caller, `operator` on the command line, or `system`. */
export type Actor = { readonly actor: string; readonly requestId: string | null };

/** What was done to which user or key. */
export type AuditAction = {
  /** Noun and verb, such as `users.suspend`. */
  readonly action: AuditActionName;
  /** `user:<id>` or `key:<id>`. */
  readonly subject: string;
  readonly reason?: string | undefined;
  /** What staff noted about the action, besides the reason. It is stored nowhere else. */
  readonly note?: string | undefined;
  /** More about the action; never a secret. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
};

/** The server itself, when it applies its settings. */
export const bySystem: Actor = { actor: "system", requestId: null };

/** Creates an event of the audit log. */
export const toAuditEvent = (
  { newId, nowMs }: AuditEventDeps,
  { actor, requestId }: Actor,
  { action, subject, reason, note, details }: AuditAction,
): AuditEvent => ({
  id: newId("event"),
  atMs: nowMs(),
  actor,
  action,
  subject,
  reason: reason ?? null,
  details: details === undefined && note === undefined ? null : JSON.stringify({ ...details, note }),
  requestId,
});
