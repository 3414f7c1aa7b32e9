import { accessSync, constants, existsSync } from "node:fs";
import { pino } from "pino";
import { connectRedis } from "../../../http/rate-limits/redis.ts";
import type { Settings } from "../../../settings/settings.ts";
import { createMailer } from "../../identity/mail/mailer.ts";
import { type Finding, failure, okFinding, warning } from "../finding.ts";

const CONNECT_TIMEOUT_MS = 3_000;
const POLL_INTERVAL_MS = 100;
const silent = pino({ level: "silent" });
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Checks Redis, if rate limits are counted in it. */
export async function checkRedis({ redisUrl }: Pick<Settings, "redisUrl">): Promise<readonly Finding[]> {
  if (redisUrl === undefined) return [];
  const redis = await connectRedis(redisUrl, silent);
  try {
    const deadline = Date.now() + CONNECT_TIMEOUT_MS;
    // The client connects in the background, as in the server.
    while (redis.client.status !== "ready" && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
    }
    await redis.client.ping();
    return [okFinding("redis", { en: "responds", zh: "可用" })];
  } catch (error) {
    return [
      failure(
        "redis",
        { en: `does not respond: ${messageOf(error)}`, zh: `无法连接：${messageOf(error)}` },
        { en: "check that Redis runs and that REDIS_URL is correct", zh: "请检查 Redis 是否运行以及 REDIS_URL" },
      ),
    ];
  } finally {
    await redis.close();
  }
}

/** Checks the mail server, if the server sends e-mail. */
export async function checkMail({ mail }: Pick<Settings, "mail">): Promise<readonly Finding[]> {
  if (!mail) return [];
  const mailer = createMailer(mail, silent);
  try {
    await mailer.check();
    return [okFinding("mail", { en: "the mail server accepts the login", zh: "邮件服务器可用" })];
  } catch (error) {
    const message = {
      en: `the mail server cannot be used: ${messageOf(error)}`,
      zh: `无法使用邮件服务器：${messageOf(error)}`,
    };
    return [failure("mail", message, { en: "check SMTP_URL", zh: "请检查 SMTP_URL" })];
  } finally {
    await mailer.close();
  }
}

/** Checks settings that are valid but unsuitable for production. */
export function checkSettings(settings: Settings): readonly Finding[] {
  const { isProduction, publicUrl, frontendOrigins, dataDir } = settings;
  const findings: Finding[] = [okFinding("settings", isProduction ? "production" : "development")];
  if (isProduction && !publicUrl?.startsWith("https:")) {
    findings.push(
      warning(
        "PUBLIC_URL",
        { en: "one-time links do not use https", zh: "一次性链接未使用 https" },
        { en: "set it to the https address", zh: "请设置为 https 地址" },
      ),
    );
  }
  if (isProduction && frontendOrigins.length === 0) {
    findings.push(
      warning(
        "FRONTEND_URL",
        { en: "no browser of another origin may call", zh: "浏览器无法跨域调用" },
        { en: "set it to the origin of your site", zh: "请设置为网站地址" },
      ),
    );
  }
  if (existsSync(dataDir) && !isWritable(dataDir)) {
    findings.push(
      failure(
        "DATA_DIR",
        { en: "the folder is not writable", zh: "不可写" },
        { en: "give the user of the server write permission", zh: "请授予写权限" },
      ),
    );
  }
  return findings;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
