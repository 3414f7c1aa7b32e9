import { z } from "zod";
import { staff } from "../callers.ts";
import { zTime } from "../ids.ts";
import { operation } from "../operation.ts";
import { zOutputText } from "../primitives.ts";

const caller = staff("admin", "admin");
const query = { kind: "query", caller, idempotent: false, input: z.strictObject({}), refusals: [] } as const;

const zCount = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

const zAuditRun = z
  .object({
    runId: zOutputText(100),
    startedAt: zTime,
    finishedAt: zTime,
    accounts: zCount,
    transactions: zCount,
    differences: zCount.meta({
      description:
        "How often a stored value differs from what follows from the transactions. `jifen audit` lists them.",
    }),
  })
  .meta({ id: "AuditRun" });

const zRunningAudit = z
  .object({ runId: zOutputText(100), startedAt: zTime, accounts: zCount.meta({ description: "Audited so far." }) })
  .meta({ id: "RunningAudit" });

/** `GET /admin/system`: the version, the database and the background jobs of the process that answers. */
export const status = operation({
  ...query,
  rest: { method: "GET", path: "/admin/system" },
  summary: {
    zh: "系统状态：版本、数据库与后台任务",
    en: "Read the version, the database and the background jobs of the process that answers.",
  },
  output: z.object({
    version: zOutputText(40),
    startedAt: zTime,
    database: z.enum(["sqlite", "postgresql", "mysql", "mongodb"]),
    mail: z.boolean().meta({ description: "Whether SMTP_URL is set." }),
    redis: z.boolean().meta({ description: "Whether several servers share limits and live events by Redis." }),
    jobs: z
      .array(
        z.object({
          name: zOutputText(100),
          hasLease: z.boolean().meta({ description: "Whether this process does the job." }),
          batches: zCount,
          failures: zCount,
          lastSuccessAt: zTime.nullable(),
        }),
      )
      .meta({ maxItems: 100 }),
  }),
});

/** `POST /admin/system/doctor`: checks everything that the server needs, as `jifen doctor` does. It changes nothing. */
export const doctor = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/system/doctor" },
  summary: {
    zh: "检查配置、数据库、时钟、Redis、邮件和支付渠道，并说明如何修复",
    en: "Check settings, database, clock, Redis, mail and payment channels; each finding says how to correct it.",
  },
  caller,
  idempotent: false,
  input: z.strictObject({}),
  output: z.object({
    checkedAt: zTime,
    findings: z
      .array(
        z.object({
          about: zOutputText(100),
          state: z.enum(["ok", "warning", "error"]),
          message: zOutputText(2_000),
          remedy: zOutputText(2_000).nullable().meta({ description: "How to correct it." }),
        }),
      )
      .meta({ maxItems: 200 }),
  }),
  refusals: [],
});

/** `GET /admin/system/settings`: the settings in force. The value of a secret is never returned. */
export const settings = operation({
  ...query,
  rest: { method: "GET", path: "/admin/system/settings" },
  summary: { zh: "查询生效中的配置（不返回密钥的值）", en: "List the settings in force; never the value of a secret." },
  output: z.object({
    items: z
      .array(
        z.object({
          name: zOutputText(100),
          source: z.enum(["environment", "file", "default"]).meta({ description: "`file`: named by `NAME_FILE`." }),
          value: zOutputText(4_096)
            .nullable()
            .meta({ description: "The text of the variable, or of its default. Null for a secret that is set." }),
          isSecret: z.boolean(),
          description: zOutputText(2_000),
        }),
      )
      .meta({ maxItems: 500 }),
  }),
});

/** `POST /admin/system/audits`: audits the ledger in the background. While an audit runs in this process, returns that one. */
export const startAudit = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/system/audits" },
  summary: { zh: "在后台核对账目", en: "Audit the ledger in the background." },
  caller,
  idempotent: false,
  input: z.strictObject({}),
  output: zRunningAudit,
  refusals: [],
});

/** `GET /admin/system/audits`: the audit that runs in this process, and the last ones of all processes, newest first. */
export const audits = operation({
  ...query,
  rest: { method: "GET", path: "/admin/system/audits" },
  summary: { zh: "查询最近的账目核对", en: "List the latest audits of the ledger, newest first." },
  output: z.object({
    running: zRunningAudit.nullable(),
    failedAt: zTime.nullable().meta({ description: "When the last audit of this process failed before its end." }),
    items: z.array(zAuditRun).meta({ maxItems: 20 }),
  }),
});

/** `POST /admin/system/test-mail`: sends an e-mail to the caller, and returns what the mail server answered. */
export const testMail = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/system/test-mail" },
  summary: {
    zh: "向自己的邮箱发送测试邮件，并返回邮件服务器的答复",
    en: "Send a test e-mail to your own address, and read what the mail server answers.",
  },
  caller,
  idempotent: false,
  input: z.strictObject({}),
  output: z.object({
    to: zOutputText(254),
    server: zOutputText(300).meta({
      description: "The host of SMTP_URL, with its port.",
      examples: ["smtp.example.com:587"],
    }),
    isAccepted: z.boolean().meta({ description: "Whether the mail server has taken the e-mail over." }),
    message: zOutputText(1_000).meta({ description: "The answer of the mail server, or why it could not be reached." }),
  }),
  refusals: ["MAIL_NOT_CONFIGURED"],
});
