import { OutcomeUnknown } from "@jifen/ledger";
import { answeredError } from "./answered-error.ts";
import { type Sign, signsOf } from "./signs.ts";

/**
 * Why a database that answers cannot be written:
 * - `read-only`: a standby, a server or a file that only reads;
 * - `full`: its disk or a table is full;
 * - `forbidden`: the role lacks the right;
 * - `locked`: another program keeps the SQLite file locked;
 * - `unconfirmed`: writes are not confirmed in time, such as by a synchronous standby;
 * - `failing`: anything else that it refuses, such as an error of the disk.
 */
export type WriteProblem = "read-only" | "full" | "forbidden" | "locked" | "unconfirmed" | "failing";

/** SQLSTATE, numbers of MySQL and MariaDB, result codes of SQLite, codes of MongoDB, errors of the operating system. */
const codesByProblem: Readonly<Record<"read-only" | "full" | "forbidden" | "locked", RegExp>> = {
  "read-only": /^(25006|1290|1792|1836|SQLITE_READONLY.*|10107|13435|13436|EROFS)$/,
  full: /^(53100|1021|1114|SQLITE_FULL|14031|ENOSPC|EDQUOT)$/,
  forbidden: /^(42501|1044|1142|1143|1227|13|EACCES|EPERM)$/,
  locked: /^SQLITE_(BUSY|LOCKED).*$/,
};

/**
 * Signs of a write that was waited for: a cancelled wait for a standby, the write concern of MongoDB, a disk that did not
 * synchronize, a time-out. A connection that ended is none of them: it says nothing about writes.
 */
const unconfirmedCodes = /^(08007|ETIMEDOUT|64|100|SQLITE_IOERR.*)$/;
const unconfirmedWords = /time(d )?-?out/i;

const isUnconfirmed = ({ codes, message }: Sign): boolean =>
  codes.some((code) => unconfirmedCodes.test(code)) || unconfirmedWords.test(message);

/** The reason in the error of a write; undefined when the database could not be reached, or for a bug. */
export function writeProblemOf(error: unknown): WriteProblem | undefined {
  const signs = signsOf(error);
  const codes = signs.flatMap((sign) => sign.codes);
  const answers = signs.map(answeredError);
  if (answers.includes("unsent")) return undefined;
  for (const [problem, pattern] of Object.entries(codesByProblem)) {
    if (codes.some((code) => pattern.test(code))) return problem as WriteProblem;
  }
  if (error instanceof OutcomeUnknown) return signs.some(isUnconfirmed) ? "unconfirmed" : undefined;
  return answers.includes("refused") ? "failing" : undefined;
}
