import { z } from "zod";
import { staff } from "../callers.ts";
import { zTime } from "../ids.ts";
import { operation } from "../operation.ts";
import { zCursor, zLimit, zOutputText, zPage, zSingleLine, zTimestamp } from "../primitives.ts";

/** `GET /admin/audit`: the audit log, newest first. Events are never changed or deleted. */
export const list = operation({
  kind: "query",
  rest: { method: "GET", path: "/admin/audit" },
  summary: { zh: "查询审计日志", en: "List the events of the audit log, newest first." },
  caller: staff("admin", "admin"),
  idempotent: false,
  input: z.strictObject({
    actor: zSingleLine(300)
      .optional()
      .meta({ examples: ["user:admin@example.com"] }),
    action: zSingleLine(100)
      .optional()
      .meta({
        description: "One action, such as `users.suspend`, or with a dot at its end all that begin with it: `users.`.",
        examples: ["users.suspend"],
      }),
    subject: zSingleLine(300)
      .optional()
      .meta({ examples: ["user:user@example.com"] }),
    from: zTimestamp.optional().meta({ description: "Only events at or after this time." }),
    to: zTimestamp.optional().meta({ description: "Only events before this time." }),
    limit: zLimit(100, 20),
    cursor: zCursor.optional(),
  }),
  output: zPage(
    z
      .object({
        eventId: zOutputText(100),
        at: zTime,
        actor: zOutputText(300).meta({
          description: "`user:<id>`, `key:<id>`, `link`, `operator` (command line) or `system`.",
        }),
        action: zOutputText(100),
        subject: zOutputText(300),
        reason: zOutputText(400).nullable(),
        details: z.record(z.string(), z.unknown()).nullable(),
        requestId: zOutputText(128).nullable(),
      })
      .meta({ id: "AuditEvent" }),
  ),
  refusals: [],
});
