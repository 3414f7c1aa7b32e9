import { z } from "zod";
import { roles, staff } from "../callers.ts";
import { zEmail } from "../email-address.ts";
import { zReason, zTime } from "../ids.ts";
import { bilingual } from "../language.ts";
import { operation } from "../operation.ts";
import { zCursor, zLimit, zOutputText, zPage, zSingleLine, zUserId } from "../primitives.ts";

const roleRule = {
  error: bilingual({ zh: `必须是 ${roles.join("、")} 之一`, en: `must be one of ${roles.join(", ")}` }),
};
const zRole = z.enum(roles, roleRule);

const zUser = z
  .object({
    userId: zOutputText(254),
    email: zOutputText(254),
    name: zOutputText(254),
    role: zRole,
    createdAt: zTime,
    suspendedAt: zTime.nullable(),
  })
  .meta({ id: "User" });

const zPasswordLink = z.object({
  link: zOutputText(4_096).meta({
    description: "A one-time link. Anyone who has it can set the password: send it only to the user.",
  }),
  expiresAt: zTime,
});

/** Who can read users, and who can change them. */
const readAccess = staff("users:read", "support", "finance", "admin");
const writeAccess = staff("users:write", "admin");

const userAndReason = z.strictObject({ userId: zUserId, reason: zReason });

/** `GET /admin/users`: users, ordered by id. */
export const list = operation({
  kind: "query",
  rest: { method: "GET", path: "/admin/users" },
  summary: { zh: "查询用户列表", en: "List users, ordered by id." },
  caller: readAccess,
  idempotent: false,
  input: z.strictObject({
    prefix: zSingleLine(254).optional().meta({ description: "Only users whose id starts with this text." }),
    role: zRole.optional(),
    limit: zLimit(100, 20),
    cursor: zCursor.optional(),
  }),
  output: zPage(zUser),
  refusals: [],
});

/** `GET /admin/users/{userId}`: one user. */
export const find = operation({
  kind: "query",
  rest: { method: "GET", path: "/admin/users/{userId}" },
  summary: { zh: "查询用户", en: "Read a user." },
  caller: readAccess,
  idempotent: false,
  input: z.strictObject({ userId: zUserId }),
  output: zUser,
  refusals: [],
});

/** `POST /admin/users`: creates a user and a link with which the user sets a password. */
export const create = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/users" },
  summary: { zh: "创建用户", en: "Create a user. The response contains a link with which the user sets a password." },
  caller: writeAccess,
  idempotent: false,
  input: z.strictObject({ email: zEmail, name: zSingleLine(100).optional(), role: zRole.default("user") }),
  output: z.object({ user: zUser, passwordLink: zPasswordLink }),
  refusals: ["EMAIL_TAKEN", "OUTCOME_UNKNOWN"],
});

/** `POST /admin/users/{userId}/suspend`: blocks all requests of a user until resumed. */
export const suspend = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/users/{userId}/suspend" },
  summary: { zh: "停用用户", en: "Suspend a user and end all sessions." },
  caller: writeAccess,
  idempotent: false,
  input: userAndReason,
  output: zUser,
  refusals: ["SELF_ACTION_FORBIDDEN", "LAST_ADMIN", "OUTCOME_UNKNOWN"],
});

/** `POST /admin/users/{userId}/resume`: ends a suspension. */
export const resume = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/users/{userId}/resume" },
  summary: { zh: "恢复用户", en: "Resume a suspended user." },
  caller: writeAccess,
  idempotent: false,
  input: userAndReason,
  output: zUser,
  refusals: ["SELF_ACTION_FORBIDDEN", "OUTCOME_UNKNOWN"],
});

/** `POST /admin/users/{userId}/role`: changes the role of a user. No service key can call it, so that a key cannot raise privileges. */
export const setRole = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/users/{userId}/role" },
  summary: { zh: "设置用户角色", en: "Set the role of a user." },
  caller: staff(null, "admin"),
  idempotent: false,
  input: z.strictObject({ userId: zUserId, role: zRole, reason: zReason }),
  output: zUser,
  refusals: ["USER_NOT_FOUND", "SELF_ACTION_FORBIDDEN", "LAST_ADMIN", "OUTCOME_UNKNOWN"],
});

/** `POST /admin/users/{userId}/delete`: deletes a user and ends all sessions. The ledger account stays, and its id cannot be used again. */
export const remove = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/users/{userId}/delete" },
  summary: { zh: "删除用户", en: "Delete a user. The ledger account stays, and the id cannot be used again." },
  caller: writeAccess,
  idempotent: false,
  input: userAndReason,
  output: z.object({ userId: zOutputText(254), deletedAt: zTime }),
  refusals: ["SELF_ACTION_FORBIDDEN", "LAST_ADMIN", "OUTCOME_UNKNOWN"],
});

/** `POST /admin/users/{userId}/sessions/revoke`: ends all sessions of a user. */
export const endSessions = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/users/{userId}/sessions/revoke" },
  summary: { zh: "结束用户的所有登录", en: "End all sessions of a user." },
  caller: writeAccess,
  idempotent: false,
  input: userAndReason,
  output: zUser,
  refusals: ["OUTCOME_UNKNOWN"],
});

/** `POST /admin/users/{userId}/password-link`: creates a link with which the user sets a password. Admins cannot set passwords themselves. */
export const passwordLink = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/users/{userId}/password-link" },
  summary: { zh: "生成设置密码的一次性链接", en: "Create a one-time link with which a user sets a password." },
  caller: writeAccess,
  idempotent: false,
  input: userAndReason,
  output: zPasswordLink,
  refusals: ["USER_HAS_CREDENTIALS", "OUTCOME_UNKNOWN"],
});
