import { accountId } from "@jifen/core";
import { DatabaseUnavailable, type LedgerStore, OutcomeUnknown, Overloaded } from "@jifen/ledger";
import { databaseKinds, describeOn } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { newAccount } from "./commands.ts";
import { fund, ledgerOn, type Sent, spend } from "./ledger-on.ts";
import { useDatabase } from "./use-database.ts";

/** Requests for twenty accounts in turn. Every fourth request of an account repeats the one before it. */
function requests(accounts: readonly string[]): Sent[] {
  return Array.from({ length: 4_000 }, (_, at) => {
    const original = at % 80 >= 60 ? at - 20 : at;
    return { account: accountId(accounts[at % 20] ?? ""), key: `request-${original}`, amount: 1 + (original % 7) };
  });
}

for (const kind of databaseKinds) {
  describeOn(kind)(`group commit on ${kind}`, () => {
    const here = useDatabase(kind);

    test("4,000 concurrent commands get the outcomes of single commands: none is lost, doubled or overdrawn", async () => {
      const ledger = ledgerOn(here.database);
      const accounts = Array.from({ length: 20 }, newAccount);
      await Promise.all(accounts.map((account) => fund(ledger, account, 500)));
      const sent = requests(accounts);
      const answers = await Promise.all(
        sent.map(async (request) => ({ request, answer: await spend(ledger, request) })),
      );

      const effects = new Map<string, number>();
      for (const { request, answer } of answers) {
        if (!answer.ok) {
          expect(answer.refusal.code).toBe("INSUFFICIENT_CREDITS");
          continue;
        }
        expect(answer.value.entry).toMatchObject({ accountId: request.account, amount: request.amount });
        if (!answer.value.replayed) effects.set(request.key, (effects.get(request.key) ?? 0) + 1);
      }
      expect([...effects.values()].every((times) => times === 1)).toBe(true);
      for (const account of accounts) {
        const mine = new Map(sent.filter((each) => each.account === account).map(({ key, amount }) => [key, amount]));
        const spent = [...mine].reduce((sum, [key, amount]) => sum + (effects.has(key) ? amount : 0), 0);
        expect(await ledger.balance(account)).toMatchObject({ balance: 500 - spent, held: 0, expiring: null });
        // A refused command needed more than the balance: at most six credits can be left.
        expect(500 - spent).toBeLessThan(7);
      }
    });

    test("an unknown outcome stays unknown, whatever the later attempts report", async () => {
      const account = newAccount();
      await fund(ledgerOn(here.database), account, 10);
      // The first COMMIT succeeds and its answer is lost. The later attempts fail in other ways.
      const failures = [new Error("read-only"), new DatabaseUnavailable("gone"), new DatabaseUnavailable("gone")];
      let committed = false;
      const store: LedgerStore = {
        ...here.database.ledger,
        commit: async (readSet, decide) => {
          if (committed) throw failures.shift() ?? new Error("too many attempts");
          await here.database.ledger.commit(readSet, decide);
          committed = true;
          throw new OutcomeUnknown("COMMIT was not answered");
        },
      };
      const ledger = ledgerOn({ ...here.database, ledger: store });
      const spent = ["one", "two"].map((key) => spend(ledger, { account, key, amount: 3 }));
      for (const outcome of await Promise.allSettled(spent)) {
        expect(outcome).toMatchObject({ status: "rejected", reason: expect.any(OutcomeUnknown) });
      }
      for (const key of ["one", "two"]) {
        const again = await spend(ledgerOn(here.database), { account, key, amount: 3 });
        expect(again).toMatchObject({ ok: true, value: { replayed: true } });
      }
      expect(await ledgerOn(here.database).balance(account)).toMatchObject({ balance: 4, held: 0, expiring: null });
    });

    test("commands are refused with Overloaded and without effect when too many wait", async () => {
      const ledger = ledgerOn(here.database);
      const account = newAccount();
      await fund(ledger, account, 20_000);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 12_000 }, (_, at) => spend(ledger, { account, key: `flood-${at}`, amount: 1 })),
      );
      const overloaded = outcomes.filter((outcome) => outcome.status === "rejected");
      expect(overloaded.length).toBeGreaterThan(0);
      expect(overloaded.every(({ reason }) => reason instanceof Overloaded)).toBe(true);
      expect(await ledger.balance(account)).toMatchObject({
        balance: 20_000 - (12_000 - overloaded.length),
        held: 0,
        expiring: null,
      });
    });

    test("a read that starts after an acknowledged write sees it, also among many concurrent reads", async () => {
      const [ledger, elsewhere] = [ledgerOn(here.database), ledgerOn(here.database)];
      const account = newAccount();
      await fund(ledger, account, 200);
      for (let left = 199; left >= 150; left -= 1) {
        const busy = Array.from({ length: 20 }, () => elsewhere.balance(account));
        await spend(ledger, { account, key: `read-${left}`, amount: 1 });
        expect(await elsewhere.balance(account)).toMatchObject({ balance: left, held: 0, expiring: null });
        await Promise.all(busy);
      }
    });
  });
}

describeOn("postgresql")("group commit on postgresql", () => {
  const here = useDatabase("postgresql");

  test("commands that wait together are committed in one transaction", async () => {
    const ledger = ledgerOn(here.database);
    const account = newAccount();
    await fund(ledger, account, 1_000);
    await Promise.all(Array.from({ length: 1_000 }, (_, at) => spend(ledger, { account, key: `${at}`, amount: 1 })));
    const [counted] = await here.sql.query(
      `SELECT count(DISTINCT xmin::text)::int AS commits, count(*)::int AS rows FROM transactions WHERE account_id = '${account}'`,
    );
    expect(counted?.["rows"]).toBe(1_001);
    expect(counted?.["commits"]).toBeLessThan(20);
  });
});

/** Texts that the database refuses. The API validates its input and never sends them. */
const invalidText = { postgresql: "a\u0000b", mysql: "a".repeat(2_000) };

describe.each(["postgresql", "mysql"] as const)("group commit on %s", (kind) => {
  const here = useDatabase(kind);

  describeOn(kind)("", () =>
    test("a command that the database refuses fails alone in its batch", async () => {
      const ledger = ledgerOn(here.database);
      const account = newAccount();
      await fund(ledger, account, 1_000);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 100 }, (_, at) =>
          spend(ledger, { account, key: `alone-${at}`, amount: 1 }, at === 41 ? invalidText[kind] : "fine"),
        ),
      );
      expect(outcomes.flatMap(({ status }, at) => (status === "rejected" ? [at] : []))).toEqual([41]);
      expect(await ledger.balance(account)).toMatchObject({ balance: 901, held: 0, expiring: null });
    }),
  );
});
