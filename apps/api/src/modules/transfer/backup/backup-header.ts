import type { Holdings, Inspection } from "@jifen/database";
import { TransferError } from "../transfer-error.ts";

/** The first file of a backup says what the backup is. */
export const HEADER_FILE = "jifen-backup.json";
/** The last file has the SHA-256 of all others, as `sha256sum --check` reads it. */
export const SUMS_FILE = "SHA256SUMS";
/** The rows, where the database makes no dump of its own. */
export const EXPORT_FILE = "export.ndjson.gz";
/** What the name of a compressed part ends with. */
export const COMPRESSED = ".gz";

/** The version of the format that this Jifen writes, and the newest that it reads. */
const FORMAT_VERSION = 1;

/** What a backup is, and what was in the database. */
export type BackupHeader = {
  readonly format: "jifen-backup";
  readonly version: number;
  /** Version of the Jifen that made it. */
  readonly jifen: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly database: Inspection["kind"];
  readonly databaseVersion: string;
  /** The version of the tables. */
  readonly tables: number;
  /** The newest version of the tables that this Jifen knows: less than `tables` after the first step of an upgrade. */
  readonly knownTables: number;
  /** The schema of the tables, on PostgreSQL. */
  readonly schemaName?: string;
  /** `dump`: in the format of the database. `export`: rows, which fit into every kind of database. */
  readonly content: "dump" | "export";
  /** The program that made the content. */
  readonly by: string;
  readonly holdings: Holdings;
};

/** The header of a new backup. */
export const newHeader = (header: Omit<BackupHeader, "format" | "version">): BackupHeader => ({
  format: "jifen-backup",
  version: FORMAT_VERSION,
  ...header,
});

/** Reads the header of a backup. @throws TransferError when a newer version wrote it, or it is none */
export function parseHeader(path: string, text: string): BackupHeader {
  const header = parse(text) as Partial<BackupHeader> | undefined;
  if (header?.format !== "jifen-backup" || header.version === undefined) throw notABackup(path);
  if (header.version <= FORMAT_VERSION) return header as BackupHeader;
  throw new TransferError(
    `The backup ${path} has format ${header.version}; this Jifen reads up to ${FORMAT_VERSION}: restore it with Jifen ${header.jifen} or newer. 备份格式过新，请使用 Jifen ${header.jifen} 或更新版本恢复。`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The file is something else. */
export const notABackup = (path: string): TransferError =>
  new TransferError(
    `The file ${path} is no backup of Jifen: name a file that "jifen backup" wrote. Nothing was restored. 该文件不是 Jifen 的备份，未恢复任何内容。`,
  );

/** The file is incomplete, or was changed. */
export const damaged = (path: string, why: string): TransferError =>
  new TransferError(
    `The backup ${path} is incomplete or damaged: ${why}. Nothing was restored: use another backup. 备份不完整或已损坏，未恢复任何内容，请使用其他备份。`,
  );
