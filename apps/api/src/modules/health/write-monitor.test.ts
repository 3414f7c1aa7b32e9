import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import { pino } from "pino";
import { expect, test } from "vitest";
import { monitorWrites } from "./write-monitor.ts";

const failed = (code: string) => Object.assign(new Error(code), { code });
const unanswered = new OutcomeUnknown("no answer", { cause: failed("ETIMEDOUT") });
const unreachable = new DatabaseUnavailable("no connection", { cause: failed("ECONNREFUSED") });
const readOnly = new DatabaseUnavailable("refused", { cause: failed("25006") });

/** The problem after checks of a database whose writes end like this, one after the other; undefined is a written row. */
async function problemAfter(results: readonly (Error | undefined)[], checks: number) {
  const left = [...results];
  const check = async () => {
    const error = left.shift();
    if (error) throw error;
  };
  const monitor = monitorWrites({ writeAccess: { check, missingRights: async () => [] } }, pino({ enabled: false }));
  for (let done = 0; done < checks; done += 1) await monitor.check();
  return monitor.problem();
}

test("a write that is not answered in each check is no problem of writing, if the next write is confirmed", async () => {
  expect(await problemAfter([unanswered, undefined, unanswered, undefined], 2)).toBeUndefined();
});

test("a write that is not answered when the database stops is no problem of writing", async () => {
  expect(await problemAfter([unanswered, unreachable, unanswered, unreachable], 2)).toBeUndefined();
});

test("two writes in a row that are not confirmed are a problem, until one is", async () => {
  expect(await problemAfter([unanswered, unanswered], 1)).toBe("unconfirmed");
  expect(await problemAfter([unanswered, unanswered, undefined], 2)).toBeUndefined();
});

test("one refused write is a problem", async () => {
  expect(await problemAfter([readOnly], 1)).toBe("read-only");
});
