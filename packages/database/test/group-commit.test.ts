import { accountId } from "@jifen/core";
import { DatabaseUnavailable, type LedgerStore, OutcomeUnknown, Overloaded } from "@jifen/ledger";
import { databaseKinds, describeOn } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { newAccount } from "./commands.ts";
import { fund, ledgerOn, type Sent, spend } from "./ledger-on.ts";
import { useDatabase } from "./use-database.ts";

/** Twenty accounts in turn; every fourth request of an account is the one before it, sent again. */
function requests(accounts: readonly string[]): Sent[] {
  return Array.from({ length: 4_000 }, (_, at) => {
    const original = at % 80 >= 60 ? at - 20 : at;
    return { account: accountId(accounts[at % 20] ?? ""), key: `request-${original}`, amount: 1 + (original % 7) };
  });
}

for (const kind of databaseKinds) {
  describeOn(kind)(`group commit on ${kind}`, () => {
    const here = useDatabase(kind);

    test("answers each of 4,000 commands as if it were alone: by request, nothing is lost, doubled or overdrawn", async () => {
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
        expect(await ledger.balance(account)).toEqual({ balance: 500 - spent, held: 0, expiring: null });
        // Whoever was refused wanted more than there was: at most six credits can be left.
        expect(500 - spent).toBeLessThan(7);
      }
    });

    test("never takes back that it does not know: no later failure says that nothing was done", async () => {
      const account = newAccount();
      await fund(ledgerOn(here.database), account, 10);
      // The first COMMIT goes through and its answer is lost; what is tried afterwards fails in every other way.
      const failures = [
        new Error("only reading now"),
        new DatabaseUnavailable("gone"),
        new DatabaseUnavailable("gone"),
      ];
      let committed = false;
      const store: LedgerStore = {
        ...here.database.ledger,
        commit: async (readSet, decide) => {
          if (committed) throw failures.shift() ?? new Error("nobody asks this often");
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
      expect(await ledgerOn(here.database).balance(account)).toEqual({ balance: 4, held: 0, expiring: null });
    });

    test("turns commands away when too many wait, before anything is done with them", async () => {
      const ledger = ledgerOn(here.database);
      const account = newAccount();
      await fund(ledger, account, 20_000);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 12_000 }, (_, at) => spend(ledger, { account, key: `flood-${at}`, amount: 1 })),
      );
      const turnedAway = outcomes.filter((outcome) => outcome.status === "rejected");
      expect(turnedAway.length).toBeGreaterThan(0);
      expect(turnedAway.every(({ reason }) => reason instanceof Overloaded)).toBe(true);
      expect(await ledger.balance(account)).toEqual({
        balance: 20_000 - (12_000 - turnedAway.length),
        held: 0,
        expiring: null,
      });
    });

    test("shows an acknowledged write to every read that begins after it, however many read at once", async () => {
      const [ledger, elsewhere] = [ledgerOn(here.database), ledgerOn(here.database)];
      const account = newAccount();
      await fund(ledger, account, 200);
      for (let left = 199; left >= 150; left -= 1) {
        const busy = Array.from({ length: 20 }, () => elsewhere.balance(account));
        await spend(ledger, { account, key: `read-${left}`, amount: 1 });
        expect(await elsewhere.balance(account)).toEqual({ balance: left, held: 0, expiring: null });
        await Promise.all(busy);
      }
    });
  });
}

describeOn("postgresql")("group commit on postgresql", () => {
  const here = useDatabase("postgresql");

  test("commits commands that wait together in one transaction", async () => {
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

/** What no text of the database may be; the server's edge refuses it long before. */
const refused = { postgresql: "a\u0000b", mysql: "a".repeat(2_000) };

describe.each(["postgresql", "mysql"] as const)("group commit on %s", (kind) => {
  const here = useDatabase(kind);

  describeOn(kind)("", () =>
    test("lets a command that the database refuses fail alone", async () => {
      const ledger = ledgerOn(here.database);
      const account = newAccount();
      await fund(ledger, account, 1_000);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 100 }, (_, at) =>
          spend(ledger, { account, key: `alone-${at}`, amount: 1 }, at === 41 ? refused[kind] : "fine"),
        ),
      );
      expect(outcomes.flatMap(({ status }, at) => (status === "rejected" ? [at] : []))).toEqual([41]);
      expect(await ledger.balance(account)).toEqual({ balance: 901, held: 0, expiring: null });
    }),
  );
});
