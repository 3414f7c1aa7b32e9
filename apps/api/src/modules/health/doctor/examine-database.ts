import { type Inspection, inspectDatabase, openDatabase } from "@jifen/database";
import { explain } from "../../../report-startup-error.ts";
import type { Settings } from "../../../settings/settings.ts";
import { isoTime } from "../../../values/iso-time.ts";
import { type Finding, fine, warning, wrong } from "./finding.ts";

const WARNED_SKEW_MS = 2_000;
const WRONG_SKEW_MS = 30_000;

/** The database: is it there, is it safe, are its tables those of this Jifen, is its clock right, are the books in order. */
export async function examineDatabase({
  databaseUrl,
  adminEmails,
}: Pick<Settings, "databaseUrl" | "adminEmails">): Promise<readonly Finding[]> {
  try {
    const found = await inspectDatabase(databaseUrl);
    const general = [ofServer(found), ofSchema(found), ofClock(found)];
    const isUsable = found.schema.is === "current" || found.schema.is === "expanded";
    if (!isUsable || found.unsafe !== undefined) return general;
    return [...general, ...(await examineContents(databaseUrl, adminEmails))];
  } catch (error) {
    return [wrong("database", explain(error) ?? String(error))];
  }
}

function ofServer({ kind, version, unsafe }: Inspection): Finding {
  if (unsafe === undefined) return fine("database", `${kind} ${version}`);
  return wrong("database", { en: "it could lose writes that it acknowledged", zh: "已确认的写入可能丢失" }, unsafe);
}

function ofSchema({ schema: { present, newest, is } }: Inspection): Finding {
  const versions = { en: `version ${present}, newest ${newest}`, zh: `版本 ${present}，最新 ${newest}` };
  switch (is) {
    case "current":
      return fine("schema", versions);
    case "expanded":
      return fine("schema", {
        en: `${versions.en}: a newer Jifen has added to it, this one may go on`,
        zh: `${versions.zh}：新版本只做了增量变更，可继续运行`,
      });
    case "older":
      return present === 0
        ? warning(
            "schema",
            { en: "no tables yet", zh: "尚未建表" },
            { en: "start the server, or run: jifen migrate", zh: "请启动服务，或运行 jifen migrate" },
          )
        : wrong("schema", versions, "jifen migrate");
    case "newer":
      return wrong("schema", versions, { en: "start the newer Jifen again", zh: "请使用更新的 Jifen 版本" });
    case "importing":
      return wrong(
        "schema",
        { en: "an import is not finished", zh: "数据导入尚未完成" },
        { en: "run the same jifen import again", zh: "请重新运行导入" },
      );
    default:
      return is satisfies never;
  }
}

function ofClock({ clockAheadMs }: Inspection): Finding {
  const says = {
    en: `the database's is ${clockAheadMs} ms ahead of this machine's`,
    zh: `数据库时钟比本机快 ${clockAheadMs} 毫秒`,
  };
  const away = Math.abs(clockAheadMs);
  const mend = { en: "synchronise both with NTP", zh: "请用 NTP 同步两台机器的时钟" };
  if (away > WRONG_SKEW_MS) return wrong("clock", says, mend);
  return away > WARNED_SKEW_MS ? warning("clock", says, mend) : fine("clock", says);
}

async function examineContents(url: string, adminEmails: ReadonlySet<string>): Promise<readonly Finding[]> {
  const database = await openDatabase(url, { migrate: false });
  try {
    const [noAdmin, last] = [await database.users.isEmpty("admin"), await database.audit.lastRun()];
    const admins =
      noAdmin && adminEmails.size === 0
        ? warning("admin", { en: "there is none yet", zh: "还没有管理员" }, "jifen admin create EMAIL")
        : fine("admin", { en: "there is one", zh: "已有管理员" });
    if (!last) return [admins, warning("books", { en: "never checked", zh: "从未核对账目" }, "jifen audit")];
    const says = {
      en: `last checked ${isoTime(last.finishedAtMs)}, ${last.differences} differences`,
      zh: `上次核对 ${isoTime(last.finishedAtMs)}，${last.differences} 处差异`,
    };
    return [admins, last.differences === 0 ? fine("books", says) : wrong("books", says, "jifen audit")];
  } finally {
    await database.close();
  }
}
