import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import { describe, expect, test } from "vitest";
import { afterConnectionLoss, connectionLoss, isUniqueViolation } from "./failure.ts";

const withCode = (code: string, message = "") => Object.assign(new Error(message), { code });

/** An error as Prisma 7 with a driver adapter throws it. */
const byPrisma = (code: string, cause: Record<string, unknown>, message = "") =>
  Object.assign(new Error(`\nInvalid \`prisma.log.create()\` invocation:\n\n\n${message}`), {
    code,
    meta: { modelName: "Log", driverAdapterError: Object.assign(new Error(message), { cause }) },
  });

describe("connectionLoss", () => {
  test.each([
    { error: withCode("ECONNREFUSED"), says: "a refused connection" },
    { error: new Error("timeout exceeded when trying to connect"), says: "a timeout of the connection pool" },
    {
      error: new Error("Connection terminated due to connection timeout", {
        cause: new Error("Connection terminated unexpectedly"),
      }),
      says: "a server that accepts the connection and does not answer",
    },
    { error: new Error("timeout expired"), says: "a timeout of the first connection" },
    { error: byPrisma("P1001", { kind: "DatabaseNotReachable" }), says: "a refused connection, reported by Prisma" },
    { error: withCode("53300", "sorry, too many clients already"), says: "too many connections" },
    { error: byPrisma("P2037", { kind: "TooManyConnections" }), says: "too many connections, reported by Prisma" },
    { error: withCode("57P03", "the database system is starting up"), says: "a server that is starting" },
    { error: withCode("28P01"), says: "a wrong password" },
    { error: withCode("3D000"), says: "a database that does not exist" },
    {
      error: byPrisma("P2039", { kind: "postgres", originalCode: "55P03" }),
      says: "a lock timeout, reported by Prisma",
    },
    {
      error: withCode("P2028", "Transaction API error: Unable to start a transaction in the given time."),
      says: "a transaction that could not begin in time, reported by Prisma",
    },
    {
      error: byPrisma("P1008", { kind: "SocketTimeout", originalCode: "SQLITE_BUSY" }),
      says: "a locked SQLite file, which Prisma reports as a socket timeout",
    },
    {
      error: Object.assign(new Error("no connection is available", { cause: withCode("08P01") }), {
        syscall: "connect",
      }),
      says: "a pooler that has no free connection",
    },
    { error: Object.assign(withCode("ENOTFOUND"), { syscall: "getaddrinfo" }), says: "a name that is not resolved" },
    { error: withCode("SQLITE_FULL"), says: "a full disk below SQLite" },
    { error: withCode("SQLITE_IOERR_WRITE"), says: "a failing disk below SQLite" },
    { error: withCode("SQLITE_CANTOPEN_ISDIR"), says: "a folder in the place of the SQLite file" },
    { error: byPrisma("P2010", { kind: "sqlite", originalCode: "SQLITE_READONLY" }), says: "a read-only SQLite file" },
    { error: byPrisma("P2024", {}), says: "a pool of Prisma without a free connection" },
  ])("treats $says as without effect", ({ error }) => {
    expect(connectionLoss(error)).toBe("without effect");
    expect(() => afterConnectionLoss("may be written")(error)).toThrow(DatabaseUnavailable);
  });

  test.each([
    { error: withCode("ECONNRESET"), says: "a reset connection" },
    { error: withCode("SQLITE_IOERR_FSYNC"), says: "a disk that did not confirm a commit" },
    { error: Object.assign(new Error("unknown"), { syscall: "read" }), says: "any failed read of a socket" },
    {
      error: byPrisma("P2039", { kind: "mysql", originalCode: "1180", state: "HY000" }),
      says: "an error during COMMIT",
    },
    { error: withCode("EPIPE"), says: "a connection that was closed while writing" },
    { error: new Error("Connection terminated unexpectedly"), says: "a terminated connection" },
    { error: new Error("Query read timeout"), says: "a missing answer" },
    {
      error: new Error("Client has encountered a connection error and is not queryable"),
      says: "a client that is not usable any more",
    },
    { error: byPrisma("P1017", { kind: "ConnectionClosed" }), says: "a reset connection, reported by Prisma" },
    { error: byPrisma("P1008", { kind: "SocketTimeout" }), says: "a missing answer, reported by Prisma" },
    {
      error: byPrisma("P2039", { kind: "postgres", originalCode: "57P01" }),
      says: "a server that was stopped, reported by Prisma",
    },
  ])("treats $says as an unknown outcome of a write", ({ error }) => {
    expect(connectionLoss(error)).toBe("broken");
    expect(() => afterConnectionLoss("may be written")(error)).toThrow(OutcomeUnknown);
    expect(() => afterConnectionLoss("nothing written")(error)).toThrow(DatabaseUnavailable);
  });

  test.each([
    { error: withCode("23505"), says: "a unique violation" },
    { error: byPrisma("P2002", { kind: "UniqueConstraintViolation" }), says: "a unique violation, reported by Prisma" },
    { error: withCode("40P01"), says: "a deadlock" },
    { error: new TypeError("x is not a function"), says: "a bug" },
    { error: "text", says: "a thrown value that is not an error" },
    { error: undefined, says: "undefined" },
  ])("does not treat $says as a connection loss, and rethrows it unchanged", ({ error }) => {
    expect(connectionLoss(error)).toBeUndefined();
    let thrown: unknown;
    try {
      afterConnectionLoss("may be written")(error);
    } catch (each) {
      thrown = each;
    }
    expect(thrown).toBe(error);
  });
});

describe("isUniqueViolation", () => {
  test.each([
    { error: withCode("23505"), is: true },
    { error: withCode("SQLITE_CONSTRAINT_PRIMARYKEY"), is: true },
    { error: withCode("SQLITE_CONSTRAINT_UNIQUE"), is: true },
    { error: byPrisma("P2002", { kind: "UniqueConstraintViolation" }), is: true },
    { error: withCode("23514", "a check"), is: false },
    { error: withCode("SQLITE_CONSTRAINT_CHECK"), is: false },
    { error: withCode("P2003", "a foreign key, by Prisma"), is: false },
  ])("is $is for the error code $error.code", ({ error, is }) => {
    expect(isUniqueViolation(error)).toBe(is);
  });
});
