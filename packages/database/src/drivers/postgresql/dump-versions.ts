import type { Text } from "../../dump/dump.ts";
import type { Program } from "../../dump/program.ts";

/**
 * `pg_restore` of this version or newer always sends `SET transaction_timeout`, which older servers do not know. An archive
 * is read only by a `pg_restore` that is at least as new as the `pg_dump` that wrote it.
 */
const TRANSACTION_TIMEOUT = 17;

/** The first major version in a text: 15 of `pg_dump 15.4` and of `15.4 (Debian 15.4-1)`. */
export const majorOf = (text: string): number => Number.parseInt(/\d+/.exec(text)?.[0] ?? "", 10);

/** No `pg_restore` that reads an archive of this version writes to this server. */
const isBeyond = (archive: number, server: number): boolean =>
  archive >= TRANSACTION_TIMEOUT && server < TRANSACTION_TIMEOUT;

/** Why the archive of this `pg_dump` would be incomplete, or could not be restored into a server of the same version. */
export function reasonNotToDump({ name, major }: Program, serverVersion: string): Text | undefined {
  const server = majorOf(serverVersion);
  if (major < server) {
    return { en: `${name} is older than the server (${serverVersion})`, zh: `${name} 低于服务器版本 ${serverVersion}` };
  }
  if (!isBeyond(major, server)) return undefined;
  return {
    en: `an archive of ${name} cannot be restored into a server of version ${serverVersion}`,
    zh: `${name} 的备份无法恢复到 ${serverVersion} 版本的服务器`,
  };
}

/** The major versions of the `pg_dump` that wrote an archive, and of the server that it is restored into. */
type Versions = { readonly archive: number; readonly server: number };

/** Why this `pg_restore` cannot restore the archive, and what to install. */
export function reasonNotToRestore(program: Program | undefined, { archive, server }: Versions): Text | undefined {
  if (isBeyond(archive, server)) {
    return {
      en: `The backup was made by pg_dump ${archive}, and the server has version ${server}: restore it into PostgreSQL ${TRANSACTION_TIMEOUT} or newer.`,
      zh: `备份由 pg_dump ${archive} 制作，而服务器版本为 ${server}：请恢复到 PostgreSQL ${TRANSACTION_TIMEOUT} 或更新版本。`,
    };
  }
  if (program !== undefined && program.major >= archive && !isBeyond(program.major, server)) return undefined;
  const version = Math.max(archive, server);
  const [en, zh] =
    program === undefined
      ? ["pg_restore is not installed", "未安装 pg_restore"]
      : [
          `${program.name} cannot restore an archive of pg_dump ${archive} into a server of version ${server}`,
          `${program.name} 无法将 pg_dump ${archive} 的备份恢复到 ${server} 版本的服务器`,
        ];
  return {
    en: `${en}: install the client programs of PostgreSQL ${version}.`,
    zh: `${zh}：请安装 PostgreSQL ${version} 的客户端程序。`,
  };
}
