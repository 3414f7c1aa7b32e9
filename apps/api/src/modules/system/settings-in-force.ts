import type { Language } from "@jifen/contract";
import { settingTable } from "../../settings/settings.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** A setting in force. */
type SettingInForce = {
  readonly name: string;
  readonly source: "environment" | "file" | "default";
  readonly value: string | null;
  readonly isSecret: boolean;
  readonly description: string;
};

/** Every setting with its source, and with its value unless that is a secret. */
export const settingsInForce = (environment: Environment, language: Language): readonly SettingInForce[] =>
  Object.entries(settingTable).map(([name, { isSecret = false, default: ofDefault, description }]) => {
    const text = environment[name] || undefined;
    const isInFile = isSecret && Boolean(environment[`${name}_FILE`]);
    const isSet = text !== undefined || isInFile;
    return {
      name,
      source: isInFile ? "file" : isSet ? "environment" : "default",
      value: isSet ? (isSecret ? null : (text ?? null)) : (ofDefault?.[language] ?? ""),
      isSecret,
      description: description[language],
    };
  });
