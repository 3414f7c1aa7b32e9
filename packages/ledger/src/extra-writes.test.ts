import { transactionId } from "@jifen/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  consumeCredits,
  grantCredits,
  hold,
  key,
  refund,
  release,
  revokeCredits,
  unwrap,
  unwrapHold,
} from "../test/commands.ts";
import { InMemoryLedger } from "../test/in-memory-ledger.ts";
import { decideBatch, decideOne, readSetOf } from "./batch.ts";
import type { CommandOutcome } from "./batch-state.ts";
import type { Command } from "./commands/decide.ts";
import { type ExtraChange, ExtraWriteConflict, type ExtraWrites } from "./extra-writes.ts";
import { createGroupCommit, type GroupCommit } from "./group-commit.ts";
import { type Decision, isInfrastructureError, OutcomeUnknown, type ReadSet, type Snapshot } from "./store.ts";

/** The row of an event about the command's entry. */
const event = (id: string) => (entry: { readonly id: string }) => ({
  rows: [{ table: "events", values: { id, entry_id: entry.id } }],
});

/** Marks an order as paid if it is open. */
const pay = (id: string): ExtraChange => ({
  table: "orders",
  key: { id },
  expected: { state: "open" },
  set: { state: "paid" },
});

/** A ledger in memory with an account of 100 credits and one open order. */
function ledgerWithOrder(): InMemoryLedger {
  const ledger = new InMemoryLedger();
  unwrap(
    ledger.run(
      grantCredits(100, { extra: () => ({ rows: [{ table: "orders", values: { id: "1", state: "open" } }] }) }),
    ),
  );
  return ledger;
}

const groupCommitOn = (store: InMemoryLedger): GroupCommit =>
  createGroupCommit({ store, shards: 1, wait: () => Promise.resolve() });

describe("the extra writes of a command", () => {
  test("a command that takes effect adds its extra rows and changes to the write set, made from its own entry", () => {
    const ledger = ledgerWithOrder();
    const command = consumeCredits(30, { extra: (entry) => ({ ...event("e1")(entry), changes: [pay("1")] }) });
    const { writeSet } = decideOne(command, ledger.readSnapshot(readSetOf([command])));
    expect(writeSet.extraRows).toEqual([{ table: "events", values: { id: "e1", entry_id: command.transactionId } }]);
    expect(writeSet.extraChanges).toEqual([pay("1")]);
  });

  test("a command gets the entry of its own even when expirations are written before it", () => {
    const ledger = new InMemoryLedger();
    unwrap(ledger.run(grantCredits(5, { expiresAtMs: 2_000 })));
    unwrap(ledger.run(grantCredits(50)));
    ledger.nowMs = 2_000;
    const command = consumeCredits(1, { extra: event("e1") });
    unwrap(ledger.run(command));
    expect(ledger.journal.map(({ kind }) => kind)).toEqual(["grant", "grant", "expire", "consume"]);
    expect(ledger.extra.rows("events")).toEqual([{ id: "e1", entry_id: command.transactionId }]);
  });

  test("a command without extra writes adds none", () => {
    const ledger = ledgerWithOrder();
    for (const command of [consumeCredits(1), consumeCredits(1, { extra: () => ({}) })]) {
      const { writeSet } = decideOne(command, ledger.readSnapshot(readSetOf([command])));
      expect(writeSet).toMatchObject({ extraRows: [], extraChanges: [] });
    }
  });

  test.each([
    { says: "a refused command", command: consumeCredits(101) },
    { says: "a retry", command: grantCredits(100, { idempotencyKey: key("gift") }) },
    { says: "another request under the same key", command: grantCredits(99, { idempotencyKey: key("gift") }) },
    { says: "a refund of a transaction that does not exist", command: refund(transactionId("x"), 1) },
  ])("$says does not evaluate its extra writes", ({ command }) => {
    const ledger = new InMemoryLedger();
    unwrap(ledger.run(grantCredits(100, { idempotencyKey: key("gift") })));
    let evaluations = 0;
    const extra = (): ExtraWrites => {
      evaluations += 1;
      return {};
    };
    const { writeSet } = decideOne({ ...command, extra }, ledger.readSnapshot(readSetOf([command])));
    expect(evaluations).toBe(0);
    expect(writeSet).toMatchObject({ entries: [], extraRows: [], extraChanges: [] });
  });

  test("of two commands with one key in a batch only the first adds its extra writes", () => {
    const first = grantCredits(10, { idempotencyKey: key("gift"), extra: event("e1") });
    const second = { ...first, transactionId: transactionId("txn-second"), extra: event("e2") };
    const { writeSet } = decideBatch([first, second], new InMemoryLedger().readSnapshot(readSetOf([first, second])));
    expect(writeSet.extraRows).toEqual([{ table: "events", values: { id: "e1", entry_id: first.transactionId } }]);
  });

  test("the commands of a batch add their extra writes in the order of the commands", () => {
    const commands = ["e1", "e2", "e3"].map((id) => grantCredits(10, { extra: event(id) }));
    const { writeSet } = decideBatch(commands, new InMemoryLedger().readSnapshot(readSetOf(commands)));
    expect(writeSet.extraRows.map(({ values }) => values["id"])).toEqual(["e1", "e2", "e3"]);
  });
});

