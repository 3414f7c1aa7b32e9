import type { Wording } from "@jifen/contract";
import { z } from "zod";
import type { Rate } from "../../http/rate-limits/counters.ts";
import { rateForm, zRate } from "../../http/settings.ts";
import { defineSettings, type Environment, type SettingsContext } from "../../settings/define-settings.ts";
import { DURATION_SECONDS, forms, isOn, same, zDuration, zSwitch, zWholeNumber } from "../../settings/values.ts";
import { authJsCookies } from "./credentials/authjs-keys.ts";
import { zCookieNames, zEmails, zMailbox } from "./setting-values.ts";
import type { WhitelistEntry } from "./use-cases/apply-whitelist.ts";
import { zWhitelist } from "./whitelist-value.ts";

/** Settings of the identity module. */
export type IdentitySettings = {
  /** The first signs, all verify. Empty in development without JWT_SECRET: the server then generates one. */
  readonly jwtSecrets: readonly string[];
  readonly jwtExpiresInSeconds: number;
  readonly whitelist: readonly WhitelistEntry[];
  /** Normalised addresses of users that are admins whatever the database says. */
  readonly adminEmails: ReadonlySet<string>;
  /** Characters of a new password. */
  readonly minPasswordLength: number;
  /** Sessions of sites with Auth.js; undefined when they are not accepted. */
  readonly authJs: AuthJsSettings | undefined;
  /** undefined when the server sends no e-mail. */
  readonly mail: { readonly url: string; readonly from: string } | undefined;
  /** Whether anyone may register. */
  readonly isRegistrationOpen: boolean;
  /** Whether users without a role on staff create and rotate service keys of their own. */
  readonly hasUserKeys: boolean;
  /** Whether a service key that can create users creates those that it names and that do not exist, unasked. */
  readonly createsNamedUsers: boolean;
  /** How many users one service key creates; undefined is without limit. */
  readonly newUserRate: Rate | undefined;
};

/** Which Auth.js sessions are accepted, and for how long. */
type AuthJsSettings = {
  readonly secrets: readonly string[];
  readonly cookieNames: readonly string[];
  readonly maxAgeSeconds: number;
  /** Whether the first request of an unknown user creates the user. */
  readonly createsUsers: boolean;
};

const MIN_SECRET_BYTES = 32;
const GENERATE = "make one with: openssl rand -base64 32";

/** A secret, and the older ones that it replaces. */
const withOlder = <Name extends string>(name: Name) => [name, `${name}_1`, `${name}_2`, `${name}_3`] as const;
const [jwtNames, authNames] = [withOlder("JWT_SECRET"), withOlder("AUTH_SECRET")];

const valuesOf = (environment: Environment, names: readonly string[]) =>
  names.flatMap((name) => environment[name] ?? []);

const secret = (description: Wording, unset?: Wording) => ({
  schema: z.string().optional(),
  type: { en: "text, at least 32 bytes in production", zh: "文本，生产环境至少 32 字节" },
  default: unset,
  description,
  isSecret: true as const,
});

const olderJwtSecret = secret({ en: "An older secret that still verifies tokens.", zh: "旧密钥，仍可用于验证。" });
const olderAuthSecret = secret({ en: "Another secret of the Auth.js site.", zh: "Auth.js 网站的其他密钥。" });

/** The first secret signs, all verify. */
function jwtProblems(environment: Environment, { isProduction }: SettingsContext): readonly string[] {
  const secrets = valuesOf(environment, jwtNames);
  const problems: string[] = [];
  if (environment["JWT_SECRET"] === undefined && secrets.length > 0) {
    problems.push(`JWT_SECRET is missing, JWT_SECRET_1 to _3 only verify: ${GENERATE}`);
  } else if (isProduction && secrets.length === 0) {
    problems.push(`JWT_SECRET is required in production: ${GENERATE}`);
  }
  if (isProduction && secrets.some((each) => Buffer.byteLength(each) < MIN_SECRET_BYTES)) {
    problems.push(`JWT_SECRET (and _1 to _3) must have at least ${MIN_SECRET_BYTES} bytes in production: ${GENERATE}`);
  }
  return problems;
}

