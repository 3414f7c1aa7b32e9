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

describe("an error that certainly left no effect", () => {
  test.each([
    { error: withCode("ECONNREFUSED"), says: "nobody listens" },
    { error: new Error("timeout exceeded when trying to connect"), says: "no connection became free in time" },
    {
      error: new Error("Connection terminated due to connection timeout", {
        cause: new Error("Connection terminated unexpectedly"),
      }),
      says: "the server took the connection and said nothing",
    },
    { error: new Error("timeout expired"), says: "the first connection of all was not answered" },
    { error: byPrisma("P1001", { kind: "DatabaseNotReachable" }), says: "nobody listens, by Prisma" },
    { error: withCode("53300", "sorry, too many clients already"), says: "too many connections" },
    { error: byPrisma("P2037", { kind: "TooManyConnections" }), says: "too many connections, by Prisma" },
    { error: withCode("57P03", "the database system is starting up"), says: "the server is starting" },
    { error: withCode("28P01"), says: "the password is not the right one any more" },
    { error: withCode("3D000"), says: "the database is gone" },
    {
      error: byPrisma("P2039", { kind: "postgres", originalCode: "55P03" }),
      says: "the statement waited too long for a lock, by Prisma",
    },
    {
      error: withCode("P2028", "Transaction API error: Unable to start a transaction in the given time."),
      says: "no transaction could begin in time, by Prisma",
    },
    {
      error: byPrisma("P1008", { kind: "SocketTimeout", originalCode: "SQLITE_BUSY" }),
      says: "another process keeps the file locked, by Prisma, which calls it a timeout of a socket",
    },
  ])("$says", ({ error }) => {
    expect(connectionLoss(error)).toBe("without effect");
    expect(() => afterConnectionLoss("may be written")(error)).toThrow(DatabaseUnavailable);
  });
});

describe("an error that leaves open whether a write took effect", () => {
  test.each([
    { error: withCode("ECONNRESET"), says: "the connection was reset" },
    { error: withCode("EPIPE"), says: "the connection was closed while writing" },
    { error: new Error("Connection terminated unexpectedly"), says: "the connection ended" },
    { error: new Error("Query read timeout"), says: "no answer came" },
    { error: new Error("Client has encountered a connection error and is not queryable"), says: "it ended before" },
    { error: byPrisma("P1017", { kind: "ConnectionClosed" }), says: "the connection was reset, by Prisma" },
    { error: byPrisma("P1008", { kind: "SocketTimeout" }), says: "no answer came, by Prisma" },
    {
      error: byPrisma("P2039", { kind: "postgres", originalCode: "57P01" }),
      says: "the server was stopped, by Prisma",
    },
  ])("$says", ({ error }) => {
    expect(connectionLoss(error)).toBe("broken");
    expect(() => afterConnectionLoss("may be written")(error)).toThrow(OutcomeUnknown);
    expect(() => afterConnectionLoss("nothing written")(error)).toThrow(DatabaseUnavailable);
  });
});

describe("an error about something else", () => {
  test.each([
    { error: withCode("23505"), says: "a unique index" },
    { error: byPrisma("P2002", { kind: "UniqueConstraintViolation" }), says: "a unique index, by Prisma" },
    { error: withCode("40P01"), says: "a deadlock" },
    { error: new TypeError("x is not a function"), says: "a bug" },
    { error: "text", says: "something thrown that is no error" },
    { error: undefined, says: "nothing at all" },
  ])("passes as it is: $says", ({ error }) => {
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

describe("a row that was refused because it is there already", () => {
  test.each([
    { error: withCode("23505"), is: true },
    { error: withCode("SQLITE_CONSTRAINT_PRIMARYKEY"), is: true },
    { error: withCode("SQLITE_CONSTRAINT_UNIQUE"), is: true },
    { error: byPrisma("P2002", { kind: "UniqueConstraintViolation" }), is: true },
    { error: withCode("23514", "a check"), is: false },
    { error: withCode("SQLITE_CONSTRAINT_CHECK"), is: false },
    { error: withCode("P2003", "a foreign key, by Prisma"), is: false },
  ])("is told apart: $error.code", ({ error, is }) => {
    expect(isUniqueViolation(error)).toBe(is);
  });
});
