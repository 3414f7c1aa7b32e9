import type { Settings } from "../../../settings/settings.ts";
import { freeDiskBytes } from "../../logs/disk-reserve.ts";
import { type Finding, failure, okFinding, warning } from "../finding.ts";

const MEBIBYTE = 1_024 ** 2;
/** Below this many times the reserve there is still time to act. */
const WARNING_FACTOR = 4;

/** Checks the free space on the disk of an embedded database. The disk of a server cannot be seen from here. */
export async function checkDisk({
  databaseUrl,
  logDiskReserveBytes,
}: Pick<Settings, "databaseUrl" | "logDiskReserveBytes">): Promise<readonly Finding[]> {
  const free = await freeDiskBytes(databaseUrl).catch(() => undefined);
  if (free === undefined) return [];
  const [freeMb, reserveMb] = [Math.floor(free / MEBIBYTE), Math.ceil(logDiskReserveBytes / MEBIBYTE)];
  const message = { en: `${freeMb} MB are free on the disk of the database`, zh: `数据库所在磁盘剩余 ${freeMb} MB` };
  const remedy = {
    en: `free or add disk space; below ${reserveMb} MB (LOG_DISK_RESERVE) logs are refused, credits and administration go on`,
    zh: `请释放或增加磁盘空间；低于 ${reserveMb} MB（LOG_DISK_RESERVE）时拒绝日志，积分和管理操作继续`,
  };
  if (free < logDiskReserveBytes) return [failure("disk", message, remedy)];
  return [free < WARNING_FACTOR * logDiskReserveBytes ? warning("disk", message, remedy) : okFinding("disk", message)];
}
