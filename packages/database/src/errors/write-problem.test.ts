import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import { expect, test } from "vitest";
import { writeProblemOf } from "./write-problem.ts";

const unavailable = (code: string | number) =>
  new DatabaseUnavailable(undefined, { cause: Object.assign(new Error("the driver's message"), { code }) });

test.each([
  { code: "25006", problem: "read-only", says: "a read-only transaction of PostgreSQL" },
  { code: 1290, problem: "read-only", says: "a read-only MariaDB server" },
  { code: "53100", problem: "full", says: "a full disk of PostgreSQL" },
  { code: "42501", problem: "forbidden", says: "a missing right" },
  { code: "XX001", problem: "failing", says: "a damaged table" },
])("$says is the problem $problem", ({ code, problem }) => {
  expect(writeProblemOf(unavailable(code))).toBe(problem);
});

test.each([
  { code: "57P03", says: "a PostgreSQL server that starts" },
  { code: "57P01", says: "a PostgreSQL server that stops" },
  { code: "53300", says: "a PostgreSQL server without a free connection" },
  { code: "08006", says: "a lost connection of PostgreSQL" },
  { code: 1047, says: "a node that has lost its Galera cluster" },
  { code: 1040, says: "a MariaDB server without a free connection" },
  { code: 1053, says: "a MariaDB server that stops" },
  { code: 45028, says: "a pool of MariaDB connections without a free one" },
  { code: "ECONNREFUSED", says: "a refused connection" },
])("$says is no problem of writing, because the write did not reach the database", ({ code }) => {
  expect(writeProblemOf(unavailable(code))).toBeUndefined();
});

const unknown = (cause: Error) => new OutcomeUnknown("no answer", { cause });
const withCode = (code: string | number) => Object.assign(new Error("the driver's message"), { code });

test.each([
  { cause: withCode("08007"), says: "a commit whose wait for a synchronous standby was cancelled" },
  { cause: withCode("ETIMEDOUT"), says: "a write that MySQL did not answer in time" },
  { cause: new Error("Query read timeout"), says: "a write that PostgreSQL did not answer in time" },
  { cause: withCode(64), says: "a write that MongoDB did not replicate in time" },
  { cause: withCode("SQLITE_IOERR_FSYNC"), says: "a file that was not synchronized" },
])("$says is unconfirmed", ({ cause }) => {
  expect(writeProblemOf(unknown(cause))).toBe("unconfirmed");
});

test.each([
  { cause: new Error("Connection terminated unexpectedly"), says: "a terminated connection of PostgreSQL" },
  { cause: withCode("57P02"), says: "a PostgreSQL server that was killed" },
  { cause: withCode("ECONNRESET"), says: "a reset connection" },
  { cause: withCode(45009), says: "a closed socket of MariaDB" },
])("$says is no problem of writing, though the outcome of the write is unknown", ({ cause }) => {
  expect(writeProblemOf(unknown(cause))).toBeUndefined();
});
