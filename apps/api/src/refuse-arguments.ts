import { InvalidSettings } from "./settings/settings.ts";

/**
 * The server has no options: a port or a file that is named in an argument would be ignored without a word.
 * @throws InvalidSettings
 */
export function refuseArguments(words: readonly string[]): void {
  const [first] = words;
  if (first === undefined) return;
  // The value may be a secret.
  const name = first.split("=")[0];
  throw new InvalidSettings(
    `The server takes no arguments, but was started with ${name}: its settings are environment variables, such as PORT (docs/configuration.md). 服务器不接受命令行参数，请改用环境变量，例如 PORT。`,
  );
}
