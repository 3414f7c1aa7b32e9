import { type Inspection, inspectDatabase, openDatabase } from "@jifen/database";
import { explain } from "../../../report-startup-error.ts";
import type { Settings } from "../../../settings/settings.ts";
import { isoTime } from "../../../values/iso-time.ts";
import { type Finding, failure, okFinding, warning } from "../finding.ts";

const WARNING_SKEW_MS = 2_000;
const ERROR_SKEW_MS = 30_000;

/** Checks the database: connection, durability, schema, clock, admins and the last audit. */
export async function checkDatabase({
  databaseUrl,
  adminEmails,
}: Pick<Settings, "databaseUrl" | "adminEmails">): Promise<readonly Finding[]> {
  try {
    const inspection = await inspectDatabase(databaseUrl);
    const general = [serverFinding(inspection), schemaFinding(inspection), clockFinding(inspection)];
    const isUsable = inspection.schema.is === "current" || inspection.schema.is === "expanded";
    if (!isUsable || inspection.unsafe !== undefined) return general;
    return [...general, ...(await checkContents(databaseUrl, adminEmails))];
  } catch (error) {
    return [failure("database", explain(error) ?? String(error))];
  }
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
    const [hasNoAdmin, last] = [await database.users.isEmpty("admin"), await database.audit.lastRun()];
    const admins =
      hasNoAdmin && adminEmails.size === 0
        ? warning("admin", { en: "there is no admin yet", zh: "还没有管理员" }, "jifen admin create EMAIL")
        : okFinding("admin", { en: "there is an admin", zh: "已有管理员" });
    if (!last) return [admins, warning("ledger", { en: "never audited", zh: "从未核对账目" }, "jifen audit")];
    const message = {
      en: `last audited ${isoTime(last.finishedAtMs)}, ${last.differences} differences`,
      zh: `上次核对 ${isoTime(last.finishedAtMs)}，${last.differences} 处差异`,
    };
    return [admins, last.differences === 0 ? okFinding("ledger", message) : failure("ledger", message, "jifen audit")];
  } finally {
    await database.close();
  }
}
