import { createHash } from "node:crypto";
import { text } from "node:stream/consumers";
import { readArchive } from "./archive-reader.ts";
import { type BackupHeader, damaged, HEADER_FILE, parseHeader, SUMS_FILE } from "./backup-header.ts";

/**
 * Reads a backup completely and compares each file with its checksum.
 * @param onBytes receives how many bytes were read
 * @throws TransferError when it is no backup, incomplete, damaged, or of a newer format
 */
export async function checkBackup(path: string, onBytes: (count: number) => void): Promise<BackupHeader> {
  const found: string[] = [];
  let header: BackupHeader | undefined;
  let sums: string | undefined;
  for await (const { name, content } of readArchive(path)) {
    if (sums !== undefined) throw damaged(path, `there is ${name} after its last file`);
    if (name === SUMS_FILE) {
      sums = await text(content);
      continue;
    }
    const sha256 = createHash("sha256");
    const bytes: Buffer[] = [];
    for await (const chunk of content as AsyncIterable<Buffer>) {
      sha256.update(chunk);
      onBytes(chunk.length);
      if (name === HEADER_FILE) bytes.push(chunk);
    }
    found.push(`${sha256.digest("hex")}  ${name}\n`);
    if (name === HEADER_FILE) header = parseHeader(path, Buffer.concat(bytes).toString("utf8"));
  }
  if (sums === undefined || header === undefined) throw damaged(path, "its end is missing");
  if (sums !== found.join("")) throw damaged(path, "a file in it does not have its checksum");
  return header;
}
