import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "@jifen/database";
import { TransferError } from "./transfer-error.ts";

/**
 * Writes a file that has its name only when it is complete and on disk. `write` creates the file that it is given, for its
 * owner only, and synchronises it.
 * @param options.replaces whether an existing file is replaced; undefined where the caller has no such choice
 * @throws TransferError when the file exists and must not be replaced
 */
export async function writeNewFile<Result>(
  path: string,
  write: (partial: string) => Promise<Result>,
  { replaces }: { readonly replaces?: boolean } = {},
): Promise<Result> {
  if (existsSync(path) && !replaces) {
    const [en, zh] = replaces === undefined ? ["", ""] : [", or add --force", "，或加 --force"];
    throw new TransferError(`The file ${path} exists: choose another name${en}. 文件已存在，请换一个文件名${zh}。`);
  }
  const partial = `${path}.partial`;
  await rm(partial, { force: true });
  try {
    const result = await write(partial);
    await rename(partial, path);
    await syncFolder(dirname(path));
    return result;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
