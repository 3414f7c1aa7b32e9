import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { type ExportOptions, streamExport } from "../export-stream.ts";
import type { ExportTrailer } from "../file-format.ts";
import { writeNewFile } from "../new-file.ts";

/**
 * Exports a snapshot of all tables to a new file. The file has its name only when it is complete and on disk; only its
 * owner may read it.
 * @returns the summaries of the tables
 * @throws TransferError when the file exists
 */
export const exportDatabase = ({
  path,
  ...options
}: ExportOptions & { readonly path: string }): Promise<ExportTrailer["tables"]> =>
  writeNewFile(path, (partial) =>
    streamExport(options, (bytes) =>
      pipeline(bytes, createWriteStream(partial, { mode: 0o600, flags: "wx", flush: true })),
    ),
  );
