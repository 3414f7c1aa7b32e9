import type { Logger } from "pino";
import { nearestName } from "../values/nearest-name.ts";
import type { SettingTable } from "./define-settings.ts";

/** Names that other programs on the machine use: they are near ours, and not meant for Jifen. */
const others = new Set(["REDISURL", "DATABASE_URI", "HOSTNAME"]);
/** A shorter name is near too many others. */
const MIN_LENGTH = 6;

/** One variable that is not read, and the setting that its name resembles. */
export type MisspeltSetting = { readonly name: string; readonly nearest: string };

/** The variables whose names resemble a setting, such as RATE_LIMIT_CALER: they have no effect. */
export function misspeltSettings(names: readonly string[], settings: SettingTable): readonly MisspeltSetting[] {
  const all = Object.keys(settings);
  const known = all.filter((name) => name.length >= MIN_LENGTH);
  const read = new Set([...all, ...all.map((name) => `${name}_FILE`), "SOURCE_DATABASE_URL"]);
  return names.flatMap((name) => {
    if (read.has(name) || others.has(name) || name.length < MIN_LENGTH || !/^[A-Za-z][A-Za-z_\d]*$/.test(name))
      return [];
    const nearest = nearestName(name.replace(/_FILE$/, ""), known);
    return nearest === undefined ? [] : [{ name, nearest }];
  });
}

/** Warns of them, each with its nearest setting. */
export function logMisspeltSettings(names: readonly string[], settings: SettingTable, log: Logger): void {
  for (const { name, nearest } of misspeltSettings(names, settings)) {
    log.warn({ variable: name, nearest }, `${name} is no setting and has no effect: did you mean ${nearest}?`);
  }
}
