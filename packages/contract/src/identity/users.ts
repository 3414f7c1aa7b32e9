import { z } from "zod";
import { zName } from "../billing/action-price.ts";
import { roles, staff } from "../callers.ts";
import { zEmail } from "../email-address.ts";
import { zReason, zTime } from "../ids.ts";
import { bilingual } from "../language.ts";
import { operation } from "../operation.ts";
import { zCredits, zCursor, zLimit, zOutputText, zPage, zSingleLine, zUserId } from "../primitives.ts";

const roleRule = {
  error: bilingual({ zh: `必须是 ${roles.join("、")} 之一`, en: `must be one of ${roles.join(", ")}` }),
};
const zRole = z.enum(roles, roleRule);

const userFields = {
  userId: zOutputText(254),
  email: zOutputText(254),
  name: zOutputText(254),
  role: zRole.meta({ description: "The role that counts." }),
  roleFrom: z
    .enum(["stored", "ADMIN_EMAILS"])
    .meta({ description: "Where the role comes from: the row of the user, or the setting ADMIN_EMAILS." }),
  priceGroup: zOutputText(40).meta({
    description: "Which multipliers of the catalogue count: `default` or another.",
  }),
  createdAt: zTime,
  suspendedAt: zTime.nullable(),
  lastSeenAt: zTime.nullable().meta({
    description:
      "When the user last logged in or opened a page of this server, known to the hour; null where that is not known.",
  }),
};

const zUser = z.object(userFields).meta({ id: "User" });

const balanceField = {
  balance: zCredits.optional().meta({
    description: "Only with `with=balance`. Credits that expired within the last seconds can still be in it.",
  }),
};
const zWith = z.literal("balance", {
  error: bilingual({ zh: "必须是 balance", en: "must be balance" }),
});
const withField = {
  with: zWith.optional().meta({ description: "Adds the balance. A service key needs the scope `accounts:read`." }),
};

/** What is shown of one user besides what a list shows. */
const detailFields = {
  hasPassword: z.boolean(),
  signsInBy: z.enum(["password", "link", "site"]).meta({
    description:
      "`password`: has a password. `link`: was created without a way to sign in and has not signed in yet. `site`: has no password and signs in at a site that shares its sessions.",
  }),
  suspension: z
    .object({
      at: zTime,
      by: zOutputText(300).nullable().meta({ description: "The actor, as in the audit log; null if it is not known." }),
      reason: zOutputText(400).nullable(),
    })
    .nullable()
    .meta({ description: "null while the user is not suspended." }),
};

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

const userStates = ["active", "suspended"] as const;
const userOrders = ["id", "newest"] as const;
const oneOf = (values: readonly string[]) => ({
  error: bilingual({ zh: `必须是 ${values.join("、")} 之一`, en: `must be one of ${values.join(", ")}` }),
});

/** `GET /admin/users`: users, ordered by id or newest first. */
export const list = operation({
  kind: "query",
  rest: { method: "GET", path: "/admin/users" },
  summary: { zh: "查询用户列表", en: "List users, ordered by id or newest first." },
  caller: readAccess,
  idempotent: false,
  input: z.strictObject({
    prefix: zSingleLine(254).optional().meta({ description: "Only users whose id starts with this text." }),
    role: zRole.optional().meta({ description: "Only users with this role, those of ADMIN_EMAILS being admins." }),
    state: z.enum(userStates, oneOf(userStates)).optional(),
    order: z.enum(userOrders, oneOf(userOrders)).default("id"),
    ...withField,
    limit: zLimit(100, 20),
    cursor: zCursor.optional(),
  }),
  output: zPage(z.object({ ...userFields, ...balanceField }).meta({ id: "ListedUser" })),
  refusals: [],
});

/** `GET /admin/users/{userId}`: one user. */
export const find = operation({
  kind: "query",
  rest: { method: "GET", path: "/admin/users/{userId}" },
  summary: { zh: "查询用户", en: "Read a user." },
  caller: readAccess,
  idempotent: false,
  input: z.strictObject({ userId: zUserId, ...withField }),
  output: z.object({ ...userFields, ...balanceField, ...detailFields }).meta({ id: "UserDetails" }),
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
  refusals: ["CONFIRMATION_REQUIRED", "EMAIL_TAKEN", "OUTCOME_UNKNOWN"],
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
  refusals: ["CONFIRMATION_REQUIRED", "USER_NOT_FOUND", "SELF_ACTION_FORBIDDEN", "LAST_ADMIN", "OUTCOME_UNKNOWN"],
});

/** `POST /admin/users/{userId}/price-group`: sets which multipliers of the catalogue count for a user. */
export const setPriceGroup = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/users/{userId}/price-group" },
  summary: {
    zh: "设置用户的价格组",
    en: "Set the price group of a user, by which multipliers of the catalogue count.",
  },
  caller: writeAccess,
  idempotent: false,
  input: z.strictObject({ userId: zUserId, priceGroup: zName, reason: zReason }),
  output: zUser,
  refusals: ["USER_NOT_FOUND", "SELF_ACTION_FORBIDDEN", "OUTCOME_UNKNOWN"],
});

/** `POST /admin/users/{userId}/name`: changes the name of a user. */
export const rename = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/users/{userId}/name" },
  summary: { zh: "修改用户的姓名", en: "Change the name of a user." },
  caller: writeAccess,
  idempotent: false,
  input: z.strictObject({ userId: zUserId, name: zSingleLine(100), reason: zReason }),
  output: zUser,
  refusals: ["OUTCOME_UNKNOWN"],
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
  refusals: ["CONFIRMATION_REQUIRED", "SELF_ACTION_FORBIDDEN", "USER_HAS_CREDENTIALS", "OUTCOME_UNKNOWN"],
});
