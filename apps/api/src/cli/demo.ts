import { defineCommand } from "citty";
import { type Demo, findSettingsRefusal, makeDemo } from "../modules/demo/use-cases/make-demo.ts";
import type { DemoOptions } from "../modules/demo/world.ts";
import { reportStartupError } from "../start/report-startup-error.ts";
import { parseTime } from "../values/parse-time.ts";
import { t } from "./language.ts";
import { jsonArgument, print, printError } from "./print.ts";
import { wholeNumber } from "./whole-number.ts";
import { serverSettings, withDatabase } from "./with-database.ts";

const refusals = {
  PRODUCTION: {
    en: "NODE_ENV is production: demo data is not mixed with real customers. Use another database without NODE_ENV.",
    zh: "NODE_ENV 为 production：演示数据不能与真实客户混在一起。请使用另一个数据库，并且不要设置 NODE_ENV。",
  },
  REAL_MONEY: {
    en: "A payment channel of real money is configured: demo purchases must not stand beside real ones. Unset its settings (STRIPE_*, ALIPAY_*, WECHATPAY_*, EPAY_*), or use test keys.",
    zh: "已配置真实资金的支付渠道：演示订单不能与真实订单混在一起。请去掉其设置（STRIPE_*、ALIPAY_*、WECHATPAY_*、EPAY_*），或使用测试密钥。",
  },
  HAS_USERS: {
    en: "The database has users. Use an empty one: set DATA_DIR or DATABASE_URL.",
    zh: "数据库中已有用户。请使用空数据库：设置 DATA_DIR 或 DATABASE_URL。",
  },
  HAS_DEMO: {
    en: "The database has demo data already. To make it again, use an empty database.",
    zh: "数据库中已有演示数据。如需重新生成，请使用空数据库。",
  },
  IN_USE: {
    en: "A server uses the database. Stop it, and try again 15 seconds later.",
    zh: "有服务正在使用该数据库。请停止服务，15 秒后重试。",
  },
  LEASE_LOST: {
    en: "A server began to use the database, or the computer slept: the demo data is not complete. Stop the server, and use an empty database.",
    zh: "有服务开始使用该数据库，或计算机曾休眠：演示数据不完整。请停止服务，并使用空数据库重新生成。",
  },
} as const;

/** Makes the tables and the demo data. In production, and beside real money, nothing is opened. */
const runDemo = (options: DemoOptions, json: boolean): Promise<void> =>
  reportStartupError(async () => {
    const settings = serverSettings();
    const refused = await findSettingsRefusal(settings);
    if (refused !== undefined) return printError(t(refusals[refused]));
    await withDatabase(
      async (database) => {
        const made = await makeDemo(database, settings, options);
        if (made.ok) print(json, made.value, textOf(made.value));
        else printError(t(refusals[made.refusal.code]));
      },
      { migrate: true },
    );
  });

function textOf({ accounts, customers, logs }: Demo): string {
  const head = t({
    en: `Made ${customers} customers and ${logs} calls. Log in with:`,
    zh: `已生成 ${customers} 个客户和 ${logs} 次调用。登录账号：`,
  });
  const lines = accounts.map(({ email, role, password }) => `  ${role.padEnd(8)} ${email.padEnd(22)} ${password}`);
  const next = t({
    en: "The orders are of the channel demo: start the server with PAY_DEMO=on.",
    zh: "订单属于演示渠道：请以 PAY_DEMO=on 启动服务。",
  });
  return [head, ...lines, next].join("\n");
}

/** `jifen demo` */
export const demo = defineCommand({
  meta: {
    name: "demo",
    description: t({
      en: "Fills an empty database with 60 days of a shop, to try the console out. Not in production.",
      zh: "用一个商店 60 天的数据填充空数据库，用于试用控制台。不能用于生产环境。",
    }),
  },
  args: {
    seed: {
      type: "string",
      description: t({ en: "The same number makes the same data.", zh: "相同的数字生成相同的数据。" }),
      default: "1",
    },
    until: {
      type: "string",
      description: t({
        en: "ISO 8601: when the data ends. Default: now.",
        zh: "数据的结束时间（ISO 8601），默认为现在。",
      }),
    },
    json: jsonArgument,
  },
  run: ({ args: { seed: seedText, until, json } }) => {
    const seed = wholeNumber(seedText);
    const untilMs = until === undefined ? Date.now() : (parseTime(until) ?? Number.NaN);
    if (!Number.isSafeInteger(seed)) {
      return printError(t({ en: "--seed must be a whole number.", zh: "--seed 必须是整数。" }));
    }
    if (!(untilMs <= Date.now())) {
      return printError(t({ en: "--until must be a time that has passed.", zh: "--until 必须是过去的时间。" }));
    }
    return runDemo({ seed, untilMs }, json);
  },
});
