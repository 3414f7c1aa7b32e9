import { type LogKeeping, MAX_LATE_MS } from "@jifen/database";
import { z } from "zod";
import { defineSettings } from "../../settings/define-settings.ts";
import { forms, same, zSwitch, zWholeNumber } from "../../settings/values.ts";
import { isTimeZone } from "../../values/time-zones/time-zone.ts";
import { hasWords } from "./redaction/secret-names.ts";

/** Settings of the logs module. */
export type LogsSettings = {
  /** Names of fields that are secret too; undefined when details are stored as they are sent. */
  readonly logRedaction: { readonly extraNames: readonly string[] } | undefined;
  /** The most UTF-8 bytes of the details of one log. */
  readonly logDetailsBytes: number;
  /** What one user, and one service key for all users, can write in an hour; undefined is without limit. */
  readonly logBytesPerHour: { readonly user: number | undefined; readonly key: number | undefined };
  /** Logs are refused while the disk of an embedded database has less free space than this. */
  readonly logDiskReserveBytes: number;
  /** For how long logs, and their details, are kept. */
  readonly logKeeping: LogKeeping;
  /** The time zone of days and months. */
  readonly timeZone: string;
};

/** The bound of the contract. */
const MAX_DETAILS_BYTES = 65_536;
const UNITS = { KB: 1_024, MB: 1_024 ** 2, GB: 1_024 ** 3 } as const;

const toBytes = (text: string): number => Number.parseInt(text, 10) * UNITS[text.slice(-2) as keyof typeof UNITS];

const zSize = z
  .string()
  .regex(/^[1-9]\d{0,5}(KB|MB|GB)$/, "must be a size such as 512KB, 64MB or 1GB")
  .transform(toBytes);

/** `off` parses to undefined, which `default` would replace: hence `prefault`. */
const zLimit = z
  .string()
  .regex(/^(off|[1-9]\d{0,5}(KB|MB|GB))$/, "must be a size such as 64MB or 1GB, or off")
  .transform((text) => (text === "off" ? undefined : toBytes(text)));

/** Names of fields; their words count. */
const zNames = z
  .string()
  .transform((text) => text.split(",").map((name) => name.trim()))
  .refine(
    (names) => names.every(hasWords),
    "must be names of fields, separated by commas, each with a letter or a digit",
  );

const DAY_MS = 86_400_000;

/** A call that is reported late must not have expired. */
const MIN_RETENTION_DAYS = MAX_LATE_MS / DAY_MS;
const MAX_DAYS = 3_650;

const toMs = (days: number | undefined) => (days === undefined ? undefined : days * DAY_MS);

const limitForm = { en: "size, such as 64MB or 1GB, or off", zh: "大小，例如 64MB 或 1GB，或 off" };

/** Settings of the logs module. */
export const logsSettings = defineSettings({
  variables: {
    LOG_REDACT: {
      schema: zSwitch.default(true),
      type: forms.switch,
      default: same("on"),
      description: {
        en: "Secrets and encoded data in `details` are redacted before a log is stored; `off` stores them as they are sent.",
        zh: "保存日志前对 `details` 中的密钥和编码数据脱敏；`off` 则原样保存。",
      },
    },
    LOG_REDACT_KEYS: {
      schema: zNames.default([]),
      type: { en: "names of fields, separated by commas", zh: "字段名，以逗号分隔" },
      description: {
        en: "More names of fields whose texts are redacted, by whole words: `idCard` is also `id_card` and `userIdCard`.",
        zh: "其他需要脱敏的字段名，按完整的词匹配：`idCard` 也匹配 `id_card` 和 `userIdCard`。",
      },
    },
    LOG_DETAILS_BYTES: {
      schema: zWholeNumber(2, MAX_DETAILS_BYTES).default(8_192),
      type: forms.wholeNumber(2, MAX_DETAILS_BYTES),
      default: same("8192"),
      description: {
        en: "The most bytes of `details` in one log, as JSON in UTF-8, after redaction.",
        zh: "每条日志 `details` 脱敏后的最大字节数（UTF-8 JSON）。",
      },
    },
    LOG_BYTES_PER_HOUR: {
      schema: zLimit.prefault("64MB"),
      type: limitForm,
      default: same("64MB"),
      description: { en: "Logs of one user in an hour.", zh: "每个用户每小时可写入的日志量。" },
    },
    LOG_BYTES_PER_HOUR_KEY: {
      schema: zLimit.prefault("4GB"),
      type: limitForm,
      default: same("4GB"),
      description: {
        en: "Logs that one service key writes in an hour, for all users.",
        zh: "每个服务密钥每小时可写入的日志量（所有用户合计）。",
      },
    },
    LOG_RETENTION_DAYS: {
      schema: zWholeNumber(MIN_RETENTION_DAYS, MAX_DAYS).optional(),
      type: forms.wholeNumber(MIN_RETENTION_DAYS, MAX_DAYS),
      description: {
        en: "For how many days logs are kept. Then they are shown no more, and removed. Unset: for ever. Sums stay.",
        zh: "日志保留的天数，过期后不再显示并被删除。未设置则永久保留。汇总始终保留。",
      },
    },
    LOG_DETAILS_DAYS: {
      schema: zWholeNumber(1, MAX_DAYS).optional(),
      type: forms.wholeNumber(1, MAX_DAYS),
      description: {
        en: "For how many days the `details` of logs are kept. Unset: for as long as the logs.",
        zh: "日志 `details` 保留的天数。未设置则与日志相同。",
      },
    },
    TIME_ZONE: {
      schema: z
        .string()
        .refine(isTimeZone, "must be an IANA time zone, such as Asia/Shanghai")
        .default("Asia/Shanghai"),
      type: { en: "IANA time zone", zh: "IANA 时区" },
      default: same("Asia/Shanghai"),
      description: {
        en: "The time zone of days and months where a request names none.",
        zh: "请求未指定时区时，天和月按此时区计算。",
      },
    },
    LOG_DISK_RESERVE: {
      schema: zSize.prefault("64MB"),
      type: { en: "size, such as 64MB or 1GB", zh: "大小，例如 64MB 或 1GB" },
      default: same("64MB"),
      description: {
        en: "Free disk space that logs leave to credits and administration; for an embedded database.",
        zh: "日志为积分和管理操作保留的磁盘空间；用于嵌入式数据库。",
      },
    },
  },
  check: ({ LOG_RETENTION_DAYS: logs, LOG_DETAILS_DAYS: details }) =>
    Number(details) > Number(logs) ? ["LOG_DETAILS_DAYS must be at most LOG_RETENTION_DAYS"] : [],
  read: (values): LogsSettings => ({
    logRedaction: values.LOG_REDACT ? { extraNames: values.LOG_REDACT_KEYS } : undefined,
    logDetailsBytes: values.LOG_DETAILS_BYTES,
    logBytesPerHour: { user: values.LOG_BYTES_PER_HOUR, key: values.LOG_BYTES_PER_HOUR_KEY },
    logDiskReserveBytes: values.LOG_DISK_RESERVE,
    logKeeping: { logsMs: toMs(values.LOG_RETENTION_DAYS), detailsMs: toMs(values.LOG_DETAILS_DAYS) },
    timeZone: values.TIME_ZONE,
  }),
});