describe("a conflict of extra writes in a shared transaction", () => {
  const outcomes = (commit: GroupCommit, commands: readonly Command[]) =>
    Promise.allSettled(commands.map((each) => commit.run(each)));

  test("rejects only the command whose extra row exists already; the others of its batch take effect", async () => {
    const ledger = ledgerWithOrder();
    unwrap(ledger.run(consumeCredits(1, { extra: event("taken") })));
    const results = await outcomes(groupCommitOn(ledger), [
      consumeCredits(10, { extra: event("e1") }),
      consumeCredits(20, { extra: event("taken") }),
      consumeCredits(30, { extra: event("e2") }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(results[1]).toMatchObject({ reason: { name: "ExtraWriteConflict", reason: "ROW_EXISTS", table: "events" } });
    expect(ledger.journal.map(({ amount }) => amount)).toEqual([100, 1, 10, 30]);
    expect(ledger.extra.rows("events").map(({ id }) => id)).toEqual(["taken", "e1", "e2"]);
  });

  test("lets exactly one of the commands take effect that expect the same state of a row", async () => {
    const ledger = ledgerWithOrder();
    const paying = [1, 2, 3, 4].map((amount) => consumeCredits(amount, { extra: () => ({ changes: [pay("1")] }) }));
    const results = await outcomes(groupCommitOn(ledger), paying);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "rejected"]);
    expect(results[1]).toMatchObject({ reason: { reason: "ROW_NOT_AS_EXPECTED", table: "orders" } });
    expect(ledger.extra.rows("orders")).toEqual([{ id: "1", state: "paid" }]);
    expect(ledger.journal.map(({ amount }) => amount)).toEqual([100, 1]);
  });

  test("rejects the change of a row that does not exist", async () => {
    const ledger = ledgerWithOrder();
    const paying = consumeCredits(1, { extra: () => ({ changes: [pay("no-such-order")] }) });
    await expect(groupCommitOn(ledger).run(paying)).rejects.toThrow(ExtraWriteConflict);
    expect(ledger.journal).toHaveLength(1);
  });

  test("is no infrastructure error", () => {
    expect(isInfrastructureError(new ExtraWriteConflict({ reason: "ROW_EXISTS", table: "events" }))).toBe(false);
  });

  test("leaves the key free: the same command takes effect once the conflict is gone", async () => {
    const ledger = ledgerWithOrder();
    const commit = groupCommitOn(ledger);
    const paying = consumeCredits(1, { idempotencyKey: key("order-2"), extra: () => ({ changes: [pay("2")] }) });
    await expect(commit.run(paying)).rejects.toThrow(ExtraWriteConflict);
    unwrap(
      ledger.run(
        consumeCredits(2, { extra: () => ({ rows: [{ table: "orders", values: { id: "2", state: "open" } }] }) }),
      ),
    );
    expect(unwrap(await commit.run(paying)).replayed).toBe(false);
    expect(unwrap(await commit.run({ ...paying, transactionId: transactionId("txn-retry") })).replayed).toBe(true);
  });
});

test("extra writes take effect once when COMMIT is not answered and the batch is sent again", async () => {
  class Unanswered extends InMemoryLedger {
    attempts = 0;
    override async commit<Result>(readSet: ReadSet, decide: (snapshot: Snapshot) => Decision<Result>): Promise<Result> {
      const result = await super.commit(readSet, decide);
      this.attempts += 1;
      if (this.attempts === 1) throw new OutcomeUnknown("the connection was lost");
      return result;
    }
  }
  const ledger = new Unanswered();
  const outcome = await groupCommitOn(ledger).run(
    grantCredits(10, { idempotencyKey: key("gift"), extra: event("e1") }),
  );
  expect(unwrap(outcome).replayed).toBe(false);
  expect(ledger.attempts).toBe(2);
  expect(ledger.extra.rows("events")).toHaveLength(1);
});

type Step = {
  readonly kind: "grant" | "consume" | "revoke" | "hold" | "release";
  readonly amount: number;
  readonly key: string | null;
  readonly event: number;
  readonly order: number;
};

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom("grant", "grant", "consume", "consume", "revoke", "hold", "release"),
    amount: fc.integer({ min: 1, max: 20 }),
    key: fc.option(fc.constantFrom("a", "b", "c")),
    event: fc.nat(12),
    order: fc.nat(12),
  }),
  { minLength: 1, maxLength: 30 },
);

