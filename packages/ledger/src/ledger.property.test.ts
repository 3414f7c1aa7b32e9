import { accountId } from "@jifen/core";
import { timeLimit } from "@jifen/testkit/time-limit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { histories, initialGrant, type Step, toCommand } from "../test/histories.ts";
import { InMemoryLedger } from "../test/in-memory-ledger.ts";
import { ModelLedger } from "../test/model-ledger.ts";
import { toJournalRow } from "../test/model-rows.ts";
import { findViolations } from "../test/violations.ts";
import type { CommandOutcome } from "./batch-state.ts";
import type { Command } from "./commands/decide.ts";
import type { Entry } from "./entry.ts";

/** A ledger and its model, which execute the same history. */
class HistoryRun {
  readonly ledger = new InMemoryLedger();
  readonly model = new ModelLedger();
  readonly commands: Command[] = [];
  /** The first outcome of each key. */
  readonly firstEntries = new Map<string, Entry>();
  /** The journal entries as they were when they were written. */
  readonly writtenTexts: string[] = [];

  /** The command of a step. It can refer to holds of earlier commands of the same batch. */
  toCommand(step: Step, batch: readonly Command[]): Command | undefined {
    const { grants, holds, journal, nowMs } = this.ledger;
    const granted = [...grants.values()].map(({ id, accountId: account }) => ({ id, account }));
    const existing = [...holds.values()].map(({ id, accountId: account }) => ({ id, account }));
    const placed = batch.flatMap((each) =>
      each.kind === "hold" ? [{ id: each.holdId, account: each.accountId }] : [],
    );
    const entries = journal
      .filter(({ idempotencyKey }) => !idempotencyKey.startsWith("system:"))
      .map(({ id, kind, accountId: account }) => ({
        ...{ id, account, isCharge: kind === "consume" || kind === "capture" },
      }));
    const commands = [...this.commands, ...batch];
    return toCommand(step, { nowMs, commands, grants: granted, holds: [...existing, ...placed], entries });
  }

  execute(batch: readonly Command[]): void {
    this.commands.push(...batch);
    const [only] = batch;
    const outcomes = only && batch.length === 1 ? [this.ledger.run(only)] : this.ledger.runBatch(batch);
    for (const [at, command] of batch.entries()) this.#compareOutcome(command, outcomes[at]);
  }

  #compareOutcome(command: Command, outcome: CommandOutcome | undefined): void {
    const { nowMs, journal } = this.ledger;
    const expected = this.model.execute(command, nowMs, journal);
    if (!outcome?.ok) {
      const refusal = outcome && "nowMs" in outcome.refusal ? { code: outcome.refusal.code } : outcome?.refusal;
      expect({ is: "refused", refusal }, command.kind).toEqual(expected);
      return;
    }
    const { entry, replayed } = outcome.value;
    const isNew = { is: "new", entryId: command.transactionId };
    expect(replayed ? { is: "replayed", entryId: entry.id } : { is: "new", entryId: entry.id }, command.kind).toEqual(
      expected.is === "new" ? isNew : expected,
    );
    const name = `${command.accountId} ${command.idempotencyKey}`;
    const first = this.firstEntries.get(name) ?? entry;
    this.firstEntries.set(name, first);
    expect(entry, "M3: a replay has the first entry").toEqual(first);
  }

  processExpirations(account: string): void {
    this.ledger.processExpirationsOf(accountId(account));
    this.model.processExpirations(account, this.ledger.nowMs, this.ledger.journal);
  }

  check(): void {
    const { journal } = this.ledger;
    expect(findViolations(this.ledger)).toEqual([]);
    const from = this.writtenTexts.length;
    expect(journal.slice(from).map(toComparable)).toEqual(
      this.model.entries.slice(from).map(({ account, sequence, entry }) => ({ account, sequence, ...entry })),
    );
    expect(journal.length, "the model has as many entries").toBe(this.model.entries.length);
    this.writtenTexts.push(...journal.slice(from).map((entry) => JSON.stringify(entry)));
    for (const account of this.model.accounts.keys())
      expect(ledgerState(this.ledger, account)).toEqual(this.#state(account));
  }

  checkJournalUnchanged(): void {
    const texts = this.ledger.journal.map((entry) => JSON.stringify(entry));
    expect(texts, "M13: entries are never changed").toEqual(this.writtenTexts);
  }

  #state(name: string) {
    const { buckets, held, holds, sequence } = this.model.account(name);
    return {
      ...{ balance: buckets.spendable, held, sequence },
      grants: Object.fromEntries(buckets.list.map(({ id, remaining }) => [id, remaining])),
      holds: Object.fromEntries([...holds].map(([id, hold]) => [id, [hold.state, hold.captured, hold.expiresAtMs]])),
    };
  }
}

/** An entry in the model's form. */
function toComparable(written: Entry) {
  const row = toJournalRow(written);
  const { account, sequence, kind, amount, subject, allocations, expiredOnReturn, expiresAtMs, metadata } = row;
  return {
    ...{ account, sequence, kind, amount, subject, allocations, expiredOnReturn, expiresAtMs, metadata },
    key: row.key.startsWith("system:") ? null : row.key,
    ...{ from: row.debit, to: row.credit, spendable: row.balanceAfter, held: row.heldAfter },
  };
}

function ledgerState({ accounts, grants, holds }: InMemoryLedger, name: string) {
  const account = accounts.get(accountId(name));
  const isOwn = (row: { readonly accountId: string }) => row.accountId === name;
  return {
    ...{ balance: account?.balance ?? 0, held: account?.held ?? 0, sequence: account?.sequence ?? 0 },
    grants: Object.fromEntries([...grants.values()].filter(isOwn).map(({ id, remaining }) => [id, remaining])),
    holds: Object.fromEntries(
      [...holds.values()]
        .filter(isOwn)
        .map(({ id, state, captured, expiresAtMs }) => [id, [state, captured, expiresAtMs]]),
    ),
  };
}

/** Groups steps that share a transaction. */
function batchesOf(history: readonly Step[]): readonly Step[][] {
  const batches: Step[][] = [];
  let isOpen = false;
  for (const step of history) {
    const last = batches.at(-1);
    if (isOpen && last) last.push(step);
    if (!isOpen || !last) batches.push([step]);
    isOpen = step.sharesTransactionWithNext;
  }
  return batches;
}

test("in any history every outcome, entry and row equals the model, and no invariant is violated", {
  timeout: timeLimit(300),
}, () => {
  fc.assert(
    fc.property(histories, (history) => {
      const run = new HistoryRun();
      run.execute([initialGrant("user:ann"), initialGrant("user:bob")]);
      run.check();
      for (const batch of batchesOf(history)) {
        run.ledger.nowMs += batch[0]?.msLater ?? 0;
        const commands: Command[] = [];
        for (const step of batch) commands.push(...[run.toCommand(step, commands) ?? []].flat());
        if (commands.length > 0) run.execute(commands);
        for (const { account, kind, repeats } of batch) {
          if (kind === "processExpirations" && !repeats) run.processExpirations(account);
        }
        run.check();
      }
      run.checkJournalUnchanged();
    }),
    { numRuns: 1_000 },
  );
});
