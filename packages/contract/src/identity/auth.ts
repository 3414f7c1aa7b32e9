import { z } from "zod";
import { anyUser, roles } from "../callers.ts";
import { zEmail } from "../email-address.ts";
import { zTime } from "../ids.ts";
import { operation } from "../operation.ts";
import { zOutputText, zSingleLine, zText } from "../primitives.ts";
import { zNewPassword, zPasswordChange } from "./passwords.ts";

const zToken = zOutputText(16_384).meta({ description: "A bearer token.", examples: ["eyJhbGciOiJIUzI1NiIs…"] });

/** A user in responses. */
const userFields = { userId: zOutputText(254), email: zOutputText(254), name: zOutputText(254) };

/** `POST /auth/login`: exchanges e-mail address and password for a token. */
export const login = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/auth/login" },
  summary: { zh: "用户登录", en: "Log in with e-mail address and password." },
  caller: "anyone",
  idempotent: false,
  input: z.strictObject({ email: zEmail, password: zText(1024).meta({ examples: ["password123"] }) }),
  output: z.object({
    success: z.literal(true),
    ...userFields,
    token: zToken,
    expiresAt: zTime.meta({ description: "The expiry of the token." }),
  }),
  refusals: ["INVALID_CREDENTIALS", "OVERLOADED"],
});

/** `POST /auth/verify`: the user of a token. A mutation, so that the token is in the body and never in a URL. */
export const verify = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/auth/verify" },
  summary: { zh: "验证 Token", en: "Verify a token and read its user." },
  caller: "anyone",
  idempotent: false,
  input: z.strictObject({ token: zText(16_384) }),
  output: z.discriminatedUnion("valid", [
    z.object({
      valid: z.literal(true),
      ...userFields,
      expiresAt: zTime,
    }),
    z.object({ valid: z.literal(false) }),
  ]),
  refusals: [],
});

const zName = zSingleLine(100);

const zLinkAndPassword = z.strictObject({
  token: zText(1024).meta({ description: "The token in the link." }),
  newPassword: zNewPassword,
});

/** `GET /auth/me`: the user of the credential. */
export const me = operation({
  kind: "query",
  rest: { method: "GET", path: "/auth/me" },
  summary: { zh: "查询当前用户", en: "Read the user of the credential." },
  caller: anyUser("users:read"),
  idempotent: false,
  input: z.void(),
  output: z.object({ ...userFields, role: z.enum(roles) }),
  refusals: [],
});

/** `POST /auth/name`: changes the name of the caller. */
export const rename = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/auth/name" },
  summary: { zh: "修改自己的姓名", en: "Change your own name." },
  caller: anyUser(null),
  idempotent: false,
  input: z.strictObject({ name: zName }),
  output: z.object(userFields),
  refusals: ["OUTCOME_UNKNOWN"],
});

/** `POST /auth/logout`: ends this session, immediately in this process and within five seconds in all others. */
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

/** `POST /auth/logout-everywhere`: ends all sessions of the caller, including this one. */
export const logoutEverywhere = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/auth/logout-everywhere" },
  summary: { zh: "退出所有登录", en: "End all sessions, including this one." },
  caller: anyUser(null),
  idempotent: false,
  input: z.void(),
  output: z.object({ success: z.literal(true) }),
  refusals: ["OUTCOME_UNKNOWN"],
});

/** `POST /auth/password`: changes the password and ends all sessions except the returned one. */
export const changePassword = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/auth/password" },
  summary: { zh: "修改密码", en: "Change the password; all other sessions end." },
  caller: anyUser(null),
  idempotent: false,
  input: zPasswordChange,
  output: z.object({ success: z.literal(true), token: zToken, expiresAt: zTime }),
  refusals: ["BEARER_TOKEN_REQUIRED", "INVALID_CREDENTIALS", "OVERLOADED", "OUTCOME_UNKNOWN"],
});

/** `POST /auth/first-admin`: creates the first admin, with the link that the server prints while there is none. */
export const firstAdmin = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/auth/first-admin" },
  summary: { zh: "通过一次性链接创建第一位管理员", en: "Create the first admin with the link that the server prints." },
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

/** `POST /auth/register`: requests a registration link. The response does not reveal whether the user exists. */
export const register = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/auth/register" },
  summary: {
    zh: "注册：向邮箱发送一次性确认链接",
    en: "Register: the server sends a one-time link to the e-mail address.",
  },
  caller: "anyone",
  idempotent: false,
  input: z.strictObject({ email: zEmail, name: zName.optional() }),
  output: z.object({ success: z.literal(true) }),
  refusals: ["REGISTRATION_CLOSED", "OVERLOADED"],
});

/** `POST /auth/register/confirm`: completes a registration with the link from the e-mail, which proves the address, and sets the password. */
export const confirmRegistration = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/auth/register/confirm" },
  summary: {
    zh: "通过邮件中的链接完成注册并设置密码",
    en: "Complete a registration with the link from the e-mail and set the password.",
  },
  caller: "anyone",
  idempotent: false,
  input: zLinkAndPassword,
  output: z.object({ success: z.literal(true), userId: zOutputText(254), token: zToken, expiresAt: zTime }),
  refusals: ["REGISTRATION_CLOSED", "LINK_EXPIRED", "EMAIL_TAKEN", "OVERLOADED", "OUTCOME_UNKNOWN"],
});

/** `POST /auth/forgotten-password`: requests a password link by e-mail. The response does not reveal whether the user exists. */
export const forgotPassword = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/auth/forgotten-password" },
  summary: { zh: "忘记密码：向邮箱发送一次性链接", en: "Request a one-time link by e-mail to set a new password." },
  caller: "anyone",
  idempotent: false,
  input: z.strictObject({ email: zEmail }),
  output: z.object({ success: z.literal(true) }),
  refusals: ["MAIL_NOT_CONFIGURED", "OVERLOADED"],
});

/** `POST /auth/password-reset`: sets a new password with a one-time link instead of the old password. */
export const resetPassword = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/auth/password-reset" },
  summary: { zh: "通过一次性链接设置密码", en: "Set a password with a one-time link; all sessions end." },
  caller: "anyone",
  idempotent: false,
  input: zLinkAndPassword,
  output: z.object({ success: z.literal(true) }),
  refusals: ["LINK_EXPIRED", "OVERLOADED", "OUTCOME_UNKNOWN"],
});
