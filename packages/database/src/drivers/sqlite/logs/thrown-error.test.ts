import { DatabaseUnavailable, isInfrastructureError, OutcomeUnknown } from "@jifen/ledger";
import { expect, test } from "vitest";
import { writeProblemOf } from "../../../errors/write-problem.ts";
import { toError, toThrownError } from "./thrown-error.ts";

const busy = Object.assign(new Error("database is locked"), { code: "SQLITE_BUSY" });

/** Takes an error to another thread. */
const transfer = (error: unknown): Error => toError(structuredClone(toThrownError(error)));

test("an infrastructure error keeps its class, its message and the code of its cause between threads", () => {
  for (const Class of [DatabaseUnavailable, OutcomeUnknown]) {
    const error = transfer(new Class("not now", { cause: busy }));
    expect(error).toBeInstanceOf(Class);
    expect(error).toMatchObject({ name: Class.name, message: "not now", cause: { message: "database is locked" } });
    expect(isInfrastructureError(error)).toBe(true);
    expect(writeProblemOf(error)).toBe("locked");
  }
});

test("another error keeps its name, its message, its code and its stack between threads", () => {
  const thrown = Object.assign(new RangeError("too large"), { code: "SQLITE_TOOBIG" });
  const error = transfer(thrown);
  expect(isInfrastructureError(error)).toBe(false);
  expect(error).toMatchObject({ name: "RangeError", message: "too large", code: "SQLITE_TOOBIG", stack: thrown.stack });
  expect(transfer("a text").message).toBe("a text");
});

test("an error that causes itself ends between threads", () => {
  const error: Error = new Error("again");
  error.cause = error;
  expect(transfer(error).message).toBe("again");
});
