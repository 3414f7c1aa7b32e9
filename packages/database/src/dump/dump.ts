import type { Readable } from "node:stream";
import type { DatabaseKind } from "../url.ts";

/** What a database holds, counted in one snapshot. The same after a dump of that snapshot was restored. */
export type Holdings = {
  readonly accounts: number;
  readonly transactions: number;
  readonly users: number;
  readonly logs: number;
  /** The credits of all accounts, held ones included, as decimal text. */
  readonly credits: string;
};

/** One file of a dump. */
export type DumpPart = {
  readonly name: string;
  /** Whether its bytes are compressed already. */
  readonly isCompressed: boolean;
  /** Reads it from the snapshot. The parts are read one after the other. */
  read(): Promise<Readable>;
};

/** A copy of a database in its own format, which is made while its parts are read. */
export type Dump = {
  /** The program that makes it, with its version. */
  readonly by: string;
  /** The version of the database software. */
  readonly version: string;
  /** The schema of the tables, on PostgreSQL. */
  readonly schemaName?: string;
  readonly holdings: Holdings;
  readonly parts: readonly DumpPart[];
};

/** A text for people. */
export type Text = { readonly en: string; readonly zh: string };

/** Why a database makes no dump of its own, so that the caller has to export its rows. */
export type CannotDump = { readonly reason: Text };

/** How a dump is made. */
export type DumpOptions = {
  /** The path of a file that the dump may create and replace. The caller deletes it. */
  readonly scratch: string;
};

/** A dump that is restored. */
export type RestorableDump = {
  readonly kind: DatabaseKind;
  /** The program that made it, with its version. */
  readonly by: string;
  readonly schemaName?: string | undefined;
  /** The parts in the order in which they were read. Each is consumed before the next one is taken. */
  readonly parts: AsyncIterable<{ readonly name: string; readonly content: Readable }>;
};
