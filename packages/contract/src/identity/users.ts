import { z } from "zod";
import { roles, staff } from "../callers.ts";
import { zReason, zTime } from "../ids.ts";
import { bilingual } from "../language.ts";
import { operation } from "../operation.ts";
import { zCursor, zEmail, zLimit, zOutputText, zPage, zSingleLine, zUserId } from "../primitives.ts";

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
  link: zOutputText(4_096).meta({ description: "Opens once, for whoever has it: give it to that person alone." }),
  expiresAt: zTime,
});

/** Those who may look at users, and those who may change them. */
const lookers = staff("users:read", "support", "finance", "admin");
const changers = staff("users:write", "admin");

const aboutUser = z.strictObject({ userId: zUserId, reason: zReason });

/** `GET /admin/users`: in order of their ids. */
export const list = operation({
  kind: "query",
  rest: { method: "GET", path: "/admin/users" },
  summary: { zh: "查询用户列表", en: "List users in order of their ids." },
  caller: lookers,
  idempotent: false,
  input: z.strictObject({
    prefix: zSingleLine(254).optional().meta({ description: "Only those whose id begins with it." }),
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
  caller: lookers,
  idempotent: false,
  input: z.strictObject({ userId: zUserId }),
  output: zUser,
  refusals: [],
});

/** `POST /admin/users`: make a user, who sets a password by the link that comes back. */
export const create = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/users" },
  summary: { zh: "创建用户", en: "Make a user, who sets a password by the link that comes back." },
  caller: changers,
  idempotent: false,
  input: z.strictObject({ email: zEmail, name: zSingleLine(100).optional(), role: zRole.default("user") }),
  output: z.object({ user: zUser, passwordLink: zPasswordLink }),
  refusals: ["EMAIL_TAKEN", "OUTCOME_UNKNOWN"],
});

/** `POST /admin/users/{userId}/suspend`: nothing can be done by this user any more, until resumed. */
export const suspend = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/users/{userId}/suspend" },
  summary: { zh: "停用用户", en: "Suspend a user; sessions end." },
  caller: changers,
  idempotent: false,
  input: aboutUser,
  output: zUser,
  refusals: ["SELF_ACTION_FORBIDDEN", "LAST_ADMIN", "OUTCOME_UNKNOWN"],
});

/** `POST /admin/users/{userId}/resume`: the end of a suspension. */
export const resume = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/users/{userId}/resume" },
  summary: { zh: "恢复用户", en: "End a suspension." },
  caller: changers,
  idempotent: false,
  input: aboutUser,
  output: zUser,
  refusals: ["SELF_ACTION_FORBIDDEN", "OUTCOME_UNKNOWN"],
});

/** `POST /admin/users/{userId}/role`: what somebody is. People only: no key makes somebody stronger. */
export const setRole = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/users/{userId}/role" },
  summary: { zh: "设置用户角色", en: "Set what a user may." },
  caller: staff(null, "admin"),
  idempotent: false,
  input: z.strictObject({ userId: zUserId, role: zRole, reason: zReason }),
  output: zUser,
  refusals: ["USER_NOT_FOUND", "SELF_ACTION_FORBIDDEN", "LAST_ADMIN", "OUTCOME_UNKNOWN"],
});

/** `POST /admin/users/{userId}/delete`: sessions end at once; the account of the ledger stays, and so does its id. */
export const remove = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/users/{userId}/delete" },
  summary: { zh: "删除用户", en: "Delete a user; the ledger stays, and nobody else gets the id." },
  caller: changers,
  idempotent: false,
  input: aboutUser,
  output: z.object({ userId: zOutputText(254), deletedAt: zTime }),
  refusals: ["SELF_ACTION_FORBIDDEN", "LAST_ADMIN", "OUTCOME_UNKNOWN"],
});

/** `POST /admin/users/{userId}/sessions/revoke`: log somebody out everywhere. */
export const endSessions = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/users/{userId}/sessions/revoke" },
  summary: { zh: "结束用户的所有登录", en: "End every session of a user." },
  caller: changers,
  idempotent: false,
  input: aboutUser,
  output: zUser,
  refusals: ["OUTCOME_UNKNOWN"],
});

/** `POST /admin/users/{userId}/password-link`: a link by which somebody sets a password; nobody sets it for them. */
export const passwordLink = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/users/{userId}/password-link" },
  summary: { zh: "生成设置密码的一次性链接", en: "Make a one-time link by which a user sets a password." },
  caller: changers,
  idempotent: false,
  input: aboutUser,
  output: zPasswordLink,
  refusals: ["OUTCOME_UNKNOWN"],
});
