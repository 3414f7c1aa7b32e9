import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Debian installs servers in folders that are only in root's PATH. */
const SERVER_FOLDERS = ["/usr/sbin", "/usr/local/sbin"];

/** The first folder that has all these programs: one of PATH, of servers, or of `others`. Undefined without one. */
export const findProgramFolder = (names: readonly string[], others: readonly string[] = []): string | undefined =>
  [...(process.env["PATH"] ?? "").split(delimiter), ...SERVER_FOLDERS, ...others].find((folder) =>
    names.every((name) => existsSync(join(folder, name))),
  );

/** The path of an installed program; undefined when it is not installed. */
export function findProgram(name: string): string | undefined {
  const folder = findProgramFolder([name]);
  return folder === undefined ? undefined : join(folder, name);
}