function toCommand(step: Step, holds: InMemoryLedger["holds"]): Command {
  const extra = ({ id }: { readonly id: string }): ExtraWrites => ({
    rows: [{ table: "events", values: { id: `e${step.event}`, entry_id: id } }],
    changes: [{ ...pay(`o${step.order}`), set: { state: "paid", entry_id: id } }],
  });
  const fields = { ...(step.key === null ? {} : { idempotencyKey: key(step.key) }), extra };
  switch (step.kind) {
    case "grant":
      return grantCredits(step.amount, fields);
    case "consume":
      return consumeCredits(step.amount, fields);
    case "revoke":
      return revokeCredits(step.amount, fields);
    case "hold":
      return hold(step.amount, fields);
    case "release": {
      const pending = [...holds.values()].find(({ state }) => state === "pending");
      return pending ? release(pending.id, fields) : consumeCredits(step.amount, fields);
    }
    default:
      return step.kind satisfies never;
  }
}

const isEffect = (result: PromiseSettledResult<CommandOutcome>): boolean =>
  result.status === "fulfilled" && result.value.ok && !result.value.value.replayed;

test("in any history an entry exists if and only if its extra row and its extra change exist", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const ledger = new InMemoryLedger();
      const orders = Array.from({ length: 13 }, (_, n) => ({
        table: "orders",
        values: { id: `o${n}`, state: "open" },
      }));
      unwrap(ledger.run(grantCredits(20, { extra: () => ({ rows: orders }) })));
      unwrapHold(ledger.run(hold(5)));
      const before = ledger.journal.length;
      const commit = groupCommitOn(ledger);
      const commands = history.map((step) => toCommand(step, ledger.holds));
      const results = await Promise.allSettled(commands.map((each) => commit.run(each)));

      const effects = commands.filter((_, at) => isEffect(results[at] as PromiseSettledResult<CommandOutcome>));
      const ids = effects.map((each) => each.transactionId).toSorted();
      const entryIds = (rows: readonly Readonly<Record<string, unknown>>[]) =>
        rows.map((row) => row["entry_id"]).toSorted();
      expect(
        ledger.journal
          .slice(before)
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual(ids);
      expect(entryIds(ledger.extra.rows("events"))).toEqual(ids);
      expect(entryIds(ledger.extra.rows("orders").filter(({ state }) => state === "paid"))).toEqual(ids);
      const failures = results.flatMap((each) => (each.status === "rejected" ? [each.reason as unknown] : []));
      for (const failure of failures) expect(failure).toBeInstanceOf(ExtraWriteConflict);
    }),
    { numRuns: 300 },
  );
});
