import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AccountState } from "../account.ts";
import { type Done, decideOne } from "../batch.ts";
import { credits } from "../credits.ts";
import type { Grant } from "../grant.ts";
import { type AccountId, accountId, type GrantId, grantId, idempotencyKey, transactionId } from "../ids.ts";
import type { Outcome } from "../outcome.ts";
import type { Changes } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import type { Command, CommandRefusal } from "./decide.ts";

type Answer = Outcome<Done, CommandRefusal>;

/** What happens at one moment of a history. Few accounts, keys and amounts, so that they meet often. */
type Happening = {
  readonly kind: Command["kind"];
  readonly account: string;
  readonly key: string;
  readonly amount: number;
  readonly action: string;
  readonly priority: number;
  readonly msLater: number;
};

const happening: fc.Arbitrary<Happening> = fc.record({
  kind: fc.constantFrom("grant", "consume", "consume"),
  account: fc.constantFrom("user:ann", "user:bob"),
  key: fc.oneof(fc.constantFrom("a", "b", "c"), fc.uuid()),
  amount: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 60 })),
  action: fc.constantFrom("video", "image"),
  priority: fc.constantFrom(20, 50, 80),
  msLater: fc.constantFrom(0, 0, 1, 1_000),
});

function toCommand(is: Happening, step: number): Command {
  const frame = {
    accountId: accountId(is.account),
    idempotencyKey: idempotencyKey.ofCaller(is.key),
    transactionId: transactionId(`txn-${step}`),
    amount: credits(is.amount),
  };
  if (is.kind === "consume") return { ...frame, kind: "consume", action: is.action, metadata: null };
  const made = {
    grantId: grantId(`grant-${step}`),
    source: "admin",
    priority: is.priority,
    reason: is.action,
  } as const;
  return { ...frame, kind: "grant", ...made };
}

/** The books as a database would keep them: it writes what it is told and has no rules of its own. */
class Books {
  nowMs = 1_000;
  readonly accounts = new Map<AccountId, AccountState["account"]>();
  readonly grants = new Map<GrantId, Grant>();
  readonly journal: Transaction[] = [];

  commit(command: Command): Answer {
    const accounts = [...this.accounts.values()].map((account) => {
      const open = [...this.grants.values()].filter((each) => each.accountId === account.id && each.remaining > 0);
      return [account.id, { account, grants: open }] as const;
    });
    const snapshot = { nowMs: this.nowMs, accounts: new Map(accounts), earlier: this.journal };
    const { changes, result } = decideOne(command, snapshot);
    this.#write(changes);
    return result;
  }

  #write(changes: Changes): void {
    for (const account of changes.accountsOpened) {
      expect(this.accounts.has(account.id)).toBe(false);
      this.accounts.set(account.id, account);
    }
    for (const account of changes.accountsChanged) this.accounts.set(account.id, account);
    for (const each of [...changes.grantsAdded, ...changes.grantsChanged]) this.grants.set(each.id, each);
    this.journal.push(...changes.transactions);
  }

  of(account: AccountId): Transaction[] {
    return this.journal.filter((line) => line.accountId === account);
  }
}

/** What anybody would expect: one number for each account, and the answer that each key got first. */
class Model {
  readonly balances = new Map<string, number>();
  readonly answers = new Map<string, { readonly asked: string; readonly answer: Answer }>();

  expected(is: Happening): "replayed" | "IDEMPOTENCY_KEY_REUSED" | "INSUFFICIENT_CREDITS" | "done" {
    const before = this.answers.get(`${is.account} ${is.key}`);
    if (before) return before.asked === this.#asked(is) ? "replayed" : "IDEMPOTENCY_KEY_REUSED";
    if (is.kind === "consume" && is.amount > this.balance(is.account)) return "INSUFFICIENT_CREDITS";
    return "done";
  }

  balance(account: string): number {
    return this.balances.get(account) ?? 0;
  }

  remember(is: Happening, answer: Answer): void {
    const signed = is.kind === "grant" ? is.amount : -is.amount;
    this.balances.set(is.account, this.balance(is.account) + signed);
    this.answers.set(`${is.account} ${is.key}`, { asked: this.#asked(is), answer });
  }

  #asked(is: Happening): string {
    return `${is.kind} ${is.amount} ${is.action}`;
  }
}

const said = (answer: Answer): string => {
  if (!answer.ok) return answer.refusal.code;
  return answer.value.replayed ? "replayed" : "done";
};

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

function checkJournal(books: Books): void {
  const entries = books.journal.flatMap(({ debit, credit, amount }) => [
    { account: debit as string, signed: -amount },
    { account: credit as string, signed: amount },
  ]);
  expect(sum(entries.map((entry) => entry.signed))).toBe(0);
  for (const account of books.accounts.values()) {
    const own = entries.filter((entry) => entry.account === account.id).map((entry) => entry.signed);
    expect(account.balance + account.held, "M1: the balance is the sum of the journal").toBe(sum(own));
    expect(account.balance, "M2: the balance is never below zero").toBeGreaterThanOrEqual(0);
    expect(account.held, "M2: what is held is never below zero").toBeGreaterThanOrEqual(0);
  }
}

function checkSequences(books: Books): void {
  for (const account of books.accounts.values()) {
    let balance = 0;
    for (const [index, line] of books.of(account.id).entries()) {
      balance += line.credit === account.id ? line.amount : -line.amount;
      expect([line.sequence, line.balanceAfter], "M8: numbered without a gap, each from the one before").toEqual([
        index + 1,
        balance,
      ]);
    }
    expect(account).toMatchObject({ sequence: books.of(account.id).length, balance });
  }
}

function checkGrants(books: Books): void {
  const shares = books.journal.flatMap((line) => {
    expect(sum(line.shares.map((share) => share.amount))).toBe(line.amount);
    return line.kind === "consume" ? line.shares : [];
  });
  for (const each of books.grants.values()) {
    const taken = sum(shares.filter((share) => share.grantId === each.id).map((share) => share.amount));
    expect(taken, "M11: never more than was granted").toBeLessThanOrEqual(each.amount);
    expect(each.remaining, "M11: what remains is what was not taken").toBe(each.amount - taken);
  }
}

describe("whatever happens, in whatever order", () => {
  test("the books stay right", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60, size: "max" }), (history) => {
        const books = new Books();
        const model = new Model();
        for (const [step, is] of history.entries()) {
          books.nowMs += is.msLater;
          const expected = model.expected(is);
          const lines = books.journal.length;
          const answer = books.commit(toCommand(is, step));
          expect(said(answer)).toBe(expected);
          expect(books.journal.length - lines, "M3: a key has one effect").toBe(expected === "done" ? 1 : 0);
          if (expected === "done") model.remember(is, answer);
          const first = model.answers.get(`${is.account} ${is.key}`)?.answer;
          if (answer.ok && first?.ok) expect(answer.value.transaction, "M3").toEqual(first.value.transaction);
          const account = books.accounts.get(accountId(is.account));
          expect(account?.balance ?? 0).toBe(model.balance(is.account));
          checkJournal(books);
          checkSequences(books);
          checkGrants(books);
        }
      }),
      { numRuns: 300 },
    );
  });
});
