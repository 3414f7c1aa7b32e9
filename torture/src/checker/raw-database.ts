import type { Rows } from "@jifen/testkit/ledger-model";
import type { ExtraRowFound } from "./extra-rows.ts";
import type { StaffEvent } from "./staff-events.ts";

/** Direct access to a database without the product's code, the same for every kind of database. */
export type RawDatabase = AsyncDisposable & {
  /** Reads all rows of the accounts whose ids begin with `prefix`, in one snapshot. */
  read(prefix: string): Promise<Rows>;
  /** Reads the extra rows of commands on the accounts whose ids begin with `prefix`. */
  readExtraRows(prefix: string): Promise<readonly ExtraRowFound[]>;
  /** Reads the audit events of grants, revocations and refunds on the accounts whose ids begin with `prefix`. */
  readStaffEvents(prefix: string): Promise<readonly StaffEvent[]>;
  /** Moves all times in the rows of these accounts into the past, except those of the journal. */
  shiftTimes(prefix: string, byMs: number): Promise<void>;
  /** Inserts users without credits, all with the same password. */
  addUsers(emails: readonly string[], passwordHash: string): Promise<void>;
  /** The database's clock, epoch milliseconds. */
  nowMs(): Promise<number>;
};
