import { accountId } from "@jifen/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { beginning, type Happening, histories, toCommand } from "../../test/histories.ts";
import { InMemoryLedger } from "../../test/in-memory-ledger.ts";
import { findViolations } from "../../test/invariants.ts";
import { ModelAccount, type Told } from "../../test/model.ts";
import type { CommandOutcome } from "../batch-state.ts";
import { balanceAfterExpirations, type Entry } from "../entry.ts";
import type { Command } from "./decide.ts";

/** The same in the words of the model. */
function toldBy(outcome: CommandOutcome): Told {
  if (!outcome.ok) return { refused: outcome.refusal };
  const { entry, replayed } = outcome.value;
  const { heldAfter: held, expiredOnReturn } = entry;
  return { replayed, spendable: balanceAfterExpirations(entry), held, expiredOnReturn };
}

/** What a command did itself, and not what came along with it. */
const isAnswer = ({ idempotencyKey }: Entry) => !idempotencyKey.startsWith("system:");

/** A history as it goes on, in the books and in the model. */
class Run {
  readonly ledger = new InMemoryLedger();
  readonly models = new Map<string, ModelAccount>();
  readonly commands: Command[] = [];
  /** What was answered first under each key. */
  readonly first = new Map<string, CommandOutcome>();
  /** The journal as it was written, line by line. */
  readonly texts: string[] = [];

  model(account: string): ModelAccount {
    const model = this.models.get(account) ?? new ModelAccount();
    this.models.set(account, model);
    return model;
  }

  /** The command that is sent next; it may be about a hold that stands before it in the same transaction. */
  next(is: Happening, batch: readonly Command[]): Command | undefined {
    const placed = [...this.ledger.holds.values()].map(({ id, accountId }) => ({ id, account: accountId }));
    const placing = batch.flatMap((each) =>
      each.kind === "hold" ? [{ id: each.holdId, account: each.accountId }] : [],
    );
    const answered = this.ledger.journal.filter(isAnswer).map(({ id, kind, accountId }) => ({
      id,
      account: accountId,
      isCharge: kind === "consume" || kind === "capture",
    }));
    const { nowMs } = this.ledger;
    return toCommand(is, { nowMs, commands: [...this.commands, ...batch], holds: [...placed, ...placing], answered });
  }

  send(batch: readonly Command[]): void {
    this.commands.push(...batch);
    const [only] = batch;
    const outcomes = only && batch.length === 1 ? [this.ledger.run(only)] : this.ledger.runBatch(batch);
    for (const [at, command] of batch.entries()) {
      const outcome = outcomes[at];
      if (!outcome) throw new Error("a command was not answered");
      expect(toldBy(outcome), command.kind).toEqual(this.model(command.accountId).tell(command, this.ledger.nowMs));
      if (!outcome.ok) continue;
      const name = `${command.accountId} ${command.idempotencyKey}`;
      const first = this.first.get(name) ?? outcome;
      this.first.set(name, first);
      if (first.ok) expect(outcome.value.entry, "M3: a retry is answered the same").toEqual(first.value.entry);
    }
  }

  settle(account: string): void {
    this.ledger.processExpirationsOf(accountId(account));
    this.model(account).pass(this.ledger.nowMs);
  }

  check(touched: readonly string[]): void {
    expect(findViolations(this.ledger)).toEqual([]);
    for (const account of touched) expect(inBooks(this.ledger, account), account).toEqual(inModel(this.model(account)));
    expect(this.ledger.journal.filter(isAnswer).length, "M3: one effect for each key").toBe(this.first.size);
    const written = this.ledger.journal.slice(this.texts.length);
    this.texts.push(...written.map((line) => JSON.stringify(line)));
  }

  end(): void {
    const texts = this.ledger.journal.map((line) => JSON.stringify(line));
    expect(texts, "M13: what is written stays").toEqual(this.texts);
  }
}

const byId = <Row extends { readonly id: string }>(rows: readonly Row[], of: (row: Row) => number | string) =>
  Object.fromEntries(rows.map((row) => [row.id, of(row)]));

function inBooks({ accounts, grants, holds, journal }: InMemoryLedger, account: string) {
  const isOwn = (row: { readonly accountId: string }) => row.accountId === account;
  const ended = journal.filter((line) => line.kind === "expire" && isOwn(line));
  return {
    balance: accounts.get(accountId(account))?.balance ?? 0,
    held: accounts.get(accountId(account))?.held ?? 0,
    ended: ended.reduce((sum, { amount }) => sum + amount, 0),
    grants: byId([...grants.values()].filter(isOwn), ({ remaining }) => remaining),
    holds: byId([...holds.values()].filter(isOwn), ({ state }) => state),
  };
}

const inModel = ({ balance, held, ended, buckets, holds }: ModelAccount) => ({
  balance,
  held,
  ended,
  grants: Object.fromEntries(buckets.map(({ name, left }) => [name, left])),
  holds: Object.fromEntries([...holds].map(([id, { state }]) => [id, state])),
});

/** Happenings that share a transaction. */
function batchesOf(history: readonly Happening[]): readonly Happening[][] {
  const batches: Happening[][] = [];
  let isOpen = false;
  for (const is of history) {
    const last = batches.at(-1);
    if (isOpen && last) last.push(is);
    if (!isOpen || !last) batches.push([is]);
    isOpen = is.isTogether;
  }
  return batches;
}

describe("whatever happens, in whatever order", () => {
  test("everybody is told what was to be expected, and the books stay right", () => {
    fc.assert(
      fc.property(histories, (history) => {
        const run = new Run();
        run.send([beginning("user:ann"), beginning("user:bob")]);
        run.check(["user:ann", "user:bob"]);
        for (const batch of batchesOf(history)) {
          run.ledger.nowMs += batch[0]?.msLater ?? 0;
          const commands: Command[] = [];
          for (const is of batch) commands.push(...[run.next(is, commands) ?? []].flat());
          if (commands.length > 0) run.send(commands);
          const settled = batch.filter(({ kind, again }) => kind === "settle" && !again);
          for (const { account } of settled) run.settle(account);
          run.check([...commands.map((each) => each.accountId), ...settled.map(({ account }) => account)]);
        }
        run.end();
      }),
      { numRuns: 1_000 },
    );
  });
});
