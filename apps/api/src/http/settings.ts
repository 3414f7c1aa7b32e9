import { isIP } from "node:net";
import { fallbackLanguage, type Language, languages } from "@jifen/contract";
import { z } from "zod";
import { defineSettings } from "../settings/define-settings.ts";
import { DURATION_SECONDS, forms, same, zWholeNumber } from "../settings/values.ts";
import { ORIGIN_FORM, parseOriginPattern } from "./origins.ts";
import { createClientAddress } from "./rate-limits/client-address.ts";
import type { Rate } from "./rate-limits/counters.ts";
import type { Rates } from "./rate-limits/rate-limits.ts";

/** Settings of the HTTP server. */
export type HttpSettings = {
  readonly port: number;
  /** undefined listens on every interface. */
  readonly host: string | undefined;
  /** The address of this server for users, without a trailing slash; undefined when it is where the server listens. */
  readonly publicUrl: string | undefined;
  /** The language of messages and pages where the caller asks for none. */
  readonly messageLanguage: Language;
  /** Origins that browsers may call from; see `parseOriginPattern`. */
  readonly frontendOrigins: readonly string[];
  /** Proxies whose X-Forwarded-For or Forwarded is trusted; see `compileTrust`. */
  readonly trustedProxies: readonly string[];
  readonly rates: Rates;
  /** undefined: no limit. */
  readonly maxConnections: number | undefined;
  readonly maxConnectionsPerAddress: number | undefined;
  /** Where calls are counted without Redis. */
  readonly countsIn: "memory" | "database";
  /** Counts calls for several processes; undefined when each process counts its own. */
  readonly redisUrl: string | undefined;
  /** undefined turns /metrics off. */
  readonly metricsToken: string | undefined;
};

const zOrigins = z.string().transform((text, issue) =>
  text.split(",").map((each, index) => {
    const origin = parseOriginPattern(each.trim());
    if (origin === undefined) issue.addIssue(`${ORIGIN_FORM} (entry ${index + 1})`);
    return origin ?? "";
  }),
);

/** An IPv6 address may have brackets, as in a URL. */
const zHost = z
  .string()
  .transform((text) => text.trim().replace(/^\[(.*)\]$/, "$1"))
  .refine(
    (host) => isIP(host) !== 0 || /^[\w-]+(\.[\w-]+)*\.?$/.test(host),
    "must be an address or a host name without a port, such as 127.0.0.1 or ::1",
  );

const PUBLIC_URL_FORM =
  "must be a URL without user, query and fragment, such as https://credits.example.com or https://example.com/credits";

