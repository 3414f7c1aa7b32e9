import { InvalidSettings, type Settings } from "../../../settings/settings.ts";
import { type Finding, failure } from "../finding.ts";
import { checkChannels } from "./check-channels.ts";
import { checkDatabase } from "./check-database.ts";
import { checkDisk } from "./check-disk.ts";
import { checkMail, checkRedis, checkSettings } from "./check-services.ts";

/** Checks everything that the server needs. Changes nothing but the row by which it checks that the database can be written. */
export async function runDoctor(readSettings: () => Settings): Promise<readonly Finding[]> {
  let settings: Settings;
  try {
    settings = readSettings();
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    return [failure("settings", error.message)];
  }
  const findings = await Promise.all([
    checkDatabase(settings),
    checkRedis(settings),
    checkMail(settings),
    checkDisk(settings),
    checkChannels(settings),
  ]);
  return [...checkSettings(settings), ...findings.flat()];
}