function authJsProblems(environment: Environment, { isProduction }: SettingsContext): readonly string[] {
  const own = valuesOf(environment, authNames);
  const problems: string[] = [];
  if (isOn(environment["AUTHJS_ENABLED"]) && own.length === 0 && valuesOf(environment, jwtNames).length === 0) {
    problems.push("AUTHJS_ENABLED is on, but there is no secret: set AUTH_SECRET to the one of your site");
  }
  if (isProduction && own.some((each) => Buffer.byteLength(each) < MIN_SECRET_BYTES)) {
    problems.push(`AUTH_SECRET (and _1 to _3) must have at least ${MIN_SECRET_BYTES} bytes in production`);
  }
  return problems;
}

/** Registration proves the address by e-mail, so it needs a mail server. */
function mailProblems(environment: Environment): readonly string[] {
  const canSend = environment["SMTP_URL"] !== undefined;
  const problems: string[] = [];
  if (canSend && environment["MAIL_FROM"] === undefined) {
    problems.push("MAIL_FROM is missing: set it to the sender address of e-mail, such as Jifen <jifen@example.com>");
  }
  if (environment["REGISTRATION"] === "open" && !canSend) {
    problems.push(
      "REGISTRATION is open, but no e-mail can be sent: set SMTP_URL and MAIL_FROM for the link that proves an address",
    );
  }
  return problems;
}

