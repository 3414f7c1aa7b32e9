import { z } from "zod";
import { anyUser, roles } from "../callers.ts";
import { zTime } from "../ids.ts";
import { languages } from "../language.ts";
import { operation } from "../operation.ts";
import { zOutputText, zText } from "../primitives.ts";
import { zPasswordChange } from "./passwords.ts";

/** `GET /session`: the session of a browser, and what the pages need before there is one. */
export const current = operation({
  kind: "query",
  rest: { method: "GET", path: "/session" },
  summary: {
    zh: "查询浏览器会话及页面所需的服务信息",
    en: "Read the session of this browser, and what pages need to know of this server.",
  },
  caller: "anyone",
  idempotent: false,
  input: z.void(),
  output: z.object({
    session: z
      .object({
        userId: zOutputText(254),
        email: zOutputText(254),
        name: zOutputText(254),
        role: z.enum(roles),
        language: z.enum(languages).nullable().meta({ description: "As `GET /auth/preferences`." }),
        timeZone: zOutputText(64).nullable(),
        expiresAt: zTime.meta({ description: "Use renews the session of staff." }),
        confirmedUntil: zTime.meta({ description: "After this time some acts of staff need the password again." }),
      })
      .nullable()
      .meta({ description: "null without a valid session cookie, which only pages of this server can send." }),
    setup: z.object({
      needsFirstAdmin: z.boolean().meta({ description: "Whether no admin exists yet." }),
    }),
    registration: z.enum(["open", "closed"]),
    mail: z.boolean().meta({ description: "Whether this server sends e-mail." }),
    userKeys: z.boolean().meta({ description: "Whether users without a role can create service keys." }),
    version: zOutputText(50),
    brand: z.object({
      name: zOutputText(60),
      logoUrl: zOutputText(2_000).nullable(),
      color: zOutputText(7).nullable().meta({ description: "Of the main buttons; null: the colour of the pages." }),
      textColor: zOutputText(7).nullable().meta({ description: "The text that is easy to read on `color`." }),
      supportUrl: zOutputText(2_000).nullable(),
    }),
  }),
  refusals: [],
});

/** `POST /session/confirmation`: gives the password again, for acts that need it. */
export const confirm = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/session/confirmation" },
  summary: {
    zh: "再次输入密码，确认浏览器会话",
    en: "Give the password again in a session of a browser.",
  },
  caller: anyUser(null),
  idempotent: false,
  input: z.strictObject({ password: zText(1024) }),
  output: z.object({ confirmedUntil: zTime }),
  refusals: ["SESSION_COOKIE_REQUIRED", "INVALID_CREDENTIALS"],
});

/** `POST /session/password`: changes the password in a browser; all sessions end, and the cookie gets a new one. */
export const changePassword = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/session/password" },
  summary: {
    zh: "在浏览器会话中修改密码，其他会话全部失效",
    en: "Change the password in a session of a browser; all other sessions end.",
  },
  caller: anyUser(null),
  idempotent: false,
  input: zPasswordChange,
  output: z.object({ expiresAt: zTime.meta({ description: "When the new session of this browser expires." }) }),
  refusals: ["SESSION_COOKIE_REQUIRED", "INVALID_CREDENTIALS", "OVERLOADED", "OUTCOME_UNKNOWN"],
});
