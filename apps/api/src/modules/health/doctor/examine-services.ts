import { accessSync, constants, existsSync } from "node:fs";
import { pino } from "pino";
import { connectRedis } from "../../../http/rate-limits/redis.ts";
import type { Settings } from "../../../settings/settings.ts";
import { createMailer } from "../../identity/mail/mailer.ts";
import { type Finding, fine, warning, wrong } from "./finding.ts";

const PATIENCE_MS = 3_000;
const EVERY_MS = 100;
const silent = pino({ level: "silent" });
const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Redis, where limits are counted in it. */
export async function examineRedis({ redisUrl }: Pick<Settings, "redisUrl">): Promise<readonly Finding[]> {
  if (redisUrl === undefined) return [];
  const redis = await connectRedis(redisUrl, silent);
  try {
    const deadline = Date.now() + PATIENCE_MS;
    // It connects in the background, as it does for the server.
    while (redis.client.status !== "ready" && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
    await redis.client.ping();
    return [fine("redis", { en: "answers", zh: "可用" })];
  } catch (error) {
    return [
      wrong(
        "redis",
        { en: `does not answer: ${wordsOf(error)}`, zh: `无法连接：${wordsOf(error)}` },
        { en: "is it running, and is REDIS_URL right?", zh: "请检查 REDIS_URL" },
      ),
    ];
  } finally {
    await redis.close();
  }
}

/** The mail server, where mail is sent. */
export async function examineMail({ mail }: Pick<Settings, "mail">): Promise<readonly Finding[]> {
  if (!mail) return [];
  const mailer = createMailer(mail, silent);
  try {
    await mailer.check();
    return [fine("mail", { en: "the mail server lets us in", zh: "邮件服务器可用" })];
  } catch (error) {
    const says = {
      en: `the mail server does not let us in: ${wordsOf(error)}`,
      zh: `无法使用邮件服务器：${wordsOf(error)}`,
    };
    return [wrong("mail", says, { en: "check SMTP_URL", zh: "请检查 SMTP_URL" })];
  } finally {
    await mailer.close();
  }
}

/** What works but is not meant for customers. */
export function examineSettings(settings: Settings): readonly Finding[] {
  const { isProduction, publicUrl, frontendOrigins, dataDir } = settings;
  const found: Finding[] = [fine("settings", isProduction ? "production" : "development")];
  if (isProduction && !publicUrl.startsWith("https:")) {
    found.push(
      warning(
        "PUBLIC_URL",
        { en: "one-time links begin with http", zh: "一次性链接未使用 https" },
        { en: "set it to the https address", zh: "请设置为 https 地址" },
      ),
    );
  }
  if (isProduction && frontendOrigins.length === 0) {
    found.push(
      warning(
        "FRONTEND_URL",
        { en: "no browser may call", zh: "浏览器无法跨域调用" },
        { en: "set it to the address of your site", zh: "请设置为网站地址" },
      ),
    );
  }
  if (existsSync(dataDir) && !isWritable(dataDir)) {
    found.push(
      wrong(
        "DATA_DIR",
        { en: "nothing can be written there", zh: "不可写" },
        { en: "give the server's user the folder", zh: "请授予写权限" },
      ),
    );
  }
  return found;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
