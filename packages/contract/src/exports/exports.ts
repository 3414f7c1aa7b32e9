import { z } from "zod";
import { anyUser } from "../callers.ts";
import { transactionFilters } from "../credits/transactions.ts";
import { fileInput } from "../export-input.ts";
import { zTime } from "../ids.ts";
import { bilingual } from "../language.ts";
import { adminExportLogs } from "../logs/export.ts";
import { operation } from "../operation.ts";
import { zOutputText, zQueryBoolean } from "../primitives.ts";

const rule = (wording: { zh: string; en: string }) => ({ error: bilingual(wording) });

const whatRule = rule({ zh: "必须是 logs 或 transactions", en: "must be logs or transactions" });
const scopeRule = rule({ zh: "必须是 own 或 all", en: "must be own or all" });

const { format: _format, details: _details, after: _after, ...logFilters } = adminExportLogs.input.shape;

/** `POST /exports`: an address that sends one file to a browser, whose session is in a cookie. */
export const create = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/exports" },
  summary: {
    zh: "为浏览器创建一次性的文件下载地址",
    en: "Create an address from which a browser downloads a file once.",
  },
  caller: anyUser(null),
  idempotent: false,
  input: z.strictObject({
    what: z.enum(["logs", "transactions"], whatRule).meta({ description: "What the file has." }),
    scope: z.enum(["own", "all"], scopeRule).default("own").meta({
      description: "The data of the caller, or, for logs and staff only, of a user or of all users.",
    }),
    format: fileInput.format,
    filter: z
      .strictObject({ ...logFilters, kind: transactionFilters.kind, details: zQueryBoolean.optional() })
      .default({})
      .meta({
        description:
          "The filters of `GET /logs/export`, `GET /admin/logs/export` or `GET /credits/transactions/export`, which refuse those of the others.",
      }),
  }),
  output: z.object({
    url: zOutputText(20_000).meta({
      description: "Works once, without a credential. The file is in the language of the request that created it.",
    }),
    expiresAt: zTime,
  }),
  refusals: [],
});
