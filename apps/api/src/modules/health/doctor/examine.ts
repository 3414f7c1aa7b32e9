import { InvalidSettings, type Settings } from "../../../settings/settings.ts";
import { examineDatabase } from "./examine-database.ts";
import { examineMail, examineRedis, examineSettings } from "./examine-services.ts";
import { type Finding, wrong } from "./finding.ts";

/** Looks at everything that the server would need, and changes nothing. */
export async function examine(readSettings: () => Settings): Promise<readonly Finding[]> {
  let settings: Settings;
  try {
    settings = readSettings();
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    return [wrong("settings", error.message)];
  }
  const found = await Promise.all([examineDatabase(settings), examineRedis(settings), examineMail(settings)]);
  return [...examineSettings(settings), ...found.flat()];
}
