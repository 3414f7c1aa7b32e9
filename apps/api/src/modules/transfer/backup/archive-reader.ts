import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import type { ReadableWritablePair } from "node:stream/web";
import { createTarDecoder, type ParsedTarEntry } from "modern-tar";
import { TransferError } from "../transfer-error.ts";
import { damaged, HEADER_FILE, notABackup } from "./backup-header.ts";

/** A file of an archive. What is not read of its content is skipped. */
export type ArchiveMember = { readonly name: string; readonly content: Readable };

/** Reads the files of an archive in their order. @throws TransferError when the file does not exist, is no backup, or is damaged */
export async function* readArchive(path: string): AsyncGenerator<ArchiveMember> {
  let isBackup = false;
  const explained = (error: unknown): unknown => {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return new TransferError(`The file ${path} does not exist. 文件不存在。`);
    if (error instanceof TransferError || code !== undefined) return error;
    return isBackup ? damaged(path, message.replace(/\.$/, "")) : notABackup(path);
  };
  try {
    for await (const { name, body } of entriesOf(path)) {
      isBackup ||= name === HEADER_FILE;
      if (!isBackup) throw notABackup(path);
      const content = Readable.from(explaining(body, explained), { objectMode: false });
      yield { name, content };
      // The next file comes when this one was read.
      if (!content.readableEnded && !content.destroyed) await finished(content.resume());
    }
  } catch (error) {
    throw explained(error);
  }
  if (!isBackup) throw notABackup(path);
}

async function* explaining(body: AsyncIterable<Uint8Array>, explained: (error: unknown) => unknown) {
  try {
    yield* body;
  } catch (error) {
    throw explained(error);
  }
}

async function* entriesOf(path: string) {
  const file = createReadStream(path);
  const decoder = createTarDecoder({ strict: true });
  try {
    const entries = Readable.toWeb(file).pipeThrough(decoder as ReadableWritablePair<ParsedTarEntry, Uint8Array>);
    for await (const { header, body } of entries) yield { name: header.name, body: body as AsyncIterable<Uint8Array> };
  } finally {
    file.destroy();
  }
}
