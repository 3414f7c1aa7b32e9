import { z } from "zod";
import { anyUser, roles } from "../callers.ts";
import { zTime } from "../ids.ts";
import { operation } from "../operation.ts";
import { zEmail, zOutputText, zSingleLine, zText } from "../primitives.ts";

const zToken = zOutputText(16_384).meta({ description: "A bearer token.", examples: ["eyJhbGciOiJIUzI1NiIs…"] });

/** Somebody, as answers show them. */
const person = { userId: zOutputText(254), email: zOutputText(254), name: zOutputText(254) };

/** `POST /auth/login`: e-mail address and password for a token. */
export const login = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/auth/login" },
  summary: { zh: "用户登录", en: "Log in with e-mail address and password." },
  caller: "anyone",
  idempotent: false,
  input: z.strictObject({ email: zEmail, password: zText(1024).meta({ examples: ["password123"] }) }),
  output: z.object({
    success: z.literal(true),
    ...person,
    token: zToken,
    expiresAt: zTime.meta({ description: "When the token ends." }),
  }),
  refusals: ["INVALID_CREDENTIALS", "OVERLOADED"],
});

/** `POST /auth/verify`: whose token is this. A mutation, so that the token travels in the body and never in an address. */
export const verify = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/auth/verify" },
  summary: { zh: "验证 Token", en: "Tell whose token this is." },
  caller: "anyone",
  idempotent: false,
  input: z.strictObject({ token: zText(16_384) }),
  output: z.discriminatedUnion("valid", [
    z.object({
      valid: z.literal(true),
      ...person,
      expiresAt: zTime,
    }),
    z.object({ valid: z.literal(false) }),
  ]),
  refusals: [],
});

const zName = zSingleLine(100);
const zPassword = zText(1024);
const zNewPassword = zText(1024).meta({
  description:
    "At least 10 characters unless the operator asks for more, at most 72 bytes, and none that everybody uses.",
});

const zLinkAndPassword = z.strictObject({
  token: zText(1024).meta({ description: "What the link carries." }),
  newPassword: zNewPassword,
});

/** `GET /auth/me`: whose credential this is. */
export const me = operation({
  kind: "query",
  rest: { method: "GET", path: "/auth/me" },
  summary: { zh: "查询当前用户", en: "Tell whose credential this is." },
  caller: anyUser("users:read"),
  idempotent: false,
  input: z.void(),
  output: z.object({ ...person, role: z.enum(roles) }),
  refusals: [],
});

/** `POST /auth/logout`: end this session, at once here and within five seconds everywhere. */
export const logout = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/auth/logout" },
  summary: { zh: "退出登录", en: "End this session." },
  caller: anyUser(null),
  idempotent: false,
  input: z.void(),
  output: z.object({ success: z.literal(true) }),
  refusals: ["OUTCOME_UNKNOWN"],
});

/** `POST /auth/logout-everywhere`: end every session of the caller, this one too. */
export const logoutEverywhere = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/auth/logout-everywhere" },
  summary: { zh: "退出所有登录", en: "End every session, this one too." },
  caller: anyUser(null),
  idempotent: false,
  input: z.void(),
  output: z.object({ success: z.literal(true) }),
  refusals: ["OUTCOME_UNKNOWN"],
});

/** `POST /auth/password`: another password; every session but the one that comes back is over. */
export const changePassword = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/auth/password" },
  summary: { zh: "修改密码", en: "Change the password; all other sessions end." },
  caller: anyUser(null),
  idempotent: false,
  input: z.strictObject({ currentPassword: zPassword, newPassword: zNewPassword }),
  output: z.object({ success: z.literal(true), token: zToken, expiresAt: zTime }),
  refusals: ["INVALID_CREDENTIALS", "OVERLOADED", "OUTCOME_UNKNOWN"],
});

/** `POST /auth/first-admin`: the first who may do everything, by the link that the server prints while there is nobody. */
export const firstAdmin = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/auth/first-admin" },
  summary: { zh: "通过一次性链接创建第一位管理员", en: "Make the first admin, by the link that the server prints." },
  caller: "anyone",
  idempotent: false,
  input: z.strictObject({
    ...zLinkAndPassword.shape,
    email: zEmail,
    name: zName.optional(),
  }),
  output: z.object({ success: z.literal(true), userId: zOutputText(254), token: zToken, expiresAt: zTime }),
  refusals: ["LINK_EXPIRED", "EMAIL_TAKEN", "OVERLOADED", "OUTCOME_UNKNOWN"],
});

/** `POST /auth/register`: ask to become a user. What is answered never tells whether there is such a user already. */
export const register = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/auth/register" },
  summary: {
    zh: "注册：向邮箱发送一次性确认链接",
    en: "Ask to become a user: a one-time link goes to the e-mail address.",
  },
  caller: "anyone",
  idempotent: false,
  input: z.strictObject({ email: zEmail, name: zName.optional() }),
  output: z.object({ success: z.literal(true) }),
  refusals: ["REGISTRATION_CLOSED", "OVERLOADED"],
});

/** `POST /auth/register/confirm`: become a user, by the link that was mailed; whoever reads that mailbox chooses the password. */
export const confirmRegistration = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/auth/register/confirm" },
  summary: {
    zh: "通过邮件中的链接完成注册并设置密码",
    en: "Become a user by the link that was mailed, with a password.",
  },
  caller: "anyone",
  idempotent: false,
  input: zLinkAndPassword,
  output: z.object({ success: z.literal(true), userId: zOutputText(254), token: zToken, expiresAt: zTime }),
  refusals: ["REGISTRATION_CLOSED", "LINK_EXPIRED", "EMAIL_TAKEN", "OVERLOADED", "OUTCOME_UNKNOWN"],
});

/** `POST /auth/forgotten-password`: ask for a link by mail. What is answered never tells whether there is such a user. */
export const forgotPassword = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/auth/forgotten-password" },
  summary: { zh: "忘记密码：向邮箱发送一次性链接", en: "Ask for a one-time link by mail, to set a password." },
  caller: "anyone",
  idempotent: false,
  input: z.strictObject({ email: zEmail }),
  output: z.object({ success: z.literal(true) }),
  refusals: ["MAIL_NOT_CONFIGURED", "OVERLOADED"],
});

/** `POST /auth/password-reset`: another password, by a one-time link instead of the one before. */
export const resetPassword = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/auth/password-reset" },
  summary: { zh: "通过一次性链接设置密码", en: "Set a password by a one-time link; every session ends." },
  caller: "anyone",
  idempotent: false,
  input: zLinkAndPassword,
  output: z.object({ success: z.literal(true) }),
  refusals: ["LINK_EXPIRED", "OVERLOADED", "OUTCOME_UNKNOWN"],
});
