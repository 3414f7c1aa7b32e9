import {
  type Database,
  driverMessage,
  type Inspection,
  inspectDatabase,
  openDatabase,
  type WriteProblem,
  writeProblemOf,
} from "@jifen/database";
import type { Settings } from "../../../settings/settings.ts";
import { explain } from "../../../start/explain.ts";
import { isoTime } from "../../../values/iso-time.ts";
import { hasNoAdmin } from "../../identity/use-cases/first-admin.ts";
import { isPartitioned } from "../../logs/jobs.ts";
import { type Finding, failure, okFinding, warning } from "../finding.ts";
import { writeProblemTexts } from "../write-problem-text.ts";
import { rightsRemedy } from "./check-rights.ts";

const WARNING_SKEW_MS = 2_000;
const ERROR_SKEW_MS = 30_000;

/** Checks the database: connection, durability, schema, clock, writes, rights, admins and the last audit. */
export async function checkDatabase({
  databaseUrl,
  adminEmails,
}: Pick<Settings, "databaseUrl" | "adminEmails">): Promise<readonly Finding[]> {
  try {
    const inspection = await inspectDatabase(databaseUrl);
    const general = [
      serverFinding(inspection),
      schemaFinding(inspection),
      clockFinding(inspection),
      ...connectionFindings(inspection),
    ];
    const isUsable = inspection.schema.is === "current" || inspection.schema.is === "expanded";
    if (!isUsable || inspection.unsafe !== undefined) return general;
    return [...general, ...(await checkContents(databaseUrl, adminEmails))];
  } catch (error) {
    const problem = writeProblemOf(error);
    if (problem !== undefined && problem !== "failing") return [writeFailure(problem, error)];
    return [failure("database", explain(error))];
  }
}

function writeFailure(problem: WriteProblem, error: unknown): Finding {
  const { is, remedy } = writeProblemTexts[problem];
  const cause = driverMessage(error);
  return failure("writes", { en: `${is.en}: ${cause}`, zh: `${is.zh}：${cause}` }, remedy);
}

/** Writes one row, as the server does every few seconds, and looks for rights that the user lacks. */
async function checkWrites(database: Pick<Database, "kind" | "writeAccess">): Promise<readonly Finding[]> {
  try {
    const missing = await database.writeAccess.missingRights();
    if (missing.length > 0) {
      const list = missing.join(", ");
      const message = { en: `the database user lacks ${list}`, zh: `数据库用户缺少权限：${list}` };
      return [failure("rights", message, rightsRemedy(database))];
    }
    await database.writeAccess.check();
    return [okFinding("writes", { en: "the database can be written", zh: "数据库可写" })];
  } catch (error) {
    const problem = writeProblemOf(error);
    if (problem === undefined) throw error;
    return [writeFailure(problem, error)];
  }
}

/** Logs of a month without a partition count at their arrival, and are refused when that has none either. */
async function checkLogMonths({ kind, logs }: Pick<Database, "kind" | "logs">): Promise<readonly Finding[]> {
  if (!isPartitioned({ kind })) return [];
  if (await logs.hasPlacesAhead(Date.now())) {
    return [okFinding("logs", { en: "the next months have partitions", zh: "未来几个月的日志分区已就绪" })];
  }
  const message = { en: "fewer than two months ahead have a partition", zh: "日志分区不足两个月" };
  return [warning("logs", message, "jifen logs partitions")];
}

function serverFinding({ kind, version, unsafe }: Inspection): Finding {
  if (unsafe === undefined) return okFinding("database", `${kind} ${version}`);
  return failure("database", { en: "it can lose acknowledged writes", zh: "已确认的写入可能丢失" }, unsafe);
}

function schemaFinding({ schema: { present, newest, is } }: Inspection): Finding {
  const versions = { en: `version ${present}, newest ${newest}`, zh: `版本 ${present}，最新 ${newest}` };
  switch (is) {
    case "current":
      return okFinding("schema", versions);
    case "expanded":
      return okFinding("schema", {
        en: `${versions.en}: a newer Jifen has extended it; this version can use it`,
        zh: `${versions.zh}：新版本只做了增量变更，可继续运行`,
      });
    case "older":
      return present === 0
        ? warning(
            "schema",
            { en: "no tables yet", zh: "尚未建表" },
            { en: "start the server, or run jifen migrate", zh: "请启动服务，或运行 jifen migrate" },
          )
        : failure("schema", versions, "jifen migrate");
    case "newer":
      return failure("schema", versions, { en: "use the newer version of Jifen", zh: "请使用更新的 Jifen 版本" });
    case "importing":
      return failure(
        "schema",
        { en: "an import is not finished", zh: "数据导入尚未完成" },
        { en: "run the same jifen import again", zh: "请重新运行导入" },
      );
    default:
      return is satisfies never;
  }
}

function connectionFindings({ connections }: Inspection): readonly Finding[] {
  if (connections === undefined) return [];
  const { needed, opened } = connections;
  const message = {
    en: `a server takes ${needed} connections; ${opened} could be opened now`,
    zh: `每个服务器使用 ${needed} 个连接；当前可建立 ${opened} 个`,
  };
  if (opened === needed) return [okFinding("connections", message)];
  const remedy = {
    en: "raise the limit of the server, the role or the pooler (max_connections, max_client_conn)",
    zh: "请提高数据库、角色或连接池的连接数上限（max_connections、max_client_conn）",
  };
  return [warning("connections", message, remedy)];
}

function clockFinding({ clockAheadMs }: Inspection): Finding {
  const message = {
    en: `the clock of the database is ${clockAheadMs} ms ahead of this machine`,
    zh: `数据库时钟比本机快 ${clockAheadMs} 毫秒`,
  };
  const skewMs = Math.abs(clockAheadMs);
  const remedy = { en: "synchronise both with NTP", zh: "请用 NTP 同步两台机器的时钟" };
  if (skewMs > ERROR_SKEW_MS) return failure("clock", message, remedy);
  return skewMs > WARNING_SKEW_MS ? warning("clock", message, remedy) : okFinding("clock", message);
}

async function checkContents(url: string, adminEmails: ReadonlySet<string>): Promise<readonly Finding[]> {
  const database = await openDatabase(url, { migrate: false });
  try {
    const writes = [...(await checkWrites(database)), ...(await checkLogMonths(database))];
    const admins = await checkAdmins(database, adminEmails);
    const last = await database.audit.lastRun();
    if (!last)
      return [...writes, admins, warning("ledger", { en: "never audited", zh: "从未核对账目" }, "jifen audit")];
    const message = {
      en: `last audited ${isoTime(last.finishedAtMs)}, ${last.differences} differences`,
      zh: `上次核对 ${isoTime(last.finishedAtMs)}，${last.differences} 处差异`,
    };
    return [
      ...writes,
      admins,
      last.differences === 0 ? okFinding("ledger", message) : failure("ledger", message, "jifen audit"),
    ];
  } finally {
    await database.close();
  }
}

async function checkAdmins(database: Database, adminEmails: ReadonlySet<string>): Promise<Finding> {
  if (!(await hasNoAdmin({ database, adminEmails }))) {
    return okFinding("admin", { en: "there is an admin", zh: "已有管理员" });
  }
  const message =
    adminEmails.size === 0
      ? { en: "there is no admin yet", zh: "还没有管理员" }
      : { en: "there is no admin: ADMIN_EMAILS names no user", zh: "没有管理员：ADMIN_EMAILS 中的邮箱都不是已有用户" };
  return warning("admin", message, "jifen admin create EMAIL");
}
