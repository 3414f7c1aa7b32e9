import type { Language } from "@jifen/contract";
import type { AccountId } from "@jifen/core";
import type { LogFilter, TransactionFilter } from "@jifen/database";
import type { Reader } from "../credits/transactions/to-transaction.ts";

/** How a file is written. */
type FileForm = {
  readonly format: "csv" | "ndjson";
  readonly timeZone: string;
  /** Of the names of the columns. */
  readonly language: Language;
};

/** The range of which a file of logs has the credits of the ledger; `accountId`: of all accounts if left out. */
export type LedgerRange = {
  readonly accountId: AccountId | undefined;
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
};

/** A file of logs. */
export type LogExportJob = FileForm & {
  readonly kind: "logs";
  readonly filter: LogFilter;
  readonly hasDetails: boolean;
  /** Logs that arrived later are left out. Epoch milliseconds. */
  readonly startedAtMs: number;
  /** Undefined for a file that has only some of the logs of a range. */
  readonly ledger: LedgerRange | undefined;
};

/** A file of transactions. */
export type TransactionExportJob = FileForm & {
  readonly kind: "transactions";
  readonly accountId: AccountId;
  readonly filter: TransactionFilter;
  /** The sequence numbers between which the entries are: those after the first, up to the last one. */
  readonly afterSequence: number;
  readonly lastSequence: number;
  readonly reader: Reader;
};

/** A file to write. It is plain data, which can be sent to another thread. */
export type ExportJob = LogExportJob | TransactionExportJob;

/** A part of a file in UTF-8, in a buffer of its own, and how many rows are in it. */
export type FilePart = { readonly bytes: Uint8Array<ArrayBuffer>; readonly rows: number };
