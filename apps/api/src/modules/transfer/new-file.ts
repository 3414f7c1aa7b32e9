import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { syncFolder } from "@jifen/database";
import { TransferError } from "./transfer-error.ts";

/** What ends a command from outside. */
const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/**
 * Writes a file that has its name only when it is complete and on disk. `write` creates the file that it is given, for its
 * owner only, and synchronises it; it may create others whose names begin with that of the file. What is left of them is
 * deleted at the end, also when a signal ends the process.
 * @param options.replaces whether an existing file is replaced; undefined where the caller has no such choice
 * @throws TransferError when the file exists and must not be replaced
 */
export async function writeNewFile<Result>(
  path: string,
  write: (partial: string) => Promise<Result>,
  { replaces }: { readonly replaces?: boolean } = {},
): Promise<Result> {
  const assertReplaceable = () => {
    if (!existsSync(path) || replaces) return;
    const [en, zh] = replaces === undefined ? ["", ""] : [", or add --force", "，或加 --force"];
    throw new TransferError(`The file ${path} exists: choose another name${en}. 文件已存在，请换一个文件名${zh}。`);
  };
  assertReplaceable();
  // Two commands that write to the same name must not write to the same file.
  const partial = `${path}.partial-${randomBytes(6).toString("hex")}`;
  const stopListening = onSignal(() => deleteAll(partial));
  try {
    const result = await write(partial);
    assertReplaceable();
    await rename(partial, path);
    await syncFolder(dirname(path));
    return result;
  } finally {
    stopListening();
    deleteAll(partial);
  }
}

/** Deletes the files whose names begin like this. */
function deleteAll(partial: string): void {
  const folder = dirname(partial);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (name.startsWith(basename(partial))) rmSync(join(folder, name), { force: true });
  }
}

/** Runs `clean` before a signal ends the process. @returns stops listening */
function onSignal(clean: () => void): () => void {
  const end = (signal: NodeJS.Signals) => {
    clean();
    stop();
    process.kill(process.pid, signal);
  };
  const stop = () => {
    for (const signal of SIGNALS) process.off(signal, end);
  };
  for (const signal of SIGNALS) process.on(signal, end);
  return stop;
}