/** The parsed URL has no slash at its end. */
const zPublicUrl = z.url({ protocol: /^https?$/, error: PUBLIC_URL_FORM }).transform((text, issue) => {
  const { origin, pathname, username, password } = new URL(text);
  if (username !== "" || password !== "" || /[?#]/.test(text)) issue.addIssue(PUBLIC_URL_FORM);
  return `${origin}${pathname.replace(/\/+$/, "")}`;
});

/** Calls per duration, such as `600/1m`. `off` parses to undefined, which `default` would replace: hence `prefault`. */
export const zRate = z
  .string()
  .regex(/^(off|[1-9]\d{0,8}\/[1-9]\d{0,3}[smh])$/, "must be a number in a time, such as 600/1m, or off")
  .transform((text): Rate | undefined => {
    const { points, count, unit } = /^(?<points>\d+)\/(?<count>\d+)(?<unit>[smh])$/.exec(text)?.groups ?? {};
    if (points === undefined) return undefined;
    return { points: Number(points), seconds: Number(count) * DURATION_SECONDS[unit as keyof typeof DURATION_SECONDS] };
  });

/** A number of connections. `off` parses to undefined, hence `prefault`. */
const zConnections = z
  .string()
  .regex(/^(off|[1-9]\d{0,6})$/, "must be a number of connections, such as 10000, or off")
  .transform((text) => (text === "off" ? undefined : Number(text)));

const connectionsForm = { en: "whole number, or off", zh: "整数，或 off" };

const zProxies = z.string().transform((text, issue) => {
  const proxies = text.split(",").map((each) => each.trim());
  try {
    createClientAddress(proxies);
  } catch {
    issue.addIssue(
      "must be addresses or ranges separated by commas, such as 10.0.0.0/8,::1, or loopback; or how many proxies stand before the server, such as 1",
    );
  }
  return proxies;
});

/** How a rate is written. */
export const rateForm = { en: "number/duration, such as 600/1m, or off", zh: "次数/时长，例如 600/1m，或 off" };

/** Settings of the HTTP server. */
export const httpSettings = defineSettings({
  variables: {
    PORT: {
      schema: zWholeNumber(0, 65_535).default(3001),
      type: forms.wholeNumber(0, 65_535),
      default: same("3001"),
      description: { en: "Port to listen on; 0 picks a free one.", zh: "监听端口；0 表示任选一个空闲端口。" },
    },
    HOST: {
      schema: zHost.optional(),
      type: { en: "address", zh: "地址" },
      default: { en: "every interface", zh: "所有网卡" },
      description: {
        en: "Address to listen on; use `127.0.0.1` behind a proxy on the same machine.",
        zh: "监听地址；前面有同机反向代理时用 `127.0.0.1`。",
      },
    },
    PUBLIC_URL: {
      schema: zPublicUrl.optional(),
      type: forms.url,
      default: { en: "where it listens, `http://localhost:3001`", zh: "监听地址，`http://localhost:3001`" },
      description: {
        en: "The address of this server for users, with its path behind a proxy; one-time links begin with it.",
        zh: "用户访问本服务器的地址，反向代理下包含路径；一次性链接以它开头。",
      },
    },
    MESSAGE_LANGUAGE: {
      schema: z.enum(languages, "must be zh or en").optional(),
      type: same("zh, en"),
      default: {
        en: `\`${fallbackLanguage}\`; commands: the language of the shell`,
        zh: `\`${fallbackLanguage}\`；命令行用 shell 的语言`,
      },
      description: {
        en: "Language of messages, pages, e-mails and commands where neither the caller (`Accept-Language`, `--lang`) nor the user has chosen one.",
        zh: "消息、页面、邮件和命令行的语言，用于调用方（`Accept-Language`、`--lang`）和用户都未选择语言时。",
      },
    },
    FRONTEND_URL: {
      schema: zOrigins.optional(),
      type: { en: "origins, separated by commas", zh: "来源，逗号分隔" },
      default: { en: "`http://localhost:3000`; in production none", zh: "`http://localhost:3000`；生产环境无" },
      description: {
        en: "Origins that browsers may call from (CORS). `*` stands for a part of one host label, as in `https://shop-*.vercel.app`; `https://*.vercel.app` lets in the sites of strangers too.",
        zh: "允许浏览器跨域访问的来源（CORS）。`*` 表示主机名中一段的一部分，例如 `https://shop-*.vercel.app`；`https://*.vercel.app` 会放行他人的网站。",
      },
    },
    TRUST_PROXY: {
      schema: zProxies.default([]),
      type: {
        en: "addresses, ranges or `loopback`, separated by commas; or a number",
        zh: "地址、网段或 `loopback`，逗号分隔；或一个数字",
      },
      description: {
        en: "Proxies whose `X-Forwarded-For` or `Forwarded` header is trusted; or how many stand before the server.",
        zh: "可信代理，其 `X-Forwarded-For` 或 `Forwarded` 有效；或服务器前面的代理层数。",
      },
    },
    MAX_CONNECTIONS: {
      schema: zConnections.prefault("20000"),
      type: connectionsForm,
      default: same("20000"),
      description: {
        en: "Open connections. When there are more, those without a complete request are closed first, those of authenticated callers last.",
        zh: "同时打开的连接数。超过时先关闭没有完整请求的连接，已认证调用者的连接最后关闭。",
      },
    },
    MAX_CONNECTIONS_IP: {
      schema: zConnections.prefault("8192"),
      type: connectionsForm,
      default: same("8192"),
      description: {
        en: "Open connections of one address. Proxies that `TRUST_PROXY` names have no such limit.",
        zh: "每个地址同时打开的连接数。`TRUST_PROXY` 中的代理不受此限制。",
      },
    },
    RATE_LIMIT_CALLER: {
      schema: zRate.prefault("6000000/1m"),
      type: rateForm,
      default: same("6000000/1m"),
      description: { en: "Calls of one caller.", zh: "每个调用者的请求数。" },
    },
    RATE_LIMIT_IP: {
      schema: zRate.prefault("30000/1m"),
      type: rateForm,
      default: same("30000/1m"),
      description: {
        en: "Calls without a valid credential from one address.",
        zh: "每个地址没有有效凭证的请求数。",
      },
    },
    RATE_LIMIT_LOGIN: {
      schema: zRate.prefault("60/1m"),
      type: rateForm,
      default: same("60/1m"),
      description: { en: "Wrong passwords from one address.", zh: "每个地址的错误密码数。" },
    },
    RATE_LIMIT_MAIL: {
      schema: zRate.prefault("60/1h"),
      type: rateForm,
      default: same("60/1h"),
      description: {
        en: "E-mails that one address requests; one recipient gets at most 5 an hour.",
        zh: "同一来源地址请求发送的邮件数；同一收件人每小时最多 5 封。",
      },
    },
    RATE_LIMIT_CODES: {
      schema: zRate.prefault("10/1h"),
      type: rateForm,
      default: same("10/1h"),
      description: {
        en: "Wrong redemption codes of one user; ten times as many from one address.",
        zh: "每个用户输错的积分码数；每个地址为其十倍。",
      },
    },
    RATE_LIMIT_STORE: {
      schema: z.enum(["memory", "database"], "must be memory or database").default("memory"),
      type: same("memory, database"),
      default: same("memory"),
      description: {
        en: "Where calls are counted: `database` shares the counters between servers; `REDIS_URL` takes precedence.",
        zh: "计数位置：`database` 在数据库中为多台服务器共同计数；设置 `REDIS_URL` 时优先用 Redis。",
      },
    },
    REDIS_URL: {
      schema: z.url({ protocol: /^rediss?$/, error: "must be a URL such as redis://localhost:6379" }).optional(),
      type: forms.url,
      description: { en: "Counts calls in Redis for several servers.", zh: "在 Redis 中为多台服务器共同计数。" },
      isSecret: true,
    },
    METRICS_TOKEN: {
      schema: z.string().min(16, "must have at least 16 characters").optional(),
      type: { en: "text, at least 16 characters", zh: "文本，至少 16 个字符" },
      description: {
        en: "Bearer token with which Prometheus reads `/metrics`; unset turns `/metrics` off.",
        zh: "Prometheus 读取 `/metrics` 所用的 Bearer Token；未设置时关闭 `/metrics`。",
      },
      isSecret: true,
    },
  },
  read: (values, { isProduction }): HttpSettings => ({
    port: values.PORT,
    host: values.HOST,
    publicUrl: values.PUBLIC_URL,
    messageLanguage: values.MESSAGE_LANGUAGE ?? fallbackLanguage,
    frontendOrigins: values.FRONTEND_URL ?? (isProduction ? [] : ["http://localhost:3000"]),
    trustedProxies: values.TRUST_PROXY,
    maxConnections: values.MAX_CONNECTIONS,
    maxConnectionsPerAddress: values.MAX_CONNECTIONS_IP,
    rates: {
      caller: values.RATE_LIMIT_CALLER,
      ip: values.RATE_LIMIT_IP,
      login: values.RATE_LIMIT_LOGIN,
      mail: values.RATE_LIMIT_MAIL,
      codes: values.RATE_LIMIT_CODES,
    },
    countsIn: values.RATE_LIMIT_STORE,
    redisUrl: values.REDIS_URL,
    metricsToken: values.METRICS_TOKEN,
  }),
});
