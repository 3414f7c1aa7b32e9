import type { MessageContext } from "./wording.ts";

/** The version of this package. A test compares it with package.json, which bundles for browsers do not contain. */
export const clientVersion = "0.1.0";

const minorOf = (version: string): string => version.split(".", 2).join(".");

let isWarned = false;

/**
 * Warns on the console, once in a process, that the server is of another version than this client.
 * @param serverVersion the header Jifen-Version of a response; null without one, as behind a handler of a site
 */
export function warnOfOtherVersion(serverVersion: string | null, { language, address }: MessageContext): void {
  if (isWarned || serverVersion === null || minorOf(serverVersion) === minorOf(clientVersion)) return;
  isWarned = true;
  const from = `${address ?? ""}/client.tgz`;
  // biome-ignore lint/suspicious/noConsole: the developers of a site read it there
  console.warn(
    language === "en"
      ? `@jifen/client ${clientVersion} calls a Jifen server of version ${serverVersion}. Install the client of that server: npm install ${from}`
      : `@jifen/client ${clientVersion} 所调用的 Jifen 服务器版本为 ${serverVersion}，请安装该服务器的客户端：npm install ${from}`,
  );
}
