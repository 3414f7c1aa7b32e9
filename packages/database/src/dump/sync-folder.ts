import { open } from "node:fs/promises";

/** A new file name is durable only once its folder is synchronised. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } catch {
    // Some systems cannot synchronise a folder; the file itself is on disk.
  } finally {
    await handle.close();
  }
}
