import { z } from "zod";
import { defineSettings } from "../../../settings/define-settings.ts";
import { DURATION_SECONDS, forms, same, zDuration } from "../../../settings/values.ts";

/** How the pages of this server present themselves. */
export type Brand = {
  readonly name: string;
  /** A URL or a path of this server's origin. */
  readonly logoUrl: string | null;
  /** `#rrggbb`, lower case. */
  readonly color: string | null;
  readonly supportUrl: string | null;
};

/** Settings of browser sessions and of the pages for them. */
export type SessionSettings = { readonly consoleSessionSeconds: number; readonly brand: Brand };

const LOGO_FORM = "must be an https URL, or a path such as /logo.svg";
const SUPPORT_FORM = "must be an https URL, or mailto: and an address";

const isHttps = (text: string): boolean => URL.canParse(text) && new URL(text).protocol === "https:";

/** A path of the same origin: `//host` and a backslash would name another host. */
const isPath = (text: string): boolean => /^\/(?![/\\])[^\s\\]*$/.test(text);

/** Settings of browser sessions and of the pages for them. */
export const sessionSettings = defineSettings({
  variables: {
    CONSOLE_SESSION: {
      schema: zDuration.default(12 * DURATION_SECONDS.h),
      type: forms.duration,
      default: same("12h"),
      description: {
        en: "How long staff stay logged in to the console after the last use, at most 7 days after the log-in. End users stay logged in for `JWT_EXPIRES_IN`.",
        zh: "管理人员最后一次使用控制台后保持登录的时间，自登录起最多 7 天。普通用户按 `JWT_EXPIRES_IN`。",
      },
    },
    BRAND_NAME: {
      schema: z
        .string()
        .trim()
        .regex(/^[^\p{Cc}]{1,60}$/u, "must have 1 to 60 characters")
        .default("Jifen 积分"),
      type: forms.text,
      default: same("Jifen 积分"),
      description: { en: "The name that the pages show.", zh: "页面上显示的名称。" },
    },
    BRAND_LOGO: {
      schema: z
        .string()
        .max(2_000, LOGO_FORM)
        .refine((text) => isPath(text) || isHttps(text), LOGO_FORM)
        .optional(),
      type: { en: "https URL or path", zh: "https 地址或路径" },
      description: { en: "The logo that the pages show.", zh: "页面上显示的标志。" },
    },
    BRAND_COLOR: {
      schema: z
        .string()
        .regex(/^#[0-9a-f]{6}$/i, "must be a colour such as #b3261e")
        .transform((text) => text.toLowerCase())
        .optional(),
      type: same("#rrggbb"),
      description: { en: "The colour of the main buttons of the pages.", zh: "页面主要按钮的颜色。" },
    },
    SUPPORT_URL: {
      schema: z
        .string()
        .max(2_000, SUPPORT_FORM)
        .refine((text) => isHttps(text) || /^mailto:[^\s@]+@[^\s@]+$/.test(text), SUPPORT_FORM)
        .optional(),
      type: { en: "https URL or mailto:", zh: "https 地址或 mailto:" },
      description: { en: "Where the pages send users who need help.", zh: "页面上的客服链接。" },
    },
  },
  read: (values): SessionSettings => ({
    consoleSessionSeconds: values.CONSOLE_SESSION,
    brand: {
      name: values.BRAND_NAME,
      logoUrl: values.BRAND_LOGO ?? null,
      color: values.BRAND_COLOR ?? null,
      supportUrl: values.SUPPORT_URL ?? null,
    },
  }),
});