/** Settings of the identity module. */
export const identitySettings = defineSettings({
  variables: {
    JWT_SECRET: secret(
      { en: "Signs tokens.", zh: "token 签名密钥。" },
      { en: "in development generated and kept in `DATA_DIR`", zh: "开发时自动生成，存于 `DATA_DIR`" },
    ),
    JWT_SECRET_1: olderJwtSecret,
    JWT_SECRET_2: olderJwtSecret,
    JWT_SECRET_3: olderJwtSecret,
    JWT_EXPIRES_IN: {
      schema: zDuration.default(7 * DURATION_SECONDS.d),
      type: forms.duration,
      default: same("7d"),
      description: { en: "How long a token is valid.", zh: "token 有效期。" },
    },
    USER_WHITELIST: {
      schema: zWhitelist.default([]),
      type: same("email:password,email:password"),
      description: {
        en: "Users to create at start, and whose passwords to set when their entry has changed. Commas or line breaks separate entries; white space around addresses and passwords is left out.",
        zh: "启动时创建的用户；条目有变化时更新其密码。条目以逗号或换行分隔，邮箱和密码前后的空白会被忽略。",
      },
      isSecret: true,
    },
    ADMIN_EMAILS: {
      schema: zEmails.default([]),
      type: { en: "e-mail addresses, separated by commas", zh: "邮箱，逗号分隔" },
      description: {
        en: "Users that are admins: they may grant, revoke and refund credits.",
        zh: "管理员用户：可以发放、收回和退还积分。",
      },
    },
    PASSWORD_MIN_LENGTH: {
      schema: zWholeNumber(8, 64).default(10),
      type: forms.wholeNumber(8, 64),
      default: same("10"),
      description: {
        en: "Characters of a new password; it also has at most 72 bytes and is not a common password.",
        zh: "新密码的最短长度；另外最多 72 字节，不能是常见密码。",
      },
    },
    AUTH_SECRET: secret({
      en: "Secret of your Auth.js site: its sessions are accepted here.",
      zh: "使用 Auth.js 的网站的密钥，其登录会话在此有效。",
    }),
    AUTH_SECRET_1: olderAuthSecret,
    AUTH_SECRET_2: olderAuthSecret,
    AUTH_SECRET_3: olderAuthSecret,
    AUTHJS_ENABLED: {
      schema: zSwitch.optional(),
      type: forms.switch,
      default: { en: "`on` with `AUTH_SECRET`", zh: "设置了 `AUTH_SECRET` 时为 `on`" },
      description: {
        en: "`on` without `AUTH_SECRET`: the site uses `JWT_SECRET`; `off`: its sessions are not accepted.",
        zh: "没有 `AUTH_SECRET` 而设为 `on`：网站使用 `JWT_SECRET`；`off`：不接受其会话。",
      },
    },
    AUTHJS_AUTO_CREATE: {
      schema: zSwitch.default(false),
      type: forms.switch,
      default: same("off"),
      description: {
        en: "`on` creates an unknown user of the site at the first request.",
        zh: "`on` 表示网站用户首次请求时自动创建。",
      },
    },
    AUTHJS_COOKIE_NAMES: {
      schema: zCookieNames.default([]),
      type: { en: "names, separated by commas", zh: "名称，逗号分隔" },
      description: { en: "Session cookies with other names.", zh: "其他名称的会话 cookie。" },
    },
    AUTHJS_MAX_AGE: {
      schema: zDuration.default(30 * DURATION_SECONDS.d),
      type: forms.duration,
      default: same("30d"),
      description: { en: "How old a session may be.", zh: "会话的最长时间。" },
    },
    SMTP_URL: {
      schema: z
        .url({ protocol: /^smtps?$/, error: "must be a URL such as smtps://user:password@mail.example.com:465" })
        .optional(),
      type: same("smtps://user:password@host:465"),
      description: {
        en: "Mail server for one-time links; without it an admin or the command line creates them.",
        zh: "发送一次性链接的邮件服务器；未设置时由管理员或命令行生成链接。",
      },
      isSecret: true,
    },
    MAIL_FROM: {
      schema: zMailbox.optional(),
      type: same("Jifen <jifen@example.com>"),
      description: { en: "Sender of e-mail; required with `SMTP_URL`.", zh: "发件人；设置 `SMTP_URL` 时必填。" },
    },
    REGISTRATION: {
      schema: z.enum(["open", "closed"], "must be open or closed").default("closed"),
      type: same("open, closed"),
      default: same("closed"),
      description: {
        en: "`open` lets anyone register by a link that is sent by e-mail.",
        zh: "`open` 允许任何人通过邮件中的链接注册。",
      },
    },
    USER_KEYS: {
      schema: zSwitch.default(false),
      type: forms.switch,
      default: same("off"),
      description: {
        en: "`on` lets users without a role on staff create and rotate service keys of their own.",
        zh: "`on` 允许没有管理角色的普通用户创建和轮换自己的服务密钥。",
      },
    },
    CREATE_USERS: {
      schema: zSwitch.default(false),
      type: forms.switch,
      default: same("off"),
      description: {
        en: "`on` creates a user that a service key with `act-as` and `users:write` names and that does not exist yet; `off` does so for requests with `X-Create-User: true` only.",
        zh: "`on` 表示带 `act-as` 和 `users:write` 权限的服务密钥指定的用户不存在时自动创建；`off` 表示仅在请求带 `X-Create-User: true` 时创建。",
      },
    },
    RATE_LIMIT_NEW_USERS: {
      schema: zRate.prefault("10000/24h"),
      type: rateForm,
      default: same("10000/24h"),
      description: {
        en: "Users that one service key creates, by naming them or with `POST /admin/users`, counted by all servers together.",
        zh: "一个服务密钥创建的用户数（通过指定用户或 `POST /admin/users`），所有服务器合计。",
      },
    },
  },
  check: (environment, context) => [
    ...jwtProblems(environment, context),
    ...authJsProblems(environment, context),
    ...mailProblems(environment),
  ],
  read: (values): IdentitySettings => {
    const jwtSecrets = jwtNames.flatMap((name) => values[name] ?? []);
    const own = authNames.flatMap((name) => values[name] ?? []);
    const authJsSecrets = values.AUTHJS_ENABLED === true && own.length === 0 ? jwtSecrets : own;
    return {
      jwtSecrets,
      jwtExpiresInSeconds: values.JWT_EXPIRES_IN,
      whitelist: values.USER_WHITELIST,
      adminEmails: new Set(values.ADMIN_EMAILS),
      minPasswordLength: values.PASSWORD_MIN_LENGTH,
      authJs:
        values.AUTHJS_ENABLED === false || authJsSecrets.length === 0
          ? undefined
          : {
              secrets: authJsSecrets,
              cookieNames: [...authJsCookies, ...values.AUTHJS_COOKIE_NAMES],
              maxAgeSeconds: values.AUTHJS_MAX_AGE,
              createsUsers: values.AUTHJS_AUTO_CREATE,
            },
      mail: values.SMTP_URL && values.MAIL_FROM ? { url: values.SMTP_URL, from: values.MAIL_FROM } : undefined,
      isRegistrationOpen: values.REGISTRATION === "open",
      hasUserKeys: values.USER_KEYS,
      createsNamedUsers: values.CREATE_USERS,
      newUserRate: values.RATE_LIMIT_NEW_USERS,
    };
  },
});
